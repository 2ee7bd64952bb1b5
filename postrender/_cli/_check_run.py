"""What `scan` and the commands of plugins share: a run of one plugin's check on files."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from postrender._chain import Step, StepRun
from postrender._cli import _terminal
from postrender._cli._arguments import Arguments, Option
from postrender._cli._inputs import STEPS, is_typed, sources, stated, variables
from postrender._cli._manifest_files import ManifestFiles
from postrender._context import Fact
from postrender._errors import UsageError
from postrender._findings import Notice
from postrender._inspection import Inspection, assemble_check, expect_check
from postrender._places import Places
from postrender._redacted import Data, Seen, Teller
from postrender._source import from_step

#: The options of a command that it reads.
INPUTS: Final = (
    *STEPS[:2],
    Option("--filename", "manifests from FILE or folder (default: -, stdin)", "-f", "FILE", True),
)


class CheckRun:
    """One plugin's check on the manifests that arguments name."""

    def __init__(
        self, arguments: Arguments, plugin: str, seen: Seen, overrides: Mapping[str, object]
    ) -> None:
        """Have *seen* see what is read.

        :param overrides: options of the plugin that count instead of those of the configuration.
        """
        self._arguments = arguments
        self._plugin = plugin
        self._seen = seen
        self._overrides = overrides

    @cached_property
    def _check(self) -> Inspection:
        """The check, as the configuration has it."""
        # A step on the command line says it all, unless files are named beside it.
        alone = [] if self._arguments.all("--config") else self._arguments.all("--step")
        steps = map(from_step, alone) if alone else sources(self._arguments)
        return assemble_check(steps, self._plugin, self._overrides)

    @property
    def steps(self) -> Sequence[Step]:
        """The plugin's steps, ready to run; a plugin without a check has them too."""
        return self._check.steps

    @cached_property
    def files(self) -> ManifestFiles:
        """The files, which are read once.

        :raises UsageError: if one cannot be read, or stdin would be typed by hand.
        """
        names = self._arguments.all("--filename")
        if not names and is_typed():
            hint = "name files or folders with -f, or pipe manifests in"
            raise UsageError("stdin is a terminal", hint=hint)
        files = ManifestFiles(names or ["-"])
        self._seen.stream, self._seen.manifests = files.stream, files.manifests
        return files

    @cached_property
    def step_runs(self) -> list[StepRun]:
        """What the check found, step by step; its notices are told.

        :raises PostrenderError: if it fails.
        """
        expect_check(self._plugin)
        check = self._check
        files = self.files  # only now, since a mistake in the configuration is told before
        facts = {
            key: each for key, each in stated(self._arguments).items() if isinstance(each, Fact)
        }
        try:
            with _terminal.spared_stdout():
                return check.run(files.manifests, facts, variables())
        finally:
            for notice in files.manifests.notices:
                _terminal.tell(self._seen.scrub(self._noticed(notice)))

    def _noticed(self, notice: Notice) -> str:
        where = self.files.where(notice.location)
        return f"{where}: {notice.message}" if where else notice.message

    def data(self) -> list[tuple[str, list[Data]]]:
        """Return title and findings of each step, as a report has them, with their files."""
        runs = self.step_runs  # before the redactor is asked for, which learns from what was read
        teller = Teller(self._seen.redactor, {}, None)
        places = Places(self.files.manifests)
        told = [(run.title, teller.findings(run.findings, places)) for run in runs]
        for _, findings in told:
            for finding in findings:
                self._settle(finding["location"])
        return told

    def _settle(self, place: dict[str, Any] | None) -> None:
        """Put the file into a place, and count its document there."""
        if place and place["document"]:
            place["file"], place["document"] = self.files.place(place["document"])
