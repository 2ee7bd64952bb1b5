"""Making a value in an object another one by small edits, so that the text around it stays."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from postrender import Manifest
from postrender_plugins._merge.directives import Path


class New(NamedTuple):
    """An item that a list does not have yet."""

    value: Any


def become(manifest: Manifest, path: Path, new: Any) -> None:
    """Make the value at *path* equal to *new*, keeping the parts that are so already."""
    kind = manifest.kind_at(path)
    if kind is dict and isinstance(new, dict):
        for name in manifest.get(path):
            if name not in new:
                manifest.delete((*path, name))
        for name, value in new.items():
            become(manifest, (*path, name), value)
    elif kind is list and isinstance(new, list):
        _become_list(manifest, path, new)
    else:
        manifest.set(path, new)


def _become_list(manifest: Manifest, path: Path, new: Sequence[Any]) -> None:
    old = manifest.get(path)
    start, shortest = 0, min(len(old), len(new))
    while start < shortest and is_same(old[start], new[start]):
        start += 1
    end = 0
    while end < shortest - start and is_same(old[-1 - end], new[-1 - end]):
        end += 1
    both = shortest - end
    for index in range(start, both):
        become(manifest, (*path, index), new[index])
    for index in reversed(range(both, len(old) - end)):
        manifest.delete((*path, index))
    for index in range(both, len(new) - end):
        manifest.insert((*path, index), new[index])


def rearrange(manifest: Manifest, path: Path, final: Sequence[int | New]) -> None:
    """Make the list at *path* consist of *final*: indexes of items that it has, and new items.

    Those that need not move keep their place in the text; the others are taken out and put in.
    """
    olds = [each for each in final if isinstance(each, int)]
    length = manifest.length_at(path)
    if len(olds) == len(final) == length and olds == sorted(olds):
        return
    keep = _longest_rise(olds)
    taken = [
        each.value
        if isinstance(each, New)
        else None
        if each in keep
        else manifest.get((*path, each))
        for each in final
    ]
    for index in reversed(range(length)) if len(keep) < length else ():
        if index not in keep:
            manifest.delete((*path, index))
    for index, (each, value) in enumerate(zip(final, taken, strict=True)):
        if isinstance(each, New) or each not in keep:
            manifest.insert((*path, index), value)


def _longest_rise(numbers: Sequence[int]) -> frozenset[int]:
    """Return the members of the longest rising subsequence of distinct numbers."""
    if all(one < other for one, other in pairwise(numbers)):
        return frozenset(numbers)
    tails: list[int] = []  # the smallest last member of a rise of each length
    before: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(tails, number)
        before[number] = tails[length - 1] if length else None
        tails[length : length + 1] = [number]
    rise = []
    last: int | None = tails[-1] if tails else None
    while last is not None:
        rise.append(last)
        last = before[last]
    return frozenset(rise)


def is_same(one: Any, other: Any) -> bool:
    """Tell whether two plain values are the same in JSON, where true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
