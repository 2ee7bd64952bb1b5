"""One document: its value read and edited at paths, its text left alone until it is written."""

from typing import Any

from postrender._yaml import paths, steps
from postrender._yaml.nodes import (
    Alias,
    Entry,
    Fresh,
    Item,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Skipped,
    Wanted,
)
from postrender._yaml.outline import Outline
from postrender._yaml.paths import MISSING, Path, PathError
from postrender._yaml.plain import plain
from postrender._yaml.ties import Uses, detach, disinherit, find_uses


class Document:
    """A document and its edits; values are plain, and paths lead from the root.

    `outline` is the text with the tree that it has, `root` the tree with the edits.
    """

    __slots__ = ("_uses", "changed", "is_asleep", "outline", "root")

    def __init__(self, text: str, wanted: Wanted = None) -> None:
        """Read *text* (without a byte order mark); build only *wanted* where that is sound.

        Raises `YamlError` when it is not one document.
        """
        self.outline = Outline(text, wanted)
        self._start()

    def _start(self) -> None:
        self.root: Node | Fresh | None = self.outline.tree
        self.changed = False
        self.is_asleep = False
        self._uses: Uses | None = None

    def rest(self, text: str) -> None:
        """Take *text*, which has the edits, for its own, and let go of the tree until `wake`."""
        self.outline.forget(text)
        self._start()
        self.is_asleep = True

    def wake(self, wanted: Wanted) -> None:
        """Build the tree again after `rest`."""
        self.outline.build(wanted)
        self._start()

    @property
    def text(self) -> str:
        """The text without the edits."""
        return self.outline.text

    # -- reading ----------------------------------------------------------------------------------

    def get(self, path: Path) -> Any:
        """Return a copy of the value at *path*, `MISSING` when there is none."""
        node = self._find(path)
        if type(node) is Scalar:
            return node.value
        return node if node is MISSING else self.value(node)

    def value(self, node: Any) -> Any:
        """Return a copy of the value of a node of this document that is no skipped one."""
        return plain(node, self.outline.open)

    def kind(self, path: Path) -> type | None:
        """Return `dict` or `list` for a collection at *path*, None for anything else."""
        node = self._find(path, opens=False)
        if type(node) is Alias:
            node = node.target
        if type(node) is Fresh:
            return type(node.value) if type(node.value) in (dict, list) else None
        if type(node) is Skipped:
            return list if self.outline.is_list(node) else dict
        return {Mapping: dict, Sequence: list}.get(type(node))

    def is_textual(self, path: Path) -> bool:
        """Tell whether the scalars of the collection at *path* are strings or null, for sure."""
        node = self._find(path, opens=False)
        return type(node) is Skipped and self.outline.is_textual(node)

    def length(self, path: Path) -> int:
        """Return how many members the collection at *path* has, 0 for anything else."""
        node = self._find(path)
        if type(node) is Alias:
            node = node.target
        if type(node) is Sequence:
            return len(node.live)
        value = node.value if type(node) is Fresh else self.get(path)
        return len(value) if type(value) in (dict, list) else 0

    def locate(self, path: Path) -> tuple[int, int]:
        """Return line and column, from 1, of the key or item at *path*, or of what exists of it."""
        offset = 0
        for depth in range(1, len(path) + 1):
            holder = self.holder(path[:depth])
            if holder is None:
                break
            place = holder.key if isinstance(holder, Entry) else holder.old
            offset = place.start if place is not None else offset
        before = self.text[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")

    def holder(self, path: Path) -> Entry | Item | None:
        """Return the entry or item at *path*, None where there is none of its own."""
        return steps.member(self._find(path[:-1]), path[-1])

    def _find(self, path: Path, *, opens: bool = True) -> Any:
        """Return the node at *path* (a `Fresh` for a plain value), or `MISSING`.

        It is built unless it may stay skipped.
        """
        node: Any = self.root
        key: Any
        for depth, key in enumerate(path):
            if type(node) is Alias:
                node = node.target
            if type(node) is Mapping and not node.merges:
                holder: Entry | Item | None = node.find(key)
            elif type(node) is Fresh:
                return paths.find_plain(node.value, path[depth:])
            else:
                holder = steps.member(node, key)
            if holder is None:
                return MISSING
            node = holder.value
            if type(node) is Skipped and (opens or depth + 1 < len(path)):
                self.outline.open(holder, steps.towards(path[depth + 1 :]))
                node = holder.value
        return MISSING if node is None else node

    # -- editing ----------------------------------------------------------------------------------

    def put(
        self, path: Path, value: Any, *, create: bool = False, before: str | None = None
    ) -> None:
        """Make *value* the value at *path*: of a key, old or new, or of an item that is there.

        A new key goes in front of the one called *before*, last where there is none. With *create*,
        maps that are missing or null on the way are made. Raises `PathError`.
        """
        self.changed = True
        if not path:
            self.root = Fresh(value)
            return
        container = self._container(path, create=create)
        key, depth = path[-1], len(path) - 1
        if isinstance(container, Mapping):
            entry = container.find(paths.name(key, depth))
            if entry is None:
                container.add(str(key), value, before)
            else:
                entry.value = Fresh(value)
        elif isinstance(container, Sequence):
            container.own()[paths.index(key, len(container.live), depth)].value = Fresh(value)
        elif type(container) is dict:
            paths.put_plain(container, paths.name(key, depth), value, before)
        else:
            container[paths.index(key, len(container), depth)] = value

    def insert(self, path: Path, value: Any) -> None:
        """Insert *value* into the list at `path[:-1]` before its index; raises `PathError`."""
        self.changed = True
        container = self._container(path, create=False)
        depth = len(path) - 1
        if isinstance(container, Sequence):
            index = paths.index(path[-1], len(container.live) + 1, depth)
            container.own().insert(index, Item(Fresh(value), None))
        elif type(container) is list:
            container.insert(paths.index(path[-1], len(container) + 1, depth), value)
        else:
            raise PathError("is no list", depth)

    def remove(self, path: Path) -> None:
        """Remove the key or item at *path*; raises `PathError` when it is not there."""
        if self._find(path, opens=False) is MISSING:
            raise PathError("does not exist", len(path) - 1)
        self.changed = True
        container = self._container(path, create=False)
        key: Any = path[-1]
        if isinstance(container, Mapping):
            if container.merges:
                disinherit(container, key)
            container.drop(key)
        elif isinstance(container, Sequence):
            container.own().pop(key).gone = True
        else:
            del container[key]

    def _container(self, path: Path, *, create: bool) -> Any:
        """Return the collection at `path[:-1]`, on its own: a node, or a plain dict or list."""
        self._untie(path)
        node: Any = self.root
        for depth in range(len(path) - 1):
            if type(node) is Fresh:
                return paths.plain_container(node.value, path[depth:], depth, create=create)
            node = self._enter(node, path, depth, create=create)
        if type(node) is Fresh:
            node = node.value
        if isinstance(node, Mapping | Sequence):
            steps.touch(node, path[-1])
        elif not isinstance(node, dict | list):
            raise PathError("is neither a map nor a list", len(path) - 2)
        return node

    def _untie(self, path: Path) -> None:
        """Take apart what would make an edit at *path* count at other paths too."""
        if self.outline.is_odd:
            if self._uses is None:
                self._uses = find_uses(self.root)
            if self._uses:
                detach(self.root, path, self._uses)

    def _enter(self, node: Any, path: Path, depth: int, *, create: bool) -> Any:
        """Return the child of *node* at `path[depth]`, ready to be edited below."""
        key, rest = path[depth], path[depth + 1 :]
        if type(node) is Mapping:
            holder: Any = steps.entry(node, paths.name(key, depth), rest, depth, create=create)
        elif type(node) is Sequence:
            holder = node.live[paths.index(key, len(node.live), depth)]
        else:
            raise PathError("is neither a map nor a list", depth - 1)
        node.touched = True
        if type(holder.value) is Skipped:
            self.outline.open(holder, steps.towards(rest))
        value = holder.value
        if type(value) is Alias:
            holder.value = value = Fresh(plain(value))
        if create and isinstance(value, Scalar | Fresh) and value.value is None:
            paths.check_names(rest, depth + 1)
            holder.value = value = Fresh({})
        return value
