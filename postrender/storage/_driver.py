"""The protocol of a driver, which reads and writes the records of one store."""

from collections.abc import Iterator, Mapping
from enum import Enum
from types import TracebackType
from typing import Final, Protocol, Self, runtime_checkable

from postrender.storage._record import Record

#: How many bytes of a body are its beginning: enough for the summary of most charts.
HEAD: Final = 6 * 1024


class Bodies(Enum):
    """How much of the bodies a listing fetches along; the rest comes when it is asked for."""

    NONE = "none"  #: columns and labels only
    HEAD = "head"  #: the beginning, which is enough for a summary of most releases
    WHOLE = "whole"  #: all


@runtime_checkable
class Driver(Protocol):
    """A store of records, one for each revision of a release.

    The counterpart of Helm's `driver.Driver`, over all namespaces of the store. A key is unique
    in its namespace. A driver can be used by several threads at once, and by a child after a
    fork. Every method raises `StorageUnavailable` when the store cannot be reached or goes away
    before it is done, and `StorageForbidden` when it answers that this is not allowed; only a
    true absence is `ReleaseNotFound`. A write is whole or not at all; where its connection breaks
    before the answer, `StorageUnavailable` says that it may have been made.
    """

    @property
    def name(self) -> str:
        """Helm's name of the driver: `Secret`, `ConfigMap`, `SQL` or `Memory`."""

    def create(self, record: Record) -> Record:
        """Store a record that is not there yet, and return it as stored, with its token.

        `created_at` is set to now where it is 0. `record.token` is not looked at.

        :raises ReleaseExists: when the namespace has a record of this key; it stays as it is.
        :raises RecordTooLarge: when the store cannot take it; nothing was sent.
        """

    def update(self, record: Record) -> Record:
        """Replace body, columns and labels of a record, and return it as stored.

        `created_at` stays as it was stored, `modified_at` becomes now.

        :raises ReleaseNotFound: when there is no record of this key.
        :raises ReleaseConflict: when `record.token` is given, and is not the stored record's.
        :raises RecordTooLarge: when the store cannot take it; nothing was sent.
        """

    def delete(self, namespace: str, key: str) -> Record:
        """Delete a record and its labels, and return what was there, with its whole body.

        A record that cannot be decoded is deleted like any other.

        :raises ReleaseNotFound: when there is no record of this key.
        """

    def get(self, namespace: str, key: str) -> Record:
        """Return a record with its whole body.

        :raises ReleaseNotFound: when there is no record of this key.
        """

    def list(
        self, namespace: str = "", *, newest: bool = False, bodies: Bodies = Bodies.HEAD
    ) -> Iterator[Record]:
        """Return the records of a namespace, of all with "", in pages fetched as they are needed.

        Records are in the order of namespace, name and version. An empty store gives none. A
        record whose columns cannot be trusted is among them, with its `problem`. Records of
        another owner than `helm` are not; `query` finds them.

        :param newest: only the highest version of each release, by the columns, and whatever has
            a `problem`, since it may be the newest.
        :param bodies: how much of the bodies to fetch along.
        """

    def query(
        self, labels: Mapping[str, str], namespace: str = "", *, bodies: Bodies = Bodies.HEAD
    ) -> Iterator[Record]:
        """Return the records that have all of *labels*, as `list` does; none if none matches.

        :param labels: Helm's own (`name`, `owner`, `status`, `version`) and the user's alike; the
            store selects by them, and by nothing else: name the owner `helm`.
        :raises ValueError: when a label cannot be one, by Kubernetes' rules (`check_labels`).
        """

    def names(self, namespace: str = "") -> Iterator[tuple[str, str]]:
        """Return namespace and name of each release once, in this order, without any body."""

    def namespaces(self) -> Iterator[str]:
        """Return the namespaces that hold a release, in order."""

    def close(self) -> None:
        """Give back all connections; closing twice is nothing."""

    def __enter__(self) -> Self:
        """Return the driver, which is closed at the end of the block."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the driver."""
