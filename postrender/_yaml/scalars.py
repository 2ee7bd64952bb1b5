"""Helm's dialect: what a plain scalar means, and when a string needs quotes.

The rules are those of sigs.k8s.io/yaml, the library of Helm and kubectl: the words of YAML 1.1
(`yes`, `on`, `~`), octal numbers, and neither sexagesimal numbers nor dates.
"""

import math
import re
import struct
from typing import Any

_WORDS: dict[str, Any] = {
    **dict.fromkeys(
        ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True
    ),
    **dict.fromkeys(
        ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False
    ),
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], math.nan),
    **dict.fromkeys([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], math.inf),
    **dict.fromkeys(["-.inf", "-.Inf", "-.INF"], -math.inf),
}
SPECIAL = frozenset("yYnNtTfFoO~+-.0123456789")  #: first characters of all that is not plain text

TAG = "tag:yaml.org,2002:"  #: what the tags of YAML itself begin with

_INT = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_BASES = {"x": 16, "b": 2, "o": 8}


def resolve(text: str) -> Any:
    """Return what the plain scalar *text* means: str, int, float, bool or None."""
    if text and text[0] not in SPECIAL:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "+-.0123456789":
        return _number(text)
    return text


def _number(text: str) -> Any:
    """Return the number that *text* spells, or *text* itself."""
    digits = text if text[0] == "." else text.replace("_", "")  # Go allows no `_` after a dot
    if _INT.match(digits):
        number = _integer(digits)
        if -(2**63) <= number < 2**63 or (0 <= number < 2**64 and digits[0] not in "+-"):
            return number
    if _FLOAT.match(digits):
        value = float(digits)
        if not math.isinf(value):
            return value
    return text


def _integer(digits: str) -> int:
    """Return the integer that *digits*, a match of `_INT`, spells."""
    sign = -1 if digits[0] == "-" else 1
    digits = digits.lstrip("+-")
    base = _BASES.get(digits[1:2].lower())
    if base:
        return sign * int(digits[2:], base)
    return sign * int(digits, 8 if digits[0] == "0" else 10)


def tagged(tag: str, text: str) -> Any:
    """Return the value of a scalar with a tag; other tags than YAML's own leave text.

    Raises `ValueError` for text that the tag cannot hold.
    """
    name = tag.removeprefix(TAG)
    if name == "binary" and name != tag:
        from base64 import b64decode  # few documents have one

        try:
            return b64decode(text, validate=True).decode("utf-8", "replace")
        except ValueError:
            raise ValueError("!!binary value contains invalid base64 data") from None
    if name == tag or name not in ("int", "float", "bool", "null"):
        return text
    value = resolve(text)
    kind = {type(None): "null", bool: "bool", int: "int", float: "float"}.get(type(value), "str")
    if kind == name:
        return value
    if (name, kind) == ("float", "int"):
        return float(value)
    raise ValueError(f"cannot decode !!{kind} as a !!{name}")


def key_name(value: Any) -> str:
    """Return a mapping key as sigs.k8s.io/yaml turns it into JSON's string.

    Raises `ValueError` for a key that JSON cannot have.
    """
    if type(value) is str:
        return value
    if value is True:
        return "true"
    if value is False:
        return "false"
    if type(value) is int and value < 2**63:
        return str(value)
    if type(value) is float:
        return _float32(value)
    if value is None:
        raise ValueError("a mapping key is null")
    raise ValueError("a mapping key is no string")


def _float32(value: float) -> str:
    """Spell a float key as Go's `strconv.FormatFloat(f, 'g', -1, 32)` does."""
    if math.isnan(value):
        return ".nan"
    single = struct.unpack("f", struct.pack("f", value))[0]
    if math.isinf(single):
        return ".inf" if single > 0 else "-.inf"
    mantissa, exponent = _shortest(single).split("e")
    sign = "-" if mantissa[0] == "-" else ""
    digits = mantissa.lstrip("-").replace(".", "").rstrip("0") or "0"
    return sign + _place_point(digits, int(exponent))


def _shortest(single: float) -> str:
    """Return the shortest scientific spelling that gives *single* again as a 32-bit float."""
    texts = (f"{single:.{precision}e}" for precision in range(9))
    return next(t for t in texts if struct.unpack("f", struct.pack("f", float(t)))[0] == single)


_LEAST_POINTED, _MOST_POINTED = -4, 5  # the exponents that Go writes with a point alone


def _place_point(digits: str, exponent: int) -> str:
    """Spell `digits[0].digits[1:] * 10**exponent`."""
    if exponent < _LEAST_POINTED or exponent > _MOST_POINTED:
        fraction = "." + digits[1:] if len(digits) > 1 else ""
        return f"{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    digits = digits.ljust(exponent + 1, "0")
    whole, fraction = digits[: exponent + 1], digits[exponent + 1 :]
    return f"{whole}.{fraction}" if fraction else whole


_KEYWORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_PLAIN = re.compile(
    r"(?:[A-Za-z_/$(]|[0-9](?=[0-9]*[g-wyzG-WYZ]))"  # no number, date or time of any YAML
    r"(?:[A-Za-z0-9_./@+$()%~=^;,-]|:(?=[^\s])| (?=[A-Za-z0-9_./@+$()%~=^;]))*\Z",
    re.ASCII,
)


def is_plain_safe(text: str) -> bool:
    """Tell whether *text* reads as this very string in YAML 1.1 and 1.2 without quotes."""
    return bool(_PLAIN.match(text)) and text[-1] != ":" and text.lower() not in _KEYWORDS
