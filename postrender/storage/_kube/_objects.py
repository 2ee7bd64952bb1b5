"""What we read of an object and of a list, in Kubernetes' protobuf or in JSON."""

import json
from base64 import b64decode
from typing import Any, Final, NamedTuple

from postrender.storage._driver import HEAD
from postrender.storage._kube._kinds import ENTRY, Kind
from postrender.storage._kube._protobuf import Message, Stream, entry, fields

#: about how many bytes of whole bodies a page has at most
BUDGET: Final = 16 * 1024 * 1024
#: what an answer in protobuf begins with
MAGIC: Final = b"k8s\0"

_ENTRY: Final = ENTRY.encode()
#: the fields of metadata that are namespace, name, uid and resourceVersion
_NAMES: Final = (3, 1, 5, 6)


class Item(NamedTuple):
    """An object that holds a record, or is thought to."""

    namespace: str
    name: str
    uid: str
    token: str  #: the resourceVersion
    labels: dict[str, str]
    type: str = ""  #: of a Secret
    text: bytes | None = None  #: the beginning of the body; None where there is no such entry
    size: int = 0  #: of the whole body

    def __repr__(self) -> str:
        """Name the object without its body, which holds the values of a release."""
        return f"<Item {self.namespace}/{self.name}>"

    @property
    def place(self) -> tuple[str, str]:
        """Namespace and name."""
        return self.namespace, self.name


class Page(NamedTuple):
    """A part of a list."""

    items: list[Item]
    more: str  #: what to give as `continue` for the next part, "" at the end


def read_item(data: bytes, kind: Kind, keep: int | None = None) -> Item:
    """Read an object, and of its body so many bytes, or all.

    :raises ValueError: when it is none.
    """
    if not data.startswith(MAGIC):
        return item_of(json.loads(data), kind, keep)
    start, end = opened(data)[1:]
    return _from_message(data, start, end, (kind, keep))


def read_page(stream: Stream, kind: Kind, keep: int | None) -> Page:
    """Read a list object by object, and of their bodies so many bytes, or all.

    Where all is more than the budget, the last ones have a head only.

    :raises ValueError: when it is none, or ends too early.
    """
    begin = stream.read(len(MAGIC))
    if begin != MAGIC:
        page = json.loads(begin + stream.read(-1))
        items = [item_of(item, kind, keep) for item in page["items"]]
        return Page(items, page["metadata"].get("continue", ""))
    items, more, held = [], None, 0
    envelope = Message(stream)
    for number, size in envelope.fields():
        if number != 2:  # noqa: PLR2004 (what is inside the envelope)
            envelope.take(size)
            continue
        inside = envelope.message(size)
        for field, length in inside.fields():
            data = inside.take(length)
            if field == 1:
                more = _texts(data, 0, length).get(3, "")
            else:
                item = _from_message(data, 0, length, (kind, keep if held < BUDGET else HEAD))
                held += len(item.text or b"")
                items.append(item)
    if more is None:
        raise ValueError("this is no list of objects")
    return Page(items, more)


def opened(data: bytes) -> tuple[str, int, int]:
    """Return the kind of what an envelope holds, and its two ends.

    :raises ValueError: when it is no envelope.
    """
    kind, inside = "", (0, 0)
    for number, start, end in fields(data, len(MAGIC)):
        if number == 1:
            kind = _texts(data, start, end).get(2, "")
        elif number == 2:  # noqa: PLR2004 (as above)
            inside = start, end
    return kind, *inside


def _from_message(data: bytes, start: int, end: int, wanted: tuple[Kind, int | None]) -> Item:
    kind, keep = wanted
    item, type_, text, size = None, "", None, 0
    for number, first, last in fields(data, start, end):
        if number == 1:
            item = _metadata(data, first, last)
        elif number == 2:  # noqa: PLR2004 (an entry of the data, in both kinds)
            key, a, b = entry(data, first, last)
            if key == _ENTRY:
                size = b - a
                text = data[a : b if keep is None else min(b, a + keep)]
        elif number == 3 and kind.type:  # noqa: PLR2004 (a Secret's type)
            type_ = data[first:last].decode()
    if item is None:
        raise ValueError("an object has no metadata")
    return item._replace(type=type_, text=text, size=size)


def _metadata(data: bytes, start: int, end: int) -> Item:
    texts: dict[int, str] = {}
    labels = {}
    for number, first, last in fields(data, start, end):
        if number == 11:  # noqa: PLR2004 (a label)
            key, a, b = entry(data, first, last)
            labels[key.decode()] = data[a:b].decode()
        elif number in _NAMES:
            texts[number] = data[first:last].decode()
    namespace, name, uid, token = (texts.get(number, "") for number in _NAMES)
    return Item(namespace, name, uid, token, labels)


def _texts(data: bytes, start: int, end: int) -> dict[int, str]:
    return {
        number: data[first:last].decode()
        for number, first, last in fields(data, start, end)
        if last >= 0
    }


def item_of(item: Any, kind: Kind, keep: int | None) -> Item:
    """Read an object that is there as JSON."""
    metadata = item["metadata"]
    said = (item.get("data") or {}).get(ENTRY)
    text = None if said is None else b64decode(said) if kind.encoded else said.encode()
    return Item(
        metadata.get("namespace", ""),
        metadata["name"],
        metadata.get("uid", ""),
        metadata.get("resourceVersion", ""),
        metadata.get("labels") or {},
        item.get("type", ""),
        text if text is None or keep is None else text[:keep],
        len(text or b""),
    )
