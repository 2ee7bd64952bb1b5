"""From the lines of a simple document to its nodes."""

import re
from functools import lru_cache

from postrender._yaml.lines.rules import DOUBLE, EMPTY, KEY, PLAIN, REST, SINGLE
from postrender._yaml.nodes import (
    Entry,
    Item,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Skipped,
    Wanted,
    below,
)
from postrender._yaml.scalars import SPECIAL, key_name, resolve


class NotSimple(Exception):
    """A part of a simple text whose values take a parser."""


_ANY = rf"({PLAIN})|({DOUBLE})|({SINGLE})|([\[{{][^\n#]*[\]}}])|([|>][-+]?)"
_ENTRY = re.compile(rf"({KEY}):(?:{REST}|[ ]++(?:{_ANY}){REST})")
_ITEM = re.compile(rf"()(?!{KEY}:(?:[ ]|\n))(?:{_ANY}){REST}")
_TOKEN = re.compile(rf"-?[A-Za-z0-9_/][A-Za-z0-9_./-]*+|{DOUBLE}|{SINGLE}")
_CONTENT = re.compile(rf"{EMPTY}([ ]*+)")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_PLAIN_STYLE, _FLOW_STYLE, _BLOCK_STYLE = 2, 5, 6  # groups of an entry or item


def root(text: str, wanted: Wanted) -> Mapping:
    """Return the root of a simple *text*; raises `NotSimple` where a wanted value is not."""
    start = _content(text, 0)
    if text[start] == "{":
        node = _flow(text, start)
        assert isinstance(node, Mapping)
        return node
    return _mapping(text, start, len(text), start - text.rfind("\n", 0, start) - 1, wanted)


def expand(text: str, skipped: Skipped, wanted: Wanted) -> Mapping | Sequence:
    """Build a skipped block collection of a simple *text*."""
    build = _sequence if text[skipped.start] == "-" else _mapping
    return build(text, skipped.start, skipped.stop, skipped.column, wanted)


def _content(text: str, at: int) -> int:
    """Return where the first character of content stands from the line start *at* on."""
    match = _CONTENT.match(text, at)
    return match.end() if match else at


def _starts(text: str, start: int, stop: int, column: int, head: str) -> list[int]:
    """Return where the members of a block collection start: *start*, and lines at *column*."""
    return [start, *[match.end() for match in _heads(column, head).finditer(text, start, stop)]]


@lru_cache(maxsize=128)
def _heads(column: int, head: str) -> re.Pattern[str]:
    """Return the pattern of a line ending and the blanks before a member at *column*."""
    return re.compile(rf"\n[ ]{{{column}}}(?={head})")


def _mapping(text: str, start: int, stop: int, column: int, wanted: Wanted) -> Mapping:
    """Build the mapping whose first key is at *start* and whose lines end at *stop*."""
    mapping = Mapping(start, start, column)
    starts = _starts(text, start, stop, column, "[^ \n#-]")
    match_entry = _ENTRY.match
    for at, following in zip(starts, [*starts[1:], stop + column], strict=True):
        match = match_entry(text, at)
        if match is None:
            raise NotSimple
        key = _scalar(at, match.end(1), match[1])
        name = _name(key)
        after = following - column  # the start of the next member's line
        node: Node
        if match.lastindex == _PLAIN_STYLE and match.end() == after:
            node = Scalar(match.start(2), match.end(2), match[2], "")
        else:
            node = _value_node(text, match, after, column, wanted, name)
        mapping.entries.append(Entry(key, name, node))
    mapping.end = mapping.entries[-1].value.end
    return mapping


def _name(key: Scalar) -> str:
    """Return a key as JSON has it."""
    return key.text if key.style or key.text[0] not in SPECIAL else key_name(resolve(key.text))


def _sequence(text: str, start: int, stop: int, column: int, wanted: Wanted) -> Sequence:
    """Build the sequence whose first dash is at *start* and whose lines end at *stop*."""
    sequence = Sequence(start, start)
    starts = _starts(text, start, stop, column, "- ")
    for at, following in zip(starts, [*starts[1:], stop + column], strict=True):
        after = following - column
        match = _ITEM.match(text, at + 2)
        if match is not None:
            node = _value_node(text, match, after, column, None, None)
        else:
            node = _mapping(text, at + 2, after, column + 2, None)
        sequence.items.append(Item(node, node))
    sequence.end = sequence.items[-1].value.end
    return sequence


def _value_node(
    text: str, match: re.Match[str], after: int, column: int, wanted: Wanted, name: str | None
) -> Node:
    """Build what follows a key or a dash at *column*, its lines ending at *after*."""
    kind = match.lastindex or 1
    if kind == _BLOCK_STYLE:
        return _literal(text, match, after, column)
    if kind == 1:
        return _nested(text, match, after, wanted, name)
    if _content(text, match.end()) < after and kind == _PLAIN_STYLE:
        raise NotSimple  # the scalar goes on
    start, end = match.span(kind)
    if kind == _FLOW_STYLE:
        return _flow(text, start)
    return _scalar(start, end, match[kind])


def _scalar(start: int, end: int, raw: str) -> Scalar:
    """Build a plain or quoted scalar from its text."""
    style = raw[0] if raw[0] in "\"'" else ""
    if not style:
        return Scalar(start, end, raw, "")
    value = raw[1:-1]
    if style == "'":
        return Scalar(start, end, value.replace("''", "'"), style)
    if "\\u" in value:
        raise NotSimple
    if "\\" in value:
        value = _ESCAPE.sub(lambda each: _ESCAPES.get(each[1], each[1]), value)
    return Scalar(start, end, value, style)


def _flow(text: str, start: int) -> Mapping | Sequence | Scalar:
    """Build what stands at *start* within a flow collection, or a whole one."""
    if text[start] not in "[{":
        match = _TOKEN.match(text, start)
        if match is None:
            raise NotSimple
        return _scalar(start, match.end(), match[0])
    node: Mapping | Sequence
    node = (
        Mapping(start, start, flow=True)
        if text[start] == "{"
        else Sequence(start, start, flow=True)
    )
    at = _behind(text, start + 1, " ")
    while text[at] not in "]}":
        value = _flow(text, at)
        if isinstance(node, Sequence):
            node.items.append(Item(value, value))
        else:
            assert isinstance(value, Scalar)
            key, value = value, _flow(text, _behind(text, value.end, ": "))
            node.entries.append(Entry(key, _name(key), value))
        at = _behind(text, value.end, ", ")
    node.end = at + 1
    return node


def _behind(text: str, at: int, skipped: str) -> int:
    """Return where something else than the characters *skipped* stands from *at* on."""
    while text[at] in skipped:
        at += 1
    return at


def _nested(text: str, match: re.Match[str], after: int, wanted: Wanted, name: str | None) -> Node:
    """Build the collection on the lines below a key, or null where there is none."""
    start = _content(text, match.end())
    if start >= after:
        colon = match.end(1) + 1
        return Scalar(colon, colon, "", "")
    if text[start] in "{[":
        return _flow(text, start)
    column = start - text.rfind("\n", 0, start) - 1
    is_built, inner = below(wanted, name)
    if not is_built:
        return Skipped(start, column, after)
    build = _sequence if text[start] == "-" else _mapping
    return build(text, start, after, column, inner)


def _literal(text: str, match: re.Match[str], after: int, column: int) -> Scalar:
    """Build a literal block scalar; a folded one takes a parser."""
    start = match.start(_BLOCK_STYLE)
    header = match[_BLOCK_STYLE]
    begin = match.end() if text[match.end() - 1] == "\n" else text.index("\n", start) + 1
    if header[0] == ">":
        raise NotSimple
    first = begin
    while first < after and text[first] == "\n":
        first += 1
    indent = _content_column(text, first)
    if first >= after or indent <= column or text[first + indent] == "\n":
        raise NotSimple  # the scalar is empty
    end = _block_lines(indent).match(text, begin, after).end()  # type: ignore[union-attr]
    value = "\n".join(line[indent:] for line in text[begin:end].split("\n"))
    if header[1:] != "+":
        value = value.rstrip("\n") + ("" if header[1:] == "-" else "\n")
    return Scalar(start, end, value, "|")


def _content_column(text: str, at: int) -> int:
    """Return how many blanks stand from *at* on."""
    end = at
    while text[end : end + 1] == " ":
        end += 1
    return end - at


@lru_cache(maxsize=128)
def _block_lines(indent: int) -> re.Pattern[str]:
    """Return the pattern of the lines of a block scalar."""
    return re.compile(rf"(?:[ ]{{{indent}}}[^\n]*+\n|[ ]*+\n)*+")
