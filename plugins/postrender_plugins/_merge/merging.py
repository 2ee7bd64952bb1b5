"""A merge made ready for the objects of one kind: what names the object, and the rest."""

from collections.abc import Mapping
from typing import Any

from postrender import EditError, Manifest
from postrender_plugins._merge.choices import HEADER, Choices, Notify
from postrender_plugins._merge.directives import PATCH
from postrender_plugins._merge.plan import MapPlan
from postrender_plugins._merge.strategic import Merge
from postrender_plugins._merge.table import Kind
from postrender_plugins._merge.watch import TEXTS, Reach

_NAMES = ("name", "generateName", "namespace")


class Merging:
    """A merge made ready for the objects of one kind."""

    def __init__(self, patch: Mapping[str, Any], kind: Kind, choices: Choices) -> None:
        """Take the patch apart; raises `DirectiveError` for a directive that is none."""
        self._kind = kind
        self._choices = choices
        self._header = _header(patch)
        body = _body(patch)
        metadata = body.get("metadata", {})
        is_plain = isinstance(metadata, Mapping) and not any(key[:1] == "$" for key in metadata)
        self.reach = Reach(
            identity=bool(choices.header) or not is_plain,
            data=not body.keys().isdisjoint((*TEXTS, PATCH)),
        )
        self._whole = body if body.get(PATCH) == "replace" else None
        self._strange = [
            name
            for name in body
            if kind.is_known
            and name not in kind.fields
            and name != "metadata"
            and not name.startswith("$")
        ]
        self._plan = MapPlan(body, kind.type, (), literal=choices.style.is_literal)

    def apply(self, manifest: Manifest, notify: Notify) -> None:
        """Merge it into *manifest*; raises `EditError`."""
        for name in self._strange:
            if manifest.get((name,)) is None:
                known = ", ".join(("apiVersion", "kind", "metadata", *sorted(self._kind.fields)))
                raise EditError(
                    f"{manifest.kind} has no field `{name}`",
                    location=manifest.at((name,)),
                    hint=f"its fields are {known}",
                )
        choices = self._choices
        if choices.is_targeted:
            self._rename(manifest, notify)
        merge = Merge(manifest, notify, choices.style, is_known=self._kind.is_known)
        merge.apply(self._plan if self._whole is None else self._whole_of(manifest, self._whole))

    def _whole_of(self, manifest: Manifest, body: Mapping[str, Any]) -> MapPlan:
        """Return the plan that replaces all of an object but what says which one it is."""
        metadata = {**_names_of(manifest), **_map(body.get("metadata"))}
        header = {"apiVersion": manifest.api_version, "kind": manifest.kind, "metadata": metadata}
        return MapPlan({**body, **header}, self._kind.type, (), literal=False)

    def _rename(self, manifest: Manifest, notify: Notify) -> None:
        """Change what the object is called, where the patch says so and may."""
        for path, choice, wanted in self._header:
            if wanted == manifest.get(path):
                continue
            if choice in self._choices.header:
                manifest.set(path, wanted)
            else:
                what = f"`{'.'.join(path)}` of the patch is ignored"
                notify(f"{what}; `{choice}: true` lets it count", manifest.location)


def _header(patch: Mapping[str, Any]) -> list[tuple[tuple[str, ...], str, Any]]:
    """Return what a patch says of which object it is: path, choice and value."""
    metadata = _map(patch.get("metadata"))
    found = [
        (path, choice, (metadata if path[1:] else patch).get(path[-1])) for path, choice in HEADER
    ]
    return [each for each in found if each[2] is not None]


def _body(patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rest of a patch."""
    body = _without(patch, "apiVersion", "kind")
    if isinstance(body.get("metadata"), Mapping):
        metadata = _without(body["metadata"], *_NAMES)
        body["metadata"] = metadata
        if not metadata:
            del body["metadata"]
    return body


def _without(mapping: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if name not in names}


def _names_of(manifest: Manifest) -> dict[str, Any]:
    """Return what the metadata of an object call it."""
    metadata = _map(manifest.get(("metadata",)))
    return {name: metadata[name] for name in _NAMES if name in metadata}


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
