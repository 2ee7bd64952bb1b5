"""The fields of a JSON object, read as Go reads them into a struct."""

import binascii
from collections.abc import Mapping
from typing import Any, TypeVar

from postrender._errors import RecordCorrupt
from postrender.storage._times import ZERO, Time

_T = TypeVar("_T")


def fold(name: str) -> str:
    """Return what is the same for two names of which Go takes one for the other."""
    return name.casefold()


class Fields:
    """The fields of an object: names match in any case, and null is as good as absent.

    A field of another type is `RecordCorrupt`; the message names the field, never its value.
    """

    __slots__ = ("_path", "_values", "stored")

    stored: Mapping[str, Any]  #: the object as it is

    def __init__(self, value: object, path: str = "") -> None:
        """Take an object, or None for an empty one.

        :param path: where it stands, as in `chart.metadata`; "" is the release itself.
        """
        self._path = path
        self.stored = {} if value is None else _typed(value, dict, path or "the release")
        self._values = {fold(key): item for key, item in self.stored.items()}

    def __contains__(self, name: str) -> bool:
        """Tell whether the field is there, be it null."""
        return fold(name) in self._values

    def value(self, name: str) -> Any:
        """Return what is there, None if nothing is."""
        return self._values.get(fold(name))

    def text(self, name: str) -> str:
        """Return a string."""
        return self._read(name, str, "")

    def flag(self, name: str) -> bool:
        """Return a boolean."""
        return self._read(name, bool, False)

    def number(self, name: str) -> int:
        """Return a whole number."""
        return self._read(name, int, 0)

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an object as it is, not a copy."""
        return self._read(name, dict, {})

    def items(self, name: str) -> list[Any]:
        """Return a list as it is, not a copy."""
        return self._read(name, list, [])

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings."""
        path = self.path(name)
        return tuple(_text(item, f"{path}[{i}]") for i, item in enumerate(self.items(name)))

    def text_map(self, name: str) -> dict[str, str]:
        """Return an object of strings."""
        path = self.path(name)
        return {key: _text(item, f"a value of {path}") for key, item in self.mapping(name).items()}

    def fields(self, name: str) -> "Fields":
        """Return the fields of an object."""
        return Fields(self.value(name), self.path(name))

    def each(self, name: str) -> list["Fields"]:
        """Return the fields of each object of a list."""
        path = self.path(name)
        return [Fields(item, f"{path}[{i}]") for i, item in enumerate(self.items(name))]

    def time(self, name: str) -> Time:
        """Return a time; the zero time for "" and for none at all."""
        text = self.text(name)
        try:
            return Time(text) if text else ZERO
        except ValueError as error:
            raise RecordCorrupt(f"{self.path(name)} {error}") from None

    def data(self, name: str) -> bytes:
        """Return bytes, which stand there as base64."""
        text = self.text(name).translate(_LINE_BREAKS)
        try:
            return binascii.a2b_base64(text, strict_mode=True)
        except (binascii.Error, ValueError):
            raise RecordCorrupt(f"{self.path(name)} is no base64") from None

    def path(self, name: str) -> str:
        """Return where a field stands, for messages."""
        return f"{self._path}.{name}" if self._path else name

    def _read(self, name: str, kind: type[_T], zero: _T) -> _T:
        value = self.value(name)
        return zero if value is None else _typed(value, kind, self.path(name))


def _text(value: object, path: str) -> str:
    return "" if value is None else _typed(value, str, path)


def _typed(value: object, kind: type[_T], path: str) -> _T:
    # To Python, a boolean is a whole number.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise RecordCorrupt(f"{path} is {_KINDS[type(value)]} where {_KINDS[kind]} belongs")
    return value


_LINE_BREAKS = {ord("\r"): None, ord("\n"): None}  # which Go's decoder skips
_KINDS: Mapping[type, str] = {
    bool: "a boolean",
    dict: "an object",
    float: "a number with a fraction",
    int: "a whole number",
    list: "a list",
    str: "a string",
    type(None): "null",
}
