"""Server processes that end with the tests."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

GUARD = Path(__file__).parent / "guard.py"
READY = 60  # seconds

Command = Sequence[str | Path]


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback address that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Server:
    """A server that runs."""

    def __init__(self, guard: "subprocess.Popen[bytes]") -> None:
        self._guard = guard

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, such as SIGSTOP and SIGCONT; SIGKILL also waits for its end."""
        assert self._guard.stdin
        assert self._guard.stdout
        self._guard.stdin.write(bytes([number]))
        self._guard.stdin.flush()
        self._guard.stdout.read(1)
        if number == signal.SIGKILL:
            self._guard.wait()


@contextmanager
def running(
    command: Command, log: Path, ready: Callable[[], bool], user: str = ""
) -> Iterator[Server]:
    """Run a server, from when it is *ready* to the end of the block; *log* gets what it says.

    Raises RuntimeError, with the log, when it ends before it is ready or is not ready in time.
    """
    guard = [sys.executable, GUARD, *(["--user", user] if user else []), *command]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            guard,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the tests, at whose end the server is stopped
        ) as process,
    ):
        # The block's end closes stdin, on which the guard stops the server, and waits for it.
        deadline = time.monotonic() + READY
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                text = log.read_text(errors="replace")[-5000:]
                raise RuntimeError(f"{Path(command[0]).name} does not start: {text}")
            time.sleep(0.05)
        yield Server(process)
