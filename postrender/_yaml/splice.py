"""From a document's changes to the smallest edits of its text.

Each change becomes splices: offsets in the old text and what to put there. What cannot be edited in
place is `Awkward`: the enclosing node is then written anew from its value, at once where that loses
no comment, otherwise only where the caller says *lossy*. Beside the splices stand the regions that
have to be read back: the smallest pieces of text that mean the same on their own.
"""

from typing import Any, NamedTuple

from postrender._yaml import added
from postrender._yaml.document import Document
from postrender._yaml.emit import Style
from postrender._yaml.flow import Splice, flow_splices
from postrender._yaml.layout import layout, with_lists
from postrender._yaml.nodes import Entry, Item, Mapping, Node, Sequence
from postrender._yaml.places import Awkward, Places
from postrender._yaml.replace import replacement


class Region(NamedTuple):
    """A piece of the old text, its splices, and what it must mean: entries, or items."""

    start: int
    end: int
    splices: list[Splice]
    members: list[Entry] | list[Item]


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
        self._list_style: Style | None = None  # for collections, once there is one

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
        if mapping.added:
            covered = self._add_entries(mapping) and covered
        return covered and not gone

    def _add_entries(self, mapping: Mapping) -> bool:
        """Insert the added entries; tell whether regions cover them."""
        places, column, live = self._places, mapping.column, mapping.live()
        staying = [entry for entry in mapping.entries if not entry.gone]
        is_led = places.is_led(places.line_start(mapping.entries[0].place.start), column)
        at = (staying or mapping.entries)[0].place.start
        if not is_led and not staying:
            end = places.line_end(places.line_after(mapping.entries[-1].old))
            glue = self._style.eol + " " * column
            lines = added.lines(live, column, self._style_for)
            self.splices.append(Splice(at, end, glue.join(lines)))
            return False
        if is_led:
            at = places.line_start(at)
            at = places.above_comments(at, column) if staying else at
        return self._insert_runs(live, at, column, is_led=is_led)

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
        if any(item.old is None for item in sequence.live):
            covered = self._add_items(sequence, dashes, column) and covered
        return covered and not any(item.gone for item in sequence.items)

    def _add_items(self, sequence: Sequence, dashes: list[int], column: int) -> bool:
        """Insert the added items; tell whether regions cover them."""
        places = self._places
        pairs = zip(sequence.items, dashes, strict=True)
        staying = [dash for item, dash in pairs if not item.gone]
        at = staying[0] if staying else dashes[0]
        is_led = places.is_led(places.line_start(at), column)
        if is_led:
            at = places.above_comments(places.line_start(at), column)
        return self._insert_runs(sequence.live, at, column, is_led=is_led)

    # -- text ---------------------------------------------------------------------------------

    def _replace(self, after: int, value: Any, column: int, holder: Entry | Item) -> None:
        """Write *value* over what *holder* has in the text, behind the offset *after*."""
        style = self._style_for(value)
        self.splices.append(replacement(holder, value, after, column, self._places, style))

    def _style_for(self, value: Any) -> Style:
        """Return the style for *value*."""
        if type(value) not in (dict, list):
            return self._style
        if self._list_style is None:
            self._list_style = with_lists(self._style, self._places.text)
        return self._list_style

    def _insert_runs(self, live: list[Any], at: int, column: int, *, is_led: bool) -> bool:
        """Insert each run of added members behind the member of the text that it follows.

        Those that follow none go to *at*: the start of a line, or where not *is_led* the first
        member, which stands behind a dash. In a simple document every line is complete, and only
        the new ones have to be read back: tell whether regions cover them.
        """
        covered = bool(self._document.outline.is_simple)
        for before, run in added.runs(live):
            lines = added.lines(run, column, self._style_for)
            if before is None and not is_led:
                new = (self._style.eol + " " * column).join([*lines, ""])
                self.splices.append(Splice(at, at, new))
                covered = False
                continue
            start = at if before is None else self._places.line_after(before.old)
            self._insert_lines(start, lines, column)
            end = self._places.behind_comments(start)  # a literal block might take them in
            self.regions.append(Region(start, end, self.splices[-1:], run))
        return covered

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
