"""The beginning of a body, inflated just far enough to know what a listing shows."""

import codecs
import zlib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from postrender._errors import RecordCorrupt
from postrender.storage._codec import GZIP_WINDOW, is_gzip, one_line, unwrap
from postrender.storage._json import DECODER, has_surrogates

#: How much of a body is taken at once, in characters of base64; each step takes twice as much.
_STEP: Final = 1024
#: A body that has not told its summary by then is one to decode whole.
_FAR: Final = 64 * 1024


class Head(NamedTuple):
    """What a listing shows of a release, as it stands in the body."""

    name: str
    info: dict[str, Any]
    metadata: dict[str, Any] | None  #: of the chart


def read_head(body: bytes) -> Head | None:
    """Read the head of a release from its body, or from the beginning of it.

    None says that this is not possible: too little is there, it is not in Go's order (name, info,
    chart), or it is damaged. Then the whole body tells.
    """
    text = ""
    try:
        for piece in _pieces(one_line(body[:_FAR])):
            text += piece
            head = _parsed(text)
            if head:
                return None if has_surrogates(text) else head
    except (RecordCorrupt, RecursionError, zlib.error):
        pass
    return None


def _pieces(body: bytes) -> Iterator[str]:
    """Give the JSON of a beginning piece by piece."""
    # A character that is cut by the end of a piece comes with the next one.
    characters = codecs.getincrementaldecoder("utf-8")("replace")
    whole = len(body) // 4 * 4
    start, end = 0, min(_STEP, whole)
    packed = unwrap(body[:end])
    inflate = zlib.decompressobj(GZIP_WINDOW) if is_gzip(packed) else None
    while packed:
        yield characters.decode(inflate.decompress(packed) if inflate else packed)
        start, end = end, min(end + 2 * (end - start), whole)
        packed = unwrap(body[start:end])


def _parsed(text: str) -> Head | None:
    try:
        name, at = _member(text, 0, '{"name":', str)
        info, at = _member(text, at, ',"info":', dict)
        metadata, at = _member(text, at, ',"chart":{"metadata":', dict | None)
    except ValueError:
        return None
    return Head(name, info, metadata)


def _member(text: str, at: int, before: str, kind: Any) -> tuple[Any, int]:
    """Read a value that stands after *before*.

    :raises ValueError: when it is not all there, or something else is.
    """
    if not text.startswith(before, at):
        raise ValueError
    value, end = DECODER.raw_decode(text, at + len(before))
    if not isinstance(value, kind):
        raise ValueError  # noqa: TRY004
    return value, end
