"""From a stream of bytes to its documents and back, as Kubernetes splits it: before any YAML.

A line that begins with `---` separates documents; behind it only blanks or a comment may stand.
JSON objects may follow one another without a separator. Joining the parts gives the stream again.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from postrender._yaml.errors import YamlError

BOM = b"\xef\xbb\xbf"
SEPARATOR = b"---"

_COMMENT = re.compile(rb"\s*(?:#|\Z)")


class Part(NamedTuple):
    """A document of a stream: the separator line (and byte order mark) in front, and its text."""

    head: bytes
    body: bytes


def split(stream: bytes) -> Iterator[Part]:
    """Cut *stream* into its documents, those without content too; `b""` has none.

    Raises `YamlError` for a separator line with something behind the dashes.
    """
    if not stream:
        return
    head_start = start = 0  # where a document's separator line starts, and where its text does
    if stream.startswith(SEPARATOR):
        start = _line_after(stream, 0)
    while True:
        found = stream.find(b"\n---", max(start - 1, 0))
        end = len(stream) if found < 0 else found + 1
        yield from _parts(stream[head_start:start], stream[start:end])
        if found < 0:
            return
        head_start, start = end, _line_after(stream, end)


def _line_after(stream: bytes, at: int) -> int:
    """Return where the line behind the separator line at *at* starts."""
    stop = stream.find(b"\n", at)
    stop = len(stream) if stop < 0 else stop + 1
    rest = stream[at + len(SEPARATOR) : stop]
    if not _COMMENT.match(rest):
        line = stream.count(b"\n", 0, at) + 1
        raise YamlError("invalid document separator: text behind the dashes", line, 4)
    return stop


def _parts(head: bytes, body: bytes) -> Iterator[Part]:
    """Yield one part, or one for each JSON object when several follow one another."""
    if body.startswith(BOM):
        head, body = head + BOM, body[len(BOM) :]
    bodies = [body]
    if body[:1] in b"{ \t\r\n" and body.lstrip()[:1] == b"{":
        bodies = _json_objects(body)
    yield Part(head, bodies[0])
    for each in bodies[1:]:
        yield Part(b"", each)


def _json_objects(body: bytes) -> list[bytes]:
    """Cut a text of JSON objects into one text for each; any other text stays whole."""
    from json import JSONDecoder  # few streams hold JSON

    try:
        text = body.decode()
        decode = JSONDecoder().raw_decode
        cuts = [0]
        at = len(text) - len(text.lstrip())
        while at < len(text):
            if text[at] != "{":
                return [body]
            at = decode(text, at)[1]
            rest = text[at : at + 1]
            while rest and rest.isspace():
                at += 1
                rest = text[at : at + 1]
            cuts.append(at)
    except (ValueError, RecursionError):
        return [body]
    return [text[a:b].encode() for a, b in pairwise(cuts)]
