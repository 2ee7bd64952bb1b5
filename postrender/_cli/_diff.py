"""`postrender diff`: what the steps would do to the manifests, and which step did it."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from postrender._cli import _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
from postrender._cli._inputs import RELEASE, STEPS
from postrender._cli._preview import Preview
from postrender._errors import UsageError
from postrender._nearest import did_you_mean
from postrender._redacted import Seen
from postrender._trace.changes import Recorder
from postrender._trace.unified import ADDED, HEADER, HUNK, REMOVED, Line, unified

CONTEXT: Final = "3"
COLORS: Final = ("auto", "always", "never")
OPTIONS: Final = (
    *STEPS,
    *RELEASE,
    Option("--context", f"lines around a change (default: {CONTEXT})", "-C", "N"),
    Option("--detailed-exitcode", "exit with 2 if there are changes"),
    Option("--show-secrets", "show the values of Secrets"),
    Option("--color", "auto, always or never", "", "WHEN"),
)

DESCRIPTION: Final = """\
Print what the steps would do to the manifests, as a unified diff of each
document that changes, with the step's name at each hunk. Line numbers are
those of the whole stream. A Secret is shown without its values and comments,
and no other document with these values.
-c, --step and -f may be repeated."""

MORE: Final = """\
environment:
  NO_COLOR  no color, where --color does not ask for it

exit codes:
  0  done, with changes or without
  2  with --detailed-exitcode, there are changes; a mistake in the arguments
     or the configuration is then 1
  others as with postrender itself"""

_CHANGES: Final = 2  # as helm-diff has it

_RESET: Final = "\x1b[0m"
_STYLES: Final = {HEADER: "\x1b[1m", HUNK: "\x1b[36m", REMOVED: "\x1b[31m", ADDED: "\x1b[32m"}


def diff(argv: Sequence[str]) -> int:
    """Print the diff."""
    try:
        return _diff(argv)
    except (UsageError, _terminal.Veiled) as error:
        mistake = error.error if isinstance(error, _terminal.Veiled) else error
        if "--detailed-exitcode" not in argv or not isinstance(mistake, UsageError):
            raise
        scrub = error.scrub if isinstance(error, _terminal.Veiled) else str
        _terminal.fail(mistake, "--debug" in argv, scrub=scrub)
        return 1  # 2 says that there are changes


def _diff(argv: Sequence[str]) -> int:
    arguments = parse(OPTIONS, argv)
    if HELP.long in arguments:
        _terminal.write(usage("postrender diff", OPTIONS, DESCRIPTION, MORE))
        return 0
    seen = Seen()
    with _terminal.veiled(seen.scrub):
        return _print(arguments, seen)


def _print(arguments: Arguments, seen: Seen) -> int:
    context, color = _context(arguments), _color(arguments)
    preview = Preview(arguments, seen)
    recorder = Recorder(preview.manifests)
    preview.apply(recorder.observe)
    redactor = None if "--show-secrets" in arguments else seen.redactor
    changes = list(recorder.changes(preview.manifests, redactor))
    lines = (line for change in changes for line in unified(change, context))
    text = "".join(_painted(lines) if color else _shown(lines))
    _terminal.write_stdout(text.encode(errors="surrogateescape"))
    return _CHANGES if changes and "--detailed-exitcode" in arguments else 0


def _context(arguments: Arguments) -> int:
    value = arguments.one("--context", CONTEXT)
    if not (value.isascii() and value.isdigit()):
        raise UsageError(f"--context is not a number: `{value}`")
    return int(value)


def _color(arguments: Arguments) -> bool:
    value = arguments.one("--color", "auto")
    if value not in COLORS:
        raise UsageError(f"unknown color `{value}`", hint=did_you_mean(value, COLORS))
    if value == "auto":
        return _is_terminal() and not os.environ.get("NO_COLOR")
    return value == "always"


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _shown(lines: Iterable[Line]) -> Iterator[str]:
    """Give the lines as they are, so that the diff can be applied, but not to a terminal."""
    is_terminal = _is_terminal()
    for line in lines:
        yield (_terminal.printable(line.text) if is_terminal else line.text) + "\n"


def _painted(lines: Iterable[Line]) -> Iterator[str]:
    for style, text in lines:
        start = _STYLES.get(style, "")
        yield start + _terminal.printable(text) + (_RESET if start else "") + "\n"
