"""Connections to a database, for several threads at once and for children after a fork.

Each use takes a connection that nobody else has, and gives it back. A child leaves those of its
parent alone. Neither is there a lock, which a fork might find locked for ever, nor anything kept
in a session between two uses, so that PgBouncer may stand between.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, Self, TypeVar

import psycopg
from psycopg.pq import Conninfo, TransactionStatus

from postrender._errors import ReleaseConflict, StorageError, StorageUnavailable
from postrender.storage._postgres.connection import Connection, connect, leave
from postrender.storage._postgres.connection_string import parse
from postrender.storage._postgres.errors import is_lost, storage_error
from postrender.storage._postgres.parameters import for_libpq, place

T = TypeVar("T")

KEPT: Final = 8  #: connections that wait for their next use
_ROOT: Final = "~/.postgresql/root.crt"
#: The usual level whatever is set for the database, as the statements are written for it.
_BEGIN: Final = "begin isolation level read committed"


class Connections:
    """The connections to one database."""

    def __init__(self, parameters: dict[str, str], where: str, patience: float) -> None:
        """Make none yet.

        :param parameters: what libpq takes.
        :param where: the database, for messages.
        :param patience: seconds to wait for a word of the server.
        """
        self.place = where
        self._parameters = parameters
        self._patience = patience
        self._idle: dict[int, list[Connection]] = {}  # by process
        self._is_open = True

    @classmethod
    def to(cls, connection_string: str, patience: float) -> Self:
        """Return connections to what Helm's connection string says, and libpq's variables.

        :raises ConfigError: if it says nothing that can be understood.
        """
        known = {
            option.keyword.decode(): None if option.val is None else os.fsdecode(option.val)
            for option in Conninfo.get_defaults()
        }
        has_root = os.path.exists(os.path.expanduser(_ROOT))
        parameters = for_libpq(parse(connection_string), known, has_root_certificate=has_root)
        return cls(parameters, place({**known, **parameters}), patience)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Return what *work* reads, in a transaction for each statement.

        It is done once more where the connection had been idle, and turns out to be broken.

        :raises StorageError: for an error of the database, or what *work* raises.
        """
        with self._taken() as (connection, is_new):
            try:
                return work(connection)
            except psycopg.Error as error:
                if is_new or not connection.closed:
                    raise self._error(error) from None
        self._drop()
        return self.read(work)

    def write(self, work: Callable[[Connection], T], record: str = "") -> T:
        """Return what *work* returns after it was done, whole, in one transaction.

        :param record: what is written, for messages.
        :raises StorageError: for an error of the database, or what *work* raises; nothing has been
            written then, unless the message says that it may have been.
        """
        with self._begun() as connection:
            try:
                result = work(connection)
            except psycopg.Error as error:
                raise self._error(error, record) from None
            try:
                connection.execute("commit")
            except psycopg.Error as error:
                if is_lost(error.sqlstate):
                    raise self._unknown(record) from None
                raise self._error(error, record) from None
        return result

    def close(self) -> None:
        """Close what is idle, and the others after their use."""
        self._is_open = False
        self._drop()

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        """Return a connection in a transaction; nothing has been written if it cannot begin."""
        with self._taken() as (connection, is_new):
            try:
                connection.execute(_BEGIN)
            except psycopg.Error as error:
                if is_new or not connection.closed:
                    raise self._error(error) from None
            else:
                yield connection
                return
        self._drop()
        with self._begun() as connection:
            yield connection

    @contextmanager
    def _taken(self) -> Iterator[tuple[Connection, bool]]:
        """Return a connection that nobody else uses, and whether it is a new one."""
        try:
            connection, is_new = self._usable().pop(), False
        except IndexError:
            connection, is_new = self._new(), True
        try:
            yield connection, is_new
        finally:
            self._give_back(connection)

    def _usable(self) -> list[Connection]:
        """Return the idle connections of this process, unless the driver was closed."""
        if not self._is_open:
            raise StorageUnavailable(
                "the driver was closed", location=self.place, hint="open another one"
            )
        return self._mine()

    def _mine(self) -> list[Connection]:
        """Return the idle connections of this process; each step is one that threads cannot cut."""
        process = os.getpid()
        for other in [*self._idle]:
            if other != process:
                leave(self._idle.pop(other, []))
        return self._idle.setdefault(process, [])

    def _new(self) -> Connection:
        try:
            return connect(self._parameters, self._patience)
        except psycopg.Error as error:
            raise self._error(error) from None

    def _give_back(self, connection: Connection) -> None:
        status = connection.pgconn.transaction_status
        if status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            with suppress(psycopg.Error):
                connection.execute("rollback")
            status = connection.pgconn.transaction_status
        idle = self._mine()
        if status == TransactionStatus.IDLE and len(idle) < KEPT:
            idle.append(connection)
        else:
            connection.close()
        if not self._is_open:  # closed while it was in use
            self._drop()

    def _drop(self) -> None:
        """Close what is idle."""
        idle = self._mine()
        while idle:
            with suppress(IndexError):  # somebody else has taken the last one meanwhile
                idle.pop().close()

    def _error(self, error: psycopg.Error, record: str = "") -> StorageError:
        text = error.diag.message_primary or str(error)
        where = record or self.place
        if record and is_lost(error.sqlstate):
            text = f"the connection to {self.place} was lost, and nothing was written: {text}"
        found = storage_error(error.sqlstate, text, place=where)
        if isinstance(found, ReleaseConflict) and not record:
            # As a standby cancels what reads for too long; nobody has changed anything.
            return StorageUnavailable(found.message, location=where, hint=found.hint)
        return found

    def _unknown(self, record: str) -> StorageError:
        return StorageUnavailable(
            f"the connection to {self.place} was lost before it had answered:"
            " the change may have been made",
            location=record,
            hint="read the record again",
        )
