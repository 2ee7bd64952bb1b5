"""The line reader held against the events: what it calls simple has to be the same tree."""

from typing import Any

from postrender._yaml import lines
from postrender._yaml.nodes import Alias, Entry, Item, Mapping, Scalar, Sequence, Skipped, Wanted
from postrender._yaml.outline import Outline
from postrender._yaml.tree import Builder

#: What is looked at first: little, so that the rest is built later.
EAGER: Wanted = {"metadata": None, "spec": {"a": None, "labels": {"name": {}}}}


def events(text: str) -> Any:
    """Return the tree that libyaml's events give; raises `YamlError`."""
    builder = Builder(text)
    tree = builder.read(None)
    if not builder.is_ended:
        builder.read_behind()
    return tree


def is_read_alike(text: str, wanted: Wanted = None) -> bool:
    """Check the lines of a simple *text* against the events; tell whether it is simple.

    Raises `AssertionError` for a difference, `YamlError` for what is no YAML.
    """
    if not lines.is_simple(text):
        return False
    outline = Outline(text, wanted)
    found, expected = shape(outline.tree, outline), shape(events(text), outline)
    assert found == expected, f"{text!r}:\nlines  {found}\nevents {expected}"
    return True


def shape(node: Any, outline: Outline) -> Any:
    """Return all that a tree says, as plain values; what is skipped is built."""
    if isinstance(node, Entry | Item):
        if type(node.value) is Skipped:
            outline.open(node)
        key = (node.name, shape(node.key, outline)) if isinstance(node, Entry) else ()
        return (*key, shape(node.value, outline))
    if type(node) is Scalar:
        return (node.start, node.end, node.text, node.style, node.tag, node.anchor)
    if type(node) is Alias:
        return ("*", node.start, node.end, node.target.start)
    if isinstance(node, Mapping | Sequence):
        members = node.entries if isinstance(node, Mapping) else node.items
        column = node.column if isinstance(node, Mapping) else 0
        end = node.end if node.flow else column
        return (type(node).__name__, node.start, end, [shape(each, outline) for each in members])
    return None


def is_equal_json(left: Any, right: Any) -> bool:
    """Compare as JSON does, numbers as 64-bit floats; deep values too."""
    stack = [(left, right)]
    while stack:
        a, b = stack.pop()
        if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
            stack += [(a[key], b[key]) for key in a]
        elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
            stack += zip(a, b, strict=True)
        elif not _is_equal_scalar(a, b):
            return False
    return True


def _is_equal_scalar(a: Any, b: Any) -> bool:
    if {type(a), type(b)} <= {int, float}:
        return float(a) == float(b)
    return type(a) is type(b) and not isinstance(a, dict | list) and bool(a == b)
