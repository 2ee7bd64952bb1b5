"""Strategic merge patches, as the API server applies them, written as small edits.

The walk follows the patch, not the object: what the patch does not name is not even looked at.
"""

from typing import Any, Final

from postrender import EditError, Manifest
from postrender_plugins._merge import lists, unions
from postrender_plugins._merge.choices import PLAIN, Notify, Style
from postrender_plugins._merge.directives import DROPPED, DirectiveError, Path
from postrender_plugins._merge.plan import FieldPlan, MapPlan
from postrender_plugins._merge.write import become, is_same

_NAMES: Final[dict[type | None, str]] = {dict: "a map", list: "a list", None: "a scalar"}


class Merge:
    """The merge of one patch into one object."""

    def __init__(
        self, manifest: Manifest, notify: Notify, style: Style = PLAIN, *, is_known: bool = False
    ) -> None:
        """Take the object, what takes notices, and how the patch is meant.

        :param is_known: whether the object's kind is Kubernetes' own.
        """
        self.manifest = manifest
        self.notify = notify
        self.style = style
        self.is_known = is_known

    def apply(self, plan: MapPlan) -> None:
        """Merge a patch into the object.

        :raises EditError: where it does not apply, with the place in the object.
        """
        try:
            if plan.kind == "delete":
                self.manifest.remove()
            else:
                self.merge_map((), plan)
        except DirectiveError as error:
            place = self.manifest.at(error.path)
            raise EditError(error.message, location=place, hint=error.hint) from None

    def merge_map(self, path: Path, plan: MapPlan) -> None:
        """Merge a patch into the map at *path*."""
        manifest = self.manifest
        if plan.kind == "delete":
            manifest.delete(path)
        elif plan.kind == "replace":
            become(manifest, path, plan.whole)
        elif not self._pass_through(path, plan):
            self._merge_members(path, plan)

    def _pass_through(self, path: Path, plan: MapPlan) -> bool:
        """Go straight to the one map or list that a patch is about, if that is there."""
        if plan.passage is None:
            return False
        names, field = plan.passage
        below = (*path, *names)
        if self.manifest.kind_at(below) is not field.shape:
            return False
        self._merge_field(below, field)  # all that it stands in are maps, too
        return True

    def _merge_members(self, path: Path, plan: MapPlan) -> None:
        manifest = self.manifest
        if plan.retained is not None:
            for name in manifest.get(path):
                if name not in plan.retained:
                    manifest.delete((*path, name))
        for field in plan.fields:
            self._merge_field((*path, field.name), field)
        for name, values in plan.deletions:
            lists.delete_scalars(manifest, (*path, name), values)
        for name, order, of_list in plan.orders:
            lists.reorder(self, (*path, name), order, of_list)
        if plan.union:
            unions.look(manifest, path, plan.union, self.notify)

    def _merge_field(self, path: Path, plan: FieldPlan) -> None:
        """Merge the value of one field, which may be missing or null."""
        manifest = self.manifest
        if plan.value is None:
            manifest.delete(path)
            return
        here, shape = manifest.kind_at(path), plan.shape
        if shape is None:
            self._refuse_change(path, here, shape)
            manifest.set(path, plan.value)
        elif here is not shape or plan.field.strategy == "replace":
            if here is not None or manifest.get(path) is not None:
                self._refuse_change(path, here, shape)
            self._replace(path, plan)
        elif shape is list:
            self._merge_list(path, plan)
        else:
            self.merge_map(path, self._below(path, plan))

    def _below(self, path: Path, plan: FieldPlan) -> MapPlan:
        """Return what the patch does to a map; an embedded object says itself what it is."""
        of_map = plan.field.type.resolve(lambda: self._kind_at(path))
        return plan.below if of_map is plan.field.type else plan.for_type(of_map)

    def _kind_at(self, path: Path) -> str:
        """Return what object the map at *path* says that it is, as `apps/v1/Deployment`."""
        parts = (self.manifest.get((*path, name)) for name in ("apiVersion", "kind"))
        return "/".join(str(part) for part in parts)

    def _replace(self, path: Path, plan: FieldPlan) -> None:
        """Make the value of a field what the patch says, whatever it was."""
        if plan.new is DROPPED:
            self.manifest.delete(path)
        else:
            become(self.manifest, path, plan.new)

    def _merge_list(self, path: Path, plan: FieldPlan) -> None:
        if plan.field.is_merged and not self.style.is_literal:
            lists.merge(self, path, plan)
            return
        if plan.may_lose and not self.is_known:
            self._tell_of_loss(path, plan.all_items)
        become(self.manifest, path, plan.all_items)

    def _tell_of_loss(self, path: Path, value: list[Any]) -> None:
        """Tell when items of a list of which nothing is known make way for others."""
        old = self.manifest.get(path)
        if old and not is_same(old, value):
            message = (
                "the list is replaced as a whole, since nothing says what tells its items apart;"
                " `mergeKeys` can say it"
            )
            self.notify(message, self.manifest.at(path))

    def _refuse_change(self, path: Path, here: type | None, wanted: type | None) -> None:
        """Refuse to put a map, a list and a scalar in place of each other."""
        if here is wanted or self.style.allow_type_change or self.style.is_literal:
            return
        raise EditError(
            f"the patch has {_NAMES[wanted]} where the object has {_NAMES[here]}",
            location=self.manifest.at(path),
            hint="remove the old value with null first, or say `allowTypeChange: true`",
        )
