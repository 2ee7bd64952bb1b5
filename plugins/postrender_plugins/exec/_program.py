"""One run of a program as a filter of bytes."""

import errno
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from postrender import ConfigError, Context, RefusedError

if TYPE_CHECKING:
    from postrender_plugins.exec import Options

TAIL: Final = 2000  #: how many characters of stderr are worth telling: the reason comes last
LINE: Final = 20_000  #: and of a single line


def run(options: "Options", context: Context, stream: bytes) -> bytes:
    """Return what the program writes to stdout when it reads *stream*.

    :raises ConfigError: if it cannot be started.
    :raises RefusedError: if it fails, takes too long or writes nothing.
    """
    with _Interrupts() as interrupts:
        process = _start(options, context.directory)
        with _ended(process):
            interrupts.let_through()
            try:
                output, stderr = process.communicate(stream, timeout=options.timeout)
            except subprocess.TimeoutExpired as error:
                message = f"{options.program} did not finish within {options.timeout:g} seconds"
                hint = "let `timeout` be longer if it needs that"
                raise RefusedError(message + _tail(error.stderr), hint=hint) from error
    if process.returncode:
        message = f"{options.program} {_fate(process.returncode)}"
        raise RefusedError(message + _tail(stderr))
    if stream.strip() and not output.strip():
        raise RefusedError(f"{options.program} wrote nothing to stdout" + _tail(stderr))
    if stderr.strip():
        context.notice(options.program + _tail(stderr))
    return output


def _start(options: "Options", directory: str) -> "subprocess.Popen[bytes]":
    folder = os.path.abspath(os.path.join(directory, options.cwd))
    program = options.program
    if os.sep in program:
        program = os.path.abspath(os.path.join(directory, program))
    try:
        return subprocess.Popen(
            [program, *options.argv[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, **options.env} if options.env else None,
            start_new_session=True,  # so that what it starts itself can be ended with it
        )
    except OSError as error:
        raise _unstartable(options, program, folder, error) from error


def _unstartable(options: "Options", program: str, folder: str, error: OSError) -> ConfigError:
    if not os.path.isdir(folder):
        return ConfigError(f"there is no folder {folder} to run {options.program} in")
    hint = ""
    if " " in options.program:
        hint = "write a program with arguments as a list: [program, argument]"
    elif isinstance(error, FileNotFoundError) and os.path.isfile(program):
        hint = "the interpreter that its first line names is missing"
    elif isinstance(error, FileNotFoundError) and os.sep not in options.program:
        hint = "it is in none of the folders of PATH"
    elif isinstance(error, PermissionError):
        hint = "let it be a file that may be executed (chmod +x)"
    elif error.errno == errno.ENOEXEC:
        hint = "begin it with #!/bin/sh, if it is a script"
    reason = (error.strerror or str(error)).lower()
    return ConfigError(f"{program} cannot be started: {reason}", hint=hint)


@contextmanager
def _ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End the program, and what it started, if the block fails or is interrupted."""
    with process:
        try:
            yield
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise


class _Interrupts:
    """Signals that would end us, made interrupts so that the program does not outlive us.

    They are held back until the program has started, and somebody is there to end it.
    """

    def __init__(self) -> None:
        self._handlers: dict[signal.Signals, Any] = {}
        self._is_open = self._is_pending = False

    def __enter__(self) -> "_Interrupts":
        if threading.current_thread() is threading.main_thread():  # others cannot set handlers
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                handler = signal.getsignal(number)
                if handler in (signal.SIG_DFL, signal.default_int_handler):
                    self._handlers[number] = handler
                    signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _handle(self, *_: object) -> None:
        self._is_pending = True
        if self._is_open:
            raise KeyboardInterrupt

    def let_through(self) -> None:
        """Interrupt from now on, and at once where a signal was held back."""
        self._is_open = True
        if self._is_pending:
            raise KeyboardInterrupt


def _fate(code: int) -> str:
    if code > 0:
        return f"exited with code {code}"
    with suppress(ValueError):
        return f"was killed by {signal.Signals(-code).name}"
    return f"was killed by signal {-code}"


def _tail(stderr: bytes | None) -> str:
    """Return the end of *stderr*, to stand behind what is said of the program."""
    text = (stderr or b"").decode(errors="replace").strip()
    if not text:
        return ", with nothing on stderr"
    lines = text.splitlines()
    last = _last(lines)
    return ": " + "\n".join(last if len(last) == len(lines) else ["...", *last])


def _last(lines: list[str]) -> list[str]:
    """Return the last of *lines*, at least one.

    None is cut: half a value of a Secret would not be known for one, and not be hidden.
    """
    size, last = 0, list[str]()
    for line in reversed(lines):
        size += len(line) + 1
        if last and size > TAIL:
            break
        last.insert(0, line if len(line) <= LINE else f"(a line of {len(line)} characters)")
    return last
