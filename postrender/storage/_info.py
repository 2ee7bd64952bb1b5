"""The info of a release: status, times and words, in the dialects of Helm 3 and Helm 4."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Final, NamedTuple

from postrender.storage._fields import Fields
from postrender.storage._members import assigned
from postrender.storage._status import Status
from postrender.storage._times import Time

#: As Helm 4 orders the fields, which has those of Helm 3 and one more.
ORDER: Final = (
    "first_deployed",
    "last_deployed",
    "deleted",
    "description",
    "status",
    "rollback_revision",
    "notes",
    "resources",
)


class Dialect(IntEnum):
    """Which Helm wrote a record: the one says "" where the other says nothing."""

    HELM3 = 3
    HELM4 = 4


class Info(NamedTuple):
    """What happened to a release, and when."""

    first_deployed: Time
    last_deployed: Time
    deleted: Time
    description: str
    status: Status
    rollback_revision: int  #: the revision that was rolled back to, 0 if this is no rollback
    notes: str

    def __repr__(self) -> str:
        """Show the status; notes and description may hold secrets."""
        return f"<Info {self.status}>"


def read_info(value: object) -> Info:
    """Read the info of a release.

    :raises RecordCorrupt: when a field has another type.
    """
    fields = Fields(value, "info")
    return Info(
        fields.time("first_deployed"),
        fields.time("last_deployed"),
        fields.time("deleted"),
        fields.text("description"),
        Status.of(fields.text("status")),
        fields.number("rollback_revision"),
        fields.text("notes"),
    )


def dialect(release: Fields) -> Dialect:
    """Tell the dialect of a release from what only one Helm writes, and writes always."""
    newer = release.text("apply_method") or "schemamodtime" in release.fields("chart")
    older = "deleted" in release.fields("info")
    return Dialect.HELM3 if older and not newer else Dialect.HELM4


def changed_info(
    old: Mapping[str, Any], changes: Mapping[str, object], into: Dialect
) -> dict[str, Any]:
    """Return a copy of the JSON of an info with some fields changed."""
    return assigned(old, {name: written(value, into) for name, value in changes.items()}, ORDER)


def written(value: object, into: Dialect) -> object:
    """Return what JSON says for the value of a field, None where it says nothing."""
    if isinstance(value, Time):
        zero = "" if into is Dialect.HELM3 else None
        return value.text if value else zero
    return value or None
