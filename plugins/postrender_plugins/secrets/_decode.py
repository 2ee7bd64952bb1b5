"""What a value encodes: base64, gzip, and how much of it may be unpacked."""

import re
from typing import Final

from postrender_plugins.secrets._digits import unbase64

DEEPEST: Final = 3
_LARGEST: Final = 1 << 20  #: bytes that one value may unpack to
_TOTAL: Final = 16 << 20  #: bytes that all of a stream may
_GZIP: Final = b"\x1f\x8b"
_JKS: Final = b"\xfe\xed\xfe\xed"
_PKCS12: Final = b"\x02\x01\x03\x30"
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/\n]{24,}={0,2}\n?")
_RATIO: Final = 100


class Budget:
    """How much may still be decoded, and whether something was left because of it."""

    def __init__(self) -> None:
        """Start with the whole of it."""
        self.left = _TOTAL
        self.is_spent = False

    def take(self, size: int) -> bool:
        """Take *size* bytes; tell whether they were there."""
        if size > _LARGEST or size > self.left:
            self.is_spent = True
            return False
        self.left -= size
        return True


def decode(value: str, budget: Budget) -> bytes | None:
    """Return what *value* encodes in base64, None for no base64 or too much of it."""
    return unbase64(value) if budget.take(len(value) * 3 // 4) else None


def text_of(raw: bytes, budget: Budget) -> str | None:
    """Return the text that *raw* is, packed or not; None for anything else."""
    if raw.startswith(_GZIP):
        raw = _unpacked(raw, budget)
    try:
        text = raw.decode()
    except UnicodeError:
        return None
    if "\0" in text or sum(not (each.isprintable() or each.isspace()) for each in text[:200]):
        return None
    return text


def _unpacked(raw: bytes, budget: Budget) -> bytes:
    from zlib import MAX_WBITS, decompressobj, error  # few streams hold what is packed

    most = min(_LARGEST, budget.left, len(raw) * _RATIO)
    stream = decompressobj(MAX_WBITS | 16)
    try:
        data = stream.decompress(raw, most)
    except error:
        return b"\0"
    if stream.unconsumed_tail:
        budget.is_spent = True
    budget.left -= len(data)
    return data


def may_encode(value: str) -> bool:
    """Tell whether *value* as a whole may be the base64 of a text."""
    return len(value) % 4 in (0, 1) and _ENCODED.fullmatch(value) is not None


def is_keystore(raw: bytes) -> bool:
    """Tell whether *raw* is a Java or PKCS 12 keystore with a private key."""
    if raw.startswith(_JKS):
        return raw[12:16] == b"\0\0\0\1"  # a store of trusted certificates has entries of tag 2
    return raw[:1] == b"\x30" and _PKCS12 in raw[:12]
