"""What `diff` and `explain` share: the steps are run, and the manifests go nowhere."""

from collections.abc import Sequence

from postrender._chain import Observer
from postrender._cli import _terminal
from postrender._cli._arguments import Arguments
from postrender._cli._inputs import read_manifests, sources, stated
from postrender._findings import Finding
from postrender._manifests import Manifests
from postrender._pipeline import Pipeline, assemble


def read(arguments: Arguments) -> tuple[Pipeline, Manifests]:
    """Return the steps and the manifests that *arguments* name.

    :raises PostrenderError: if there is a mistake in them, or they cannot be read.
    """
    # First the configuration, so that a mistake in it is told before stdin is waited for.
    pipeline = assemble(sources(arguments))
    return pipeline, Manifests.parse(read_manifests(arguments))


def apply(
    pipeline: Pipeline, manifests: Manifests, arguments: Arguments, observe: Observer
) -> None:
    """Run the steps as the filter does, and tell what they had to tell.

    :raises PostrenderError: if one fails.
    """
    findings: Sequence[Finding] = ()
    try:
        findings = pipeline.apply(manifests, observe=observe, **stated(arguments))
    finally:
        for each in (*manifests.notices, *findings):
            _terminal.tell(each)
