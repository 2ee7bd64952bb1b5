"""A TCP proxy that breaks connections to a server on purpose."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Literal

CHUNK = 16_384
#: with it, closing resets a connection instead of ending it politely
RESET = struct.pack("ii", 1, 0)

Direction = Literal["up", "down"]  # to the server, to the client


class Proxy:
    """Passes bytes between clients and a server of this machine, until told otherwise."""

    def __init__(self, server: int) -> None:
        self.connections = 0  #: how many were made
        self.passed = {"up": 0, "down": 0}  #: bytes, of all connections
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._flowing = threading.Event()
        self._flowing.set()
        self._left: int | None = None
        self._direction: Direction = "down"
        self._times = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where clients connect instead of to the server."""
        return int(self._listener.getsockname()[1])

    def cut(self) -> None:
        """Reset all connections; new ones are taken."""
        with self._lock:
            sockets, self._open = self._open, set()
            threads, self._threads = self._threads, []
        for each in sockets:
            _reset(each)
        # The system closes a socket when the last thread that waits in it has left.
        for thread in threads:
            thread.join(timeout=1)

    def cut_after(self, count: int, direction: Direction = "down", times: int = 1) -> None:
        """Reset the connection on which, from now on, *count* bytes have gone in a direction.

        All connections count together; after it, counting begins anew, for as many *times*.
        """
        with self._lock:
            self._left = self._count = count
            self._direction, self._times = direction, times

    def stall(self) -> None:
        """Take connections and bytes, and pass nothing on."""
        self._flowing.clear()

    def resume(self) -> None:
        """Pass on what was held back, and all that comes."""
        self._flowing.set()

    def refuse(self) -> None:
        """Reset all connections, and refuse new ones from now on."""
        with suppress(OSError):  # wakes up who accepts, which closing alone does not
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            self.connections += 1
            try:
                server = socket.create_connection(("127.0.0.1", self._server))
            except OSError:
                _reset(client)
                continue
            up = self._passing(client, server, "up")
            down = self._passing(server, client, "down")
            with self._lock:
                self._open |= {client, server}
                self._threads += [up, down]
                up.start()
                down.start()

    def _passing(
        self, source: socket.socket, target: socket.socket, direction: Direction
    ) -> threading.Thread:
        return threading.Thread(target=self._pass, args=(source, target, direction), daemon=True)

    def _pass(self, source: socket.socket, target: socket.socket, direction: Direction) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                self._flowing.wait()
                allowed = self._allowed(len(data), direction)
                target.sendall(data[:allowed])
                if allowed < len(data):
                    break
            else:
                if source in self._open:  # ended politely, not cut
                    target.shutdown(socket.SHUT_WR)
                    return
        _reset(source)
        _reset(target)
        with self._lock:
            self._open -= {source, target}

    def _allowed(self, count: int, direction: Direction) -> int:
        """Return how many of so many bytes go through; if not all, the connection is cut."""
        with self._lock:
            self.passed[direction] += count
            if not self._times or self._left is None or direction != self._direction:
                return count
            if count <= self._left:
                self._left -= count
                return count
            allowed, self._left = self._left, self._count
            self._times -= 1
            return allowed


@contextmanager
def running_proxy(port: int) -> Iterator[Proxy]:
    """Run a proxy to the server on *port*."""
    proxy = Proxy(port)
    with closing(proxy._listener):
        yield proxy
    proxy.resume()
    proxy.refuse()


def _reset(each: socket.socket) -> None:
    with suppress(OSError):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        # Another thread may wait in it, whom closing alone would not wake.
        each.shutdown(socket.SHUT_RD)
    each.close()
