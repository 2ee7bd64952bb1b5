"""The kinds that are Kubernetes' own: how their lists are merged, and whether they are namespaced.

`merge_keys.json` is derived from Kubernetes' definitions by `tests/merge_keys/derive.py`:

`kinds`
    by apiVersion and kind: the name of the type, the scope (`N` namespaced, `C` of the cluster,
    "" not known), and the object's fields beside apiVersion, kind and metadata
`types`
    by name: of each field that matters the name of its type (with `*` before it, that of the
    values of a map), its patch strategy, and the keys that tell the items of its list apart
"""

import json
import os
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from postrender_plugins._merge.types import UNKNOWN, UNKNOWN_FIELD, Field, MapOf, Type

POD_TEMPLATE: Final = "core.v1.PodTemplateSpec"
POD: Final = "core.v1.PodSpec"

#: What was moved to another group, and has its new one's definition.
_MOVED: Final = {
    ("extensions", "DaemonSet"): "apps",
    ("extensions", "Deployment"): "apps",
    ("extensions", "Ingress"): "networking.k8s.io",
    ("extensions", "NetworkPolicy"): "networking.k8s.io",
    ("extensions", "ReplicaSet"): "apps",
}


class Kind(NamedTuple):
    """What is known of a kind."""

    type: Type
    is_known: bool = False
    is_namespaced: bool | None = None  #: None where that is not known
    fields: frozenset[str] = frozenset()  #: beside apiVersion, kind and metadata


class Table:
    """The table, read once for each step that needs it."""

    def __init__(self) -> None:
        """Read the table."""
        path = os.path.join(os.path.dirname(__file__), "merge_keys.json")
        with open(path, encoding="utf-8") as file:
            table: dict[str, Any] = json.load(file)
        self._kinds: dict[str, list[str]] = table["kinds"]
        self._types: dict[str, dict[str, list[str]]] = table["types"]
        self._newest: dict[tuple[str, str], list[str]] = {}
        for kind, row in self._kinds.items():
            group, name = _split(kind)
            best = self._newest.get((group, name))
            # `v1` has more to say than what came before it; else any version does.
            if best is None or kind.split("/")[-2] == "v1":
                self._newest[(group, name)] = row

    def kind(self, kind: str) -> Kind | None:
        """Return what is known of `apps/v1/Deployment`, of another version where it must be."""
        row = self._kinds.get(kind)
        if row is None:
            group, name = _split(kind)
            row = self._newest.get((_MOVED.get((group, name), group), name))
        if row is None:
            return None
        name, scope, fields = row
        return Kind(
            self.type(name),
            is_known=True,
            is_namespaced=scope == "N" if scope else None,
            fields=frozenset(fields.split()),
        )

    def type(self, name: str) -> Type:
        """Return a type by its name."""
        if name.startswith("*"):
            return MapOf(self.type(name[1:]))
        fields = self._types.get(name)
        return UNKNOWN if fields is None else _Known(self, fields)


class _Known:
    """A type of the table."""

    def __init__(self, table: Table, fields: dict[str, list[str]]) -> None:
        self._table = table
        self._fields = fields

    def field(self, name: str) -> Field:
        row = self._fields.get(name)
        if row is None:
            return UNKNOWN_FIELD
        reference, strategy, keys = (*row, "", "")[:3]
        return Field(self._table.type(reference), strategy, tuple(keys.split(",")) if keys else ())

    def resolve(self, kind: Callable[[], str]) -> Type:
        return self


def _split(kind: str) -> tuple[str, str]:
    """Return group and name of `apps/v1/Deployment`."""
    parts = kind.split("/")
    return "/".join(parts[:-2]), parts[-1]
