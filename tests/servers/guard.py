"""Run a server until our stdin ends: guard.py [--user USER] COMMAND [ARGUMENT ...].

Whoever started us holds the other end. When that process dies, however it dies, the pipe closes,
and the server goes too. It is stopped by SIGINT, and killed if that takes long. What comes through
the pipe before are signals for the server, one byte each, which is repeated on stdout when sent.
What the server says goes to stderr.
"""

import os
import signal
import subprocess
import sys
import threading

GRACE = 10  # seconds


def main(command: list[str]) -> int:
    """Return the server's exit code."""
    user = None
    if command[0] == "--user":
        _, user, *command = command
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr, user=user, group=user
    )
    threading.Thread(target=_stop_at_the_end, args=(server,), daemon=True).start()
    return server.wait()


def _stop_at_the_end(server: "subprocess.Popen[bytes]") -> None:
    # Not sys.stdin, whose lock would keep us from ending with the server.
    while number := os.read(0, 1):
        server.send_signal(number[0])
        os.write(1, number)
    server.send_signal(signal.SIGCONT)
    server.send_signal(signal.SIGINT)
    try:
        server.wait(GRACE)
    except subprocess.TimeoutExpired:
        server.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
