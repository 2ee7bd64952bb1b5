"""OpenAPI files: how the lists of custom kinds are merged, as kustomize's `openapi` says."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from postrender import ConfigError
from postrender_plugins.kustomize._layers import Layer
from postrender_plugins.kustomize._notes import Notes
from postrender_plugins.kustomize._text import document

_KINDS: Final = "x-kubernetes-group-version-kind"
_DEPTH: Final = 30


def definitions(layer: Layer, notes: Notes) -> Iterator[Mapping[str, Any]]:
    """Yield what the files of all kustomizations define, as CustomResourceDefinitions.

    :raises ConfigError: for a file that is none.
    """
    for each in layer.walk():
        openapi = each.kustomization.openapi
        if "version" in openapi:
            notes.differs("`openapi.version` is not needed, all versions are known")
        if path := openapi.get("path"):
            name = each.folder.named(path)
            content = document(each.folder.read_text(path), name)
            found = content.get("definitions") if isinstance(content, Mapping) else None
            if not isinstance(found, Mapping):
                raise ConfigError("the file has no `definitions`", location=name)
            for schema in found.values():
                yield from _kinds(schema, found)


def _kinds(schema: Any, known: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    kinds = schema.get(_KINDS) if isinstance(schema, Mapping) else None
    for kind in kinds if isinstance(kinds, list) else ():
        version = {
            "name": kind.get("version"),
            "schema": {"openAPIV3Schema": _converted(schema, known, _DEPTH)},
        }
        names = {"kind": kind.get("kind")}
        yield {"spec": {"group": kind.get("group"), "names": names, "versions": [version]}}


def _converted(schema: Any, known: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """Return *schema* in the words of a CustomResourceDefinition, its references followed."""
    if not isinstance(schema, Mapping) or not depth:
        return {}
    if reference := schema.get("$ref"):
        return _converted(known.get(str(reference).rpartition("/")[2]), known, depth - 1)
    made: dict[str, Any] = {}
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        made["properties"] = {
            name: _converted(each, known, depth - 1) for name, each in properties.items()
        }
    for name in ("items", "additionalProperties"):
        if below := _converted(schema.get(name), known, depth - 1):
            made[name] = below
    key, strategy = (schema.get(f"x-kubernetes-patch-{name}") for name in ("merge-key", "strategy"))
    if key and "merge" in str(strategy):
        made["items"] = made.get("items") or {"type": "object"}
        made["x-kubernetes-list-type"] = "map"
        made["x-kubernetes-list-map-keys"] = [key]
    return made
