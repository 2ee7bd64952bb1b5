"""Lists that are merged item by item: maps by their keys, scalars as a set."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from postrender import EditError, Manifest
from postrender_plugins._merge.directives import Path
from postrender_plugins._merge.order import arranged
from postrender_plugins._merge.plan import DEFAULTS, FieldPlan, ItemPlan
from postrender_plugins._merge.types import Field
from postrender_plugins._merge.write import New, become, is_same, rearrange

if TYPE_CHECKING:
    from postrender_plugins._merge.strategic import Merge

_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")


def merge(merge: "Merge", path: Path, plan: FieldPlan) -> None:
    """Merge the items of a patch into the list at *path*.

    :raises EditError: where it does not apply.
    """
    manifest = merge.manifest
    if not plan.value:
        return
    if plan.has_maps and plan.field.keys:
        _merge_maps(merge, Items(merge, path, plan.field), plan)
    elif plan.has_maps:
        message = "nothing says what tells the items of this list apart"
        raise EditError(message, location=manifest.at(path), hint="say it in `mergeKeys`")
    else:
        live = manifest.get(path)
        if any(isinstance(item, dict) for item in (*live, *plan.value)):
            raise _mixture(manifest, path)
        _merge_scalars(merge, path, live, plan)


def _mixture(manifest: Manifest, path: Path) -> EditError:
    message = "the list has maps as well as other items, so it cannot be merged"
    return EditError(message, location=manifest.at(path))


def delete_scalars(manifest: Manifest, path: Path, values: Sequence[Any]) -> None:
    """Remove scalars from the list at *path*, if there is one."""
    if manifest.kind_at(path) is list:
        for index, item in reversed(list(enumerate(manifest.get(path)))):
            if _index(values, item) is not None:
                manifest.delete((*path, index))


def reorder(merge: "Merge", path: Path, order: Sequence[Any], field: Field) -> None:
    """Give the items of the list at *path* an order; those that it does not name stay around."""
    if merge.manifest.kind_at(path) is not list:
        return
    length = merge.manifest.length_at(path)
    if field.keys:
        items = Items(merge, path, field)
        found = [items.find(ItemPlan(each, field, path)) for each in order]
    else:
        live = merge.manifest.get(path)
        found = [_index(live, each) for each in order]
    named: list[int | New] = list(dict.fromkeys(each for each in found if each is not None))
    rearrange(merge.manifest, path, arranged(range(length), named))


# -- scalars --------------------------------------------------------------------------------------


def _merge_scalars(merge: "Merge", path: Path, live: Sequence[Any], plan: FieldPlan) -> None:
    patch = [item for i, item in enumerate(plan.value) if _index(plan.value[:i], item) is None]
    order = plan.order
    if order is not None:
        known = (*patch, *live)
        patch = [item for item in order if _index(known, item) is not None]
    indexes = ((item, _index(live, item)) for item in patch)
    named = [New(item) if index is None else index for item, index in indexes]
    final = arranged(range(len(live)), named, append=merge.style.append and order is None)
    rearrange(merge.manifest, path, final)


def _index(items: Sequence[Any], wanted: Any) -> int | None:
    return next((index for index, item in enumerate(items) if is_same(item, wanted)), None)


# -- maps -----------------------------------------------------------------------------------------


def _merge_maps(merge: "Merge", items: "Items", plan: FieldPlan) -> None:
    path = items.path
    if plan.is_whole:
        become(merge.manifest, path, [each.new for each in plan.items if not each.kind])
        return
    for each in plan.items:
        if each.kind == "delete":
            items.drop(each)
    patch = [each for each in plan.items if not each.kind]
    found = [items.find(each) for each in patch]
    _refuse_twins(merge, path, patch, found)
    for each, index in zip(patch, found, strict=True):
        if index is not None:
            merge.merge_map((*path, index), each.plan)
    if plan.order is None and items.are_kept(found):
        return
    pairs = zip(patch, found, strict=True)
    named = [New(each.new) if index is None else index for each, index in pairs]
    if plan.order is not None:
        named = _ordered(items, plan, dict(zip(map(id, patch), named, strict=True)))
    final = arranged(items.alive, named, append=merge.style.append and plan.order is None)
    rearrange(merge.manifest, path, final)


def _ordered(items: "Items", plan: FieldPlan, named: dict[int, int | New]) -> list[int | New]:
    """Return what `$setElementOrder` names, in its order."""
    rest = [each for each in plan.items if not each.kind]
    result: list[int | New] = []
    for value in plan.order or ():
        each = ItemPlan(value, plan.field, items.path)
        if rest and plan.is_named(rest[0].patch, value):
            result.append(named[id(rest.pop(0))])
        elif (index := items.find(each)) is not None and index not in result:
            result.append(index)
    return result


def _refuse_twins(
    merge: "Merge", path: Path, patch: Sequence[ItemPlan], found: Sequence[int | None]
) -> None:
    """Refuse a patch with two items that mean one."""
    indexes = [index for index in found if index is not None]
    news = [each.stated for each, index in zip(patch, found, strict=True) if index is None]
    if len(set(indexes)) < len(indexes) or any(each in news[:i] for i, each in enumerate(news)):
        message = "two items of the patch are for the same item of the list"
        raise EditError(message, location=merge.manifest.at(path))


class Items:
    """The maps of a list, told apart by their keys."""

    def __init__(self, merge: "Merge", path: Path, field: Field) -> None:
        """Look at the list at *path*; raises `EditError` if it has items that are no maps."""
        manifest = merge.manifest
        self.path = path
        self.alive = list(range(manifest.length_at(path)))  #: the indexes of those that stay
        self._merge = merge
        self._keys = [
            {key: manifest.get((*path, index, key), DEFAULTS.get(key)) for key in field.keys}
            for index in self.alive
        ]
        for index, keys in enumerate(self._keys):
            if keys[field.keys[0]] is None and manifest.kind_at((*path, index)) is not dict:
                raise _mixture(manifest, path)

    def are_kept(self, found: Sequence[int | None]) -> bool:
        """Tell whether the list keeps its items, in their order."""
        is_whole = len(self.alive) == len(self._keys)
        olds = [index for index in found if index is not None]
        return is_whole and len(olds) == len(found) and olds == sorted(olds)

    def drop(self, item: ItemPlan) -> None:
        """Let go of what agrees with an item that the patch deletes."""
        doomed = self._agreeing(item)
        self.alive = [index for index in self.alive if index not in doomed]

    def find(self, item: ItemPlan) -> int | None:
        """Return the index of the item of the list that one of the patch is for, None for none.

        :raises EditError: where it could be any of several.
        """
        found = self._agreeing(item)
        if len(found) > 1 and item.left_out:
            out = item.left_out
            found = [i for i in found if all(self._keys[i][k] == DEFAULTS.get(k) for k in out)]
            if not found:
                raise self._failure(f"several items fit the one of the patch, without `{out[0]}`")
        if len(found) > 1:
            self._tell_of_twins(found[-1], item.stated[0][0])
        return found[-1] if found else None

    def _agreeing(self, item: ItemPlan) -> list[int]:
        """Return the indexes of the items that agree with every key that *item* has."""
        keys = self._keys
        return [i for i in self.alive if all(is_same(keys[i][k], v) for k, v in item.stated)]

    def _tell_of_twins(self, index: int, key: str) -> None:
        """Tell that several items of the list have one identity; the last one counts."""
        what = f"several items have the same `{key}`"
        if self.path[-1] in _CONTAINERS:
            raise self._failure(what)
        place = self._merge.manifest.at((*self.path, index))
        self._merge.notify(f"{what}; the last one, which counts, is patched", place)

    def _failure(self, message: str) -> EditError:
        return EditError(message, location=self._merge.manifest.at(self.path))
