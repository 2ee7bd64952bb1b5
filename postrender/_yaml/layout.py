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
    if outline.is_simple:
        return Style(step)
    text = outline.text
    eol = "\r\n" if "\r\n" in text and text.count("\r\n") == text.count("\n") else "\n"
    return Style(step, 0, eol, json=text.lstrip()[:1] == "{")


def for_value(style: Style, value: Any, text: str) -> Style:
    """Return *style* for a value, with the column of list dashes that *text* uses."""
    if type(value) not in (dict, list):
        return style
    match = _LIST.search(text)
    return style._replace(dash=len(match[2]) - len(match[1])) if match else style
