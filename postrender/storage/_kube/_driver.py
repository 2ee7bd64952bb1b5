"""Records in Secrets and in ConfigMaps: two drivers that differ in a row of a table."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from time import time
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar

from postrender._errors import ReleaseConflict, ReleaseNotFound
from postrender.storage._closing import Closing
from postrender.storage._driver import Bodies
from postrender.storage._kube._connection import Connection
from postrender.storage._kube._kinds import CONFIG_MAP, SECRET, Kind
from postrender.storage._kube._listing import Listing
from postrender.storage._kube._objects import Item, item_of
from postrender.storage._kube._pages import Lists, Selection, is_ours
from postrender.storage._kube._records import (
    body_of,
    data_of,
    is_record,
    labels_of,
    object_of,
    record_of,
    refuse_later,
)
from postrender.storage._kube._store import Store
from postrender.storage._labels import check_labels
from postrender.storage._record import Body, Record

if TYPE_CHECKING:
    from postrender.storage._settings import EnvSettings

T = TypeVar("T")

#: how often to try where somebody else changes the same record
_TRIES: Final = 8


class _KubeDriver(Closing):
    """The driver of a kind of objects; see `Driver` for what each method does and raises."""

    _kind: ClassVar[Kind]

    def __init__(self, connection: Connection, *, page: int = 500) -> None:
        """Use a connection, which the driver closes.

        :param page: how many objects to ask for at once.
        """
        self._connection = connection
        self._store = Store(connection, self._kind)
        self._listing = Listing(Lists(connection, self._kind, page), self._fetch)

    @classmethod
    def connect(cls, settings: "EnvSettings") -> Self:
        """Log in as Helm does with these settings; nothing is sent yet.

        :raises ConfigError: when there is no cluster, the kubeconfig cannot be used, or the
            package `kubernetes` is not installed.
        :raises StorageUnavailable: when a credential plugin fails.
        """
        return cls(Connection.open(settings))

    @property
    def name(self) -> str:
        """Helm's name of the driver."""
        return self._kind.name

    def create(self, record: Record) -> Record:
        """Store a record that is not there yet; see `Driver.create`."""
        text = record.body.text()
        record = record._replace(created_at=record.created_at or int(time()))
        return record_of(self._store.create(object_of(record, text, self._kind)), Body(text))

    def update(self, record: Record) -> Record:
        """Replace body, columns and labels of a record; see `Driver.update`.

        All else that the object has stays: annotations, owners, finalizers.
        """
        text = record.body.text()
        data = data_of(record, text, self._kind)  # first, since it may refuse

        def replace() -> Item:
            found = self._store.get_object(record.namespace, record.key)
            return self._store.replace(self._changed(found, record) | {"data": data})

        return record_of(replace() if record.token else _until_done(replace), Body(text))

    def delete(self, namespace: str, key: str) -> Record:
        """Delete a record, and return what was there; see `Driver.delete`.

        An object that has finalizers goes when these are done.
        """

        def delete() -> Item:
            item = self._found(namespace, key)
            self._store.delete(item)
            return item

        item = _until_done(delete)
        return record_of(item, body_of(item))

    def get(self, namespace: str, key: str) -> Record:
        """Return a record with its whole body; see `Driver.get`.

        :raises RecordCorrupt: when it is in a format of later versions of Helm.
        """
        item = self._found(namespace, key)
        return record_of(item, body_of(item))

    def list(
        self, namespace: str = "", *, newest: bool = False, bodies: Bodies = Bodies.HEAD
    ) -> Iterator[Record]:
        """Return the records of a namespace, in order; see `Driver.list`."""
        selection = Selection("owner=helm", namespace)
        list_ = self._listing.newest if newest else self._listing.all
        return (self._given(item, bodies) for item in list_(selection, bodies))

    def query(
        self, labels: Mapping[str, str], namespace: str = "", *, bodies: Bodies = Bodies.HEAD
    ) -> Iterator[Record]:
        """Return the records that have all of *labels*, in order; see `Driver.query`."""
        check_labels(labels)
        # What has no owner is none of Helm's, and may be a stranger's with the same labels.
        terms = [f"{key}={value}" for key, value in labels.items()]
        selection = Selection(
            ",".join(terms if "owner" in labels else ["owner", *terms]), namespace
        )
        items = self._listing.all(selection, bodies)
        # One that was fetched by itself may have other labels by then.
        return (
            self._given(each, bodies) for each in items if labels.items() <= each.labels.items()
        )

    def names(self, namespace: str = "") -> Iterator[tuple[str, str]]:
        """Return namespace and name of each release; see `Driver.names`."""
        return self._listing.names(Selection("owner=helm", namespace))

    def namespaces(self) -> Iterator[str]:
        """Return the namespaces that hold a release; see `Driver.namespaces`."""
        return iter(dict.fromkeys(namespace for namespace, _ in self.names()))

    def close(self) -> None:
        """Close the connection; closing twice is nothing."""
        self._connection.close()

    def _found(self, namespace: str, key: str) -> Item:
        """Return a record's object, with its whole body."""
        item = self._store.get(namespace, key)
        _check(item)
        return item

    def _fetch(self, namespace: str, key: str, keep: int | None) -> Item | None:
        """Return an object that a listing lacks, unless it has gone since."""
        try:
            item = self._store.get(namespace, key, keep)
        except ReleaseNotFound:
            return None
        return item if is_ours(item) else None

    def _changed(self, found: Any, record: Record) -> dict[str, Any]:
        """Return an object with the columns of a record."""
        item = item_of(found, self._kind, 0)
        _check(item)
        if record.token not in {"", item.token}:
            raise ReleaseConflict(
                "was changed by somebody else", location=record.place, hint="read it again"
            )
        stored = record_of(item, Body(b""))
        record = record._replace(created_at=stored.created_at, modified_at=int(time()))
        return {**found, "metadata": {**found["metadata"], "labels": labels_of(record)}}

    def _given(self, item: Item, bodies: Bodies) -> Record:
        """Return a listed record, whose body can still be fetched."""
        load = partial(self._text, item)
        body = Body(b"", load) if bodies is Bodies.NONE else body_of(item, load)
        return record_of(item, body)

    def _text(self, item: Item) -> bytes:
        """Return the whole body of an object that was listed, while it is the same."""
        now = self._found(*item.place)
        if now.token != item.token:
            raise ReleaseConflict(
                "was changed while it was read",
                location=f"{item.namespace}/{item.name}",
                hint="read it again",
            )
        return body_of(now).text()


class SecretDriver(_KubeDriver):
    """Records in Secrets of the type `helm.sh/release.v1`, Helm's default."""

    _kind = SECRET


class ConfigMapDriver(_KubeDriver):
    """Records in ConfigMaps."""

    _kind = CONFIG_MAP


def _check(item: Item) -> None:
    """Refuse an object that is no record, or none that we can read."""
    if not is_record(item):
        raise ReleaseNotFound("there is no such record", location=f"{item.namespace}/{item.name}")
    refuse_later(item)


def _until_done(attempt: Callable[[], T]) -> T:
    """Make an attempt again where somebody else was faster."""
    for _ in range(_TRIES - 1):
        with suppress(ReleaseConflict):
            return attempt()
    return attempt()
