"""The body of a record, decoded as far as somebody has asked for, and no farther."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from postrender._errors import RecordCorrupt, StorageError
from postrender.storage._codec import decode
from postrender.storage._fields import Fields
from postrender.storage._head import read_head
from postrender.storage._info import Info, read_info
from postrender.storage._json import loads
from postrender.storage._record import Record
from postrender.storage._schema import check


class Summary(NamedTuple):
    """What a listing shows of a release."""

    info: Info
    chart_name: str
    chart_version: str
    app_version: str


class LazyBody:
    """Decodes the body of a record once, first its beginning, and all of it only if need be."""

    __slots__ = ("_record", "_summary", "_whole")

    def __init__(self, record: Record) -> None:
        """Take the record; nothing is decoded yet."""
        self._record = record
        self._summary: Summary | None = None
        self._whole: Fields | None = None

    def json(self) -> bytes:
        """Decode the whole body, and keep nothing of it.

        :raises StorageError: what `Driver.get` raises, where the body is not here yet.
        """
        with self.placed():
            return decode(self._record.body.text())

    def whole(self) -> Fields:
        """Return the fields of the release."""
        if self._whole is None:
            text = self.json()
            with self.placed():
                self._whole = Fields(loads(text))
        return self._whole

    def summary(self) -> Summary:
        """Return what the beginning of the body says, if that is enough."""
        if self._summary is None:
            with self.placed():
                self._summary = self._read_summary()
        return self._summary

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Say of which record the errors are that are raised meanwhile."""
        try:
            yield
        except StorageError as error:
            error.location = error.location or self._record.place
            raise
        except RecursionError:
            place = self._record.place
            raise RecordCorrupt("is nested too deeply", location=place) from None

    def check(self) -> None:
        """Read all fields.

        :raises RecordCorrupt: when there is one that Helm could not read.
        """
        release = self.whole()
        with self.placed():
            check(release)

    def _read_summary(self) -> Summary:
        head = None if self._whole else read_head(self._record.body.head)
        if head:
            return _summary(head.info, Fields(head.metadata, "chart.metadata"))
        release = self.whole()
        return _summary(release.value("info"), release.fields("chart").fields("metadata"))


def _summary(info: object, metadata: Fields) -> Summary:
    """Read the fields, and keep no more of the chart than a listing shows."""
    return Summary(
        read_info(info),
        metadata.text("name"),
        metadata.text("version"),
        metadata.text("appVersion"),
    )
