"""From text to the tree of one document by libyaml's events, built only where somebody looks.

A collection that is not looked into becomes `Skipped`: its events are counted and forgotten, and
its text is read again when a path leads there. That is sound where the document has no anchor,
alias, tag or merge key, because block YAML then means the same on its own; a document that has one
is built whole.
"""

from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from postrender._yaml.budget import Budget
from postrender._yaml.checks import check_merge, check_scalar, is_merge
from postrender._yaml.frames import Frame
from postrender._yaml.nodes import (
    Alias,
    Entry,
    Item,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Skipped,
    Wanted,
    below,
)
from postrender._yaml.parser import (
    MAX_DEPTH,
    NextEvent,
    error_at,
    events,
    failure,
    is_too_deep,
    slow_events,
    start,
)
from postrender._yaml.scalars import SPECIAL, key_name

_STARTS = (MappingStartEvent, SequenceStartEvent)
_ENDS = (MappingEndEvent, SequenceEndEvent)


class Builder:
    """Builds nodes from events; one builder reads one text."""

    def __init__(self, text: str, base: int = 0) -> None:
        """Read *text*, which stands at offset *base*."""
        self._text = text
        self._base = base
        self._start(events(text))
        self.is_ended = False  #: whether the document has an explicit end
        self.end = 0  #: the offset behind it

    def _start(self, next_event: NextEvent) -> None:
        self._next = next_event
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._open: set[str] = set()
        self._budget = Budget()

    def read(self, wanted: Wanted) -> Node | None:
        """Return the root, None when the text holds no document; raises `YamlError`."""
        try:
            try:
                return self._read(wanted)
            except yaml.YAMLError as error:
                if not is_too_deep(error):
                    raise
            self._start(slow_events(self._text))
            return self._read(wanted)
        except yaml.YAMLError as error:
            raise failure(error, self._text) from error

    def _read(self, wanted: Wanted) -> Node | None:
        event = start(self._next)
        if event is None:
            return None
        root = self._node(event, wanted)
        end = self._next()
        self.is_ended, self.end = end.explicit, end.end_mark.index
        return root

    def read_behind(self) -> bool:
        """Tell whether the text ends behind the document; raises `YamlError` for no YAML."""
        try:
            return type(self._next()) is yaml.StreamEndEvent
        except yaml.YAMLError as error:
            raise failure(error, self._text) from error

    def _node(self, event: Any, wanted: Wanted) -> Node:
        """Return the node that starts with *event*, without recursion."""
        frame = Frame(None, None, wanted)
        while True:
            kind = type(event)
            if kind in _STARTS:
                frame = self._enter(event, frame)
            else:
                size = 1
                node: Any
                if kind is ScalarEvent:
                    node = self._scalar(event, frame)
                elif kind is AliasEvent:
                    node, size = self._alias(event)
                else:
                    node, size = frame.node, frame.size
                    frame = self._leave(event, frame)
                if frame.node is None:
                    root: Node = node
                    return root
                self._take(frame, node, size, event)
            event = self._next()

    def _enter(self, event: Any, frame: Frame) -> Frame:
        """Start a collection, or read past one that is not wanted."""
        inner = frame.wanted if frame.node is None else None
        if frame.key is not None and frame.wanted is not None:
            is_wanted, inner = below(frame.wanted, frame.key.name)
            if not is_wanted and self._can_skip(event):
                frame.key.value = frame.key.old = self._skip(event)
                frame.key = None
                return frame
        self._budget.decoded += 1
        if event.anchor is not None:
            self._open.add(event.anchor)
        inside = Frame(_collection(event, self._base), frame, inner)
        if inside.depth > MAX_DEPTH:
            raise error_at(event, f"exceeded max depth of {MAX_DEPTH}")
        return inside

    def _leave(self, event: Any, frame: Frame) -> Frame:
        """End a collection; a block ends with its last leaf, not at the next token."""
        node = frame.node
        if node.flow:
            node.end = event.end_mark.index + self._base
        elif type(node) is Mapping:
            node.end = node.entries[-1].value.end
        else:
            node.end = node.items[-1].value.end
        if node.anchor is not None:
            self._anchors[node.anchor] = (node, frame.size)
            self._open.discard(node.anchor)
        assert frame.outer is not None
        return frame.outer

    def _take(self, frame: Frame, node: Any, size: int, event: Any) -> None:
        """Put a node into its collection: an item, a key, or the value of one."""
        frame.size += size
        if type(frame.node) is Sequence:
            frame.node.items.append(Item(node, node))
        elif frame.key is None:
            frame.key = self._entry(frame.node, node, event)
        else:
            frame.key.value = frame.key.old = node
            if frame.key.name is None:
                check_merge(node, event)
            frame.key = None

    def _scalar(self, event: Any, frame: Frame) -> Scalar:
        """Build a scalar."""
        first, last = event.start_mark.index + self._base, event.end_mark.index + self._base
        node = Scalar(first, last, event.value, event.style or "", event.tag, event.anchor)
        self._budget.decoded += 1
        if frame.key is not None or type(frame.node) is not Mapping:
            check_scalar(node, event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, 1)
        return node

    def _entry(self, mapping: Mapping, node: Any, event: Any) -> Entry:
        """Add an entry for the key *node*, its value to come."""
        target = node.target if type(node) is Alias else node
        if type(target) is not Scalar:
            raise error_at(event, "invalid map key")
        name: str | None = target.text
        if target is node and name == "<<" and is_merge(target):
            mapping.merges = True
            name = None
        elif target.tag is not None or (not target.style and (not name or name[0] in SPECIAL)):
            try:
                name = key_name(target.value)
            except ValueError as error:
                raise error_at(event, str(error)) from None
        if not mapping.entries:
            mapping.column = event.start_mark.column  # an anchor or a tag stands before
        entry = Entry(node, name, node)
        mapping.entries.append(entry)
        return entry

    def _alias(self, event: Any) -> tuple[Alias, int]:
        """Return the node of an alias and the size it counts with."""
        name = event.anchor
        if name in self._open:
            raise error_at(event, f"anchor '{name}' value contains itself")
        if name not in self._anchors:
            raise error_at(event, f"unknown anchor '{name}' referenced")
        target, size = self._anchors[name]
        self._budget.spend(size, event)
        first, last = event.start_mark.index + self._base, event.end_mark.index + self._base
        return Alias(first, last, target), size + 1

    def _can_skip(self, event: Any) -> bool:
        """Tell whether the collection reads the same on its own."""
        if event.flow_style:
            return True
        first = event.start_mark.index
        return not self._text[first - event.start_mark.column : first].strip(" ")

    def _skip(self, event: Any) -> Skipped:
        """Read past a collection."""
        mark, flow = event.start_mark, bool(event.flow_style)
        depth = 1
        while depth:
            event = self._next()
            kind = type(event)
            if kind in _STARTS:
                depth += 1
                if depth > MAX_DEPTH:
                    raise error_at(event, f"exceeded max depth of {MAX_DEPTH}")
            elif kind in _ENDS:
                depth -= 1
            elif kind is not ScalarEvent:
                raise error_at(event, f"unknown anchor '{event.anchor}' referenced")
        stop = event.end_mark.index + self._base
        return Skipped(mark.index + self._base, mark.column, stop, flow=flow)


def _collection(event: Any, base: int) -> Mapping | Sequence:
    """Build an empty collection."""
    first, last = event.start_mark.index + base, event.end_mark.index + base
    flow, tag, anchor = bool(event.flow_style), event.tag, event.anchor
    if type(event) is SequenceStartEvent:
        return Sequence(first, last, flow=flow, tag=tag, anchor=anchor)
    return Mapping(first, last, event.start_mark.column, flow=flow, tag=tag, anchor=anchor)


def expand(text: str, skipped: Skipped, wanted: Wanted) -> Mapping | Sequence:
    """Build a skipped collection of *text*, below it only what is *wanted*."""
    begin = skipped.start if skipped.flow else skipped.start - skipped.column
    node = Builder(text[begin : skipped.stop], begin).read(wanted)
    assert isinstance(node, Mapping | Sequence), "the text of a collection is one on its own"
    return node
