"""Plain values: those of nodes, of a caller, and whether two are the same.

A plain value is a dict with str keys, a list, a str, an int, a float, a bool or None.
"""

import math
from collections.abc import Callable, Iterable
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence as AnySequence
from typing import Any

from postrender._yaml.nodes import (
    Alias,
    Entry,
    Fresh,
    Item,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Skipped,
)


def effective(mapping: Mapping) -> dict[str, "Node | Fresh"]:
    """Return what counts for each name, merge keys followed: the last one wins, as in Go."""
    result: dict[str, Node | Fresh] = {}
    for entry in mapping.live():
        if entry.name is not None:
            result[entry.name] = entry.value
        else:
            for source in merge_sources(entry.value):
                result.update(source)
    return result


def merge_sources(value: "Node | Fresh") -> list[dict[str, "Node | Fresh"]]:
    """Return the mappings that a merge key's value names, in the order that they count."""
    if type(value) is Alias:
        value = value.target
    if type(value) is Sequence:
        return [source for item in reversed(value.live) for source in merge_sources(item.value)]
    if type(value) is Fresh:
        plain = value.value
        maps = reversed(plain) if type(plain) is list else [plain]
        return [{name: Fresh(each) for name, each in source.items()} for source in maps]
    return [effective(value)] if type(value) is Mapping else []


def _is_built(holder: "Entry | Item") -> None:
    raise AssertionError("a skipped collection where the whole tree was asked for")


def plain(  # noqa: C901 - flat, as it sees every node
    node: "Node | Fresh", build: Callable[[Any], None] = _is_built
) -> Any:
    """Return the plain value of a node with its changes; the caller may keep and change it.

    *build* replaces a skipped collection, given the entry or item that holds it.
    """
    result: list[Any] = []
    stack: list[tuple[Any, Any, Any]] = [(node, result, None)]
    while stack:
        current, target, key = stack.pop()
        if type(current) is Alias:
            current = current.target
        value: Any
        if type(current) is Mapping:
            value = {}
            pairs = _pairs(current)
        elif type(current) is Sequence:
            value = [None] * len(current.live)
            pairs = enumerate(current.live)
        else:
            value = current.value if type(current) is Scalar else copied(current.value)
            pairs = ()
        for name, holder in pairs:
            child = holder.value
            if type(child) is Skipped:
                build(holder)
                child = holder.value
            if type(child) is Scalar:
                value[name] = child.text if child.style and child.tag is None else child.value
            else:
                value[name] = None  # its place in the order
                stack.append((child, value, name))
        if key is None:
            result.append(value)
        else:
            target[key] = value
    return result[0]


def _pairs(mapping: Mapping) -> Iterable[tuple[Any, Any]]:
    """Return the names of a mapping and what holds their values, merge keys followed."""
    if mapping.merges:
        return [(name, Fresh(value)) for name, value in effective(mapping).items()]
    return {entry.name or "": entry for entry in mapping.live()}.items()  # the last one counts


_DEEPEST = 200  # levels of a value that is written


def copied(value: Any) -> Any:
    """Copy a plain value."""
    if type(value) is dict:
        return {name: copied(each) for name, each in value.items()}
    if type(value) is list:
        return [copied(each) for each in value]
    return value


def plain_value(value: Any, depth: int = 0) -> Any:
    """Return *value* as plain dicts, lists and scalars, copied.

    Raises `TypeError` for what YAML and JSON cannot both say, and for what no object comes near.
    """
    if type(value) is str and value.isascii():
        return value  # most are
    if depth > _DEEPEST:
        raise TypeError(f"a value of more than {_DEEPEST} levels is not written")
    if type(value) is dict or isinstance(value, AnyMapping):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("a map has a key that is no string")
        return {_text(name): plain_value(each, depth + 1) for name, each in value.items()}
    if type(value) is list or (
        isinstance(value, AnySequence) and not isinstance(value, str | bytes | bytearray)
    ):
        return [plain_value(each, depth + 1) for each in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    """Return a scalar as YAML and JSON both have it."""
    if value is None or type(value) is bool:
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, int) and -(2**63) <= value < 2**64:
        return int(value)
    what = "number of this size" if isinstance(value, int | float) else type(value).__name__
    raise TypeError(f"a {what} cannot be written as YAML")


def _text(value: str) -> str:
    """Return *value* as a plain str; raises `TypeError` for half a surrogate pair."""
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise TypeError("a string with half a surrogate pair cannot be written as YAML")
    return str(value)


def same(left: Any, right: Any) -> bool:
    """Tell whether two plain values are equal as JSON values: 2 is 2.0, and 1 is not true."""
    if type(left) is str and type(right) is str:
        return left == right  # most are
    stack = [(left, right)]
    while stack:
        a, b = stack.pop()
        if type(a) is dict and type(b) is dict:
            if a.keys() != b.keys():
                return False
            stack.extend((value, b[key]) for key, value in a.items())
        elif type(a) is list and type(b) is list:
            if len(a) != len(b):
                return False
            stack.extend(zip(a, b, strict=True))
        elif (type(a) is bool) != (type(b) is bool) or a != b:
            return False
    return True
