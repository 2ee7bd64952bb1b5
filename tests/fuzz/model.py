"""The naive model of an edited document: dicts and lists, and the lines that each member had."""

import re
from collections.abc import Iterator
from typing import Any

from fuzz.compare import events

from postrender._yaml import MISSING, Path
from postrender._yaml.nodes import Alias, Entry, Item, Mapping, Scalar, Sequence
from postrender._yaml.plain import effective, plain

_ODD = re.compile("\r(?!\n)|[\x85\u2028\u2029\ufeff]")

Span = tuple[int, int]  #: the first and the last line


class Held:
    """A value with the lines of the text that it has, its key or dash included."""

    __slots__ = ("flow", "lines", "more", "value")

    def __init__(self, value: Any, lines: Span | None = None, *, flow: bool = False) -> None:
        self.value = value
        self.lines = lines
        self.more: list[Span] = []  #: the lines of keys that it hides
        self.flow = flow

    def plain(self) -> Any:
        """Return the plain value."""
        if isinstance(self.value, dict):
            return {name: each.plain() for name, each in self.value.items()}
        if isinstance(self.value, list):
            return [each.plain() for each in self.value]
        return self.value

    def has(self, key: str | int) -> bool:
        """Tell whether there is a member at *key*."""
        return key in (self.value if isinstance(self.value, dict) else range(len(self.members())))

    def child(self, key: str | int) -> "Held":
        """Return the member at *key*."""
        held: Held = self.value[key]
        return held

    def members(self) -> list["Held"]:
        """Return the members in order."""
        if isinstance(self.value, dict):
            return list(self.value.values())
        return self.value if isinstance(self.value, list) else []

    def below(self, path: Path = ()) -> Iterator[tuple[Path, "Held"]]:
        """Yield every path with what stands there."""
        yield path, self
        if isinstance(self.value, dict | list):
            pairs = self.value.items() if isinstance(self.value, dict) else enumerate(self.value)
            for key, each in pairs:
                yield from each.below((*path, key))


def fresh(value: Any) -> Held:
    """Return the model of a plain value that no text has yet."""
    if isinstance(value, dict):
        return Held({name: fresh(each) for name, each in value.items()})
    if isinstance(value, list):
        return Held([fresh(each) for each in value])
    return Held(value)


class Model:
    """A document's text as its events give it, and its value to be edited."""

    def __init__(self, text: str) -> None:
        """Read *text*; raises `YamlError`."""
        self.text = text
        self.rows = text.split("\n")
        self.has_odd_characters = bool(
            _ODD.search(text)
        )  #: what only libyaml takes for the end or start of a line
        self.is_tied = False  #: whether its parts are tied together
        self._starts = [0]
        for row in self.rows:
            self._starts.append(self._starts[-1] + len(row) + 1)
        self.is_loose = False  #: whether a flow collection has a pair or value that takes rewriting
        self.ties: list[Span] = []  #: the root's members with aliases, merge keys or complex keys
        self.scalars: list[Span] = []  #: scalars on several lines
        self._member = (0, len(self.rows) - 1)
        self._tree = tree = events(text)
        self.root = Held(MISSING) if tree is None else self._held(tree, (0, len(self.rows) - 1))

    def _tie(self) -> None:
        """Remember that the member of the root that is being read is tied to others."""
        self.is_tied = True
        self.ties.append(self._member)

    def line(self, at: int) -> int:
        """Return the line of an offset, from 0."""
        from bisect import bisect_right

        return bisect_right(self._starts, at) - 1

    def _held(self, node: Any, lines: Span) -> Held:
        if getattr(node, "anchor", None) or getattr(node, "tag", None) or type(node) is Alias:
            self._tie()
        if getattr(node, "flow", False) and self.text[node.start] not in "{[":
            self.is_loose = True
        if type(node) is Mapping and node.merges:
            self._tie()
            members = {name: fresh(plain(each)) for name, each in effective(node).items()}
            return Held(members, lines, flow=node.flow)
        if type(node) is Mapping:
            return Held(self._members(node), lines, flow=node.flow)
        if type(node) is Sequence:
            items = [
                self._held(each.value, self._lines(each, flow=node.flow)) for each in node.items
            ]
            return Held(items, lines, flow=node.flow)
        if type(node) is Scalar and lines[0] < lines[1]:
            self.scalars.append(lines)
        return fresh_at(plain(node), lines)

    def _members(self, mapping: Mapping) -> dict[str, Held]:
        members: dict[str, Held] = {}
        for entry in mapping.entries:
            assert entry.name is not None
            if type(entry.key) is Alias or getattr(entry.key, "anchor", None):
                self._tie()
            if mapping.flow and entry.value.start == entry.value.end:
                self.is_loose = True
            lines = self._lines(entry, flow=mapping.flow)
            if mapping is self._tree:
                self._member = lines
            held = self._held(entry.value, lines)
            hidden = members.get(entry.name)
            if hidden is not None and hidden.lines:
                held.more = [*hidden.more, hidden.lines]
            members[entry.name] = held
        return members

    def _lines(self, holder: Entry | Item, *, flow: bool) -> Span:
        """Return the lines of a member of a collection in *flow* style or not."""
        start = holder.place.start if isinstance(holder, Entry) else holder.value.start
        first = self.line(start)
        last = max(first, self.line(max(start, holder.value.end - 1)))
        if isinstance(holder, Entry):
            between = self.text[holder.place.end : holder.value.start]
            if ":" not in between or self.text[:start].rstrip().endswith("?"):
                self._tie()
        elif not flow and not self.text[self._starts[first] : start].strip():
            first -= 1  # the dash is above
            while self.rows[first].lstrip()[:1] in ("", "#", "\r"):
                first -= 1
        return first, last


def fresh_at(value: Any, lines: Span) -> Held:
    """Return the model of a value that the text has at *lines* in a way of its own."""
    held = fresh(value)
    held.lines = lines
    return held
