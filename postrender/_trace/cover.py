"""Objects to be shown: Secrets without their values, also where they are Secrets for a time."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from postrender._redact import Redactor
from postrender._yaml import dump, load, split

KINDS: Final = ("Secret", "SecretList")

#: What may be a Secret that stands within another object.
_SECRET: Final = re.compile(rb"""kind["']?\s*:\s*(?:[!&]\S+\s+)*["']?Secret(?:List)?\b""")
_ABOVE: Final = re.compile(rb"(?:(?:---|[ \t]*#)[^\n]*\n|[ \t\r]*\n)*")


def cover(value: dict[str, Any], redactor: Redactor, *, turns: bool) -> dict[str, Any]:
    """Return a copy of an object without the values of the Secrets that it is or holds.

    :param turns: whether a step makes another kind of object of it, so that it may have been a
        Secret before, or will be one.
    """
    if not turns or not value:
        return redactor.hidden(value)
    return {**redactor.hidden({**value, "kind": "Secret"}), "kind": value.get("kind")}


def hide(
    pieces: Sequence[bytes], redactor: Redactor | None, *, is_secret: bool, turns: bool
) -> list[str] | None:
    """Return the texts of a document over time, written anew without the values of Secrets.

    Comments are left out, since they may tell as much. None where nothing is to be hidden.

    :param pieces: the document with its separator, after one step and the other; empty without it.
    :param is_secret: whether one of its objects is a Secret at any time.
    :param turns: as `cover` takes it.
    """
    suspect = is_secret or any(map(_SECRET.search, pieces))
    if redactor is None or not suspect:
        return None
    values = [_value(piece) for piece in pieces]
    covered = [cover(value, redactor, turns=turns) for value in values]
    if not is_secret and covered == values:
        return None
    return [dump(value) if value else "" for value in covered]


def _value(piece: bytes) -> dict[str, Any]:
    """Return the value of a document, an empty one for none."""
    value: dict[str, Any] | None = load(next(split(piece)).body.decode()) if piece else None
    return value or {}


def scrub_lines(text: str, scrub: Callable[[str], str]) -> str:
    """Return *text* with each of its lines as *scrub* leaves it, so that they stay as many."""
    return "\n".join(map(scrub, text.split("\n")))


def count_above(piece: bytes) -> int:
    """Return how many lines of a document are above its value: separator, comments, empty ones."""
    above = _ABOVE.match(piece)
    return above.group().count(b"\n") if above else 0
