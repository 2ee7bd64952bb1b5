"""Texts changed at random: by characters, lines and indentation."""

from collections.abc import Iterator
from random import Random


def mutations(random: Random, text: str) -> Iterator[str]:
    """Yield *text* changed once, twice, and so on, by characters, lines or indentation."""
    while True:
        text = _mutated(random, text) or "a: 1\n"
        yield text


_PIECES = (
    *" \n:-#'\"|>&*!{}[],?%@`~0aA.\\\t<=é",
    *("  ", "\n  ", "- ", ": ", " #", "---\n", "...\n", "\n\n", "key: ", "- k: v\n", "|\n", ">-\n"),
    *("|2\n", ".inf", "null", "<<: ", "&a ", "*a", "!!str ", "0x1", "\\n", "\\/", "\r", "\x85"),
    *("\u2028", "\ufeff", "\x07", "{a: b}", "[a, b]", "? ", "{}", "[]", "    ", "\r\n"),
)


def _mutated(random: Random, text: str) -> str:
    at, kind = random.randrange(len(text) + 1), random.randrange(7)
    width = random.choice((1, 1, 2, 4))
    if kind < 3:
        piece = "" if kind == 0 else random.choice(_PIECES)
        return text[:at] + piece + text[at + (0 if kind == 1 else width) :]
    lines = text.split("\n")
    at = random.randrange(len(lines))
    if kind == 3:
        lines[at] = " " * width + lines[at]
    elif kind == 4:
        lines[at] = lines[at][width:]
    elif kind == 5:
        lines.insert(at, random.choice(lines))
    else:
        del lines[at]
    return "\n".join(lines)
