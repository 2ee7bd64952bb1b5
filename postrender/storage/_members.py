"""The members of a JSON object in their order, changed without touching the others."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from postrender.storage._fields import fold
from postrender.storage._json import DECODER, dumps

_Value = TypeVar("_Value")
_BLANKS = " \t\r\n"


def members(text: str) -> dict[str, str]:
    """Cut an object into its members: each key with the text of its value.

    :param text: a JSON object that has been read before.
    """
    found: dict[str, str] = {}
    at = _skip(text, text.index("{") + 1)
    while text[at] != "}":
        key, at = DECODER.raw_decode(text, at)
        start = _skip(text, _skip(text, at) + 1)  # over the colon
        _, end = DECODER.raw_decode(text, start)
        found[key] = text[start:end]
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return found


def assigned(
    old: Mapping[str, _Value], changes: Mapping[str, _Value | None], order: Sequence[str]
) -> dict[str, _Value]:
    """Return a copy with some members set, or removed where they become None.

    A member that is there already keeps its place and the case of its name; another one comes
    where Go writes it.

    :param order: the names of all fields, as Go orders them.
    """
    new = dict(old)
    for name, value in changes.items():
        keys = [key for key in new if fold(key) == fold(name)]
        if value is None:
            new = {key: new[key] for key in new if key not in keys}
        elif keys:
            new[keys[-1]] = value  # of several, the last one counts
        else:
            new = _inserted(new, name, value, order)
    return new


def arranged(old: Mapping[str, _Value], order: Sequence[str]) -> dict[str, _Value]:
    """Return a copy in the order in which Go writes it, with unknown members at the end."""
    places = {fold(name): place for place, name in enumerate(order)}
    keys = sorted(old, key=lambda key: places.get(fold(key), len(places)))
    return {key: old[key] for key in keys}


def _inserted(
    old: Mapping[str, _Value], key: str, value: _Value, order: Sequence[str]
) -> dict[str, _Value]:
    later = {fold(name) for name in order[order.index(key) + 1 :]}
    at = next((i for i, other in enumerate(old) if fold(other) in later), len(old))
    pairs: list[tuple[str, _Value]] = list(old.items())
    return dict([*pairs[:at], (key, value), *pairs[at:]])


def written(texts: Mapping[str, str]) -> bytes:
    """Write an object of members whose values are JSON already, as `members` gives them."""
    parts = (f"{dumps(key).decode()}:{text}" for key, text in texts.items())
    return ("{" + ",".join(parts) + "}").encode()


def _skip(text: str, at: int) -> int:
    while text[at] in _BLANKS:
        at += 1
    return at
