"""What is known of the values of a kind: how the lists and maps in them are merged."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, Protocol


class Type(Protocol):
    """What is known of a map, or of the items of a list."""

    def field(self, name: str) -> "Field":
        """Return what is known of a field."""

    def resolve(self, kind: Callable[[], str]) -> "Type":
        """Return what is known once *kind* says what object the map is, as `apps/v1/Deployment`."""


class Field(NamedTuple):
    """What is known of a field of a map."""

    type: Type  #: of the field's map, or of its list's items
    strategy: str = ""  #: of `merge`, `replace` and `retainKeys`, those that hold; "" for neither
    keys: tuple[str, ...] = ()  #: the keys that tell the items of a list apart

    @property
    def is_merged(self) -> bool:
        """Tell whether lists are merged item by item."""
        return "merge" in self.strategy


class Unknown:
    """A map of which nothing is known."""

    def field(self, name: str) -> Field:
        """Return that nothing is known of a field either."""
        return UNKNOWN_FIELD

    def resolve(self, kind: Callable[[], str]) -> Type:
        """Return itself."""
        return self


UNKNOWN: Final = Unknown()
UNKNOWN_FIELD: Final = Field(UNKNOWN)


class MapOf:
    """A map with any keys whose values are of one type."""

    def __init__(self, values: Type) -> None:
        """Take the type of the values."""
        self._field = Field(values)

    def field(self, name: str) -> Field:
        """Return what is known of every value."""
        return self._field

    def resolve(self, kind: Callable[[], str]) -> Type:
        """Return itself."""
        return self


class Either:
    """A map of which two things are known; the first wins."""

    def __init__(self, first: Type, second: Type) -> None:
        """Take both."""
        self._first = first
        self._second = second

    def field(self, name: str) -> Field:
        """Return what is known of a field."""
        field = self._first.field(name)
        return self._second.field(name) if field is UNKNOWN_FIELD else field

    def resolve(self, kind: Callable[[], str]) -> Type:
        """Return itself."""
        return self


class Place:
    """A place below which something else is known than the type says."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.type: Type | None = None
        self.keys: tuple[str, ...] = ()
        self.below: dict[str, Place] = {}

    def at(self, path: tuple[str, ...]) -> "Place":
        """Return the place at *path* below this one; lists are entered by the name alone."""
        place = self
        for name in path:
            place = place.below.setdefault(name, Place())
        return place


class Overlay:
    """A type in which something else is known at some places."""

    def __init__(self, base: Type, places: Mapping[str, Place]) -> None:
        """Take what is known otherwise, and the places by the names of the fields."""
        self._base = base
        self._places = places

    def field(self, name: str) -> Field:
        """Return what is known of a field."""
        field = self._base.field(name)
        place = self._places.get(name)
        if place is None:
            return field
        if place.type is not None:
            field = Field(Either(place.type, field.type))
        if place.keys:
            field = Field(field.type, "merge", place.keys)
        return field._replace(type=Overlay(field.type, place.below)) if place.below else field

    def resolve(self, kind: Callable[[], str]) -> Type:
        """Return itself."""
        return self
