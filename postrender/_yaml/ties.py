"""What ties the parts of a document together, taken apart before an edit.

An edit is meant for one path. Where an alias or a merge key makes the same text count at others,
those get values of their own first, written in full.
"""

from collections.abc import Iterator
from typing import Any

from postrender._yaml.nodes import Alias, Entry, Fresh, Item, Mapping, Sequence
from postrender._yaml.paths import Path
from postrender._yaml.plain import effective, merge_sources, plain

#: The uses of each anchored node: the collections around an alias, and what holds it.
Uses = dict[int, list[tuple[list[Any], Entry | Item]]]


def find_uses(root: Any) -> Uses:
    """Return the aliases of a whole tree by the node that they name."""
    uses: Uses = {}
    for trail, holder in _walk(root):
        if isinstance(holder, Entry | Item) and type(holder.value) is Alias:
            uses.setdefault(id(holder.value.target), []).append((trail, holder))
    return uses


def detach(root: Any, path: Path, uses: Uses) -> None:
    """Give every alias to what an edit at *path* changes a value of its own."""
    changed = []
    node = root
    for key in path:
        changed.append(id(node))
        node = _child(node, key)
    changed.extend(id(each) for _, each in _walk(node))
    found = [use for each in changed for use in uses.pop(each, ())]
    aliases = [(trail, holder) for trail, holder in found if type(holder.value) is Alias]
    values = [plain(holder.value) for _, holder in aliases]
    for (trail, holder), value in zip(aliases, values, strict=True):
        holder.value = Fresh(value)
        for each in trail:
            each.touched = True


def unmerge(mapping: Mapping, name: str) -> None:
    """Make sure that the key *name* neither comes from a merge key nor is hidden by one.

    A key that no merge key has, or that stands behind the last one, needs nothing. Otherwise the
    merge keys are written out.
    """
    entries = mapping.live()
    last_merge = max(index for index, entry in enumerate(entries) if entry.name is None)
    own = max((i for i, entry in enumerate(entries) if entry.name == name), default=-1)
    if own < last_merge:
        disinherit(mapping, name)


def disinherit(mapping: Mapping, name: str) -> None:
    """Make sure that no merge key has the key *name*."""
    merges = [entry.value for entry in mapping.live() if entry.name is None]
    if any(name in source for value in merges for source in merge_sources(value)):
        _write_out(mapping)


def _write_out(mapping: Mapping) -> None:
    """Put the values that merge keys give in the place of those keys."""
    values = effective(mapping)
    for entry in mapping.live():
        if entry.name is None:
            entry.gone = True
    mapping.merges = False
    mapping.names = None
    for each, value in values.items():
        own_entry = mapping.find(each)
        if own_entry is None:
            mapping.add(each, plain(value))
        elif own_entry.value is not value:
            own_entry.value = Fresh(plain(value))


def _child(node: Any, key: str | int) -> Any:
    """Return the child of a node, None when there is none."""
    if type(node) is Alias:
        node = node.target
    if type(node) is Mapping and type(key) is str:
        return effective(node).get(key) if node.merges else getattr(node.find(key), "value", None)
    if type(node) is Sequence and type(key) is int and 0 <= key < len(node.live):
        return node.live[key].value
    return None


def _walk(node: Any) -> Iterator[tuple[list[Any], Any]]:
    """Yield every node and holder below *node*, itself too, with the collections around it."""
    stack: list[tuple[list[Any], Any]] = [([], node)]
    while stack:
        trail, each = stack.pop()
        yield trail, each
        if isinstance(each, Entry | Item):
            stack.append((trail, each.value))
        elif type(each) is Mapping:
            stack.extend(([*trail, each], entry) for entry in each.live())
        elif type(each) is Sequence:
            stack.extend(([*trail, each], item) for item in each.live)
