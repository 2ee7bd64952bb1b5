"""Writing a pod template by small edits: items of lists are known by their names."""

from collections import Counter
from collections.abc import Sequence
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
                manifest.set((*path, name), value)
            elif not is_same(old[name], value):
                write(manifest, (*path, name), old[name], value)
    elif isinstance(old, list) and isinstance(new, list) and path[-1] in (*IDENTITIES, "envFrom"):
        _write_list(manifest, path, old, new)
    else:
        become(manifest, path, new)


def _write_list(manifest: Manifest, path: Place, old: list[Any], new: list[Any]) -> None:
    name = str(path[-1])
    there = {key: index for index, key in enumerate(_keys(name, old))}
    final = [there.get(key) for key in _keys(name, new)]
    items = [New(new[place]) if index is None else index for place, index in enumerate(final)]
    rearrange(manifest, path, items)
    for place, index in enumerate(final):
        if index is not None and not is_same(old[index], new[place]):
            write(manifest, (*path, place), old[index], new[place])


def _keys(name: str, items: Sequence[Any]) -> list[tuple[str | None, int]]:
    """Return what each item is known by, and how many before it are known by the same."""
    seen: Counter[str | None] = Counter()
    keys = []
    for item in items:
        key = key_of(name, item)
        keys.append((key, seen[key]))
        seen[key] += 1
    return keys
