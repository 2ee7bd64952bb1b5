"""A release: a lazy view on its record, which decodes no more than it is asked for."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Self, Unpack

from postrender.storage._changes import Changes, arranged_json, changed_json
from postrender.storage._chart import Chart, read_chart
from postrender.storage._columns import changed_record, new_record, problems
from postrender.storage._hook import Hook, read_hook
from postrender.storage._info import Dialect, Info, dialect
from postrender.storage._json import loads
from postrender.storage._lazy import LazyBody
from postrender.storage._record import Record
from postrender.storage._status import Status
from postrender.storage._times import Time


class Release:
    """One revision of a release, as its record has it.

    What identifies it (name, namespace, version) and its labels come from the record's columns;
    everything else comes from the body, when it is first asked for: what a listing shows from the
    beginning of it, the rest from all of it. So any property can raise what decoding and loading
    raise: `RecordCorrupt`, with the place of the record and the reason, and the errors of
    `Driver.get` where the body is not here yet.

    A release never changes; `replace` makes another one. Two are equal when the place of the
    record, its labels and the JSON are.
    """

    __slots__ = ("_body", "record")

    record: Record  #: what a driver takes; that of an unchanged release is the one it was made from

    def __init__(self, record: Record) -> None:
        """View a record."""
        self.record = record
        self._body = LazyBody(record)

    @classmethod
    def from_json(
        cls, text: bytes | str, *, namespace: str = "", labels: Mapping[str, str] | None = None
    ) -> Self:
        """Make a release from its JSON, kept to the byte; its columns are what it says.

        :param namespace: where to store it; else what the JSON says, else `default`.
        :raises RecordCorrupt: when it is no JSON that Helm could read, or has no name.
        :raises TypeError: when a label is no text.
        """
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        return cls(new_record(data, namespace, labels or {}))

    @classmethod
    def from_dict(
        cls,
        value: Mapping[str, Any],
        *,
        namespace: str = "",
        labels: Mapping[str, str] | None = None,
    ) -> Self:
        """Make a release from the dict of its JSON, such as `to_dict` gives.

        :param namespace: where to store it; else what the dict says, else `default`.
        :raises RecordCorrupt: when it is nothing that Helm could read, or has no name.
        :raises TypeError: for what JSON does not have, and when a label is no text.
        """
        return cls.from_json(arranged_json(value), namespace=namespace, labels=labels)

    @classmethod
    def new(cls, name: str, **fields: Unpack[Changes]) -> Self:
        """Make a release as Helm 4 writes it: revision 1 in `default` unless told otherwise.

        It has no more than it is given: no status, and no time.

        :raises TypeError: when a field has another type than in `Changes`.
        :raises ValueError: when the status is none of Helm's.
        """
        given: Changes = {"version": 1, "namespace": "default", **fields}
        text = changed_json(arranged_json({"name": name, "info": {}}), given)
        return cls.from_json(text, labels=fields.get("labels"))

    def replace(self, **changes: Unpack[Changes]) -> Self:
        """Make a release that differs in some fields, and is the same in all others.

        Fields that are not known here stay, and so does the order of all. An empty value is
        written as the record's dialect has it. The columns follow; the token stays, so that an
        update notices when somebody else has changed the record, unless the version or the
        namespace makes it another record.

        :raises RecordCorrupt: when the record cannot be read.
        :raises TypeError: when a field has another type than in `Changes`.
        :raises ValueError: when the status is none of Helm's.
        """
        text = self.json()
        with self._body.placed():
            return type(self)(changed_record(self.record, text, changes))

    @property
    def name(self) -> str:
        """The name, by the record's columns."""
        return self.record.name

    @property
    def namespace(self) -> str:
        """The namespace in which the record is."""
        return self.record.namespace

    @property
    def version(self) -> int:
        """The revision, by the record's columns."""
        return self.record.version

    @property
    def labels(self) -> Mapping[str, str]:
        """The user's labels."""
        return self.record.labels

    @property
    def info(self) -> Info:
        """Status, times and words, which are properties of the release as well."""
        return self._body.summary().info

    @property
    def status(self) -> Status:
        """The status that the body says, which may not be that of the record's column."""
        return self.info.status

    @property
    def description(self) -> str:
        """What happened, in a few words."""
        return self.info.description

    @property
    def notes(self) -> str:
        """The rendered NOTES.txt."""
        return self.info.notes

    @property
    def first_deployed(self) -> Time:
        """When revision 1 was installed."""
        return self.info.first_deployed

    @property
    def last_deployed(self) -> Time:
        """When this revision was deployed."""
        return self.info.last_deployed

    @property
    def deleted(self) -> Time:
        """When it was uninstalled; the zero time if it was not."""
        return self.info.deleted

    @property
    def rollback_revision(self) -> int:
        """The revision that was rolled back to; 0 for none, or unknown before Helm 4.3."""
        return self.info.rollback_revision

    @property
    def chart_name(self) -> str:
        """The name of the chart."""
        return self._body.summary().chart_name

    @property
    def chart_version(self) -> str:
        """The version of the chart."""
        return self._body.summary().chart_version

    @property
    def app_version(self) -> str:
        """The version of what the chart installs."""
        return self._body.summary().app_version

    @property
    def manifest(self) -> str:
        """The rendered manifests, without hooks."""
        with self._body.placed():
            return self._body.whole().text("manifest")

    @property
    def hooks(self) -> tuple[Hook, ...]:
        """The hooks."""
        with self._body.placed():
            return tuple(map(read_hook, self._body.whole().each("hooks")))

    @property
    def config(self) -> dict[str, Any]:
        """The user's values, a copy."""
        with self._body.placed():
            return deepcopy(self._body.whole().mapping("config"))

    @property
    def chart(self) -> Chart:
        """The chart; an empty one if there is none."""
        with self._body.placed():
            return read_chart(self._body.whole().fields("chart"))

    @property
    def apply_method(self) -> str:
        """How it was applied: `ssa` (server-side) or `csa`; "" is Helm 3, which is client-side."""
        with self._body.placed():
            return self._body.whole().text("apply_method")

    @property
    def dialect(self) -> Dialect:
        """Which Helm wrote the record, as far as it shows."""
        with self._body.placed():
            return dialect(self._body.whole())

    def json(self) -> bytes:
        """Return the JSON exactly as it is stored."""
        return self._body.json()

    def to_dict(self) -> dict[str, Any]:
        """Return all of the JSON, fields that are not known here too; a fresh dict each time."""
        text = self.json()
        with self._body.placed():
            return loads(text)

    def validate(self) -> None:
        """Read all fields of the body, as Helm does with each record.

        :raises RecordCorrupt: when one cannot be read.
        """
        self._body.check()

    def problems(self) -> list[str]:
        """Return what is wrong with the record; nothing is, in what Helm writes.

        The body cannot be read, says another name, namespace, version or status than the columns,
        or has a field that Helm could not read.
        """
        return problems(self.record, self._body)

    def __eq__(self, other: object) -> bool:
        """Compare place, labels and JSON."""
        if not isinstance(other, Release):
            return NotImplemented
        ours, theirs = self.record, other.record
        same = ours.place == theirs.place and dict(ours.labels) == dict(theirs.labels)
        return same and self.json() == other.json()

    def __hash__(self) -> int:
        """Hash the place."""
        return hash(self.record.place)

    def __repr__(self) -> str:
        """Name the release, and nothing that is in it."""
        return f"<Release {self.namespace}/{self.name} revision {self.version}>"
