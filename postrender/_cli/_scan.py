"""`postrender scan`: what a check finds in files and folders, in the format that somebody reads."""

from collections.abc import Sequence
from typing import Final

import postrender
from postrender._cli import _files, _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
from postrender._cli._check_run import INPUTS, CheckRun
from postrender._cli._collector import no_collector
from postrender._cli._manifest_files import ENDINGS, ManifestFiles
from postrender._errors import UsageError
from postrender._formats import FORMATS, Item, counted, format_of, formatted, items_of
from postrender._nearest import did_you_mean
from postrender._redacted import Seen

CHECK: Final = "secrets"
REDACT: Final = "--redact"
_MOST: Final = 125  #: exit codes above are the shell's

OPTIONS: Final = (
    *INPUTS,
    Option("--check", f"the plugin whose check is run (default: {CHECK})", "", "PLUGIN"),
    Option("--report-format", ", ".join(FORMATS), "", "FORMAT"),
    Option("--report-path", "write the report to FILE, and text to stdout", "", "FILE"),
    Option("--baseline-path", "findings that are known, from FILE", "", "FILE"),
    Option("--exit-code", "exit with N, not 1, where findings refuse", "", "N"),
    Option(REDACT, "does nothing: no value is ever shown"),
    Option("--quiet", "print findings and errors only", "-q"),
)

DESCRIPTION: Final = f"""\
Look for secrets in Kubernetes manifests, and print what is found: in files, in
all {", ".join(ENDINGS)} files below a folder, hidden ones aside, or in
what `helm template` prints. The policy is that of the step `{CHECK}` in the
configuration, or of --step. -c, --step and -f may be repeated."""

MORE: Final = """\
The end of the name in --report-path tells the format where --report-format does
not: .sarif, .json, .xml (JUnit).

exit codes:
  0    nothing is found that refuses a stream
  1    something is; or a file that is to hold manifests cannot be read
  2    a mistake in the arguments or the configuration
  3    a plugin or postrender itself failed
  130  interrupted"""


def scan(argv: Sequence[str]) -> int:
    """Print what is found."""
    words = [REDACT if word.startswith(f"{REDACT}=") else word for word in argv]
    arguments = parse(OPTIONS, words)
    if HELP.long in arguments:
        _terminal.write(usage("postrender scan", OPTIONS, DESCRIPTION, MORE))
        return 0
    seen = Seen()
    with _terminal.veiled(seen.scrub), no_collector():
        return _scan(arguments, seen)


def _scan(arguments: Arguments, seen: Seen) -> int:
    path, code = arguments.one("--report-path"), _exit_code(arguments)
    name = _format(arguments, path)
    check_run = CheckRun(arguments, arguments.one("--check", CHECK), seen, _overrides(arguments))
    data = check_run.data()
    items = items_of(data)
    if path and path != "-":
        _files.write(path, formatted(name, items, postrender.__version__).encode())
        name = "text"
    _terminal.write(_terminal.printable(formatted(name, items, postrender.__version__)))
    files = check_run.files
    if "--quiet" not in arguments:
        _tell(files, items)
    for error in files.errors:
        _terminal.tell(seen.scrub(f"error: {error}"))
    is_refused = any(item.severity == "error" and not item.allowed for item in items)
    return (code if is_refused else 0) or int(bool(files.errors))


def _format(arguments: Arguments, path: str) -> str:
    name = arguments.one("--report-format") or format_of(path, "json" if path else "text")
    if name not in FORMATS:
        raise UsageError(f"unknown format `{name}`", hint=did_you_mean(name, FORMATS))
    return name


def _exit_code(arguments: Arguments) -> int:
    value = arguments.one("--exit-code", "1")
    if not (value.isascii() and value.isdigit() and int(value) <= _MOST):
        raise UsageError(f"--exit-code is no number from 0 to {_MOST}: `{value}`")
    return int(value)


def _overrides(arguments: Arguments) -> dict[str, object]:
    """Return the options of the check that the command line has words for."""
    from os.path import abspath  # as the other paths of a configuration start from its folder

    path = arguments.one("--baseline-path")
    return {"baseline": abspath(path)} if path else {}


def _tell(files: ManifestFiles, items: Sequence[Item]) -> None:
    """Tell what was left out, and how many findings there are."""
    if files.templates:
        hint = "what `helm template` prints can be scanned"
        what = counted(len(files.templates), "template")
        _terminal.tell(f"left out {what} of charts, such as {files.templates[0]}; {hint}")
    if files.others:
        what = counted(len(files.others), "file")
        _terminal.tell(f"left out {what} without manifests, such as {files.others[0]}")
    open_ones = [item for item in items if not item.allowed]
    found = [
        counted(sum(item.severity == severity for item in open_ones), noun)
        for severity, noun in (("error", "error"), ("warning", "warning"), ("info", "hint"))
        if any(item.severity == severity for item in open_ones)
    ]
    allowed = len(items) - len(open_ones)
    told = ", ".join(found) or "nothing found"
    told += f", {allowed} allowed" if allowed else ""
    where = f"{counted(len(files.manifests), 'object')} of {counted(files.count, 'file')}"
    _terminal.tell(f"{told} in {where}")
