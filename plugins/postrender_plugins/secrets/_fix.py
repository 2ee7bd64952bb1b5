"""The way out: a variable whose value a Secret of the stream has takes it from there."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from postrender import Manifest, Manifests
from postrender_plugins.secrets._digits import unbase64

_ENV: Final = 3  #: parts of a path at its end: `env`, an index, `value`


class Key(NamedTuple):
    """A key of a Secret in the stream."""

    namespace: str
    secret: str
    name: str
    value: str


class Fixes:
    """Finds the Secret that has what a variable has."""

    def __init__(self, manifests: Manifests) -> None:
        """Look in all of *manifests*, once something was found."""
        self._manifests = manifests
        self._keys: list[Key] | None = None

    def find(self, manifest: Manifest, path: Sequence[str | int], rule: str) -> Key | None:
        """Return the key that can stand for the value at *path*, None if there is none."""
        if len(path) < _ENV or path[-1] != "value" or path[-_ENV] != "env":
            return None
        value = manifest.get(path)
        name = manifest.get((*path[:-1], "name"))
        if self._keys is None:
            self._keys = list(_keys_of(self._manifests))
        near = [each for each in self._keys if each.namespace == manifest.namespace]
        same = [each for each in near if each.value == value]
        called = [each for each in near if _plain(each.name) == _plain(str(name))]
        return next(iter(same or (called if rule.startswith("generic/") else [])), None)


def operations(path: Sequence[str | int], key: Key) -> list[dict[str, object]]:
    """Return the JSON Patch that makes a variable refer to *key*."""
    parent = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path[:-1])
    reference = {"secretKeyRef": {"name": key.secret, "key": key.name}}
    return [
        {"op": "remove", "path": f"{parent}/value"},
        {"op": "add", "path": f"{parent}/valueFrom", "value": reference},
    ]


def _keys_of(manifests: Manifests) -> Iterator[Key]:
    for manifest in manifests:
        if manifest.kind == "Secret":
            for field in ("stringData", "data"):
                yield from _keys_in(manifest, field)


def _keys_in(manifest: Manifest, field: str) -> Iterator[Key]:
    values: Any = manifest.get((field,))
    for name, value in values.items() if isinstance(values, dict) else ():
        text = str(value)
        if field == "data":
            text = (unbase64(text) or b"").decode(errors="replace")
        yield Key(manifest.namespace, manifest.name, str(name), text)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]", "", name).lower()
