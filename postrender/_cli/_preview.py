"""What `diff` and `explain` share: the steps are run, and the manifests go nowhere."""

from collections.abc import Sequence

from postrender._chain import Observer
from postrender._cli import _terminal
from postrender._cli._arguments import Arguments
from postrender._cli._inputs import (
    UNCONFIGURED,
    is_unconfigured,
    read_manifests,
    sources,
    stated,
)
from postrender._findings import Finding
from postrender._manifests import Manifests
from postrender._pipeline import assemble
from postrender._redacted import Seen


class Preview:
    """The steps and the manifests that arguments name."""

    def __init__(self, arguments: Arguments, seen: Seen) -> None:
        """Read both, the manifests for *seen* to see.

        :raises PostrenderError: if there is a mistake in them, or they cannot be read.
        """
        self._arguments = arguments
        self._seen = seen
        # First the configuration, so that a mistake in it is told before stdin is waited for.
        self._pipeline = assemble(sources(arguments))
        seen.stream = read_manifests(arguments)
        self.manifests = seen.manifests = Manifests.parse(seen.stream)
        if is_unconfigured(arguments):
            _terminal.tell(UNCONFIGURED)

    def apply(self, observe: Observer) -> None:
        """Run the steps as the filter does, and tell what they had to tell.

        :raises PostrenderError: if one fails.
        """
        findings: Sequence[Finding] = ()
        try:
            facts = stated(self._arguments)
            with _terminal.spared_stdout():
                findings = self._pipeline.apply(self.manifests, observe=observe, **facts)
        finally:
            for each in (*self.manifests.notices, *findings):
                _terminal.tell(self._seen.scrub(str(each)))
