"""One connection to PostgreSQL: with patience, text as it is, and a way to leave it to a parent."""

import os
import select
from collections.abc import Generator, Mapping, Sequence
from typing import Any, Final, TypeVar

import psycopg
from psycopg.adapt import Dumper, Loader
from psycopg.conninfo import make_conninfo
from psycopg.errors import CharacterNotInRepertoire
from psycopg.waiting import Wait

T = TypeVar("T")

#: what psycopg waits for; it is told in the same numbers what has come
_EVENTS: Final[Mapping[int, int]] = {
    Wait.R: select.POLLIN,
    Wait.W: select.POLLOUT,
    Wait.RW: select.POLLIN | select.POLLOUT,
}


class Silence(psycopg.OperationalError):
    """The server has not said anything for too long."""


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that does not wait for ever for a server that says nothing."""

    patience: float = 60  #: seconds

    def wait(self, gen: Generator[Any, Any, T], *_: Any, **__: Any) -> T:
        """Wait for what *gen* waits for; an interrupt is taken at once.

        :raises Silence: if the server says nothing for `patience` seconds.
        """
        try:
            waited_for = next(gen)
            while True:
                waited_for = gen.send(self._ready(waited_for))
        except StopIteration as end:
            result: T = end.value
            return result

    def _ready(self, waited_for: int) -> int:
        """Return which of reading and writing is possible, of those waited for."""
        poll = select.poll()
        poll.register(self.pgconn.socket, _EVENTS[waited_for])
        events = poll.poll(self.patience * 1000)
        if not events:
            raise Silence(f"no answer for {self.patience:g} seconds")
        (_, event), *_ = events
        if event & ~(select.POLLIN | select.POLLOUT):
            return waited_for  # an error, which is found by trying
        return next(came for came, mask in _EVENTS.items() if event == mask)


class _Received(Loader):
    """Text as the database has it, also where that is no UTF-8."""

    def load(self, data: Any) -> str:
        return bytes(data).decode("utf-8", "surrogateescape")


class _Sent(Dumper):
    """The same, the other way; its type is for the server to find."""

    def dump(self, obj: str) -> bytes:
        if "\0" in obj:  # where libpq would cut it off
            raise CharacterNotInRepertoire("a text cannot hold zero bytes")
        return obj.encode("utf-8", "surrogateescape")


def connect(parameters: Mapping[str, str], patience: float) -> Connection:
    """Return a new connection.

    Each statement is a transaction unless it is in one, and none is prepared on the server: with
    PgBouncer, the next one may come to another server process.

    :param parameters: what libpq takes.
    :param patience: seconds to wait for a word of the server.
    """
    connection = Connection.connect(
        make_conninfo("", **parameters), autocommit=True, prepare_threshold=None
    )
    connection.patience = patience
    for kind in ("text", "varchar"):
        connection.adapters.register_loader(kind, _Received)
    connection.adapters.register_dumper(str, _Sent)
    if connection.info.parameter_status("server_encoding") == "SQL_ASCII":
        # It has bytes, and would refuse a whole page for one that is no UTF-8.
        connection.execute("set client_encoding to sql_ascii")
    return connection


def leave(inherited: Sequence[Connection]) -> None:
    """Close what a child has got of its parent's connections, without a word to the server."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for connection in inherited:
        os.dup2(nowhere, connection.fileno())  # so that the goodbye goes there
        connection.close()
    os.close(nowhere)
