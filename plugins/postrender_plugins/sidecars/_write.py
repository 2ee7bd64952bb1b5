"""Writing a pod template by small edits: items of lists are known by their names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from postrender import Manifest
from postrender_plugins._merge.write import New, become, is_same, rearrange
from postrender_plugins._metadata.places import Place
from postrender_plugins.sidecars._template import IDENTITIES, key_of


def write(manifest: Manifest, path: Place, old: Any, new: Any) -> None:
    """Make *old*, the value at *path*, into *new*."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old:
            if name not in new:
                manifest.delete((*path, name))
        for name, value in new.items():
            if name not in old:
                manifest.set((*path, name), value, before=_following(name, old, new))
            elif old[name] is not value and not is_same(old[name], value):
                write(manifest, (*path, name), old[name], value)
    elif isinstance(old, list) and isinstance(new, list) and path[-1] in (*IDENTITIES, "envFrom"):
        _write_list(manifest, path, old, new)
    else:
        become(manifest, path, new)


def _write_list(manifest: Manifest, path: Place, old: list[Any], new: list[Any]) -> None:
    if not _only_grows(manifest, path, old, new):
        _write_any_list(manifest, path, old, new)


def _only_grows(manifest: Manifest, path: Place, old: list[Any], new: list[Any]) -> bool:
    """Write a list that has all items of the former one, in order; tell whether it is such a one.

    Most lists are.
    """
    name = str(path[-1])
    places: list[int] = []  # of the old items among the new ones
    for place, item in enumerate(new):
        there = old[len(places)] if len(places) < len(old) else None
        if item is there or (there is not None and key_of(name, item) == key_of(name, there)):
            places.append(place)
    if len(places) < len(old):
        return False
    for place in sorted({*range(len(new))} - {*places}):
        manifest.insert((*path, place), new[place])
    for index, place in enumerate(places):
        if old[index] is not new[place]:
            write(manifest, (*path, place), old[index], new[place])
    return True


def _write_any_list(manifest: Manifest, path: Place, old: list[Any], new: list[Any]) -> None:
    name = str(path[-1])
    there = {key: index for index, key in enumerate(_keys(name, old))}
    final = [there.get(key) for key in _keys(name, new)]
    items = [New(new[place]) if index is None else index for place, index in enumerate(final)]
    rearrange(manifest, path, items)
    for place, index in enumerate(final):
        if index is not None and old[index] is not new[place]:
            write(manifest, (*path, place), old[index], new[place])


def _following(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """Return the first key of *new* behind *name* that *old* has too, None for none."""
    names = list(new)
    return next((each for each in names[names.index(name) :] if each in old), None)


def _keys(name: str, items: Sequence[Any]) -> list[tuple[str | None, int]]:
    """Return what each item is known by, and how many before it are known by the same."""
    seen: Counter[str | None] = Counter()
    keys = []
    for item in items:
        key = key_of(name, item)
        keys.append((key, seen[key]))
        seen[key] += 1
    return keys
