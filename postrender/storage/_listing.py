"""Releases as they are read one after another, with what is damaged among them beside them."""

from collections.abc import Iterable, Iterator
from typing import Self

from postrender._errors import RecordCorrupt, ReleaseConflict, ReleaseNotFound
from postrender.storage._driver import Driver
from postrender.storage._record import Record
from postrender.storage._release import Release
from postrender.storage._status import Status


class Listing(Iterator[Release]):
    """An iterator of releases; a damaged one is not among them, and is told of in `damaged`.

    What is checked is what a listing shows: status, times and the chart; of a listing with whole
    bodies it is all fields. A release that is deleted before it is read is left out.
    """

    def __init__(
        self,
        records: Iterator[Record],
        driver: Driver,
        *,
        statuses: str | Iterable[str] | None = None,
        whole: bool = False,
        strict: bool = False,
    ) -> None:
        """List the releases of some records.

        :param driver: gets a record again that was changed since it was listed.
        :param statuses: which are shown: one or more of the words of `Status`; None is all.
        :param whole: check all fields.
        :param strict: raise the first damage instead of keeping it.
        :raises ValueError: when a status is none of Helm's.
        """
        self.damaged: list[RecordCorrupt] = []  #: filled on the way; each says which and why
        words = [statuses] if isinstance(statuses, str) else statuses
        self._statuses = frozenset(map(Status, Status if words is None else words))
        self._records = records
        self._driver = driver
        self._whole = whole
        self._strict = strict

    def __iter__(self) -> Self:
        """Return the listing."""
        return self

    def __next__(self) -> Release:
        """Return the next release that can be read.

        :raises RecordCorrupt: at a damaged one, if the listing is strict.
        """
        for record in self._records:
            try:
                release = self._release(record)
            except RecordCorrupt as error:
                if self._strict:
                    raise
                self.damaged.append(error)
            except ReleaseNotFound:
                continue
            else:
                if release:
                    return release
        raise StopIteration

    def _release(self, record: Record) -> Release | None:
        """Return the release of a record, None if it is not to be shown."""
        try:
            return self._shown(record)
        except ReleaseConflict:
            return self._shown(self._driver.get(record.namespace, record.key))

    def _shown(self, record: Record) -> Release | None:
        release = checked(record)
        if self._whole:
            release.validate()
        return release if release.status in self._statuses else None


def checked(record: Record) -> Release:
    """Return the release of a record.

    :raises RecordCorrupt: when the columns cannot be trusted, or the summary cannot be read.
    """
    if record.problem:
        raise RecordCorrupt(record.problem, location=record.place)
    release = Release(record)
    _ = release.info
    return release
