"""Programs that run with a controlling terminal of their own, and what is to be seen on it."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

#: Starts a program in a session of its own, with the file that is named first as its terminal.
LEADER = """\
import fcntl, os, sys, termios
terminal, where, *command = sys.argv[1:]
os.setsid()
fcntl.ioctl(int(terminal), termios.TIOCSCTTY, 0)
if where == "foreground":
    os.execv(command[0], command)
child = os.fork()
if not child:
    os.setpgid(0, 0)
    os.execv(command[0], command)
_, status = os.waitpid(child, os.WUNTRACED)
if os.WIFSTOPPED(status):
    os.kill(child, 9)
    sys.exit("stopped")
sys.exit(os.waitstatus_to_exitcode(status))
"""


class Shown(NamedTuple):
    """What a program did."""

    code: int
    terminal: str
    stderr: str


def on_terminal(  # noqa: PLR0913 - all but the first have defaults
    command: Sequence[str],
    *,
    stdin: str = "",
    where: str = "foreground",
    redirected: bool = True,
    prepare: Callable[[int], object] = lambda terminal: None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Shown:
    """Run a command, whose program is a path, to its end.

    :param where: `foreground` or `background`, as a shell starts it.
    :param redirected: whether stdout and stderr are pipes; else they are the terminal.
    :param prepare: called with the terminal before the program starts.
    """
    ours, theirs = pty.openpty()
    try:
        prepare(theirs)
        output = subprocess.PIPE if redirected else theirs
        process = subprocess.Popen(
            [sys.executable, "-c", LEADER, str(theirs), where, *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=[theirs],
            cwd=cwd,
            env=env,
        )
        _, stderr = process.communicate(stdin.encode(), timeout=60)
        shown = _read(ours)
    finally:
        os.close(theirs)
        os.close(ours)
    return Shown(process.returncode, shown.replace("\r\n", "\n"), (stderr or b"").decode())


def _read(terminal: int) -> str:
    """Return all that is on a terminal now."""
    os.set_blocking(terminal, False)
    parts = []
    with suppress(BlockingIOError):
        while part := os.read(terminal, 4096):
            parts.append(part)
    return b"".join(parts).decode()
