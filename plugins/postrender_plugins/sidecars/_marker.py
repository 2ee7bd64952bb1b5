"""What a run put into a pod template, remembered in an annotation and taken out again.

The annotation is words with a space between them. `name@sha256:...` is a configuration; behind it
stands what it put in, in order: what it added (`spec/containers/shipper`), what it made to hold
that (`spec/volumes/`, with a slash at the end), and what it took away, with place and value
(`-0:spec/containers/shipper={"name":"shipper"}`). Items of lists stand there by their names.
"""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from postrender_plugins.sidecars._options import MARKER
from postrender_plugins.sidecars._template import CONTAINERS, Template, index_of

_HOME: Final = ("metadata", "annotations")
_ESCAPES: Final = (("~", "~0"), ("/", "~1"), (" ", "~2"), ("=", "~3"))
#: what is escaped in a key, and what in a name or a value
_IN_KEYS: Final = str.maketrans(dict(_ESCAPES))
_IN_TEXTS: Final = str.maketrans({"~": "~0", " ": "~2"})
_HASH: Final = "@sha256:"
_ITEM: Final = len(("spec", "containers", "name"))


class Added(NamedTuple):
    """What was added: keys, and names of items; "" at the end of what was made to hold others."""

    path: tuple[str, ...]


class Taken(NamedTuple):
    """An item of a list that was taken away or changed."""

    path: tuple[str, ...]
    place: int
    value: dict[str, Any]


Record: TypeAlias = Added | Taken
Entries: TypeAlias = dict[str, list[Record]]  # by name and hash of the configuration


def read(template: Template) -> Entries:
    """Return what earlier runs put into *template*.

    :raises RefusedError: if the annotation is none of ours.
    """
    text = template.annotations.get(MARKER)
    if text is None:
        return {}
    entries: Entries = {}
    records: list[Record] | None = None
    try:
        for word in text.split(" "):
            if _HASH in word and "/" not in word:
                records = entries[_unescaped(word)] = []
            elif records is None:
                break
            else:
                records.append(_record(word))
        else:
            return entries
    except (AttributeError, TypeError, ValueError):
        pass
    hint = "take it out, or render the chart anew"
    raise template.refusal("the annotation was not written by us", *_HOME, MARKER, hint=hint)


def _record(word: str) -> Record:
    if not word.startswith("-"):
        return Added(_keys(word))
    index, _, rest = word[1:].partition(":")
    path, _, value = rest.partition("=")
    taken = Taken(_keys(path), int(index), json.loads(_unescaped(value)))
    if not isinstance(taken.value, dict):
        raise TypeError
    return taken


def write(template: Template, entries: Entries) -> None:
    """Make *entries* what the annotation says; without any, it goes.

    What has to hold it must be there.
    """
    words = []
    for name, records in entries.items():
        words += [name.translate(_IN_TEXTS), *map(_word, records)]
    if words:
        template.owned(*_HOME)[MARKER] = " ".join(words)
    else:
        del template.owned(*_HOME)[MARKER]


def added(entries: Entries, name: str) -> set[str]:
    """Return the names of what all of *entries* added to the list *name* of the pod spec."""
    everything = (each for records in entries.values() for each in records)
    paths = (each.path for each in everything if isinstance(each, Added))
    return {path[2] for path in paths if path[:2] == ("spec", name) and len(path) == _ITEM} - {""}


def _word(record: Record) -> str:
    path = "/".join([key.translate(_IN_KEYS) for key in record.path])
    if isinstance(record, Added):
        return path
    value = json.dumps(record.value, separators=(",", ":"), ensure_ascii=False)
    return f"-{record.place}:{path}={value.translate(_IN_TEXTS)}"


def _unescaped(text: str) -> str:
    for character, escape in reversed(_ESCAPES):
        text = text.replace(escape, character)
    return text


def _keys(text: str) -> tuple[str, ...]:
    return tuple(_unescaped(key) for key in text.split("/"))


class Undone:
    """What taking out left: collections that are not empty, and where containers stood."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.left: list[Record] = []
        self.places: dict[tuple[str, str], int] = {}


def undo(template: Template, records: list[Record]) -> Undone:
    """Take out of *template* what *records* say, the last first."""
    undone = Undone()
    for record in reversed(records):
        if isinstance(record, Added):
            _take_out(template, record, undone)
        else:
            _put_back(template, record)
    undone.left.reverse()
    return undone


def _take_out(template: Template, record: Added, undone: Undone) -> None:
    path = record.path if record.path[-1] else record.path[:-1]
    holder = _holder(template, path[:-1])
    key = _key(holder, path[:-1], path[-1])
    if key is None:
        return
    if not record.path[-1] and holder[key]:
        undone.left.append(record)
        return
    if len(path) == _ITEM and path[1] in CONTAINERS:
        undone.places[path[1], path[2]] = key
    del holder[key]


def _put_back(template: Template, record: Taken) -> None:
    *path, last = record.path
    holder = _holder(template, path)
    if not isinstance(holder, list):
        return
    key = _key(holder, path, last)
    if key is None:
        holder.insert(record.place, record.value)
    else:
        holder[key] = record.value


def _holder(template: Template, path: Sequence[str]) -> Any:
    """Return the collection at *path*, ready for changes, None where none is any more."""
    value: Any = template.after
    for depth, last in enumerate(path):
        key = _key(value, path[:depth], last)
        if key is None or not isinstance(value[key], dict | list):
            return None
        value = template.own(value, key)
    return value


def _key(holder: Any, path: Sequence[str], last: str) -> Any:
    """Return key or index in *holder*, which stands at *path*, of what is known by *last*."""
    if isinstance(holder, dict):
        return last if last in holder else None
    return index_of(path[-1], holder, last) if isinstance(holder, list) else None
