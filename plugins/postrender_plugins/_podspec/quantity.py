"""Quantities such as `500m` and `1Gi`: what they are worth, and how the API server writes them."""

import re
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import Any, Final, NamedTuple

_FORM: Final = re.compile(
    r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([EPTGMK]i)|([numkMGTPE])|[eE]([+-]?[0-9]{1,3}))?"
)
_BINARY: Final = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL: Final = {
    "n": -9,
    "u": -6,
    "m": -3,
    "": 0,
    "k": 3,
    "M": 6,
    "G": 9,
    "T": 12,
    "P": 15,
    "E": 18,
}
_SUFFIXES: Final = {power: suffix for suffix, power in _DECIMAL.items()}


class Quantity(NamedTuple):
    """An amount, and the family of suffixes that it was written with."""

    amount: Fraction
    family: str  #: `Ki`, `k` or `e`

    def __str__(self) -> str:
        """Write it as the API server does, such as `500m` for 0.5."""
        if self.family == "Ki" and abs(self.amount) >= 1024:  # noqa: PLR2004 - as the server
            return _in_binary(ceil(self.amount))
        return _in_decimal(self.amount, self.family)


def parse(value: Any) -> Quantity | None:
    """Return the quantity that a string or number means, None for none."""
    if type(value) is bool or not isinstance(value, str | int | float):
        return None
    return _parsed(str(value))


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Quantity | None:
    """Parse a text; most containers ask for the same few amounts."""
    match = _FORM.fullmatch(text)
    if not match:
        return None
    number, binary, decimal, exponent = match.groups()
    if binary:
        return Quantity(Fraction(number) * 1024 ** _BINARY.index(binary), "Ki")
    power = int(exponent) if exponent else _DECIMAL[decimal or ""]
    # The server keeps no more than three digits behind the point.
    amount = Fraction(ceil(Fraction(number) * Fraction(10) ** (power + 3)), 1000)
    return Quantity(amount, "e" if exponent else "k")


def _in_binary(amount: int) -> str:
    index = 0
    while amount % 1024 == 0 and index < len(_BINARY) - 1:
        amount //= 1024
        index += 1
    return f"{amount}{_BINARY[index]}"


def _in_decimal(amount: Fraction, family: str) -> str:
    powers = [power for power in _SUFFIXES if (amount / Fraction(10) ** power).denominator == 1]
    power = max(powers, default=0) if amount else 0
    number = int(amount / Fraction(10) ** power)
    if family == "e":
        return f"{number}e{power}"
    return f"{number}{_SUFFIXES[power]}"
