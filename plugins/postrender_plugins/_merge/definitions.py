"""Custom kinds: how their lists are merged, as their CustomResourceDefinitions say."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from postrender_plugins._merge.types import UNKNOWN_FIELD, Field, Type


class Described:
    """A type that an OpenAPI schema describes."""

    def __init__(self, schema: Mapping[str, Any], of_kind: Callable[[str], Type]) -> None:
        """Take the schema, and what finds the type of a kind such as `v1/Pod`."""
        self._schema = schema
        self._of_kind = of_kind

    def field(self, name: str) -> Field:
        """Return what is known of a field."""
        schema = _map(_map(self._schema.get("properties")).get(name))
        schema = schema or _map(self._schema.get("additionalProperties"))
        if not schema:
            return UNKNOWN_FIELD
        items = _map(schema.get("items"))
        if not items:
            return Field(Described(schema, self._of_kind))
        kind, keys = schema.get("x-kubernetes-list-type"), schema.get("x-kubernetes-list-map-keys")
        of_items = Described(items, self._of_kind)
        if kind == "map" and isinstance(keys, list) and keys:
            return Field(of_items, "merge", tuple(str(key) for key in keys))
        return Field(of_items, "merge" if kind == "set" else "")

    def resolve(self, kind: Callable[[], str]) -> Type:
        """Return the type of the whole object that an embedded resource is."""
        if self._schema.get("x-kubernetes-embedded-resource") is True:
            return self._of_kind(kind())
        return self


def described(crd: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each kind that a CRD defines, as `group/version/Kind`, with its schema."""
    spec = _map(crd.get("spec"))
    prefix, kind = spec.get("group"), _map(spec.get("names")).get("kind")
    versions = spec.get("versions")
    shared = _map(_map(spec.get("validation")).get("openAPIV3Schema"))
    for version in versions if isinstance(versions, list) else ():
        schema = _map(_map(_map(version).get("schema")).get("openAPIV3Schema")) or shared
        if schema:
            yield f"{prefix}/{_map(version).get('name')}/{kind}", schema
    if not versions and shared:
        yield f"{prefix}/{spec.get('version')}/{kind}", shared


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
