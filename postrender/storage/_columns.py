"""The columns of a record: what they are for a body, and whether they agree with it."""

from collections.abc import Iterator, Mapping

from postrender._errors import RecordCorrupt
from postrender.storage._changes import Changes, changed_json
from postrender.storage._codec import encode
from postrender.storage._fields import Fields
from postrender.storage._json import loads
from postrender.storage._lazy import LazyBody
from postrender.storage._record import Body, Record, parse_key, record_key
from postrender.storage._schema import check


def new_record(text: bytes, namespace: str, labels: Mapping[str, str]) -> Record:
    """Make the record of a release from its JSON.

    :raises RecordCorrupt: when it is no JSON of a release, or has no name.
    :raises TypeError: when a label is no text.
    """
    release = Fields(loads(text))
    check(release)
    name, version = release.text("name"), release.number("version")
    if not name:
        raise RecordCorrupt("the release has no name")
    return Record(
        namespace=namespace or release.text("namespace") or "default",
        key=record_key(name, version),
        name=name,
        version=version,
        status=_status(release),
        body=Body(encode(text)),
        labels=_texts(labels),
    )


def changed_record(record: Record, text: bytes, changes: Changes) -> Record:
    """Make the record of a release with some fields changed.

    :param text: its JSON; where nothing in it changes, the body stays as it is.
    :raises TypeError: when something is given that a release cannot hold.
    """
    new = changed_json(text, changes)
    return _moved(record, changes)._replace(
        status=_status(Fields(loads(new))),
        body=record.body if new == text else Body(encode(new)),
        labels=_texts(changes.get("labels", record.labels)),
    )


def problems(record: Record, body: LazyBody) -> list[str]:
    """Return what is wrong with the body of a record, and where its columns disagree with it."""
    found = [record.problem] if record.problem else []
    try:
        body.check()
        found += _disagreements(record, body.whole())
    except RecordCorrupt as error:
        found.append(error.message)
    return found


def _disagreements(record: Record, release: Fields) -> Iterator[str]:
    said = {
        "name": (release.text("name"), record.name),
        "namespace": (release.text("namespace") or "default", record.namespace),
        "version": (release.number("version"), record.version),
        "status": (_status(release), record.status),
    }
    for name, (inside, column) in said.items():
        if inside != column:
            yield f"has the {name} {inside!r} in its body and {column!r} in its columns"
    if parse_key(record.key) != (record.name, record.version):
        yield "has the key of another revision"


def _moved(record: Record, changes: Changes) -> Record:
    """Make it another record, which no store knows yet, if the changes say so."""
    namespace = changes.get("namespace", record.namespace)
    version = changes.get("version", record.version)
    if (namespace, version) == (record.namespace, record.version):
        return record
    key = record_key(record.name, version)
    moved = record._replace(namespace=namespace, version=version, key=key)
    return moved._replace(created_at=0, modified_at=0, token="")


def _status(release: Fields) -> str:
    return release.fields("info").text("status")


def _texts(labels: Mapping[str, str]) -> dict[str, str]:
    """Copy labels, which not every store would refuse if they were no text."""
    for key, value in labels.items():
        if not (isinstance(key, str) and isinstance(value, str)):
            raise TypeError(f"the label {key!r} is no text")
    return dict(labels)
