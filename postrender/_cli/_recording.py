"""What is left of a run: its report, in the state folder and in the file that was asked for."""

import os
from collections.abc import Sequence
from typing import Final

import postrender
from postrender._cli import _files, _state, _terminal
from postrender._cli._arguments import Arguments, Option
from postrender._context import Fact
from postrender._errors import UsageError
from postrender._origin import HELM4
from postrender._report import End, Recorder

REPORT: Final = Option("--report", "a report: FILE.json, FILE.sarif or FILE.xml", "", "FILE")
VARIABLE: Final = "POSTRENDER_REPORT"
ENDINGS: Final = (".sarif", ".sarif.json", ".xml")  #: of reports that have the findings alone


class Recording:
    """Records one run of the command line, and reports it however it ends."""

    def __init__(self, argv: Sequence[str]) -> None:
        """Start; *argv* may be wrong."""
        self._debug = "--debug" in argv
        self._target = _wanted(argv)
        self.recorder = Recorder(postrender.__version__, _directory(), brief=not self._target)
        if _terminal.plugin_folder():
            self.recorder.state({"host": Fact(HELM4, "HELM_PLUGIN_DIR")})

    def check(self, arguments: Arguments) -> None:
        """Refuse a place where no report can be written, before there is anything to report.

        :raises UsageError: then; the report of that goes to the state folder.
        """
        name, self._target = arguments.one(REPORT.long, os.environ.get(VARIABLE, "")), ""
        if not name:
            return
        if name == "-":
            raise UsageError("stdout is for the manifests, not the report", hint="name a file")
        output = arguments.one("--output", "-")
        if output != "-" and os.path.realpath(name) == os.path.realpath(output):
            raise UsageError("--report and --output name the same file", location=name)
        if reason := _obstacle(name):
            raise UsageError(f"cannot be written: {reason}", location=name)
        self._target = name

    def succeed(self) -> None:
        """Report a run that ended well."""
        self._keep(End())

    def fail(self, error: BaseException) -> int:
        """Report and tell what ended the run; return its exit code."""
        code, text = _terminal.outcome(error, self._debug)
        way = _terminal.traceback(error) if self._debug else ""
        command = self._keep(End(code, text, error, way))
        return _terminal.fail(
            error,
            self._debug,
            scrub=self.recorder.seen.scrub,
            by_helm4=self.recorder.is_helm4,
            more=f"`{command}` shows more" if command else "",
        )

    def _keep(self, end: End) -> str:
        """Write the report; return the command that shows it, `""` if none is written."""
        is_kept = self._keep_brief(end)
        if self._target:
            try:
                is_private = not _is_for_findings(self._target)  # those have no text of manifests
                _files.replace(self._target, self._wanted_data(end), private=is_private)
            except Exception as error:  # the manifests are what counts
                reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
                _terminal.tell(f"{self._target}: the report cannot be written: {reason}")
            else:
                if not _is_for_findings(self._target):
                    return f"postrender report {self._target}"
        return "postrender report" if is_kept else ""

    def _keep_brief(self, end: End) -> bool:
        """Put a report into the state folder, and tell whether it is there."""
        if _state.is_off() or not _state.folder():
            return False
        try:
            _state.keep(self._data(end, brief=True))
        except Exception:  # what nobody asked for, nobody needs to miss
            return False
        return True

    def _wanted_data(self, end: End) -> bytes:
        """Return what the file that was asked for is to hold, as the end of its name says."""
        if not _is_for_findings(self._target):
            return self._data(end, brief=False)
        from postrender._formats import format_of, formatted, items_of  # few ask for it

        report = self.recorder.report(end, brief=False)
        items = items_of((step["title"], step["findings"]) for step in report["steps"])
        return formatted(format_of(self._target, ""), items, report["version"]).encode()

    def _data(self, end: End, *, brief: bool) -> bytes:
        import json  # 1 ms, after the manifests have been written

        report = self.recorder.report(end, brief=brief)
        return json.dumps(report, indent=None if brief else 1).encode() + b"\n"


def _is_for_findings(path: str) -> bool:
    """Tell whether a report of this name has the findings alone, for a program that takes those."""
    return path.lower().endswith(ENDINGS)


def _directory() -> str:
    """Return the working folder, `""` if it has been removed."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def _wanted(argv: Sequence[str]) -> str:
    """Return the path of the report as well as it can be told before *argv* is read."""
    for index, word in enumerate(argv):
        name, equals, value = word.partition("=")
        if name == REPORT.long:
            path = value if equals else "".join(argv[index + 1 : index + 2])
            # Where the arguments are wrong, so may this be: a name that stands twice is not taken.
            is_safe = path != "-" and sum(each.endswith(path) for each in argv) == 1
            return path if is_safe else ""
    return os.environ.get(VARIABLE, "")


def _obstacle(path: str) -> str:
    """Return why no file can be written at *path*, `""` if it can."""
    if os.path.isdir(path):
        return "Is a directory"
    place = os.path.dirname(os.path.realpath(path))
    if os.path.exists(path) and not os.path.isfile(path):
        place = path  # a device or a pipe is written into
    if not os.path.exists(place):
        return "No such file or directory"
    return "" if os.access(place, os.W_OK) else "Permission denied"
