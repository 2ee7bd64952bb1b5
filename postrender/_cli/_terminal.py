"""What is told on stderr, and how stdout is written."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import Any

from postrender._errors import PluginError, PostrenderError

INTERRUPTED = 130  # what a shell reports for a program that an interrupt ended
BUG = "this is a bug in postrender; please report it with the output of --debug"


class Veiled(Exception):
    """An error of a command, of which no more is to be told than what *scrub* leaves."""

    def __init__(self, error: BaseException, scrub: Callable[[str], str]) -> None:
        """Stand for *error* on its way to `main`."""
        super().__init__()
        self.error = error
        self.scrub = scrub


@contextmanager
def veiled(scrub: Callable[[str], str]) -> Iterator[None]:
    """Have *scrub* take the values of Secrets out of what is told of an error in the block.

    :raises Veiled: instead of any error.
    """
    try:
        yield
    except (KeyboardInterrupt, Exception) as error:
        raise Veiled(error, scrub) from error


def tell(message: object) -> None:
    """Write a line to stderr, or nothing where there is none."""
    if sys.stderr is None:
        return
    with suppress(OSError):  # its reader has gone; the exit code still tells
        print(f"postrender: {printable(str(message))}", file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """Return *text* with what a terminal would obey, and a manifest may hold, shown instead."""
    return "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)


def outcome(error: BaseException, debug: bool) -> tuple[int, str]:
    """Return the exit code for what ended a run, and what is told of it."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, "interrupted"
    if isinstance(error, BrokenPipeError):
        return 1, ""  # whoever read us has gone and wants no more, not even a message
    if isinstance(error, PostrenderError):
        hidden = isinstance(error, PluginError) and error.__cause__ and not debug
        text = f"error: {error}" + ("; --debug shows the traceback" if hidden else "")
        return error.exit_code, text
    return 3, f"error: {type(error).__name__}: {error}; {BUG}"


def traceback(error: BaseException) -> str:
    """Return the way to an error of ours or a plugin's, `""` for an interrupt and the like."""
    if isinstance(error, KeyboardInterrupt | BrokenPipeError):
        return ""
    from traceback import format_exception  # only --debug asks for it

    return "".join(format_exception(error))


def fail(
    error: BaseException,
    debug: bool,
    *,
    scrub: Callable[[str], str] = str,
    by_helm4: bool = False,
    more: str = "",
) -> int:
    """Write what ended a run, and with *debug* the way there; return the exit code.

    :param scrub: takes the values of Secrets out of a text.
    :param by_helm4: whether Helm 4 has started the run, and will discard what stderr gets.
    :param more: what to tell in addition where a person sees it anyhow.
    """
    code, text = outcome(error, debug)
    if debug and (way := traceback(error)):
        tell("\n" + scrub(way))
    if text:
        _tell_widely(scrub(text), by_helm4=by_helm4, more=more)
    return code


def warn(message: str, *, by_helm4: bool) -> None:
    """Write what a person is to know of a run that goes on, also where Helm 4 would discard it.

    :param by_helm4: as `fail` takes it.
    """
    _tell_widely(message, by_helm4=by_helm4)


def _tell_widely(text: str, *, by_helm4: bool, more: str = "") -> None:
    tell(text)
    if by_helm4 or plugin_folder():
        from postrender._cli import _tty  # an ordinary run has no need of it

        shown = (_tty.short(text), more) if more else (text,)
        _tty.tell("".join(f"postrender: {printable(each)}\n" for each in shown))


def plugin_folder() -> str:
    """Return the folder of the plugin that Helm 4 has started this process as, else `""`."""
    folder = os.environ.get("HELM_PLUGIN_DIR", "")
    if not folder or "HELM_PLUGIN_NAME" not in os.environ:
        return ""
    try:
        with open(os.path.join(folder, "plugin.yaml"), "rb") as file:
            # The variables may be those of another plugin, which has started Helm 3.
            return folder if b"postrenderer/v1" in file.read() else ""
    except OSError:
        return ""


def spared_stdout() -> "redirect_stdout[Any]":
    """Return a context in which what a plugin prints goes to stderr: stdout is for manifests."""
    return redirect_stdout(sys.stderr)


def write(text: str) -> None:
    """Write *text* to stdout, as `write_stdout` does."""
    write_stdout(text.encode())


def write_stdout(data: bytes) -> None:
    """Write all of *data* to stdout.

    :raises PostrenderError: if there is no stdout, or it takes no more.
    :raises BrokenPipeError: if its reader has gone.
    """
    if sys.stdout is None:
        raise PostrenderError("stdout is closed")
    # Without the buffer nothing is left to be written, or to fail, when Python ends.
    stream = getattr(sys.stdout.buffer, "raw", sys.stdout.buffer)
    rest = memoryview(data)
    try:
        while rest:
            written = stream.write(rest)
            if written is None:
                _wait()
            else:
                rest = rest[written:]
    except BrokenPipeError:
        raise
    except OSError as error:
        raise PostrenderError(f"stdout cannot be written: {error.strerror}") from error


def _wait() -> None:
    """Wait until a pipe that somebody made non-blocking takes more."""
    import select  # hardly ever needed

    select.select([], [sys.stdout], [])
