"""The collections that are being filled while a tree is built, the inmost with those around it."""

from typing import Any

from postrender._yaml.nodes import Entry, Wanted


class Frame:
    """A collection that is being filled."""

    __slots__ = ("depth", "key", "node", "outer", "size", "wanted")

    def __init__(self, node: Any, outer: "Frame | None", wanted: Wanted) -> None:
        """Fill *node*, which is in *outer*, with what is *wanted*."""
        self.node = node
        self.outer = outer
        self.wanted = wanted
        self.key: Entry | None = None  # the entry whose value comes next
        self.size = 1  # nodes, as Go counts them
        self.depth: int = outer.depth + 1 if outer else 0
