"""Reading a record, its body, and the pages of a listing, each in a statement of its own."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from postrender._errors import ReleaseConflict
from postrender.storage._driver import HEAD, Bodies
from postrender.storage._postgres import rows, statements
from postrender.storage._postgres.connection import Connection
from postrender.storage._postgres.errors import READ_AGAIN, absent, foreign
from postrender.storage._postgres.row_security import View
from postrender.storage._postgres.statements import Filter
from postrender.storage._record import Body, Record

#: fetches the body of a record, given as it was listed
Load = Callable[[Record], bytes]


class Listing(NamedTuple):
    """What a listing gives, page by page."""

    view: View
    chosen: Filter
    newest: bool
    bodies: Bodies
    limit: int  #: records of a page
    load: Load

    def is_last(self, page: Sequence[Record]) -> bool:
        """Tell whether nothing is behind a page; one of whole bodies may end before its limit."""
        return not page or (self.bodies is not Bodies.WHOLE and len(page) < self.limit)


def get(connection: Connection, view: View, namespace: str, key: str) -> Record:
    """Return a record with its whole body; see `Driver.get`."""
    this = {"namespace": namespace, "key": key}
    row = connection.execute(statements.get(labels=view.has_labels).encode(), this).fetchone()
    if row is None:
        raise absent(f"{namespace}/{key}")
    if row[rows.TYPE] == statements.FOREIGN:
        raise foreign(row[rows.TYPE], f"{namespace}/{key}")
    return rows.record(row)


def body(connection: Connection, record: Record) -> bytes | None:
    """Return the whole body of a record that was listed, None if it is not seen any more.

    :raises ReleaseConflict: if it is not the one that was listed.
    """
    this = {"namespace": record.namespace, "key": record.key}
    row = connection.execute(statements.BODY, this).fetchone()
    if row and row[1] != record.token:
        message = "was changed while it was read"
        raise ReleaseConflict(message, location=record.place, hint=READ_AGAIN)
    return rows.encoded(row[0]) if row else None


def page(connection: Connection, listing: Listing, last: Record | None) -> list[Record]:
    """Return the records of a page in order, those behind *last*."""
    statement = statements.page(
        listing.chosen,
        newest=listing.newest,
        bodies=listing.bodies,
        labels=listing.view.has_labels,
        first=last is None,
    )
    found = connection.execute(statement.encode(), _parameters(listing, last))
    records = [_lazy(rows.record(row), listing) for row in found]
    return sorted(records, key=_in_order)


def _in_order(record: Record) -> tuple[bytes, bytes, int, bytes]:
    """Return what orders records as the database does: text in "C" is compared by its bytes."""
    namespace, name, key = map(rows.encoded, (record.namespace, record.name, record.key))
    return namespace, name, record.version, key


def names(
    connection: Connection, chosen: Filter, limit: int, last: tuple[str, str] | None
) -> list[tuple[str, str]]:
    """Return a page of namespaces and names, those behind *last*."""
    statement = statements.names(chosen, first=last is None).encode()
    behind = {"ns": last[0], "nm": last[1]} if last else {}
    found = connection.execute(statement, {**chosen.parameters, **behind, "limit": limit})
    return [(namespace, name) for namespace, name in found]


def namespaces(connection: Connection) -> list[str]:
    """Return the namespaces that hold a release of Helm's, in order."""
    return [namespace for (namespace,) in connection.execute(statements.NAMESPACES)]


def _parameters(listing: Listing, last: Record | None) -> Mapping[str, Any]:
    parameters = {**listing.chosen.parameters, "limit": listing.limit}
    if last is None:
        return parameters
    behind = {"ns": last.namespace, "nm": last.name, "v": last.version, "k": last.key}
    return {**parameters, **behind}


def _lazy(record: Record, listing: Listing) -> Record:
    """Return a record that fetches its body when it is wanted, unless all of it is here."""
    head = record.body.head
    is_whole = listing.bodies is Bodies.WHOLE or 0 < len(head) < HEAD
    if is_whole or (listing.bodies is Bodies.HEAD and not head):
        return record
    return record._replace(body=Body(head, partial(listing.load, record)))
