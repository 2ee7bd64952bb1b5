"""A pod template as it was found, and as it is to become."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from postrender import Manifest, RefusedError
from postrender_plugins._metadata.places import Place

Keys: TypeAlias = Sequence[str]  # keys of maps and, in lists, what their items are known by

#: the lists of a pod spec whose items are known by a field
IDENTITIES: Final = {
    "containers": "name",
    "env": "name",
    "imagePullSecrets": "name",
    "initContainers": "name",
    "volumeMounts": "mountPath",
    "volumes": "name",
}
CONTAINERS: Final = ("containers", "initContainers")


class Template:
    """A pod template: plain values, before and after.

    Both share what is not changed. What `after` has is changed through `own` and `owned` only,
    which make it a copy first; so are values that were put in, since many templates share them.
    """

    def __init__(self, manifest: Manifest, path: Place) -> None:
        """Read the template at *path*, which has a map `spec`."""
        self.manifest = manifest
        self.path = path
        self.before: dict[str, Any] = manifest.get(path)
        self.after: dict[str, Any] = dict(self.before)
        self._owned: dict[int, Any] = {}  # by their ids, which stay theirs as long as they are here

    def own(self, holder: Any, key: Any) -> Any:
        """Return the collection that *holder*, which is owned, has at *key*, ready for changes."""
        value = holder[key]
        if id(value) not in self._owned:
            value = holder[key] = value.copy()
            self._owned[id(value)] = value
        return value

    def owned(self, *keys: str) -> Any:
        """Return the collection at *keys*, which is there, ready for changes."""
        value: Any = self.after
        for key in keys:
            value = self.own(value, key)
        return value

    @property
    def spec(self) -> dict[str, Any]:
        """The pod spec, as it is to become."""
        spec: dict[str, Any] = self.after["spec"]
        return spec

    @property
    def labels(self) -> dict[str, Any]:
        """The labels of the template."""
        return self._metadata("labels")

    @property
    def annotations(self) -> dict[str, Any]:
        """The annotations of the template."""
        return self._metadata("annotations")

    def items(self, name: str) -> list[dict[str, Any]]:
        """Return the maps in the list *name* of the spec."""
        return items_of(self.spec, name)

    def refusal(self, message: str, *keys: str | int, hint: str = "") -> RefusedError:
        """Return the error for something at *keys* in the template."""
        where = self.manifest.at((*self.path, *keys))
        return RefusedError(message, location=where, hint=hint)

    def _metadata(self, name: str) -> dict[str, Any]:
        metadata = self.after.get("metadata")
        values = metadata.get(name) if isinstance(metadata, dict) else None
        return values if isinstance(values, dict) else {}


def items_of(value: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the maps in the list that *value* has as *key*."""
    items = value.get(key)
    return [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []


def key_of(name: str, item: Any) -> str | None:
    """Return what *item* of the list *name* is known by, None for nothing."""
    if not isinstance(item, dict):
        return None
    if name == "envFrom":
        import json  # few steps have some

        return json.dumps(item, sort_keys=True, separators=(",", ":"))
    key = item.get(IDENTITIES[name])
    if not isinstance(key, str):
        return None
    return (key.rstrip("/") or "/") if name == "volumeMounts" else key


def index_of(name: str, items: Sequence[Any], key: str) -> int | None:
    """Return where in the list *name* the item stands that is known by *key*."""
    found = (index for index, item in enumerate(items) if key_of(name, item) == key)
    return next(found, None)
