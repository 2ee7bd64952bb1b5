"""The nodes of a document's tree: where each stands in its text, and what was changed.

Offsets are characters of the document's text. An edit leaves the nodes of the text where they are
and marks them: the value of an entry or item becomes `Fresh`, an entry or item is `gone`, and a
collection lists what was added.
"""

from collections.abc import Mapping as AnyMapping
from typing import Any

from postrender._yaml.scalars import resolve, tagged

#: Which keys to build below a mapping: a tree of keys, or None for everything.
Wanted = AnyMapping[str, Any] | None

_INDEXED = 8  # from this many entries on, a mapping keeps them by name


class Fresh:
    """A plain value that stands where no text stands yet."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class Scalar:
    """A scalar: its text, style (`""` plain, `'`, `"`, `|`, `>`), tag and anchor."""

    __slots__ = ("anchor", "end", "start", "style", "tag", "text")

    def __init__(
        self,
        start: int,
        end: int,
        text: str,
        style: str,
        tag: str | None = None,
        anchor: str | None = None,
    ) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.style = style
        self.tag = tag
        self.anchor = anchor

    @property
    def value(self) -> Any:
        """What the scalar means."""
        text = self.text
        if self.tag is not None:
            return tagged(self.tag, text)
        return text if self.style else resolve(text)


class Alias:
    """A reference to an anchored node."""

    __slots__ = ("end", "start", "target")

    style = ""

    def __init__(self, start: int, end: int, target: "Node") -> None:
        self.start = start
        self.end = end
        self.target = target


class Skipped:
    """A collection that nobody has looked into, whose text ends at *stop*."""

    __slots__ = ("column", "flow", "start", "stop")

    def __init__(self, start: int, column: int, stop: int, *, flow: bool = False) -> None:
        self.start = start
        self.column = column
        self.stop = stop
        self.flow = flow

    @property
    def end(self) -> int:
        """The end of a flow collection; that of a block is known when it is built."""
        return self.stop


class Entry:
    """A key of a mapping with its value; `key` is None for one that was added."""

    __slots__ = ("gone", "key", "name", "old", "value")

    def __init__(self, key: Scalar | Alias | None, name: str | None, value: Any) -> None:
        self.key = key
        self.name = name  #: the key as JSON has it, None for the merge key
        self.value: Any = value
        self.old: Any = value  #: the value that the text has
        self.gone = False

    @property
    def place(self) -> Scalar | Alias:
        """The key in the text, of an entry that the text has."""
        assert self.key is not None
        return self.key


class Placed(Entry):
    """An entry that was added in front of another."""

    __slots__ = ("before",)

    def __init__(self, name: str, value: Any, before: Entry) -> None:
        super().__init__(None, name, value)
        self.before = before


class Mapping:
    """A mapping: its entries in the order of the text, and those that were added."""

    __slots__ = (
        "added",
        "anchor",
        "column",
        "end",
        "entries",
        "flow",
        "merges",
        "names",
        "start",
        "tag",
        "touched",
    )

    def __init__(
        self,
        start: int,
        end: int,
        column: int = 0,
        *,
        flow: bool = False,
        tag: str | None = None,
        anchor: str | None = None,
    ) -> None:
        self.start = start
        self.end = end
        self.column = column
        self.flow = flow
        self.tag = tag
        self.anchor = anchor
        self.entries: list[Entry] = []
        self.added: dict[str, Entry] = {}
        self.names: dict[str, list[Entry]] | None = None  # the entries of the text by their names
        self.merges = False
        self.touched = False

    def find(self, name: str) -> Entry | None:
        """Return the entry that counts for *name*: the last one."""
        found = self.added.get(name) if self.added else None
        if found is None:
            for entry in self._named(name):
                if entry.name == name and not entry.gone:
                    found = entry
        return found

    def _named(self, name: str) -> list[Entry]:
        """Return entries that the text has, among them all that are called *name*."""
        if len(self.entries) < _INDEXED:
            return self.entries
        if self.names is None:
            self.names = {}
            for entry in self.entries:
                if entry.name is not None:
                    self.names.setdefault(entry.name, []).append(entry)
        return self.names.get(name, [])

    def live(self) -> list[Entry]:
        """Return the entries that are there, merge keys too, in order."""
        here = list(self.entries)
        for entry in self.added.values():
            if isinstance(entry, Placed) and entry.before in here:
                here.insert(here.index(entry.before), entry)
            else:
                here.append(entry)
        return [entry for entry in here if not entry.gone]

    def add(self, name: str, value: Any, before: str | None = None) -> Entry:
        """Add an entry with a plain value, in front of the one called *before*, else last."""
        others = self.live() if before is not None else []
        other = next((each for each in others if each.name == before), None)
        new = Fresh(value)
        entry = self.added[name] = Placed(name, new, other) if other else Entry(None, name, new)
        return entry

    def drop(self, name: str) -> None:
        """Remove every entry called *name*."""
        for entry in self._named(name):
            if entry.name == name:
                entry.gone = True
        self.added.pop(name, None)


class Item:
    """An item of a sequence; `old` is the node that the text has, None for one that was added."""

    __slots__ = ("gone", "old", "value")

    def __init__(self, value: Any, old: Any) -> None:
        self.value: Any = value
        self.old: Any = old
        self.gone = False


class Sequence:
    """A sequence: its items as the text has them, and as they are now."""

    __slots__ = ("anchor", "end", "flow", "items", "live", "start", "tag", "touched")

    def __init__(
        self,
        start: int,
        end: int,
        *,
        flow: bool = False,
        tag: str | None = None,
        anchor: str | None = None,
    ) -> None:
        self.start = start
        self.end = end
        self.flow = flow
        self.tag = tag
        self.anchor = anchor
        self.items: list[Item] = []
        self.live = self.items
        self.touched = False

    def own(self) -> list[Item]:
        """Return the list of items as they are now, apart from those of the text."""
        if self.live is self.items:
            self.live = list(self.items)
        return self.live


Node = Scalar | Alias | Skipped | Mapping | Sequence


def below(wanted: Wanted, name: str | None) -> tuple[bool, Wanted]:
    """Tell whether the value at the key *name* is wanted, and what below it."""
    if wanted is None:
        return True, None
    return name in wanted, wanted.get(name or "")
