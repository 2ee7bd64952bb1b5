"""A row as a record, and a record as a row that its columns can hold."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from postrender._errors import RecordTooLarge
from postrender.storage._postgres.tables import LABELS, RELEASES
from postrender.storage._record import SYSTEM_LABELS, Body, Record

TOKEN: Final = 8  #: where the columns of a row have its token
TYPE: Final = 9  #: where they have its type

LARGEST_INTEGER: Final = 2**31 - 1
WIDER: Final = "releases that have labels may have shorter names: 42 characters with Helm's tables"


def record(row: Sequence[Any]) -> Record:
    """Return the record of a row: of the columns of `statements.columns`, and a whole body."""
    namespace, key, name, version, status, owner, created, modified, token, _, odd, labels = row[
        :-1
    ]
    found = Record(namespace, key, name, version, status, Body(encoded(row[-1])), owner=owner)
    return found._replace(
        labels=_labels(labels),
        created_at=created,
        modified_at=modified,
        token=token,
        problem=_problem(found, odd=odd),
    )


def encoded(text: str) -> bytes:
    """Return the bytes that the database has, whatever they are, of a text that was read."""
    return text.encode("utf-8", "surrogateescape")


def parameters(record: Record) -> dict[str, Any]:
    """Return what the statements that write a record take."""
    return {
        "namespace": record.namespace,
        "key": record.key,
        "name": record.name,
        "version": record.version,
        "status": record.status,
        "owner": record.owner,
        "body": record.body.text().decode("utf-8", "surrogateescape"),
        "created_at": record.created_at,
        "modified_at": record.modified_at,
        "token": record.token,
        "keys": list(record.labels),
        "values": list(record.labels.values()),
    }


def check(record: Record, limits: Mapping[str, int]) -> None:
    """Check that a record fits into the columns.

    :param limits: how many characters a column takes, as in `{"releases_v1.key": 90}`.
    :raises RecordTooLarge: if it does not; the message has the column and both numbers.
    """
    for column, text in _texts(record):
        limit = limits.get(column)
        if limit is not None and len(text) > limit:
            raise RecordTooLarge(
                f"{column} takes {limit} characters, not the {len(text)} of {text[:100]!r}",
                location=record.place,
                hint=WIDER if column == f"{LABELS}.releasekey" else "",
            )
    if record.version > LARGEST_INTEGER:
        message = f"{RELEASES}.version takes {LARGEST_INTEGER} at most, not {record.version}"
        raise RecordTooLarge(message, location=record.place)


def _texts(record: Record) -> Sequence[tuple[str, str]]:
    own = ("key", "namespace", "name", "status", "owner")
    texts = [(f"{RELEASES}.{column}", str(getattr(record, column))) for column in own]
    if record.labels:
        texts.append((f"{LABELS}.releasekey", record.key))
        texts.append((f"{LABELS}.releasenamespace", record.namespace))
    for key, value in record.labels.items():
        texts += [(f"{LABELS}.key", key), (f"{LABELS}.value", value)]
    return texts


def _labels(text: str | None) -> dict[str, str]:
    labels = json.loads(text) if text else {}
    return {key: value for key, value in labels.items() if key not in SYSTEM_LABELS}


def _problem(record: Record, *, odd: bool) -> str:
    texts = (record.namespace, record.key, record.name, record.status, record.owner)
    if any("\udc80" <= c <= "\udcff" for text in texts for c in text):
        return "has columns that are not UTF-8"
    if odd:
        return f"has a key that is not that of {record.name!r}, revision {record.version}"
    return ""
