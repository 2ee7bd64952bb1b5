"""The operations that make one plain value of another, few enough to leave the text alone."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from postrender._yaml.plain import same

Keys = tuple[str | int, ...]


class Operation(NamedTuple):
    """One step from a value to another; `op` is RFC 6902's word, an `add` to a list inserts."""

    op: str
    path: Keys
    value: Any = None


def differences(old: Any, new: Any, path: Keys = ()) -> Iterator[Operation]:
    """Yield the operations that turn *old* into *new*, to be made in this order.

    Items of lists are matched by a key that names them, such as `name`, else by their value.
    """
    if same(old, new):
        return
    if type(old) is dict and type(new) is dict:
        for name in old:
            if name not in new:
                yield Operation("remove", (*path, name))
        for name, value in new.items():
            if name in old:
                yield from differences(old[name], value, (*path, name))
            else:
                yield Operation("add", (*path, name), value)
    elif type(old) is list and type(new) is list:
        yield from _list_differences(old, new, path)
    else:
        yield Operation("replace", path, new)


def _list_differences(old: list[Any], new: list[Any], path: Keys) -> Iterator[Operation]:
    """Yield the operations for a list, from its end to its start so that indexes stay right."""
    for tag, i, i_end, j, j_end in reversed(_opcodes(old, new)):
        paired = min(i_end - i, j_end - j) if tag in ("equal", "replace") else 0
        for index in range(i_end - 1, i + paired - 1, -1):
            yield Operation("remove", (*path, index))
        for offset in range(j_end - 1, j + paired - 1, -1):
            yield Operation("add", (*path, i + paired), new[offset])
        for offset in range(paired - 1, -1, -1):
            yield from differences(old[i + offset], new[j + offset], (*path, i + offset))


def _opcodes(old: list[Any], new: list[Any]) -> list[tuple[str, int, int, int, int]]:
    """Return how the items of two lists are matched, in `difflib`'s form."""
    from difflib import SequenceMatcher  # only a changed list needs it

    name = _naming_key(old, new)
    left = [_signature(item, name) for item in old]
    right = [_signature(item, name) for item in new]
    front = _common(left, right)
    back = _common(left[front:][::-1], right[front:][::-1])
    middle = SequenceMatcher(
        None, left[front : len(left) - back], right[front : len(right) - back], autojunk=False
    )
    matched = [
        (tag, i + front, i_end + front, j + front, j_end + front)
        for tag, i, i_end, j, j_end in middle.get_opcodes()
    ]
    end = ("equal", len(left) - back, len(left), len(right) - back, len(right))
    return [("equal", 0, front, 0, front), *matched, end]


def _common(left: list[str], right: list[str]) -> int:
    """Return how many items the two lists have in common at their start."""
    count = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        count += 1
    return count


def _naming_key(old: list[Any], new: list[Any]) -> str | None:
    """Return the key whose value names every item of both lists, `name` before others."""
    items = [*old, *new]
    if not items or not all(type(item) is dict for item in items):
        return None
    for key in sorted(items[0], key=lambda each: each != "name"):
        if all(_names(group, key) for group in (old, new)):
            return str(key)
    return None


def _names(items: list[dict[str, Any]], key: str) -> bool:
    """Tell whether *key* is there in each item, with a scalar that no other item has."""
    values = [item.get(key) for item in items]
    if any(value is None or type(value) in (dict, list) for value in values):
        return False
    return len({(type(value), value) for value in values}) == len(values)


def _signature(item: Any, name: str | None) -> str:
    """Return what an item is matched by."""
    return repr(item[name] if name is not None else item)
