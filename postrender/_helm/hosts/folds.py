"""Folded texts (`>`), which Helm 4's writer changes: it adds line breaks, or takes some away.

Where a line behind a break begins with a blank, the break is not folded, and yet doubled; and in a
text that begins with a blank, breaks that are folded are not doubled. Each time that Helm 4 writes
such a text, on the way to a post-renderer and back, it is another one.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from postrender._yaml import Document
from postrender._yaml.nodes import Mapping, Scalar, Sequence

_QUOTED: Final = re.compile(r" (?:\n|\Z)|[^\t\n\x20-\x7e\x85\xa0-\ufefe\uff00-\U0010ffff]")

_KEEPS: Final = re.compile(r">\d?\+")


def refold(text: str) -> str:
    """Return the text of a document with its folded texts as they are written."""
    if ">" in text:
        # From the last to the first, so that the offsets of those in front stay right.
        for node in sorted(_folded(Document(text).root), key=lambda node: node.start, reverse=True):
            text = text[: node.start] + _rewritten(node, text) + text[node.end :]
    return text


def _folded(root: Any) -> Iterator[Scalar]:
    stack: list[Any] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping):
            stack += [entry.value for entry in node.live()]
        elif isinstance(node, Sequence):
            stack += [item.value for item in node.live]
        elif isinstance(node, Scalar) and node.style == ">":
            yield node


def _rewritten(node: Scalar, text: str) -> str:
    """Return a folded text with its header, in the lines that it is written in."""
    old, value = text[node.start : node.end], node.text
    if _QUOTED.search(value) or not value.strip("\n"):
        return old  # written in quotes, or empty
    header, _, body = old.partition("\n")
    if not value.endswith("\n\n"):
        header = header.replace("+", "", 1) if _KEEPS.match(header) else header
    first = body.lstrip("\n")
    first = first[: len(first) - len(first.lstrip(" "))]
    shown = value.lstrip("\n")
    indent = first[: len(first) - (len(shown) - len(shown.lstrip(" ")))]
    new = "".join(_lines(value, indent))
    return f"{header}\n{new}" + ("\n" if old.endswith("\n") and not new.endswith("\n") else "")


def _lines(value: str, indent: str) -> Iterator[str]:
    doubles = value.lstrip("\n")[0] not in " \t"
    is_new, is_indented = True, True
    for character in value:
        if character == "\n":
            if doubles and not is_new and not is_indented:
                yield "\n"
            is_new = True
        elif is_new:
            is_new, is_indented = False, character in " \t"
            yield indent
        yield character
