"""Patches on the objects of a stream, each made ready once for each kind."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from postrender import EditError, Manifest
from postrender_plugins._merge.choices import Choices, Notify
from postrender_plugins._merge.directives import DirectiveError
from postrender_plugins._merge.operations import apply_operations
from postrender_plugins._merge.schemas import Schemas
from postrender_plugins._merge.text import JsonPatch, MergePatch, Patch
from postrender_plugins._merge.watch import Reach, Watch

if TYPE_CHECKING:
    from postrender_plugins._merge.merging import Merging

__all__ = ["Choices", "Patching"]


class Patching:
    """Applies patches to the objects of a stream; each is made ready once for each kind."""

    def __init__(self, schemas: Schemas, notify: Notify) -> None:
        """Take what is known of kinds, and what takes notices."""
        self._schemas = schemas
        self._notify = notify
        self._merges: dict[tuple[int, Choices, str, str], Merging] = {}
        # By what they are, which is kept, so that no other can come to have its number.
        self._reaches: dict[int, tuple[Sequence[Mapping[str, Any]], Reach]] = {}

    def apply(self, manifest: Manifest, patch: Patch, choices: Choices) -> None:
        """Apply a patch.

        :raises EditError: where it does not apply.
        """
        if isinstance(patch, JsonPatch):
            with Watch(manifest, self._reach(patch.operations), self._notify):
                apply_operations(manifest, patch.operations, choices)
        else:
            merging = self._merging(manifest, patch, choices)
            with Watch(manifest, merging.reach, self._notify):
                merging.apply(manifest, self._notify)

    def _reach(self, operations: Sequence[Mapping[str, Any]]) -> Reach:
        found = self._reaches.get(id(operations))
        if found is None:
            found = self._reaches[id(operations)] = (operations, Reach.of(operations))
        return found[1]

    def _merging(self, manifest: Manifest, patch: MergePatch, choices: Choices) -> "Merging":
        key = (id(patch.value), choices, manifest.api_version, manifest.kind)
        merging = self._merges.get(key)
        if merging is None:
            from postrender_plugins._merge.merging import Merging  # not for JSON patches

            try:
                merging = Merging(patch.value, self._schemas.of(manifest), choices)
            except DirectiveError as error:
                place = manifest.at(error.path)
                raise EditError(error.message, location=place, hint=error.hint) from None
            self._merges[key] = merging
        return merging
