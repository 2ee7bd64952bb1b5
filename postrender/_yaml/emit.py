"""From plain values to YAML text, in the style of the text around it."""

from functools import lru_cache
from typing import Any, NamedTuple

from postrender._yaml.scalars import is_plain_safe, resolve


class Style(NamedTuple):
    """How the text around writes collections and ends its lines."""

    step: int = 2  #: columns from a mapping to a nested one
    dash: int = 0  #: columns from a key to the dashes of its list
    eol: str = "\n"
    json: bool = False  #: flow collections are JSON
    literal: bool = True  #: strings of several lines may be literal blocks


_SHORT = ('\\"', "\\\\", "\\n", "\\r", "\\t")
_ESCAPES = {code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
_ESCAPES.update({ord(char): f"\\u{ord(char):04x}" for char in "\u2028\u2029\ufeff\ufffe\uffff"})
_ESCAPES.update({ord(char): escape for char, escape in zip('"\\\n\r\t', _SHORT, strict=True)})
_WORDS = {None: "null", True: "true", False: "false"}


def quoted(text: str) -> str:
    """Return *text* in double quotes, as JSON and YAML both read it."""
    return f'"{text.translate(_ESCAPES)}"'


def scalar(value: Any) -> str:
    """Return a scalar (or an empty collection) as it may stand in block context."""
    return _string(value) if type(value) is str else _word(value)


@lru_cache(maxsize=256)
def _string(text: str) -> str:
    """Return a string, in quotes where it needs them; most are written many times."""
    return text if is_plain_safe(text) and resolve(text) == text else quoted(text)


def restyled(text: str, style: str) -> str:
    """Return a string in the quotes that the one before it had, where it can be."""
    is_simple = text.isprintable() and text.isascii()
    return "'" + text.replace("'", "''") + "'" if style == "'" and is_simple else quoted(text)


def _word(value: Any) -> str:
    """Return null, a boolean, a number or an empty collection."""
    if value is None or type(value) is bool:
        return _WORDS[value]
    return repr(value)  # [] and {} too


def flow(value: Any, style: Style) -> str:
    """Return any value on one line, for a flow context."""
    if type(value) is dict:
        return "{" + ", ".join(flow_entry(name, each, style) for name, each in value.items()) + "}"
    if type(value) is list:
        return "[" + ", ".join(flow(each, style) for each in value) + "]"
    if type(value) is str:
        return _flow_string(value, style)
    return _word(value)


def flow_entry(name: str, value: Any, style: Style) -> str:
    """Return a key with its value, for a flow mapping."""
    return f"{_flow_string(name, style)}: {flow(value, style)}"


def _flow_string(text: str, style: Style) -> str:
    if style.json:
        return quoted(text)
    written = scalar(text)
    return quoted(text) if set(written) & set(",[]{}:") and written[0] != '"' else written


def key(name: str) -> str:
    """Return a mapping key in block context."""
    return scalar(name)


def entry(name: str, value: Any, column: int, style: Style) -> str:
    """Return the lines of a key with its value in a block mapping at *column*.

    The first line has no indentation, the last no line ending.
    """
    return key(name) + ":" + after_key(value, column, style)


def after_key(value: Any, column: int, style: Style) -> str:
    """Return what follows `key:`, the key standing at *column*."""
    if type(value) is dict and value:
        return _lines(mapping(value, column + style.step, style), column + style.step, style)
    if type(value) is list and value:
        inner = column + style.dash
        return _lines(sequence(value, inner, style), inner, style)
    return " " + _inline(value, column + style.step, style)


def item(value: Any, column: int, style: Style) -> str:
    """Return the lines of a list item, its dash at *column*."""
    if type(value) is dict and value:
        return "- " + mapping(value, column + 2, style)
    if type(value) is list and value:
        return "- " + sequence(value, column + 2, style)
    return "- " + _inline(value, column + 2, style)


def mapping(value: dict[str, Any], column: int, style: Style) -> str:
    """Return the lines of a block mapping at *column*, the first without indentation."""
    glue = style.eol + " " * column
    return glue.join(entry(name, each, column, style) for name, each in value.items())


def sequence(value: list[Any], column: int, style: Style) -> str:
    """Return the lines of a block sequence at *column*, the first without indentation."""
    glue = style.eol + " " * column
    return glue.join(item(each, column, style) for each in value)


def _lines(text: str, column: int, style: Style) -> str:
    return style.eol + " " * column + text


def _inline(value: Any, column: int, style: Style) -> str:
    """Return a scalar, as a literal block at *column* when it has several lines."""
    if style.literal and type(value) is str and "\n" in value and _is_literal_safe(value):
        body, header = (value[:-1], "|") if value[-1] == "\n" else (value, "|-")
        lines = (" " * column + line if line else "" for line in body.split("\n"))
        return header + style.eol + style.eol.join(lines)
    return scalar(value)


def _is_literal_safe(text: str) -> bool:
    """Tell whether a literal block gives *text* again: no odd blanks, no odd characters."""
    if (
        text[0] in " \t\n"
        or text[-2:] == "\n\n"
        or text[-1] in " \t"
        or "\t\n" in text
        or " \n" in text
    ):
        return False
    return all(char.isprintable() or char in "\n\t" for char in text)


def block(value: Any, style: Style | None = None) -> str:
    """Return a whole value as a block document, with a final newline."""
    style = style or Style()
    if type(value) is dict and value:
        return mapping(value, 0, style) + style.eol
    if type(value) is list and value:
        return sequence(value, 0, style) + style.eol
    return scalar(value) + style.eol
