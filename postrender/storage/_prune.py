"""Which revisions of a release are too many, by Helm's rule, and their deletion."""

from collections.abc import Sequence

from postrender._errors import ReleaseExists, ReleaseNotFound, StorageError
from postrender.storage._driver import Bodies, Driver
from postrender.storage._record import Record


def prune(
    driver: Driver, namespace: str, name: str, *, keep: int, coming: Record | None = None
) -> list[Record]:
    """Delete revisions of a release until there are no more than *keep*, and return them.

    The oldest first, and never the deployed one, so that one more may be left. What cannot be
    deleted does not keep the others from it.

    :param coming: the record for which there is to be room.
    :raises ReleaseExists: when that is there already; then nothing is deleted.
    :raises StorageError: when some could not be deleted; of several the first is raised, and its
        message names the others.
    """
    labels = {"name": name, "owner": "helm"}
    records = [*driver.query(labels, namespace, bodies=Bodies.NONE)]
    if coming and any(record.key == coming.key for record in records):
        raise ReleaseExists("there is a record of this key already", location=coming.place)
    deleted, errors = list[Record](), list[tuple[Record, StorageError]]()
    for record in superfluous(records, keep):
        try:
            deleted.append(driver.delete(namespace, record.key))
        except ReleaseNotFound:
            continue  # somebody else did it
        except StorageError as error:
            errors.append((record, error))
    if errors:
        raise _told_as_one(errors) from errors[0][1].__cause__
    return deleted


def superfluous(records: Sequence[Record], keep: int) -> Sequence[Record]:
    """Return those that are too many, the oldest first.

    Of several deployed revisions the highest counts. A record whose columns cannot be trusted is
    no revision, and stays.
    """
    revisions = sorted(
        (record for record in records if not record.problem), key=lambda record: record.version
    )
    deployed = [record for record in revisions if record.status == "deployed"][-1:]
    candidates = [record for record in revisions if record not in deployed]
    return candidates[: max(0, len(revisions) - keep)]


def _told_as_one(errors: Sequence[tuple[Record, StorageError]]) -> StorageError:
    (_, first), *others = errors
    if not others:
        return first
    named = ", ".join(record.key for record, _ in others)
    return type(first)(
        f"{first.message}, and {len(others)} more could not be deleted: {named}",
        location=first.location,
        hint=first.hint,
    )
