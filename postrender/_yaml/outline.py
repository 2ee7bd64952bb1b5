"""The text of a document and the tree that it has, built where somebody looks.

By its lines where it is simple, else from libyaml's events, which takes PyYAML: 20 ms of import.
"""

import re
from typing import Any

from postrender._yaml import lines
from postrender._yaml.nodes import Entry, Item, Mapping, Node, Sequence, Skipped, Wanted

# What may be no string: a plain value that begins like a number, a word of YAML, or any in a flow.
_NO_TEXT = re.compile(
    r"[\[{!*]|:[ \t]+(?:[-+.0-9]|(?:[yn]|yes|no|on|off|true|false)\b)", re.IGNORECASE
)


class Outline:
    """A text and its tree.

    `tree` is None for a text with comments only. `is_odd` tells that anchors, aliases, tags or
    merge keys tie its parts together. `trailing` is the offset behind an explicit end (`...`).
    `is_slow` tells that PyYAML's pure parser had to read it, where there is no libyaml.
    """

    __slots__ = ("is_odd", "is_simple", "is_slow", "text", "trailing", "tree")

    def __init__(self, text: str, wanted: Wanted = None) -> None:
        """Read *text* (without a byte order mark); build only *wanted* where that is sound.

        Raises `YamlError` when it is not one document.
        """
        self.text = text
        self.is_odd = False
        self.is_slow = False
        self.is_simple: bool | None = None
        self.trailing: int | None = None
        self.tree: Node | None = None
        self.build(wanted)

    def forget(self, text: str) -> None:
        """Forget the tree, and have *text* from now on; `build` builds its tree."""
        if text is not self.text:
            self.text, self.is_simple = text, None
        self.tree = None

    def build(self, wanted: Wanted) -> None:
        """Build the tree of the text."""
        if self.is_simple is None:
            self.is_simple = lines.is_simple(self.text)
        if self.is_simple:
            try:
                self.tree = lines.root(self.text, wanted and {})
            except lines.NotSimple:
                self.is_simple = False
        if not self.is_simple:
            self._parse(wanted)

    def _parse(self, wanted: Wanted) -> None:
        from postrender._yaml.odd import is_odd
        from postrender._yaml.parser import IS_FAST
        from postrender._yaml.tree import Builder

        self.is_slow = not IS_FAST
        self.is_odd = is_odd(self.text)
        builder = Builder(self.text)
        self.tree = builder.read(None if self.is_odd else wanted)
        self.trailing = builder.end if builder.is_ended else None
        if self.tree is not None and not builder.is_ended:
            builder.read_behind()

    def expand(self, skipped: Skipped, wanted: Wanted) -> Mapping | Sequence:
        """Build a skipped collection, below it only what is *wanted*."""
        if self.is_simple:
            try:
                return lines.expand(self.text, skipped, wanted)
            except lines.NotSimple:
                pass
        from postrender._yaml.tree import expand

        return expand(self.text, skipped, wanted)

    def open(self, holder: Entry | Item, wanted: Wanted = None) -> None:
        """Build the skipped collection that *holder* has, the whole of it unless told otherwise."""
        assert type(holder.value) is Skipped
        holder.value = holder.old = self.expand(holder.value, wanted)

    def is_list(self, skipped: Skipped) -> bool:
        """Tell a skipped sequence from a mapping."""
        start = skipped.start
        return self.text[start] == "[" or self.text[start : start + 2] in ("- ", "-\n")

    def is_textual(self, skipped: Skipped) -> bool:
        """Tell whether the scalars below a skipped collection are strings for sure."""
        return not _NO_TEXT.search(self.text, skipped.start, skipped.stop)

    def last_leaf(self, node: Any) -> Node:
        """Return the last scalar or flow collection of *node*, as the text has it."""
        while type(node) in (Mapping, Sequence, Skipped) and not node.flow:
            if type(node) is Skipped:
                node = self.expand(node, {})
            node = (node.entries if type(node) is Mapping else node.items)[-1].old
        leaf: Node = node
        return leaf
