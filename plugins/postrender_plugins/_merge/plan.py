"""A strategic merge patch made ready: read once for each kind, and applied to many objects."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from postrender_plugins._merge import directives, unions
from postrender_plugins._merge.definitions import Described
from postrender_plugins._merge.directives import DirectiveError, Path, at
from postrender_plugins._merge.types import UNKNOWN, Field, Type
from postrender_plugins._merge.write import is_same

#: what the API server takes for a key that an item leaves out
DEFAULTS: Final = {"protocol": "TCP"}


class MapPlan:
    """What a patch does to a map."""

    def __init__(
        self,
        patch: Mapping[str, Any],
        of_map: Type,
        path: Path,
        *,
        literal: bool,
        without: str = "",
    ) -> None:
        """Read *patch*, which stands at *path*.

        :param literal: whether it is one of RFC 7386, without directives.
        :param without: a field to leave alone, as it has its value already.
        :raises DirectiveError: for a directive that is none.
        """
        self.patch = patch
        self.type = of_map
        self.path = path
        self.literal = literal
        self.union = "" if literal else unions.name_at(path)
        self.kind = ""  #: `delete` or `replace`, if the patch says so of the map
        self.retained: frozenset[str] | None = None
        self.deletions: Sequence[tuple[str, Sequence[Any]]] = ()
        self.orders: Sequence[tuple[str, Sequence[Any], Field]] = ()
        names: Sequence[str] = list(patch)
        orders: dict[str, Sequence[Any]] = {}
        if not literal:
            with at(path):
                self.kind = directives.kind_of(patch)
                names = [name for name in patch if not directives.is_directive(name)]
                self.retained = directives.retained(patch)
                orders = dict(directives.lists_of(patch, directives.ORDER))
                self.deletions = list(directives.lists_of(patch, directives.DELETE_FROM))
        self.fields = [
            self._field(name, orders.pop(name, None)) for name in names if name != without
        ]
        self.orders = [(name, order, of_map.field(name)) for name, order in orders.items()]

    def _field(self, name: str, order: Sequence[Any] | None) -> "FieldPlan":
        return FieldPlan(name, self.patch[name], self.type.field(name), order, self)

    @property
    def is_passage(self) -> bool:
        """Whether it only leads to one map or list below."""
        only = self.fields[0] if len(self.fields) == 1 else None
        return (
            only is not None
            and only.shape is not None
            and only.field.strategy != "replace"
            and not (self.kind or self.retained is not None or self.deletions or self.orders)
            and not self.union
            and not isinstance(only.field.type, Described)
        )

    @cached_property
    def passage(self) -> "tuple[Path, FieldPlan] | None":
        """The names that lead to the one map or list that the patch is about, if it is so."""
        if not self.is_passage:
            return None
        only = self.fields[0]
        below = only.below.passage if only.shape is dict else None
        if below is None:
            return (only.name,), only
        return (only.name, *below[0]), below[1]

    @cached_property
    def whole(self) -> Any:
        """What the map becomes where the patch replaces it."""
        rest = {name: each for name, each in self.patch.items() if name != directives.PATCH}
        return directives.clean(rest, self.path)


class FieldPlan:
    """What a patch does to a field."""

    def __init__(
        self, name: str, value: Any, field: Field, order: Sequence[Any] | None, holder: MapPlan
    ) -> None:
        """Read the value that the patch has for a field."""
        self.name = name
        self.value = value
        self.field = field
        self.order = order  #: what `$setElementOrder` says of it
        self.shape = type(value) if type(value) in (dict, list) else None
        if order is not None and self.shape is list:
            self._check_order(order, holder.path)
        self._path = (*holder.path, name)
        self._literal = holder.literal

    def _check_order(self, order: Sequence[Any], path: Path) -> None:
        """Refuse an order that leaves out an item of the patch, or contradicts it."""
        rest = iter(order)
        for item in self.value:
            is_deleted = isinstance(item, dict) and directives.PATCH in item
            if not is_deleted and not any(self.is_named(item, each) for each in rest):
                key = f"{directives.ORDER}{self.name}"
                message = "the items of the patch do not stand here in their order"
                raise DirectiveError(message, (*path, key))

    def is_named(self, item: Any, by: Any) -> bool:
        """Tell whether what stands in `$setElementOrder` names an item of the patch."""
        key = self.field.keys[0] if self.field.keys else ""
        if key and isinstance(item, dict) and isinstance(by, dict):
            return is_same(item.get(key), by.get(key))
        return is_same(item, by)

    @cached_property
    def below(self) -> MapPlan:
        """What the patch does to the map that the field holds."""
        return self.for_type(self.field.type)

    def for_type(self, of_map: Type) -> MapPlan:
        """Return what the patch does to a map of this type."""
        return MapPlan(self.value, of_map, self._path, literal=self._literal)

    @cached_property
    def new(self) -> Any:
        """What the field holds where it was not there; `DROPPED` if it is not to be there."""
        if self._literal:
            return _without_nulls(self.value)
        return directives.clean(self.value, self._path)

    @cached_property
    def all_items(self) -> Any:
        """The list that replaces the one that the field holds."""
        return self.value if self._literal else directives.verbatim(self.value, self._path)

    @cached_property
    def has_maps(self) -> bool:
        """Whether all items of the list that the patch has are maps."""
        return all(isinstance(item, dict) for item in self.value)

    @cached_property
    def items(self) -> "list[ItemPlan]":
        """What the patch does to the items of the list that the field holds, which are maps."""
        return [
            ItemPlan(item, self.field, (*self._path, index))
            for index, item in enumerate(self.value)
        ]

    @cached_property
    def is_whole(self) -> bool:
        """Whether the items of the patch are all that the list is to have."""
        return any(item.is_whole for item in self.items)

    @cached_property
    def may_lose(self) -> bool:
        """Whether the list replaces one of maps of which nothing is known."""
        is_unknown = self.field.type is UNKNOWN and not self._literal
        return is_unknown and any(isinstance(item, dict) for item in self.value)


class ItemPlan:
    """What a patch does to one item of a merged list of maps."""

    def __init__(self, patch: Any, field: Field, path: Path) -> None:
        """Read an item of the patch, or of an order.

        :raises DirectiveError: for one that does not say which item it is.
        """
        if not isinstance(patch, dict):
            raise DirectiveError("is no map, as the items of the list are", path)
        self.patch = patch
        self._field = field
        self._path = path
        with at(path):
            self.kind = directives.kind_of(patch)
            self.is_whole = directives.is_whole_list(patch)
        #: the keys that the item says, and those that it leaves out
        self.stated = [(key, patch[key]) for key in field.keys if patch.get(key) is not None]
        self.left_out = [key for key in field.keys if patch.get(key) is None]
        if field.keys[0] in self.left_out and not self.is_whole:
            message = f"the item has no `{field.keys[0]}`, which tells the items apart"
            raise DirectiveError(message, path)

    @cached_property
    def plan(self) -> MapPlan:
        """What it does to the item that is there."""
        key = self._field.keys[0]
        return MapPlan(self.patch, self._field.type, self._path, literal=False, without=key)

    @cached_property
    def new(self) -> Any:
        """What it is as a new item."""
        return directives.clean(self.patch, self._path)


def _without_nulls(value: Any) -> Any:
    """Return what a JSON Merge Patch makes of *value* where there is none; lists stay."""
    if not isinstance(value, dict):
        return value
    return {name: _without_nulls(each) for name, each in value.items() if each is not None}
