"""Protobuf's wire format, as far as the objects of Kubernetes need it."""

from collections.abc import Iterator
from typing import Final, Protocol

_CONTINUES: Final = 0x80  #: the bit of a number's bytes that says that another one follows
_BYTES: Final = 2  #: the wire type of bytes, text and messages
_KEY: Final = 0x0A  #: the tag of the key of an entry of a map
_VALUE: Final = 0x12
_SHORTEST: Final = 3  #: bytes of an entry that has both
_FIXED: Final = {1: 8, 5: 4}  #: bytes of the wire types that no field we read has


class Stream(Protocol):
    """Bytes that come one after the other, such as those of an answer."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer only at the end."""


def fields(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int, int]]:
    """Return number and value of each field of the message that is at a place in *data*.

    The value is the two ends of its bytes; of a number it is the number, and -1.

    :raises ValueError: when this is no message.
    """
    at, end = start, len(data) if end is None else end
    try:
        while at < end:
            tag, at = data[at], at + 1
            if tag >= _CONTINUES:
                tag, at = _number(data, at - 1)
            if tag & 7 == _BYTES:
                size, at = data[at], at + 1
                if size >= _CONTINUES:
                    size, at = _number(data, at - 1)
                yield tag >> 3, at, at + size
                at += size
            elif tag & 7 == 0:
                value, at = _number(data, at)
                yield tag >> 3, value, -1
            else:
                at += _FIXED[tag & 7]
    except (IndexError, KeyError):
        raise ValueError("this is no message of protobuf") from None
    if at != end:
        raise ValueError("a field is longer than its message")


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at a place, and where it ends."""
    value = shift = 0
    while (byte := data[at]) >= _CONTINUES:
        value |= (byte & 0x7F) << shift
        shift += 7
        at += 1
    return value | byte << shift, at + 1


def entry(data: bytes, start: int, end: int) -> tuple[bytes, int, int]:
    """Return the key of an entry of a map, and the two ends of its value.

    :raises ValueError: when this is no message.
    """
    # As almost all are written: key and value, both of less than 128 bytes.
    at = start + 2 + data[start + 1] if end - start > _SHORTEST else end
    if at < end - 1 and data[start] == _KEY and data[at] == _VALUE and at + 2 + data[at + 1] == end:
        return data[start + 2 : at], at + 2, end
    found = {number: (first, last) for number, first, last in fields(data, start, end)}
    return data[slice(*found.get(1, (0, 0)))], *found.get(2, (0, 0))


class Message:
    """A message that is read from a stream, field by field, so that no more is in memory.

    All of its fields are bytes of a length, and have numbers below 16.
    """

    def __init__(self, stream: Stream, size: int | None = None) -> None:
        """Read so many bytes, or to the end of the stream."""
        self._stream = stream
        self._left = size

    def fields(self) -> Iterator[tuple[int, int]]:
        """Return number and size of each field, whose bytes must be taken before the next.

        :raises ValueError: when the stream has no such message, or ends too early.
        """
        while self._left != 0:
            tag = self._stream.read(1) if self._left is None else self.take(1)
            if not tag:
                return
            if tag[0] & (_CONTINUES | 7) != _BYTES:
                raise ValueError("this is no list of objects")
            yield tag[0] >> 3, self._size()

    def take(self, size: int) -> bytes:
        """Return the next bytes.

        :raises ValueError: when there are fewer.
        """
        self._use(size)
        data = self._stream.read(size)
        if len(data) < size:
            raise ValueError("an answer ends too early")
        return data

    def message(self, size: int) -> "Message":
        """Return the message that the next bytes are, which must be read to its end."""
        self._use(size)
        return Message(self._stream, size)

    def _use(self, size: int) -> None:
        if self._left is not None:
            self._left -= size
            if self._left < 0:
                raise ValueError("a field is longer than its message")

    def _size(self) -> int:
        value = shift = 0
        while (byte := self.take(1)[0]) >= _CONTINUES:
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift
