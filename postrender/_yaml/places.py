"""Where things stand in the text of a document: lines, keys, dashes, and the ends of nodes."""

import re
from typing import Any

from postrender._yaml.nodes import Entry, Sequence
from postrender._yaml.outline import Outline

_COMMENT_LINES = re.compile(r"(?:\n*+[ ]*+#[^\n]*+\n)*+")
_COMMENT = re.compile(r"(?:^|\s)#")


class Awkward(Exception):
    """A change that cannot be spliced into the text as it stands."""


class Places:
    """The places of one text."""

    def __init__(self, outline: Outline) -> None:
        """Look at the text and the tree of *outline*."""
        self.text = outline.text
        self._outline = outline

    def line_start(self, at: int) -> int:
        """Return where the line that holds *at* starts."""
        return self.text.rfind("\n", 0, at) + 1

    def line_stop(self, at: int) -> int:
        """Return where the line that holds *at* ends, before its line ending."""
        stop = self.text.find("\n", at)
        if stop < 0:
            return len(self.text)
        return stop - 1 if stop > at and self.text[stop - 1] == "\r" else stop

    def line_end(self, after: int) -> int:
        """Return where the line before the line start *after* ends."""
        if after and self.text[after - 1] == "\n":
            after -= 1
            if after and self.text[after - 1] == "\r":
                after -= 1
        return after

    def is_led(self, start: int, column: int) -> bool:
        """Tell whether only blanks stand between the line start and *column*."""
        blanks = self.text[start : start + column]
        return not blanks.strip(" ") and self.text[start + column : start + column + 1] != " "

    def above_comments(self, start: int, column: int) -> int:
        """Return the line start above the comments at *column* that lead the line *start*."""
        while start:
            before = self.line_start(start - 1)
            if not self.is_led(before, column) or self.text[before + column] != "#":
                break
            start = before
        return start

    def has_comment(self, start: int, end: int) -> bool:
        """Tell whether there may be a comment between two offsets."""
        return bool(_COMMENT.search(self.text, start, end))

    def after_key(self, entry: Entry) -> int:
        """Return the offset behind the colon of an entry; `Awkward` for a complex key."""
        end = entry.place.end
        colon = self.text.find(":", end)
        if colon < 0 or self.text[end:colon].strip(" \t"):
            raise Awkward
        return colon + 1

    def dashes(self, sequence: Sequence) -> list[int]:
        """Return the offsets of a block sequence's dashes; `Awkward` where one is not found."""
        first: Any = sequence.items[0].old
        dashes = [sequence.start]
        if self.text[sequence.start] != "-":  # an anchor or a tag stands before
            dashes = [self.text.rfind("-", sequence.start, first.start)]
        for item in sequence.items[:-1]:
            dashes.append(self._content(self.line_after(item.old)))
        if any(self.text[dash : dash + 1] != "-" for dash in dashes):
            raise Awkward
        return dashes

    def _content(self, at: int) -> int:
        """Return the first offset, from the line start *at* on, of no blank and no comment."""
        while at < len(self.text):
            stop = self.line_stop(at)
            line = self.text[at:stop]
            bare = line.lstrip(" ")
            if bare.strip() and not bare.startswith("#"):
                return at + len(line) - len(bare)
            at = stop + 1
        raise Awkward

    def behind_comments(self, at: int) -> int:
        """Return where the comment lines from the line start *at* on end."""
        match = _COMMENT_LINES.match(self.text, at)
        return match.end() if match else at

    def line_after(self, node: Any) -> int:
        """Return the start of the line behind the last line of *node*."""
        node = self._outline.last_leaf(node)
        if getattr(node, "style", "") in ("|", ">"):
            return self._behind_block_scalar(node.start, node.end)
        end = node.end
        if node.start == end:  # nothing, which may stand at the next token
            while self.text[end - 1 : end].isspace():
                end -= 1
        stop = self.text.find("\n", end)
        return len(self.text) if stop < 0 else stop + 1

    def _behind_block_scalar(self, start: int, end: int) -> int:
        """Return where a block scalar's lines end; blank lines behind it are not its own."""
        header = self.line_stop(start)
        if "+" in self.text[start:header].partition("#")[0]:
            return end
        while end > header:
            line = self.line_start(end - 1)
            if line <= header or self.text[line:end].strip():
                break
            end = line
        return end
