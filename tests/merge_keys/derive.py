"""Derive the merge keys and scopes of Kubernetes' kinds, for the built-in plugins that patch.

    pip download --no-deps kubernetes-validate kubernetes
    python tests/merge_keys/derive.py kubernetes_validate-*.whl kubernetes-*.whl

`kubernetes-validate` has the OpenAPI definitions of several versions of Kubernetes, with the
extensions that say how lists are merged. What only an old version has is taken from there.
`kubernetes`, the official client, knows which kinds are namespaced: its methods say so. Of the
types, those are kept that say how something in them is merged. The table is written where the
plugins look for it; it holds what `postrender_plugins/_merge/table.py` describes.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

TABLE: Final = Path(__file__).parents[2] / "plugins/postrender_plugins/_merge/merge_keys.json"
NOTICE: Final = (
    "Derived from the OpenAPI definitions of Kubernetes,"
    " Copyright The Kubernetes Authors, Apache License 2.0"
)
HEADER: Final = {"apiVersion", "kind", "metadata"}
_DEFINITIONS = re.compile(r".*/v1\.(\d+)\.0-local/_definitions\.json")
_METHOD = re.compile(r"    def (?:create|read|list)_(namespaced_)?(\w+)\($", re.MULTILINE)
_PREFIX = re.compile(r"io\.k8s\.(?:api|apimachinery\.pkg\.apis|[^.]*\.pkg\.apis)\.")

Definitions = dict[str, Any]


def main(validate: str, client: str, path: str | Path = TABLE) -> None:
    """Write the table from two wheels to a file."""
    versions = dict(_versions(validate))
    newest = max(versions)
    definitions: Definitions = {}
    for number in sorted(versions):
        definitions.update(versions[number])  # a newer version replaces
    kinds = dict(_kinds(definitions))
    types = {_short(name): _fields(definition) for name, definition in definitions.items()}
    kept = _prune(types)
    scopes = dict(_scopes(client))
    table = {
        "notice": NOTICE,
        "kubernetes": f"1.{min(versions)} to 1.{newest}",
        "kinds": {
            kind: [name if name in kept else "", _scope(kind, scopes), fields]
            for kind, (name, fields) in sorted(kinds.items())
        },
        "types": _reached(kept, {name for name, _ in kinds.values()}),
    }
    text = json.dumps(table, separators=(",", ":"), sort_keys=True) + "\n"
    Path(path).write_text(text)
    print(f"{len(table['kinds'])} kinds, {len(table['types'])} types, {len(text)} bytes")


def _versions(wheel: str) -> Iterator[tuple[int, Definitions]]:
    with ZipFile(wheel) as file:
        for name in file.namelist():
            if match := _DEFINITIONS.fullmatch(name):
                yield int(match[1]), json.loads(file.read(name))["$defs"]


def _kinds(definitions: Definitions) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield `apps/v1/Deployment` with the name of its type and its fields."""
    for name, definition in definitions.items():
        identities = definition.get("x-kubernetes-group-version-kind", ())
        properties = definition.get("properties", {})
        fields = properties.keys()
        of_object = "ObjectMeta" in json.dumps(properties.get("metadata"))
        if len(identities) == 1 and fields >= HEADER and of_object:
            (identity,) = identities
            parts = (identity["group"], identity["version"], identity["kind"])
            kind = "/".join(part for part in parts if part)
            yield kind, (_short(name), " ".join(sorted(fields - HEADER)))


def _short(name: str) -> str:
    """Return `core.v1.Container` for the name of a definition."""
    return _PREFIX.sub("", name.removeprefix("#/$defs/"))


def _fields(definition: Any) -> dict[str, list[str]]:
    """Return type, strategy and keys of each field of a type."""
    return {name: _field(each) for name, each in definition.get("properties", {}).items()}


def _field(schema: Any) -> list[str]:
    strategy = schema.get("x-kubernetes-patch-strategy", "")
    key = schema.get("x-kubernetes-patch-merge-key", "")
    keys = schema.get("x-kubernetes-list-map-keys", ())
    keys = [key, *(each for each in keys if each != key)] if key else []
    if "items" in schema:
        reference = _short(schema["items"].get("$ref", ""))
    elif isinstance(values := schema.get("additionalProperties"), dict) and "$ref" in values:
        reference = "*" + _short(values["$ref"])
    else:
        reference = _short(schema.get("$ref", ""))
    return [reference, strategy, ",".join(keys)]


def _prune(types: dict[str, dict[str, list[str]]]) -> dict[str, dict[str, list[str]]]:
    """Drop the fields that say nothing, and the types that are left without any."""
    kept = {name: fields for name, fields in types.items() if any(f[1] for f in fields.values())}
    while True:
        leading = {
            name: fields
            for name, fields in types.items()
            if name not in kept and any(f[0].lstrip("*") in kept for f in fields.values())
        }
        if not leading:
            break
        kept |= leading
    return {
        name: {
            field: _trimmed(spec if spec[0].lstrip("*") in kept else ["", *spec[1:]])
            for field, spec in fields.items()
            if spec[1] or spec[0].lstrip("*") in kept
        }
        for name, fields in kept.items()
    }


def _trimmed(spec: list[str]) -> list[str]:
    while spec and not spec[-1]:
        spec = spec[:-1]
    return spec


def _reached(
    types: dict[str, dict[str, list[str]]], roots: Iterable[str]
) -> dict[str, dict[str, list[str]]]:
    """Return the types that a kind leads to."""
    waiting = [name for name in roots if name in types]
    found: dict[str, dict[str, list[str]]] = {}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = types[name]
            references = (spec[0].lstrip("*") for spec in types[name].values())
            waiting += [each for each in references if each]
    return found


def _scopes(wheel: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield group (its first word) and kind (in lower case) with `N` or `C`, by the methods."""
    with ZipFile(wheel) as file:
        for name in file.namelist():
            if match := re.fullmatch(r"kubernetes/client/api/(\w+?)_v\d\w*_api\.py", name):
                group = match[1].partition("_")[0]
                for namespaced, kind in _METHOD.findall(file.read(name).decode()):
                    key = (group, kind.replace("_", ""))
                    yield key, "N" if namespaced else "C"


def _scope(kind: str, scopes: dict[tuple[str, str], str]) -> str:
    """Return the scope of `apps/v1/Deployment`; a kind that was moved has that of its new group."""
    *group, _, name = kind.split("/")
    key = (group[0].partition(".")[0] if group else "core", name.lower())
    if key in scopes:
        return scopes[key]
    elsewhere = {scope for (_, other), scope in scopes.items() if other == name.lower()}
    return elsewhere.pop() if len(elsewhere) == 1 else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
