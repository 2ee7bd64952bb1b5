"""Records in the memory of this process: the shortest driver, and a double for tests."""

import builtins
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import partial
from itertools import groupby
from pathlib import Path
from threading import RLock
from time import time
from typing import Final, Self

from postrender._errors import (
    ConfigError,
    ReleaseConflict,
    ReleaseExists,
    ReleaseNotFound,
    StorageUnavailable,
)
from postrender.storage._closing import Closing
from postrender.storage._data import load_records
from postrender.storage._driver import HEAD, Bodies
from postrender.storage._labels import check_labels
from postrender.storage._record import Body, Record


class MemoryDriver(Closing):
    """A store that ends with the process.

    Records are kept by value: what is changed after it was stored, or after it was read, does not
    change the store. A token counts the writes of the store.
    """

    name: Final = "Memory"

    def __init__(self, records: Iterable[Record] = ()) -> None:
        """Hold some records.

        :raises ReleaseExists: when two of them have one key in one namespace.
        """
        self._records: dict[tuple[str, str], Record] = {}
        self._writes = 0
        self._open = True
        self._locks: dict[int, AbstractContextManager[bool]] = {}
        for record in records:
            self.create(record)

    @classmethod
    def load(cls, paths: Iterable[str | os.PathLike[str]]) -> Self:
        """Hold the releases of some YAML files, each a list in the names that Helm's JSON has.

        :raises ConfigError: when a file cannot be read, or says something else; it says where.
        """
        driver = cls()
        for path in map(Path, paths):
            for record in load_records(path):
                try:
                    driver.create(record)
                except ReleaseExists:
                    message = f"{record.place} is there twice"
                    raise ConfigError(message, location=str(path)) from None
        return driver

    def create(self, record: Record) -> Record:
        """Store a record that is not there yet; see `Driver.create`."""
        whole = _whole(record)
        with self._lock():
            if self._find(record.namespace, record.key):
                raise ReleaseExists("there is a record of this key already", location=record.place)
            return self._put(whole._replace(created_at=record.created_at or int(time())))

    def update(self, record: Record) -> Record:
        """Replace body, columns and labels of a record; see `Driver.update`."""
        whole = _whole(record)
        with self._lock():
            stored = self.get(record.namespace, record.key)
            if record.token not in {"", stored.token}:
                raise ReleaseConflict(
                    "was changed by somebody else", location=record.place, hint="read it again"
                )
            return self._put(whole._replace(created_at=stored.created_at, modified_at=int(time())))

    def delete(self, namespace: str, key: str) -> Record:
        """Delete a record and return it; see `Driver.delete`."""
        with self._lock():
            record = self.get(namespace, key)
            del self._records[namespace, key]
            return record

    def get(self, namespace: str, key: str) -> Record:
        """Return a record with its whole body; see `Driver.get`."""
        with self._lock():
            record = self._find(namespace, key)
        if record is None:
            raise ReleaseNotFound("there is no such record", location=f"{namespace}/{key}")
        return _copy(record)

    def list(
        self, namespace: str = "", *, newest: bool = False, bodies: Bodies = Bodies.HEAD
    ) -> Iterator[Record]:
        """Return the records of a namespace, in order; see `Driver.list`."""
        records = self._sorted(namespace, lambda record: record.owner == "helm")
        return self._given(_newest(records) if newest else records, bodies)

    def query(
        self, labels: Mapping[str, str], namespace: str = "", *, bodies: Bodies = Bodies.HEAD
    ) -> Iterator[Record]:
        """Return the records that have all of *labels*; see `Driver.query`."""
        check_labels(labels)
        return self._given(self._sorted(namespace, lambda record: record.matches(labels)), bodies)

    def names(self, namespace: str = "") -> Iterator[tuple[str, str]]:
        """Return namespace and name of each release; see `Driver.names`."""
        records = self.list(namespace, bodies=Bodies.NONE)
        return iter(dict.fromkeys((record.namespace, record.name) for record in records))

    def namespaces(self) -> Iterator[str]:
        """Return the namespaces that hold a release; see `Driver.namespaces`."""
        return iter(dict.fromkeys(namespace for namespace, _ in self.names()))

    def close(self) -> None:
        """Refuse everything from now on; closing twice is nothing."""
        self._open = False

    def _find(self, namespace: str, key: str) -> Record | None:
        if not self._open:
            raise StorageUnavailable("the memory driver was closed", hint="open another one")
        return self._records.get((namespace, key))

    def _lock(self) -> AbstractContextManager[bool]:
        # One for each process: a child may be made while another thread holds that of its parent.
        return self._locks.setdefault(os.getpid(), RLock())

    def _put(self, record: Record) -> Record:
        self._writes += 1
        stored = record._replace(token=str(self._writes))
        self._records[record.namespace, record.key] = stored
        return _copy(stored)

    def _sorted(self, namespace: str, selects: Callable[[Record], bool]) -> builtins.list[Record]:
        with self._lock():
            self._find(namespace, "")  # for its check that the driver is open
            records = [*self._records.values()]
        return sorted(
            (each for each in records if namespace in {"", each.namespace} and selects(each)),
            key=lambda record: (record.namespace, record.name, record.version, record.key),
        )

    def _given(self, records: Iterable[Record], bodies: Bodies) -> Iterator[Record]:
        """Give each record with as much of its body as was asked for."""
        size = {Bodies.NONE: 0, Bodies.HEAD: HEAD}.get(bodies)
        for record in records:
            text = record.body.text()
            if size is None or len(text) <= size:
                yield _copy(record)
            else:
                body = Body(text[:size], partial(self._text_of, record))
                yield _copy(record)._replace(body=body)

    def _text_of(self, record: Record) -> bytes:
        """Return the text of a record that a listing gave, while it is the same."""
        now = self.get(record.namespace, record.key)
        if now.token != record.token:
            raise ReleaseConflict(
                "was changed while it was read", location=record.place, hint="read it again"
            )
        return now.body.text()


def _whole(record: Record) -> Record:
    """Return a record whose body is here, also where it comes from another store."""
    return _copy(record)._replace(body=Body(record.body.text()))


def _copy(record: Record) -> Record:
    return record._replace(labels=dict(record.labels))


def _newest(records: Iterable[Record]) -> Iterator[Record]:
    """Return of each release its highest version, and whatever cannot be compared."""
    for _, group in groupby(records, key=lambda record: (record.namespace, record.name)):
        revisions = [*group]
        trusted = [record for record in revisions if not record.problem]
        yield from (each for each in revisions if each.problem or each is trusted[-1])
