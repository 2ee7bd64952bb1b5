"""`postrender report`: what a run did, and how it ended, read from its report."""

import json
from collections.abc import Sequence
from typing import Any, Final

from postrender._cli import _state, _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
from postrender._errors import RefusedError, UsageError
from postrender._formats import FORMATS, formatted, items_of
from postrender._nearest import did_you_mean
from postrender._report_text import has_failed, line, lines, load

OPTIONS: Final = (
    Option("--last", "show the last run (the default)"),
    Option("--failed", "show the last run that failed"),
    Option("--list", "show a line for each run that is kept, 1 for the last one"),
    Option("--json", "print JSON"),
    Option("--format", "print the findings as " + ", ".join(FORMATS), "", "FORMAT"),
)
DESCRIPTION: Final = """\
Show what the last run of postrender did, or the one with number N in --list,
or what the report in FILE says: each step with its edits, findings and notices,
and the error that ended the run."""
MORE: Final = f"""\
The reports of the last {_state.KEPT} runs are kept in $XDG_STATE_HOME/postrender/reports,
by default ~/.local/state/postrender/reports. POSTRENDER_STATE=off keeps none;
a run with --report FILE or POSTRENDER_REPORT=FILE writes another one there,
with all edits of a large run."""


#: What reading a report of the wrong shape may raise.
MISSHAPEN: Final = (AttributeError, KeyError, TypeError, ValueError)


def report(argv: Sequence[str]) -> int:
    """Print reports."""
    files: list[str] = []
    arguments = parse(OPTIONS, argv, files)
    if HELP.long in arguments:
        text = usage("postrender report", OPTIONS, DESCRIPTION, MORE)
        _terminal.write(text.replace("[options]", "[options] [N | FILE]", 1))
    elif "--list" in arguments:
        _print_list(arguments, files)
    else:
        _print_one(arguments, files)
    return 0


def _print_one(arguments: Arguments, files: Sequence[str]) -> None:
    if files[1:]:
        raise UsageError(f"unknown argument `{files[1]}`", hint="one report is shown at a time")
    if files and ("--last" in arguments or "--failed" in arguments):
        raise UsageError("--last and --failed are for the reports that are kept, not for a FILE")
    path = _named(files[0]) if files else _newest(arguments)
    data = _read(path)
    if "--format" in arguments:
        text = _findings(data, arguments.one("--format"), path)
    else:
        text = (json.dumps(data, indent=2) if "--json" in arguments else _text(data, path)) + "\n"
    _terminal.write(text)


def _print_list(arguments: Arguments, files: Sequence[str]) -> None:
    if files:
        raise UsageError("--list is for the reports that are kept, not for a FILE")
    kept = [(number, path, _peek(path)) for number, path in enumerate(_paths(), 1)]
    if "--failed" in arguments:
        kept = [each for each in kept if each[2] and has_failed(each[2])]
    if "--json" in arguments:
        reports = [data for *_, data in kept if data]
        _terminal.write(json.dumps(reports, indent=2) + "\n")
    else:
        told = (
            f"{number:2}  " + (line(data) if data else f"{path} is damaged")
            for number, path, data in kept
        )
        _terminal.write("".join(f"{_terminal.printable(each)}\n" for each in told))


def _named(word: str) -> str:
    """Return the path of the report that *word* names: a number in the list, or a file.

    :raises RefusedError: if there is no such number.
    """
    if not (word.isascii() and word.isdigit()):
        return word
    paths = _paths()
    numbered = {str(number): path for number, path in enumerate(paths, 1)}
    if word not in numbered:
        hint = "see postrender report --list; a file of that name is ./" + word
        raise RefusedError(f"there is no run {word}, but 1 to {len(paths)}", hint=hint)
    return numbered[word]


def _newest(arguments: Arguments) -> str:
    """Return the path of the report to show.

    :raises RefusedError: if there is none.
    """
    for path in _paths():
        if "--failed" not in arguments:
            return path
        data = _peek(path)
        if data and has_failed(data):
            return path
    raise RefusedError("none of the runs that are kept has failed", location=_state.folder())


def _paths() -> list[str]:
    """Return the paths of the reports that are kept, at least one, the newest first.

    :raises UsageError: if none are to be kept.
    :raises RefusedError: if there is none.
    """
    if _state.is_off():
        hint = "unset POSTRENDER_STATE, or name the FILE that --report wrote"
        raise UsageError("reports of the last runs are switched off", hint=hint)
    if not _state.folder():
        hint = "set HOME or XDG_STATE_HOME, or use --report FILE"
        raise UsageError("there is no folder for reports", hint=hint)
    paths = _state.paths()
    if not paths:
        hint = "each run of postrender leaves one"
        raise RefusedError("holds no report yet", location=_state.folder(), hint=hint)
    return paths


def _peek(path: str) -> dict[str, Any] | None:
    """Return the report at *path*, None if it is damaged or has been removed meanwhile."""
    try:
        data = _read(path)
        line(data)
        has_failed(data)
    except (RefusedError, UsageError, *MISSHAPEN):
        return None
    return data


def _read(path: str) -> dict[str, Any]:
    """Return the report at *path*.

    :raises UsageError: if it cannot be read.
    :raises RefusedError: if it is no report.
    """
    try:
        with open(path, "rb") as file:
            return load(file.read(), path)
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", location=path) from error


def _findings(data: dict[str, Any], name: str, path: str) -> str:
    """Return the findings of a report in the format called *name*.

    :raises UsageError: if there is no such format.
    :raises RefusedError: if the report is damaged.
    """
    if name not in FORMATS:
        raise UsageError(f"unknown format `{name}`", hint=did_you_mean(name, FORMATS))
    try:
        items = items_of((step["title"], step["findings"]) for step in data["steps"])
        return _terminal.printable(formatted(name, items, data["version"]))
    except MISSHAPEN as error:
        raise RefusedError(f"is damaged: {error!r}", location=path) from error


def _text(data: dict[str, Any], path: str) -> str:
    try:
        return _terminal.printable("\n".join(lines(data)))
    except MISSHAPEN as error:
        raise RefusedError(f"is damaged: {error!r}", location=path) from error
