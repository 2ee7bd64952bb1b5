"""From a document's changes to the smallest edits of its text.

Each change becomes splices: offsets in the old text and what to put there. What cannot be edited in
place is `Awkward`: the enclosing node is then written anew from its value, at once where that loses
no comment, otherwise only where the caller says *lossy*. Beside the splices stand the regions that
have to be read back: the smallest pieces of text that mean the same on their own.
"""

from typing import Any, NamedTuple

from postrender._yaml import emit
from postrender._yaml.document import Document
from postrender._yaml.emit import Style
from postrender._yaml.flow import Splice, flow_splices
from postrender._yaml.layout import for_value, layout
from postrender._yaml.nodes import Entry, Item, Mapping, Node, Sequence
from postrender._yaml.places import Awkward, Places
from postrender._yaml.replace import replacement


class Region(NamedTuple):
    """A piece of the old text, its splices, and the entries that it must mean afterwards."""

    start: int
    end: int
    splices: list[Splice]
    entries: list[Entry]


def apply(text: str, splices: list[Splice], start: int = 0, end: int | None = None) -> str:
    """Return `text[start:end]` with *splices* made, once, from front to back."""
    pieces = []
    for splice in sorted(splices, key=lambda each: each[:2]):
        if splice.start < start:
            raise Awkward
        pieces += [text[start : splice.start], splice.new]
        start = splice.end
    pieces.append(text[start:end])
    return "".join(pieces)


class Splicer:
    """Collects the splices of one document."""

    def __init__(self, document: Document, *, lossy: bool, literal: bool = True) -> None:
        """Write the changes of *document*, losing comments only if *lossy*.

        Strings of several lines become *literal* blocks, or stand in quotes.
        """
        self.splices: list[Splice] = []
        self.regions: list[Region] = []
        self._document = document
        self._places = Places(document.outline)
        self._lossy = lossy
        self._style = layout(document.outline)._replace(literal=literal)

    def root(self, root: Node) -> bool:
        """Collect the changes below *root*; tell whether the regions cover them all."""
        if _is_emptied(root):
            raise Awkward
        outline = self._document.outline
        return self._visit(root, outline.trailing or len(outline.text))

    def _visit(self, node: Any, stop: int) -> bool:
        """Collect the changes below *node*, before *stop*; tell whether the regions cover all."""
        if not getattr(node, "touched", False):
            return True
        if node.flow:
            self.splices += flow_splices(node, self._places, self._style)
            return False
        return self._mapping(node, stop) if type(node) is Mapping else self._sequence(node, stop)

    def _child(self, holder: Entry | Item, after: int, column: int, stop: int) -> bool:
        """Collect the changes of a value in block context, which follows the offset *after*."""
        value, old = holder.value, holder.old
        if value is not old:
            self._replace(after, value.value, column, holder)
            return False
        if _is_emptied(value):
            self._replace(after, {} if type(value) is Mapping else [], column, holder)
            return False
        marks = len(self.splices), len(self.regions)
        try:
            return self._visit(value, stop)
        except Awkward:
            places = self._places
            if not self._lossy and places.has_comment(old.start, places.line_after(old)):
                raise
            del self.splices[marks[0] :], self.regions[marks[1] :]
            self._replace(after, self._document.value(value), column, holder)
            return False

    # -- mappings ---------------------------------------------------------------------------------

    def _mapping(self, mapping: Mapping, stop: int) -> bool:
        """Collect the changes of a block mapping that ends before *stop*."""
        covered = True
        following: Entry | None = None
        for entry in reversed(mapping.entries):
            end = stop if following is None else self._places.line_start(following.place.start)
            following = entry
            if entry.gone or not _is_changed(entry):
                continue
            mark, regions = len(self.splices), len(self.regions)
            if self._child(entry, self._places.after_key(entry), mapping.column, end):
                continue
            del self.regions[regions:]
            start = self._places.line_start(entry.place.start)
            if entry.name is not None and self._places.is_led(start, mapping.column):
                self.regions.append(Region(start, end, self.splices[mark:], [entry]))
            else:
                covered = False
        gone = [entry for entry in mapping.entries if entry.gone]
        if gone:
            self._remove_entries(mapping, gone)
        added = self._add_entries(mapping) if mapping.added else True
        return covered and added and not gone

    def _add_entries(self, mapping: Mapping) -> bool:
        """Insert the added entries behind the last one that stays; tell whether a region covers it.

        In a simple document every line is complete: only the new lines have to be read back.
        """
        places, column = self._places, mapping.column
        lines = []
        for entry in mapping.added.values():
            value = entry.value.value
            lines.append(emit.entry(entry.name or "", value, column, self._style_for(value)))
        staying = [entry for entry in mapping.entries if not entry.gone]
        first = mapping.entries[0].place.start
        if staying:
            at = places.line_after(staying[-1].old)
        elif places.is_led(places.line_start(first), column):
            at = places.line_start(first)
        else:
            end = places.line_end(places.line_after(mapping.entries[-1].old))
            glue = self._style.eol + " " * column
            self.splices.append(Splice(first, end, glue.join(lines)))
            return False
        self._insert_lines(at, lines, column)
        if self._document.outline.is_simple:
            end = places.behind_comments(at)  # a literal block might take them for its text
            self.regions.append(Region(at, end, self.splices[-1:], [*mapping.added.values()]))
        return bool(self._document.outline.is_simple)

    def _remove_entries(self, mapping: Mapping, gone: list[Entry]) -> None:
        """Cut the lines of the entries that are gone; comment lines before them stay."""
        places, first = self._places, mapping.entries[0]
        start = first.place.start
        if first.gone and not places.is_led(places.line_start(start), mapping.column):
            # It stands behind the dash of a list item, where the first that stays has to go.
            staying = [entry for entry in mapping.entries if not entry.gone]
            if not staying:
                return  # `_add_entries` writes over them
            end = staying[0].place.start
            if places.has_comment(start, end):
                raise Awkward
            self.splices.append(Splice(start, end, ""))
            behind = mapping.entries.index(staying[0])
            gone = [entry for entry in mapping.entries[behind:] if entry.gone]
        for entry in gone:
            start = places.line_start(entry.place.start)
            if not places.is_led(start, mapping.column):
                raise Awkward
            self.splices.append(Splice(start, places.line_after(entry.old), ""))

    # -- sequences --------------------------------------------------------------------------------

    def _sequence(self, sequence: Sequence, stop: int) -> bool:
        """Collect the changes of a block sequence that ends before *stop*."""
        places = self._places
        dashes = places.dashes(sequence)
        starts = [places.line_start(dash) for dash in dashes]
        column = dashes[0] - starts[0]
        covered = True
        ends = [*starts[1:], stop]
        for item, dash, start, end in zip(sequence.items, dashes, starts, ends, strict=True):
            if item.gone:
                if not places.is_led(start, dash - start):
                    raise Awkward
                self.splices.append(Splice(start, places.line_after(item.old), ""))
            elif _is_changed(item):
                covered = self._child(item, dash + 1, column, end) and covered
        if all(item.old is not None for item in sequence.live):
            return covered and len(sequence.live) == len(sequence.items)
        self._insert_items(sequence, dashes, column)
        return False

    def _insert_items(self, sequence: Sequence, dashes: list[int], column: int) -> None:
        """Insert the added items, each run behind the item of the text that it follows."""
        pairs = zip(sequence.items, dashes, strict=True)
        staying = [dash for item, dash in pairs if not item.gone]
        at = self._places.line_start(staying[0] if staying else dashes[0])
        is_led = self._places.is_led(at, column)
        at = self._places.above_comments(at, column) if is_led else -1
        run: list[str] = []
        for item in [*sequence.live, sequence.items[0]]:
            if item.old is None:
                value = item.value.value
                run.append(emit.item(value, column, self._style_for(value)))
                continue
            if run and at < 0:
                raise Awkward
            if run:
                self._insert_lines(at, run, column)
            run = []
            at = self._places.line_after(item.old)

    # -- text ---------------------------------------------------------------------------------

    def _replace(self, after: int, value: Any, column: int, holder: Entry | Item) -> None:
        """Write *value* over what *holder* has in the text, behind the offset *after*."""
        style = self._style_for(value)
        self.splices.append(replacement(holder, value, after, column, self._places, style))

    def _style_for(self, value: Any) -> Style:
        """Return the style for *value*."""
        return for_value(self._style, value, self._places.text)

    def _insert_lines(self, at: int, lines: list[str], column: int) -> None:
        """Insert whole lines at the start of a line, or behind the text's last one."""
        text, eol, indent = self._places.text, self._style.eol, " " * column
        if at == len(text) and at and text[-1] not in "\r\n":
            new = "".join(eol + indent + line for line in lines)
        else:
            new = "".join(indent + line + eol for line in lines)
        self.splices.append(Splice(at, at, new))


def _is_changed(holder: Entry | Item) -> bool:
    """Tell whether a value is another, or has changes below it."""
    return holder.value is not holder.old or getattr(holder.value, "touched", False)


def _is_emptied(node: Any) -> bool:
    """Tell whether a block collection has nothing left."""
    if type(node) is Mapping and node.touched and not node.flow:
        return not node.live()
    return type(node) is Sequence and node.touched and not node.flow and not node.live
