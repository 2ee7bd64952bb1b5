"""Records as objects of Kubernetes: their labels, and what we put into an object."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from postrender._errors import RecordCorrupt, RecordTooLarge, StorageError
from postrender.storage._kube._kinds import ENTRY, LIMIT, Kind
from postrender.storage._kube._objects import Item
from postrender.storage._record import PREFIX, SYSTEM_LABELS, Body, Record, parse_key

#: what labels an object whose name has not Helm's prefix must have, to be no stranger's
_MUST = {"name", "owner", "version"}
_LATER = "helm.sh/release.v2"


def is_record(item: Item) -> bool:
    """Tell whether an object is a record, be it damaged, and not something else of this kind."""
    return item.name.startswith(PREFIX) or item.labels.keys() >= _MUST


def is_later(item: Item) -> bool:
    """Tell whether a record is in a later format, which has the same names and labels."""
    return item.type == _LATER or item.labels.get("helm.sh/release-version") == "v2"


def record_of(item: Item, body: Body) -> Record:
    """Return the record that an object holds, with the columns that its labels say."""
    labels = item.labels
    said = parse_key(item.name)
    name, version = said or (item.name, 0)
    number = labels.get("version", "")
    return Record(
        namespace=item.namespace,
        key=item.name,
        name=labels.get("name", name),
        version=int(number) if _is_number(number) else version,
        status=labels.get("status", ""),
        body=body,
        labels={key: value for key, value in labels.items() if key not in SYSTEM_LABELS},
        owner=labels.get("owner", ""),
        created_at=_seconds(labels.get("createdAt", "")),
        modified_at=_seconds(labels.get("modifiedAt", "")),
        token=item.token,
        problem=_problem(labels, said),
    )


def _problem(labels: dict[str, str], said: tuple[str, int] | None) -> str:
    """Return why the labels of an object cannot be trusted.

    :param said: the name and the version that the object's own name says, if it does.
    """
    for key in ("name", "owner", "status", "version"):
        if not labels.get(key):
            return f"has no label {key}"
    if not _is_number(labels["version"]):
        return f"has the label version={labels['version']}, which is no number"
    if said and said != (labels["name"], int(labels["version"])):
        return f"has the labels name={labels['name']} and version={labels['version']}"
    return ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _seconds(text: str) -> int:
    return int(text) if _is_number(text) else 0


def body_of(item: Item, load: Callable[[], bytes] | None = None) -> Body:
    """Return the body of an object that was read.

    :param load: fetches it whole, where only its beginning was read.
    """
    if item.text is None:
        return Body(b"", problem=f"has no entry data.{ENTRY}")
    return Body(item.text, load if item.size > len(item.text) else None)


def object_of(record: Record, text: bytes, kind: Kind) -> dict[str, Any]:
    """Return the new object that holds a record.

    :raises RecordTooLarge: when an object cannot hold the body.
    :raises StorageError: when it cannot hold text of this kind.
    """
    metadata = {"name": record.key, "namespace": record.namespace, "labels": labels_of(record)}
    made = {"apiVersion": "v1", "kind": kind.name, "metadata": metadata}
    if kind.type:
        made["type"] = kind.type
    return made | {"data": data_of(record, text, kind)}


def labels_of(record: Record) -> dict[str, str]:
    """Return all labels of a record's object; Helm's own win over the user's."""
    return {**record.labels, **record.system_labels()}


def data_of(record: Record, text: bytes, kind: Kind) -> dict[str, str]:
    """Return the data of a record's object; see `object_of` for what it raises."""
    if len(text) > LIMIT:
        raise RecordTooLarge(
            f"has {len(text)} bytes, and a {kind.name} takes {LIMIT}",
            location=record.place,
            hint="keep large files out of the chart by its .helmignore, or store releases in SQL",
        )
    if kind.encoded:
        return {ENTRY: b64encode(text).decode()}
    try:
        return {ENTRY: text.decode()}
    except UnicodeDecodeError:
        raise StorageError(
            f"a {kind.name} takes text only, and the body is none", location=record.place
        ) from None


def refuse_later(item: Item) -> None:
    """Refuse a record that we do not understand, instead of taking it for an absent one.

    :raises RecordCorrupt: when the record is in a later format.
    """
    if is_later(item):
        raise RecordCorrupt(
            f"is in the format {_LATER}, which this version cannot read",
            location=f"{item.namespace}/{item.name}",
        )
