"""Patches: which objects each means, by its target or by what the patch itself names."""

from collections.abc import Iterator
from typing import Any, Final

from postrender import ConfigError, EditError, RefusedError
from postrender_plugins._merge.apply import Choices, Patching
from postrender_plugins._merge.schemas import Schemas
from postrender_plugins._merge.text import JsonPatch, MergePatch
from postrender_plugins._merge.text import Patch as Parsed
from postrender_plugins.kustomize import _entries as entries
from postrender_plugins.kustomize._layers import Layer
from postrender_plugins.kustomize._nearest import hint
from postrender_plugins.kustomize._notes import Notes
from postrender_plugins.kustomize._patch_text import parsed
from postrender_plugins.kustomize._resource import DEFAULT, NO_NAMESPACE, Id, Resource, Resources
from postrender_plugins.kustomize._targets import Chooser

_LATER: Final = (
    "; namespace, names, labels and annotations of the same kustomization come after its patches"
)


class Patcher:
    """Applies the patches of one kustomization."""

    def __init__(self, layer: Layer, resources: Resources, schemas: Schemas, notes: Notes) -> None:
        """Take the kustomization, its objects, and what is known of their kinds."""
        self._layer = layer
        self._resources = resources
        self._patching = Patching(schemas, notes.tell)
        self._notes = notes
        self._patches: list[Parsed] = []  # a patch is known by what it is, so it has to stay

    def run_first(self) -> None:
        """Apply what comes first: `patchesStrategicMerge` and `patches`."""
        kustomization = self._layer.kustomization
        for name, listed in (
            ("patchesStrategicMerge", kustomization.patches_strategic_merge),
            ("strategicMergePatches", kustomization.strategic_merge_patches),
        ):
            for index, entry in enumerate(listed):
                where = self._layer.where(name, index)
                for patch in self._strategic(entry, where):
                    self._apply_by_id(patch, where)
        self._run("patches", kustomization.patches)

    def run_last(self) -> None:
        """Apply what comes after labels and annotations: `patchesJson6902`."""
        kustomization = self._layer.kustomization
        self._run("patchesJson6902", kustomization.patches_json6902)
        self._run("jsonPatches", kustomization.json_patches)

    def _run(self, name: str, listed: tuple[entries.Patch, ...]) -> None:
        for index, entry in enumerate(listed):
            where = self._layer.where(name, index)
            patches = self._read(entry, where)
            if entry.target is not None and patches:
                self._apply_to_target(entry, entry.target, patches, where)
            for patch in patches if entry.target is None else ():
                self._apply_by_id(patch, where)

    # -- what a patch is --------------------------------------------------------------------------

    def _read(self, entry: entries.Patch, where: str) -> list[Parsed]:
        if entry.path:
            return self._parsed(self._layer.folder.read_text(entry.path), entry.path, where)
        return list(entry.parsed)

    def _strategic(self, entry: Any, where: str) -> list[Parsed]:
        """Return what an entry of `patchesStrategicMerge` is: an object, its text, or a file."""
        if isinstance(entry, str) and "\n" not in entry.strip() and ": " not in entry:
            return self._parsed(self._layer.folder.read_text(entry), entry, where)
        return self._parsed(entry, "", where)

    def _parsed(self, patch: Any, path: str, where: str) -> list[Parsed]:
        try:
            patches = parsed(patch)
        except ConfigError as error:
            inside = self._layer.folder.named(path) if path else where
            error.location = ", ".join(filter(None, (inside, str(error.location))))
            raise
        self._patches += patches
        return patches

    # -- what it is applied to --------------------------------------------------------------------

    def _apply_to_target(
        self, entry: entries.Patch, target: entries.Target, patches: list[Parsed], where: str
    ) -> None:
        chooser = Chooser(target)
        chosen = [each for each in self._resources if chooser.means(each)]
        if not chosen and not entry.options.allow_no_target_match:
            raise RefusedError(
                "the target means no object" + (_LATER if self._has_labels(target) else ""),
                location=where,
                hint=self._hint(target),
            )
        names = (
            ("allowNameChange", entry.options.allow_name_change),
            ("allowKindChange", entry.options.allow_kind_change),
        )
        header = frozenset(name for name, is_allowed in names if is_allowed)
        choices = Choices(is_targeted=True, header=header)
        for resource in chosen:
            for patch in patches:
                self._apply(resource, patch, choices, where)

    def _hint(self, target: entries.Target) -> str:
        group, slash, version = target.version.partition("/")
        if slash:
            return f"write `group: {group}` and `version: {version}`"
        near = hint(self._resources, target.kind, target.name)
        return f"{near}; `options: {{allowNoTargetMatch: true}}` allows it"

    def _has_labels(self, target: entries.Target) -> bool:
        kustomization = self._layer.kustomization
        return bool(target.label_selector and (kustomization.labels or kustomization.common_labels))

    def _apply_by_id(self, patch: Parsed, where: str) -> None:
        """Apply a patch to the object that it names."""
        if isinstance(patch, JsonPatch):
            raise ConfigError("a JSON patch needs a target", location=where)
        found = list(self._named(patch, where))
        for resource in found:
            self._apply(resource, patch, Choices(), where)
        if len(found) > 1:
            self._notes.tell(f"{where}: the patch changes {len(found)} objects of the same name")

    def _named(self, patch: MergePatch, where: str) -> Iterator[Resource]:
        wanted = _id(patch, where)
        found = self._resources.known_as(wanted)
        if not found:
            found = self._resources.known_as(wanted._replace(namespace=NO_NAMESPACE))
        said = patch.value["metadata"].get("namespace")
        if not found:
            # Charts often leave the namespace to Helm, and so do patches.
            alike = [each for each in self._resources if _is_alike(each, wanted)]
            found = [each for each in alike if not (said and each.manifest.namespace)]
            if len({each.namespace for each in found}) > 1:
                found = []
        if not found:
            title = (
                f"{wanted.kind} {said}/{wanted.name}" if said else f"{wanted.kind} {wanted.name}"
            )
            raise RefusedError(
                f"there is no {title} to patch",
                location=where,
                hint=hint(self._resources, wanted.kind, wanted.name),
            )
        return iter(found)

    def _apply(self, resource: Resource, patch: Parsed, choices: Choices, where: str) -> None:
        if isinstance(patch, JsonPatch) or choices.header:
            resource.remember()
        try:
            self._patching.apply(resource.manifest, patch, choices)
        except EditError as error:
            error.message = f"{where}: {error.message}"
            raise
        resource.renamed()


def _id(patch: MergePatch, where: str) -> Id:
    """Return what the object is known by that a patch names."""
    value = patch.value
    metadata = value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name = metadata.get("name")
    kind, version = value.get("kind"), value.get("apiVersion")
    if not (isinstance(kind, str) and isinstance(version, str) and name):
        raise ConfigError(
            "the patch names no object",
            location=where,
            hint="give it apiVersion, kind and metadata.name, or a target",
        )
    group, slash, short = version.partition("/")
    namespace = metadata.get("namespace") or DEFAULT
    return Id(group if slash else "", short if slash else version, kind, namespace, str(name))


def _is_alike(resource: Resource, wanted: Id) -> bool:
    """Tell whether an object differs from the one that is wanted in its namespace alone."""
    return any(each._replace(namespace=wanted.namespace) == wanted for each in resource.ids)
