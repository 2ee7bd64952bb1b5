"""Creating, updating and deleting a record with its labels, in a transaction that is open."""

from collections.abc import Mapping
from typing import Any

from psycopg.errors import UniqueViolation

from postrender._errors import (
    ReleaseConflict,
    ReleaseExists,
    StorageError,
    StorageForbidden,
)
from postrender.storage._driver import Bodies
from postrender.storage._postgres import rows, statements
from postrender.storage._postgres.connection import Connection
from postrender.storage._postgres.errors import INITIALISE, READ_AGAIN, absent, foreign
from postrender.storage._postgres.row_security import View
from postrender.storage._record import Body, Record


def create(connection: Connection, view: View, record: Record) -> Record:
    """Insert a record, whose body is here; see `Driver.create`."""
    rows.check(record, view.limits)
    parameters = rows.parameters(record)
    try:
        connection.execute(statements.INSERT, parameters)
    except UniqueViolation:
        message = "there is a record of this key already"
        raise ReleaseExists(message, location=record.place) from None
    return _labelled(connection, view, record, parameters)


def update(connection: Connection, view: View, record: Record) -> Record:
    """Replace a record; see `Driver.update`."""
    rows.check(record, view.limits)
    parameters = rows.parameters(record)
    if not connection.execute(statements.UPDATE, parameters).rowcount:
        raise _untouched(connection, view, record)
    return _labelled(connection, view, record, parameters)


def delete(connection: Connection, view: View, namespace: str, key: str) -> Record:
    """Delete a record, and return what it was; see `Driver.delete`."""
    this = {"namespace": namespace, "key": key}
    row = connection.execute(statements.delete(labels=view.has_labels).encode(), this).fetchone()
    if row is None:
        raise _untouched(connection, view, Record(namespace, key, "", 0, "", Body(b"")))
    record = rows.record(row)
    if view.has_labels:
        connection.execute(statements.UNLABEL, this)
        _check_labels(connection, record._replace(labels={}), this)
    return record


def _untouched(connection: Connection, view: View, wanted: Record) -> StorageError:
    """Return why a statement has changed no row."""
    this = {"namespace": wanted.namespace, "key": wanted.key}
    statement = statements.get(labels=view.has_labels, bodies=Bodies.NONE)
    row = connection.execute(statement.encode(), this).fetchone()
    if row is None:
        return absent(wanted.place)
    if row[rows.TYPE] == statements.FOREIGN:
        return foreign(row[rows.TYPE], wanted.place)
    if view.is_filtered and wanted.token in ("", row[rows.TOKEN]):
        return StorageForbidden(
            f"row security lets role {view.role} read the record, and not change it",
            location=wanted.place,
            hint=f"see `postrender storage grant --role {view.role}`",
        )
    return ReleaseConflict("was changed by somebody else", location=wanted.place, hint=READ_AGAIN)


def _labelled(
    connection: Connection, view: View, record: Record, parameters: Mapping[str, Any]
) -> Record:
    """Replace the labels of a record that was just written, and return it as it is stored."""
    if view.has_labels:
        # Also of a new record, as rows may be left of one of this key.
        connection.execute(statements.UNLABEL, parameters)
        if record.labels:
            connection.execute(statements.LABEL, parameters)
        _check_labels(connection, record, parameters)
    elif record.labels:
        message = "has labels, for which the database has no table"
        raise StorageError(message, location=record.place, hint=INITIALISE)
    statement = statements.get(labels=view.has_labels, bodies=Bodies.NONE)
    (row,) = connection.execute(statement.encode(), parameters)
    return rows.record(row)._replace(body=Body(record.body.text()))


def _check_labels(connection: Connection, record: Record, this: Mapping[str, Any]) -> None:
    """Check that no label is left but those of a record: a policy may keep rows from deletion."""
    (row,) = connection.execute(statements.LABELS_LEFT, this)
    if row[0] != len(record.labels):
        message = "row security keeps labels of the record from being deleted"
        raise StorageForbidden(
            message, location=record.place, hint="see `postrender storage grant`"
        )
