"""The console that a plugin's command is given: what it may touch of this process."""

import os
from collections.abc import Mapping, Sequence

from postrender._cli import _files, _terminal
from postrender._cli._check_run import CheckRun
from postrender._cli._inputs import variables
from postrender._commands import Configured
from postrender._errors import UsageError
from postrender._findings import Finding
from postrender._manifests import Manifests
from postrender._redacted import Seen


class CommandLine:
    """A `Console` that reads what the arguments of this process name, and writes where it does."""

    def __init__(self, run: CheckRun, seen: Seen) -> None:
        """Take the manifests and the check from *run*, and let *seen* scrub messages."""
        self._run = run
        self._seen = seen

    @property
    def variables(self) -> Mapping[str, str]:
        """Our variables of the environment."""
        return variables()

    @property
    def steps(self) -> Sequence[Configured]:
        """The plugin's steps."""
        steps = self._run.steps
        return [Configured(step.options, step.config.source.directory) for step in steps]

    @property
    def manifests(self) -> Manifests:
        """The manifests that `-f` names; a file that cannot be read raises."""
        files = self._run.files
        for error in files.errors:
            raise error
        return files.manifests

    def findings(self) -> Sequence[Finding]:
        """Return what the check finds."""
        _ = self.manifests  # an incomplete answer would be taken for a whole one
        return [finding for run in self._run.step_runs for finding in run.findings]

    def read(self, path: str) -> bytes:
        """Return what a file holds."""
        return _files.read([path]) if path == "-" or os.path.lexists(path) else b""

    def save(self, path: str, data: bytes) -> None:
        """Write a file."""
        folder = os.path.dirname(path)
        try:
            if folder:
                os.makedirs(folder, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot be made: {error.strerror}", location=folder) from error
        _files.write(path, data)

    def write(self, text: str) -> None:
        """Write to stdout."""
        _terminal.write(_terminal.printable(text))

    def tell(self, message: str) -> None:
        """Write a line to stderr."""
        _terminal.tell(self._seen.scrub(message))
