"""What an error of PostgreSQL means here: its SQLSTATE, and the words of a refused connection."""

from typing import Final, NamedTuple

from postrender._errors import (
    RecordCorrupt,
    RecordTooLarge,
    ReleaseConflict,
    ReleaseNotFound,
    StorageError,
    StorageForbidden,
    StorageUnavailable,
)


class Meaning(NamedTuple):
    """The class of an error, and what to do about it."""

    error: type[StorageError]
    hint: str = ""


GRANT: Final = "see `postrender storage grant`"
LATER: Final = "try again"
READ_AGAIN: Final = "read it again"
INITIALISE: Final = "create or complete them with `postrender storage init`"
PRIMARY: Final = "name the primary server, and a role that may write"
ENCODING: Final = "records of Helm are base64, which every encoding has"

#: the longest beginning of a SQLSTATE decides
_MEANINGS: Final = {
    "08": Meaning(StorageUnavailable),
    "22": Meaning(StorageError),
    "22001": Meaning(RecordTooLarge),
    "22003": Meaning(RecordTooLarge),
    "22021": Meaning(RecordCorrupt, ENCODING),
    "22P05": Meaning(RecordCorrupt, ENCODING),
    "25006": Meaning(StorageForbidden, PRIMARY),
    "25P03": Meaning(StorageUnavailable),
    "25P04": Meaning(StorageUnavailable),
    "23505": Meaning(StorageError, LATER),
    "28": Meaning(StorageForbidden),
    "3D000": Meaning(StorageUnavailable, "create the database, or name another one"),
    "3F000": Meaning(StorageError, "create the schema, or name another one"),
    "40": Meaning(ReleaseConflict, LATER),
    "42501": Meaning(StorageForbidden, GRANT),
    "42704": Meaning(StorageError, "create the role first"),
    "42P01": Meaning(StorageError, INITIALISE),
    "42P07": Meaning(StorageError, LATER),
    "42703": Meaning(StorageError, "the tables are not those of Helm"),
    "53": Meaning(StorageUnavailable),
    "54": Meaning(RecordTooLarge),
    "55P03": Meaning(StorageUnavailable, LATER),
    "57": Meaning(StorageUnavailable),
    "58": Meaning(StorageUnavailable),
    "XX": Meaning(StorageUnavailable),
}

#: A refused connection has no SQLSTATE in libpq; these are the words of a server that speaks
#: English, as most do. In another language the class is `StorageUnavailable`.
_REFUSALS: Final = (
    "authentication failed",
    "no pg_hba.conf entry",
    "pg_hba.conf rejects",
    "permission denied for database",
    "is not permitted to log in",
    "no password supplied",
)
_NO_ROLE: Final = ('FATAL:  role "', "does not exist")
_TLS: Final = ("SSL", "certificate")


def meaning(code: str | None, text: str) -> Meaning:
    """Return the meaning of an error.

    :param code: its SQLSTATE, None where the server has not answered.
    :param text: its message, which decides for a refused connection only.
    """
    for length in (5, 2) if code else ():
        if found := _MEANINGS.get((code or "")[:length]):
            return found
    if code:
        return Meaning(StorageError)
    if any(words in text for words in _REFUSALS) or all(words in text for words in _NO_ROLE):
        return Meaning(StorageForbidden, "check user and password, and pg_hba.conf of the server")
    if any(words in text for words in _TLS):
        hint = "sslmode is require unless the connection string says sslmode=disable or another"
        return Meaning(StorageUnavailable, hint)
    return Meaning(StorageUnavailable)


def storage_error(code: str | None, text: str, *, place: str) -> StorageError:
    """Return the error for one of PostgreSQL.

    :param text: its primary message; its details may show the row, and are not to be told.
    """
    kind, hint = meaning(code, text)
    return kind(_one_line(text), location=place, hint=hint)


def is_lost(code: str | None) -> bool:
    """Tell whether an error says that the connection has gone, so that an answer is missing."""
    return code is None or code.startswith(("08", "57P"))


def not_initialised(place: str) -> StorageError:
    """Return the error of a database without Helm's tables, or with those of an older Helm."""
    return StorageError(
        "the database does not have the tables of Helm, or this role may not see them",
        location=place,
        hint=INITIALISE,
    )


def absent(place: str) -> ReleaseNotFound:
    """Return the error for a record that is not there."""
    return ReleaseNotFound("there is no such record", location=place)


def foreign(record_type: str, place: str) -> StorageError:
    """Return the error for a record that is of another type."""
    return StorageError(f"is of type {record_type}, which is not read here", location=place)


def _one_line(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "; ".join(line for line in lines if line).rstrip(".") or "no reason is given"
