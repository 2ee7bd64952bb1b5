"""The driver: records in PostgreSQL, in the tables that Helm has."""

import builtins
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from time import time
from typing import Final, Self, TypeVar

from postrender._errors import StorageForbidden
from postrender.storage._closing import Closing
from postrender.storage._driver import Bodies
from postrender.storage._labels import check_labels
from postrender.storage._postgres import reading, statements, writing
from postrender.storage._postgres.connection import Connection
from postrender.storage._postgres.connections import Connections
from postrender.storage._postgres.errors import GRANT, absent
from postrender.storage._postgres.migrations import Initialised, initialise
from postrender.storage._postgres.reading import Listing
from postrender.storage._postgres.row_security import View, look
from postrender.storage._postgres.statements import Filter
from postrender.storage._record import Record

T = TypeVar("T")

PAGE: Final = 1024  #: records that are fetched at once
PATIENCE: Final = 60.0  #: seconds


class SQLDriver(Closing):
    """A store in a PostgreSQL database.

    Reading and writing need Helm's tables, which `initialise` makes, or Helm itself. What is asked
    for must be visible as a whole: where row security hides some of it, or may do, it is
    `StorageForbidden`, as it is for a listing across all namespaces by a role that sees one.
    """

    name: Final = "SQL"

    def __init__(self, connections: Connections, *, page: int = PAGE) -> None:
        """Read and write through some connections; `connect` makes them.

        :param page: how many records to fetch at once.
        """
        self._connections = connections
        self._page = page

    @classmethod
    def connect(
        cls, connection_string: str = "", *, timeout: float = PATIENCE, page: int = PAGE
    ) -> Self:
        """Connect to the database that Helm's connection string names.

        It is a URL or words of the form key=value, and means what it means to Helm: TLS is
        required unless `sslmode` says otherwise, and what it does not give comes from libpq's
        variables, such as PGHOST.

        :param timeout: seconds to wait for a word of the server, before it is given up.
        :param page: how many records to fetch at once.
        :raises ConfigError: if the string cannot be understood.
        :raises StorageUnavailable: if the database cannot be reached.
        :raises StorageForbidden: if it refuses the user.
        """
        connections = Connections.to(connection_string, timeout)
        connections.read(lambda connection: connection.execute("select 1"))
        return cls(connections, page=page)

    @property
    def place(self) -> str:
        """Name the database for a message, as in `database helm at db:5432`."""
        return self._connections.place

    def initialise(self) -> Initialised:
        """Make the tables of Helm that are not there yet, as Helm makes them.

        :raises StorageForbidden: if the role may not do that.
        :raises StorageError: if the tables are there, and are not known to be Helm's.
        """
        return self._administer(initialise, "it needs a role that may create tables there")

    def execute(self, script: builtins.list[str]) -> None:
        """Execute statements in one transaction, such as those of `postrender storage grant`.

        :raises StorageForbidden: if the role may not do that.
        """

        def work(connection: Connection) -> None:
            for statement in script:
                connection.execute(statement.encode())

        self._administer(work, "it needs the owner of the tables")

    def create(self, record: Record) -> Record:
        """Store a record that is not there yet; see `Driver.create`."""
        return self._write(
            record._replace(created_at=record.created_at or int(time())), writing.create
        )

    def update(self, record: Record) -> Record:
        """Replace body, columns and labels of a record; see `Driver.update`."""
        return self._write(record._replace(modified_at=int(time())), writing.update)

    def delete(self, namespace: str, key: str) -> Record:
        """Delete a record and its labels; see `Driver.delete`."""

        def work(connection: Connection) -> Record:
            view = look(connection, self.place, namespace)
            return writing.delete(connection, view, namespace, key)

        return self._connections.write(work, f"{namespace}/{key}")

    def get(self, namespace: str, key: str) -> Record:
        """Return a record with its whole body; see `Driver.get`."""

        def work(connection: Connection) -> Record:
            view = look(connection, self.place, namespace)
            return reading.get(connection, view, namespace, key)

        return self._connections.read(work)

    def list(
        self, namespace: str = "", *, newest: bool = False, bodies: Bodies = Bodies.HEAD
    ) -> Iterator[Record]:
        """Return the records of a namespace, in order; see `Driver.list`."""
        view = self._look(namespace)
        chosen = statements.listed(namespace)
        yield from self._listed(self._listing(view, chosen, bodies)._replace(newest=newest))

    def query(
        self, labels: Mapping[str, str], namespace: str = "", *, bodies: Bodies = Bodies.HEAD
    ) -> Iterator[Record]:
        """Return the records that have all of *labels*; see `Driver.query`."""
        check_labels(labels)
        view = self._look(namespace)
        chosen = statements.matching(labels, namespace, has_labels=view.has_labels)
        yield from self._listed(self._listing(view, chosen, bodies))

    def names(self, namespace: str = "") -> Iterator[tuple[str, str]]:
        """Return namespace and name of each release; see `Driver.names`."""
        self._look(namespace)
        chosen = statements.listed(namespace)
        last: tuple[str, str] | None = None
        while True:
            page = self._connections.read(
                partial(reading.names, chosen=chosen, limit=self._page, last=last)
            )
            yield from page
            if len(page) < self._page:
                return
            last = page[-1]

    def namespaces(self) -> Iterator[str]:
        """Return the namespaces that hold a release; see `Driver.namespaces`."""
        self._look("")
        yield from self._connections.read(reading.namespaces)

    def close(self) -> None:
        """Give back all connections; see `Driver.close`."""
        self._connections.close()

    def _administer(self, work: Callable[[Connection], T], who: str) -> T:
        try:
            return self._connections.write(work, self.place)
        except StorageForbidden as error:
            hint = who if error.hint == GRANT else error.hint
            raise StorageForbidden(error.message, location=self.place, hint=hint) from None

    def _look(self, namespace: str) -> View:
        return self._connections.read(lambda connection: look(connection, self.place, namespace))

    def _write(
        self, record: Record, change: Callable[[Connection, View, Record], Record]
    ) -> Record:
        record.body.text()  # from another store perhaps, and so before the transaction

        def work(connection: Connection) -> Record:
            view = look(connection, self.place, record.namespace)
            return change(connection, view, record)

        return self._connections.write(work, record.place)

    def _listing(self, view: View, chosen: Filter, bodies: Bodies) -> Listing:
        return Listing(view, chosen, False, bodies, self._page, self._body)

    def _listed(self, listing: Listing) -> Iterator[Record]:
        """Fetch page after page; none is kept, nor a connection, while the caller works."""
        last: Record | None = None
        while True:
            page = self._connections.read(partial(reading.page, listing=listing, last=last))
            yield from page
            if listing.is_last(page):
                return
            last = page[-1]

    def _body(self, record: Record) -> bytes:
        text = self._connections.read(partial(reading.body, record=record))
        if text is None:  # or row security hides it now
            self._look(record.namespace)
            raise absent(record.place)
        return text
