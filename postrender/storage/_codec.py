"""The encoding of a body: base64 of gzip of the release's JSON, as in every store of Helm."""

import binascii
import struct
import zlib
from typing import Final

from postrender._errors import RecordCorrupt

#: A release may hold a chart of 100 MiB in base64, and what it renders; more is no release.
LIMIT: Final = 512 * 1024 * 1024

_MAGIC: Final = b"\x1f\x8b\x08"
#: Go's header says: no time, best compression, unknown operating system. Python's own says Unix.
_HEADER: Final = _MAGIC + b"\x00\x00\x00\x00\x00\x02\xff"
#: Says to zlib: a gzip header and a checksum, the largest window.
GZIP_WINDOW: Final = zlib.MAX_WBITS | 16


def encode(text: bytes) -> bytes:
    """Encode the JSON of a release as a body."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    trailer = struct.pack("<LL", zlib.crc32(text), len(text) & 0xFFFFFFFF)
    packed = b"".join((_HEADER, deflate.compress(text), deflate.flush(), trailer))
    return binascii.b2a_base64(packed, newline=False)


def decode(body: bytes, *, limit: int = LIMIT) -> bytes:
    """Decode a body to the JSON of its release.

    :param limit: how many bytes of JSON to take at most.
    :raises RecordCorrupt: when it is no base64, no whole gzip, or inflates to more than *limit*.
    """
    packed = unwrap(one_line(body))
    text = _inflate(packed, limit) if is_gzip(packed) else packed
    if not text.lstrip(b" \t\r\n").startswith(b"{"):
        # Said here because a body that lost its end may have become too short to be gzip.
        raise RecordCorrupt("is neither gzip nor a JSON object" if text else "is empty")
    return text


def one_line(body: bytes) -> bytes:
    """Take line breaks out of base64, as Go's decoder does; it takes no other liberty."""
    return body.translate(None, b"\r\n") if b"\n" in body or b"\r" in body else body


def unwrap(line: bytes) -> bytes:
    """Undo the base64 of a body, or of a part of it that is cut at a multiple of four.

    :raises RecordCorrupt: when it is no base64.
    """
    try:
        return binascii.a2b_base64(line, strict_mode=True)
    except (binascii.Error, ValueError):
        raise RecordCorrupt("is no base64") from None


def is_gzip(packed: bytes) -> bool:
    """Tell whether a body without its base64 is gzip; those of early releases are plain JSON."""
    return len(packed) > len(_MAGIC) and packed.startswith(_MAGIC)


def _inflate(packed: bytes, limit: int) -> bytes:
    """Inflate all members of a gzip; Go reads several, one after another, as one."""
    parts = []
    while packed:
        inflate = zlib.decompressobj(GZIP_WINDOW)
        try:
            part = inflate.decompress(packed, limit + 1)
        except zlib.error:
            raise RecordCorrupt("is damaged gzip") from None
        limit -= len(part)
        if limit < 0:
            raise RecordCorrupt("inflates to more than a release can hold")
        if not inflate.eof:
            raise RecordCorrupt("is gzip without its end")
        parts.append(part)
        packed = inflate.unused_data
    return b"".join(parts)
