"""What a patch may do, and how it is meant, as far as its user has a choice."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from postrender import Location

Notify: TypeAlias = Callable[[str, Location], None]  #: takes a notice, and where it is about


class Style(NamedTuple):
    """How a merge is meant."""

    append: bool = False  #: whether new items of merged lists stand at the end
    allow_type_change: bool = False  #: whether a map, a list and a scalar may replace one another
    is_literal: bool = False  #: whether it is a JSON Merge Patch (RFC 7386), without directives


PLAIN: Final = Style()

#: the fields that say which object it is, and the choice that lets a merge change each
HEADER: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("apiVersion",), "allowKindChange"),
    (("kind",), "allowKindChange"),
    (("metadata", "name"), "allowNameChange"),
    (("metadata", "generateName"), "allowNameChange"),
    (("metadata", "namespace"), "allowNamespaceChange"),
)


class Choices(NamedTuple):
    """What a patch may do, and how it is meant."""

    style: Style = PLAIN
    is_targeted: bool = False  #: whether a selector finds the objects, and not the patch itself
    header: frozenset[str] = frozenset()  #: of the choices in `HEADER`, those that are made
    create_parents: bool = False  #: whether `add` makes the maps that are missing on its way
    ignore_missing: bool = False  #: whether `remove` may find nothing
    lenient: bool = False  #: whether `replace` may add, and a missing value passes for null
