"""The controlling terminal, where a person sees an error though Helm 4 discards stderr."""

import os
import signal
import sys
from contextlib import suppress
from typing import Final

TERMINAL: Final = "/dev/tty"
OFF: Final = "off"

_LAST: Final = 5  #: lines of a long message that are worth showing: the reason comes last


def tell(text: str) -> None:
    """Write *text* to the controlling terminal, if there is one that stderr is not already.

    It neither waits nor stops nor fails, whatever the terminal does. `POSTRENDER_TTY=off` is for
    programs that draw on the terminal themselves.
    """
    if os.environ.get("POSTRENDER_TTY") == OFF or _stderr_is_terminal():
        return
    with suppress(OSError, ValueError, AttributeError):  # none, or no POSIX system
        terminal = os.open(TERMINAL, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            _write(terminal, text.encode(errors="replace"))
        finally:
            os.close(terminal)


def short(text: str) -> str:
    """Return *text* without the middle of its lines, where they are many."""
    first, *rest = text.splitlines()
    if len(rest) <= _LAST:
        return text
    gap = () if first.endswith("...") else ("...",)
    return "\n".join((first, *gap, *rest[-_LAST:]))


def _stderr_is_terminal() -> bool:
    """Tell whether stderr is the controlling terminal of this process."""
    try:
        os.tcgetpgrp(sys.stderr.fileno())  # of any other file this fails
    except (OSError, ValueError, AttributeError):
        return False
    return True


def _write(terminal: int, data: bytes) -> None:
    """Write as much as the terminal takes at once."""
    # Some terminals stop a process in the background that writes, unless it blocks the signal.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        while data:
            data = data[os.write(terminal, data) :]
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
