"""How the text of a document is laid out, so that what is added looks like its neighbours."""

import re
from typing import Any

from postrender._yaml.emit import Style
from postrender._yaml.nodes import Mapping, Skipped
from postrender._yaml.outline import Outline

_LIST = re.compile(r"(?:^|\n)([ ]*)[^\s#-][^\n]*:[ ]*\r?\n([ ]*)- ")


def layout(outline: Outline) -> Style:
    """Return how a document indents mappings and ends its lines."""
    root, step = outline.tree, 2
    if type(root) is Mapping and not root.flow:
        for entry in root.entries:
            value: Any = entry.old
            if type(value) in (Mapping, Skipped) and not value.flow and value.column > root.column:
                step = value.column - root.column
                break
    json = type(root) is Mapping and root.flow and (not root.entries or is_json(root))
    if outline.is_simple:
        return Style(step, json=json)
    text = outline.text
    eol = "\r\n" if "\r\n" in text and text.count("\r\n") == text.count("\n") else "\n"
    return Style(step, 0, eol, json=json)


def is_json(node: Any) -> bool:
    """Tell whether a flow mapping has its first key in double quotes, as JSON has them all."""
    return isinstance(node, Mapping) and bool(node.entries) and node.entries[0].place.style == '"'


def with_lists(style: Style, text: str) -> Style:
    """Return *style* with the column of list dashes that *text* uses."""
    match = _LIST.search(text)
    return style._replace(dash=len(match[2]) - len(match[1])) if match else style
