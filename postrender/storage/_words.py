"""Words of Go in the environment: what it takes for a bool, an int, a float and a list."""

import re
import struct
from typing import Final

_TRUE: Final = {"1", "t", "T", "TRUE", "true", "True"}
_FALSE: Final = {"0", "f", "F", "FALSE", "false", "False"}
_INT: Final = re.compile(r"([+-]?)0*([0-9]{1,19})")
_INTS: Final = range(-(2**63), 2**63)
_DIGITS: Final = r"[0-9]+(?:_[0-9]+)*"
_FLOAT: Final = re.compile(
    rf"[+-]?(?:(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?|inf(?:inity)?)|nan",
    re.IGNORECASE,
)
_HEX: Final = re.compile(r"[+-]?0x[0-9a-f]*\.?[0-9a-f]*p[+-]?[0-9]+", re.IGNORECASE)


def go_bool(word: str, default: bool) -> bool:
    """Read a bool as `strconv.ParseBool` does; what it refuses is the default."""
    if word in _TRUE:
        return True
    return False if word in _FALSE else default


def go_int(word: str, default: int) -> int:
    """Read an integer of 64 bits as `strconv.Atoi` does; what it refuses is the default."""
    match = _INT.fullmatch(word)
    number = int(match[1] + match[2]) if match else default
    return number if number in _INTS else default


def go_float(word: str, default: float) -> float:
    """Read a number as `strconv.ParseFloat` does for 32 bits; what it refuses is the default."""
    try:
        if _HEX.fullmatch(word):
            number = float.fromhex(word)
        elif _FLOAT.fullmatch(word):
            number = float(word)
        else:
            return default
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except (OverflowError, ValueError):
        return default


def format_float(number: float) -> str:
    """Write a number with two decimals, as Go's `%.2f` does."""
    if number != number:  # noqa: PLR0124 - only what is not a number is unlike itself
        return "NaN"
    if number in {float("inf"), float("-inf")}:
        return f"{number:+}".capitalize().replace("+inf", "+Inf").replace("-inf", "-Inf")
    return f"{number:.2f}"


def go_list(words: str) -> tuple[str, ...]:
    """Split a list at its commas, without those and the spaces at its ends."""
    trimmed = words.strip(", ")
    return tuple(trimmed.split(",")) if trimmed else ()
