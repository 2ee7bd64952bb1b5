"""JSON as Go's `encoding/json` reads and writes it, to the byte."""

import math
import re
from collections.abc import Mapping
from json import JSONDecodeError, JSONDecoder
from json.encoder import encode_basestring
from typing import Any, Final

from postrender._errors import RecordCorrupt

#: Go escapes what HTML and JavaScript would trip over; the rest of Unicode it writes as it is.
_ESCAPES: Final = (
    ("<", "\\u003c"),
    (">", "\\u003e"),
    ("&", "\\u0026"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)
_WORDS: Final = {None: "null", True: "true", False: "false"}
_SURROGATE = re.compile("[\ud800-\udfff]")

#: From these sizes on, Go writes a number with an exponent.
_TINY: Final = 1e-6
_HUGE: Final = 1e21


def loads(text: bytes) -> dict[str, Any]:
    """Read a JSON object.

    Of a key that stands twice, the last value counts. Bytes that are no UTF-8 become U+FFFD.

    :raises RecordCorrupt: when it is no JSON, or something else than an object.
    """
    characters = text.decode("utf-8", "replace")
    problem = "is nested too deeply"
    try:
        value = DECODER.decode(characters)
    except JSONDecodeError as error:
        problem = f"is no JSON from character {error.pos} on"
    except ValueError:
        problem = "holds a number out of range"
    except RecursionError:
        pass
    else:
        if isinstance(value, dict):
            return _without_surrogates(value) if has_surrogates(characters) else value
        problem = "is JSON, and no object"
    # Out of the handler, because the error of the decoder holds all of the text.
    raise RecordCorrupt(problem)


def dumps(value: object) -> bytes:
    """Write a value of dicts, lists and scalars, with the keys in the order that they have.

    :raises TypeError: for what JSON does not have.
    :raises ValueError: for numbers that JSON does not have.
    """
    text = _SURROGATE.sub("\ufffd", _write(value))
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text.encode()


def has_surrogates(text: str) -> bool:
    """Tell whether JSON may hold halves of characters, which Go reads as U+FFFD."""
    return "\\ud" in text or "\\uD" in text


def sorted_keys(value: Any) -> Any:
    """Copy a value with the keys of all dicts sorted, as Go writes maps."""
    if isinstance(value, Mapping):
        return {key: sorted_keys(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [sorted_keys(item) for item in value]
    return value


def _write(value: object) -> str:
    match value:
        case None | bool():
            return _WORDS[value]
        case str():
            return encode_basestring(value)
        case int():
            return int.__repr__(value)
        case float():
            return _write_float(value)
        case Mapping():
            return "{" + ",".join([_write_member(*member) for member in value.items()]) + "}"
        case list() | tuple():
            return "[" + ",".join([_write(item) for item in value]) + "]"
    raise TypeError(f"JSON has no {type(value).__name__}")


def _write_member(key: object, value: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key in JSON is a string, not {type(key).__name__}")
    return f"{encode_basestring(key)}:{_write(value)}"


def _write_float(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError("JSON has no infinite numbers")
    digits = repr(value)
    if value and not _TINY <= abs(value) < _HUGE:
        return digits.replace("e-0", "e-")  # Python has two digits in an exponent
    if "e" in digits:
        # A millisecond to import, for numbers that hardly any release has.
        from decimal import Decimal

        return format(Decimal(digits), "f")
    return digits.removesuffix(".0")


def _int(digits: str) -> int | float:
    return -0.0 if digits == "-0" else int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError("out of range")
    return value


def _constant(name: str) -> float:
    raise ValueError(f"JSON has no {name}")


def _without_surrogates(value: Any) -> Any:
    match value:
        case str():
            return _SURROGATE.sub("\ufffd", value)
        case list():
            return [_without_surrogates(item) for item in value]
        case dict():
            items = value.items()
            return {_without_surrogates(key): _without_surrogates(item) for key, item in items}
    return value


#: Reads values from anywhere in a text, with `raw_decode`.
DECODER: Final = JSONDecoder(parse_int=_int, parse_float=_float, parse_constant=_constant)
