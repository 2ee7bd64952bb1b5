"""Adding to the lists and maps of one pod template; what was added is recorded."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from postrender import RefusedError
from postrender_plugins._merge.write import is_same
from postrender_plugins.sidecars._marker import Added, Record
from postrender_plugins.sidecars._template import CONTAINERS, Template, index_of, key_of

Tell: TypeAlias = Callable[..., None]  # takes a message, and keys in the template
Keys: TypeAlias = tuple[str, ...]  # keys of maps, and names of items in lists

#: keys that stand in front of others wherever people write them
_IN_FRONT_OF: Final = {"initContainers": "containers", "metadata": "spec"}


class Growth:
    """A template that grows."""

    def __init__(self, template: Template, tell: Tell) -> None:
        """Take the template, and what takes notices."""
        self.template = template
        self.tell = tell
        self.records: list[Record] = []

    def list_at(self, path: Keys) -> list[Any]:
        """Return the list at *path*, made where there is none."""
        items: list[Any] = self._collection(path, list)
        return items

    def map_at(self, path: Keys) -> dict[str, Any]:
        """Return the map at *path*, made where there is none."""
        values: dict[str, Any] = self._collection(path, dict)
        return values

    def find(self, path: Keys, item: Any) -> Any:
        """Return what the list at *path* has that is known by the same as *item*."""
        holder: Any = self.template.after
        for name, key in zip(("", *path), path, strict=False):
            holder = _child(holder, name, key)
        items = holder if isinstance(holder, list) else []
        index = index_of(path[-1], items, key_of(path[-1], item) or "")
        return None if index is None else items[index]

    def insert(self, path: Keys, index: int, item: Any) -> None:
        """Insert an item into the list at *path*."""
        self.list_at(path).insert(index, item)
        self.records.append(Added((*path, key_of(path[-1], item) or "")))

    def add(self, path: Keys, item: Any) -> None:
        """Add an item to the list at *path*, unless one is known by the same."""
        items = self.list_at(path)
        key = key_of(path[-1], item) or ""
        if index_of(path[-1], items, key) is None:
            items.append(item)
            self.records.append(Added((*path, key)))

    def fill(self, path: Keys, values: Mapping[str, Any]) -> None:
        """Add to the map at *path* the keys that it does not have."""
        there = self.map_at(path) if values else {}
        for key, value in values.items():
            if there.get(key) is None:
                there[key] = value
                self.records.append(Added((*path, key)))
            elif not is_same(there[key], value):
                self.tell(f"{key} has another value already, and keeps it", *path, key)

    def refusal(self, message: str, *path: str, hint: str = "") -> RefusedError:
        """Return the error for something at *path*."""
        holder: Any = self.template.after
        place: list[str | int] = []
        for name, key in zip(("", *path), path, strict=False):
            place.append((index_of(name, holder, key) or 0) if isinstance(holder, list) else key)
            holder = _child(holder, name, key)
        return self.template.refusal(message, *place, hint=hint)

    def _collection(self, path: Keys, kind: type) -> Any:
        holder: Any = self.template.after
        for depth, (name, key) in enumerate(zip(("", *path), path, strict=False), 1):
            wanted = kind if depth == len(path) else list if key in CONTAINERS else dict
            value = _child(holder, name, key)
            if value is None:
                _make(holder, key, wanted())
                self.records.append(Added((*path[:depth], "")))
            elif not isinstance(value, wanted):
                what = "list" if wanted is list else "map"
                raise self.refusal(f"it is no {what}", *path[:depth])
            is_list = isinstance(holder, list)
            holder = self.template.own(holder, index_of(name, holder, key) if is_list else key)
        return holder


def _make(holder: dict[str, Any], key: str, value: Any) -> None:
    """Put an empty collection where people would look for it."""
    behind = _IN_FRONT_OF.get(key)
    names = list(holder) if behind in holder and key not in holder else []
    holder[key] = value
    for name in names[names.index(behind) :] if behind in names else ():
        holder[name] = holder.pop(name)


def _child(holder: Any, name: str, key: str) -> Any:
    """Return what *holder*, which is known as *name*, has as *key*."""
    if isinstance(holder, list):
        index = index_of(name, holder, key)
        return None if index is None else holder[index]
    return holder.get(key) if isinstance(holder, dict) else None
