"""One step along a path in a tree."""

from typing import Any

from postrender._yaml import paths
from postrender._yaml.nodes import Entry, Item, Mapping, Sequence, Wanted
from postrender._yaml.paths import Path, PathError
from postrender._yaml.plain import effective
from postrender._yaml.ties import unmerge


def member(node: Any, key: str | int) -> Entry | Item | None:
    """Return what holds the child of *node* at *key*, None when there is none."""
    if type(node) is Mapping and type(key) is str:
        if not node.merges:
            return node.find(key)
        value = effective(node).get(key)
        return None if value is None else Item(value, None)
    if type(node) is Sequence and type(key) is int and 0 <= key < len(node.live):
        return node.live[key]
    return None


def entry(mapping: Mapping, name: str, rest: Path, depth: int, *, create: bool) -> Entry:
    """Return the entry of a mapping that is to be edited below, made if need be."""
    touch(mapping, name)
    found = mapping.find(name)
    if found is None and not create:
        raise PathError("does not exist", depth)
    if found is None:
        paths.check_names(rest, depth + 1)
        found = mapping.add(name, {})
    return found


def touch(node: Mapping | Sequence, key: str | int) -> None:
    """Mark a collection whose member at *key* is about to change."""
    node.touched = True
    if isinstance(node, Mapping) and node.merges:
        unmerge(node, str(key))


def towards(path: Path) -> Wanted:
    """Return what to build below a collection so that *path* can be followed."""
    wanted: Wanted = None
    for key in reversed(path):
        wanted = {str(key): wanted}
    return wanted
