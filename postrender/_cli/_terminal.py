"""What is told on stderr, and how stdout is written."""

import sys
from contextlib import suppress

from postrender._errors import PluginError, PostrenderError

BUG = "this is a bug in postrender; please report it with the output of --debug"


def tell(message: object) -> None:
    """Write a line to stderr, or nothing where there is none."""
    # A manifest may hold what a terminal would obey; it is shown instead.
    text = "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in str(message))
    if sys.stderr is None:
        return
    with suppress(OSError):  # its reader has gone; the exit code still tells
        print(f"postrender: {text}", file=sys.stderr, flush=True)


def tell_error(error: PostrenderError, debug: bool) -> None:
    """Write what went wrong, and with *debug* the way there."""
    if debug:
        _traceback(error)
    hidden = isinstance(error, PluginError) and error.__cause__ and not debug
    tell(f"error: {error}" + ("; --debug shows the traceback" if hidden else ""))


def tell_crash(error: Exception, debug: bool) -> None:
    """Write about an error that nobody foresaw."""
    if debug:
        _traceback(error)
    tell(f"error: {type(error).__name__}: {error}; {BUG}")


def _traceback(error: BaseException) -> None:
    import traceback  # only --debug asks for it

    tell("\n" + "".join(traceback.format_exception(error)))


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
