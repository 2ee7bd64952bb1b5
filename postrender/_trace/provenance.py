"""Which steps set a field, from what to what: the edits of one object, seen from one path.

Edits of what is above the path count as far as they change what is at it, those of what is below
count as they are. An index is followed through what was inserted and removed before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from postrender._edits import Edit
from postrender._yaml import MISSING, same

Path = tuple[str | int, ...]

_INVERSE: Final = {"add": "remove", "remove": "add", "replace": "replace"}


class Event(NamedTuple):
    """One change at a path, or below it."""

    step: str
    path: Path  #: where, as indexes were then
    old: Any  #: the value before, `MISSING` for none
    new: Any  #: the value after, `MISSING` for none
    edited: Path  #: what the step edited: the same path, or one above it

    @property
    def op(self) -> str:
        """What happened at the path: `add`, `remove` or `replace`."""
        if self.old is MISSING:
            return "add"
        return "remove" if self.new is MISSING else "replace"


def history(edits: Sequence[Edit], path: Path) -> list[Event]:
    """Return in order what happened to what stands at *path* after all *edits* of an object."""
    return list(_backward(edits, path))[::-1]


def fate(edits: Sequence[Edit], path: Path) -> list[Event]:
    """Return in order what happened to what stood at *path* before all *edits* of an object."""
    undone = [
        edit._replace(op=_INVERSE[edit.op], old=edit.new, new=edit.old) for edit in reversed(edits)
    ]
    return [event._replace(old=event.new, new=event.old) for event in _backward(undone, path)]


def _backward(edits: Sequence[Edit], path: Path) -> Iterator[Event]:
    """Yield what happened, the last event first."""
    for edit in reversed(edits):
        depth = len(edit.path)
        if _is_shift(edit) and _is_behind(edit, path):
            # What an insertion has brought was not there before, and its index is another's.
            path = (*path[: depth - 1], _before(edit, path[depth - 1]), *path[depth:])
        elif edit.path == path[:depth]:
            event = _narrowed(edit, path)
            if not _is_equal(event.old, event.new):
                yield event
            if _is_shift(edit):
                return
        elif edit.path[: len(path)] == path:
            yield _narrowed(edit, edit.path)


def _is_shift(edit: Edit) -> bool:
    """Tell whether an edit gives items of a list other indexes."""
    return edit.op != "replace" and bool(edit.path) and type(edit.path[-1]) is int


def _is_behind(edit: Edit, path: Path) -> bool:
    """Tell whether *path* leads through an item whose index the edit has changed."""
    depth = len(edit.path)
    if len(path) < depth or path[: depth - 1] != edit.path[:-1]:
        return False
    index, changed = path[depth - 1], edit.path[-1]
    if type(index) is not int or type(changed) is not int:
        return False  # there was a list at the time, which is a map now
    return index > changed if edit.op == "add" else index >= changed


def _before(edit: Edit, index: Any) -> int:
    return int(index) + (-1 if edit.op == "add" else 1)


def _narrowed(edit: Edit, path: Path) -> Event:
    """Return what an edit of *path*, or of what is above, did at *path*."""
    rest = path[len(edit.path) :]
    old = MISSING if edit.op == "add" else find(edit.old, rest)
    new = MISSING if edit.op == "remove" else find(edit.new, rest)
    return Event(edit.step, path, old, new, edit.path)


def find(value: Any, path: Iterable[str | int]) -> Any:
    """Return what stands at *path* of a plain value, `MISSING` if there is nothing."""
    for key in path:
        is_name = type(value) is dict and type(key) is str and key in value
        is_index = type(value) is list and type(key) is int and key < len(value)
        if not (is_name or is_index):
            return MISSING
        value = value[key]
    return value


def _is_equal(one: Any, other: Any) -> bool:
    """Tell whether two values are the same, or none is there."""
    return one is other if one is MISSING or other is MISSING else same(one, other)
