"""Times as releases hold them: RFC 3339 with nanoseconds, kept as they are written."""

import re
import time
from contextlib import suppress
from datetime import datetime, timedelta
from functools import total_ordering
from typing import Final, Self

#: Go refuses, as RFC 3339 does, what Python's parser takes besides.
_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.(?P<fraction>\d+))?"
    r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_EPOCH: Final = datetime(1970, 1, 1)
_NANOSECONDS: Final = 1_000_000_000
#: The first of January of the year one, which in Go is the zero of times.
_YEAR_ONE: Final = -62_135_596_800 * _NANOSECONDS


@total_ordering
class Time:
    """A point in time, as it is written in a record; falsy when it is Go's zero time.

    Helm 3 writes the zero time as "", Helm 4 leaves it out. Times compare by the moment, so that
    the same moment with another offset is equal.
    """

    __slots__ = ("nanoseconds", "text")

    text: str  #: as it is written, with up to nine digits of a second and the writer's offset
    nanoseconds: int  #: since 1970; before all others for the zero time

    def __init__(self, text: str = "") -> None:
        """Read a time.

        :raises ValueError: when it is neither RFC 3339 nor "".
        """
        self.text = text
        self.nanoseconds = _nanoseconds(*_parsed(text)) if text else _YEAR_ONE

    @classmethod
    def now(cls) -> Self:
        """Return the time, in the local offset, as Helm writes it."""
        seconds, rest = divmod(time.time_ns(), _NANOSECONDS)
        return cls(_written(datetime.fromtimestamp(seconds).astimezone(), rest))

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """Return the time of a moment.

        :raises ValueError: when it has no offset.
        """
        if moment.tzinfo is None:
            raise ValueError("a time of a release has an offset")
        return cls(_written(moment.replace(microsecond=0), moment.microsecond * 1000))

    @property
    def datetime(self) -> datetime | None:
        """The time with its offset, cut to microseconds; None for the zero time."""
        return datetime.fromisoformat(self.text) if self else None

    def __bool__(self) -> bool:
        """Tell whether it is a time at all."""
        return self.nanoseconds != _YEAR_ONE

    def __eq__(self, other: object) -> bool:
        """Compare the moments."""
        return self.nanoseconds == other.nanoseconds if isinstance(other, Time) else NotImplemented

    def __lt__(self, other: "Time") -> bool:
        """Compare the moments."""
        return self.nanoseconds < other.nanoseconds

    def __hash__(self) -> int:
        """Hash the moment."""
        return hash(self.nanoseconds)

    def __str__(self) -> str:
        """Return the text as it is written."""
        return self.text

    def __repr__(self) -> str:
        """Show the text as it is written."""
        return f"Time({self.text!r})"


def _parsed(text: str) -> tuple[datetime, str]:
    match = _RFC3339.fullmatch(text)
    if match:
        # There are strings of this form that are no days, such as the 30th of February.
        with suppress(ValueError):
            return datetime.fromisoformat(text), match["fraction"] or ""
    raise ValueError("is no RFC 3339 time")


def _nanoseconds(moment: datetime, fraction: str) -> int:
    offset = moment.utcoffset()
    local = moment.replace(tzinfo=None, microsecond=0) - _EPOCH
    seconds = (local - offset if offset else local) // timedelta(seconds=1)
    return seconds * _NANOSECONDS + int(fraction[:9].ljust(9, "0"))


def _written(moment: datetime, nanoseconds: int) -> str:
    """Write whole seconds and the rest as Go does: no zeros at the end, Z for no offset."""
    text, offset = moment.isoformat()[:19], moment.isoformat()[19:25]
    fraction = f".{nanoseconds:09}".rstrip("0") if nanoseconds else ""
    return text + fraction + ("Z" if offset == "+00:00" else offset)


#: The zero time, for which there may be no text at all.
ZERO: Final = Time()
