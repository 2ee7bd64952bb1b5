"""Run a server until our stdin ends: guard.py [--user USER] COMMAND [ARGUMENT ...].

Whoever started us holds the other end. When that process dies, however it dies, the pipe closes,
and the server goes too. It is stopped by SIGINT, and killed if that takes long.
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
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, user=user, group=user)
    threading.Thread(target=_stop_at_the_end, args=(server,), daemon=True).start()
    return server.wait()


def _stop_at_the_end(server: "subprocess.Popen[bytes]") -> None:
    os.read(0, 1)  # not sys.stdin, whose lock would keep us from ending with the server
    server.send_signal(signal.SIGINT)
    try:
        server.wait(GRACE)
    except subprocess.TimeoutExpired:
        server.kill()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
