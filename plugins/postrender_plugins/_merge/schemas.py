"""How the values of each kind in a stream are merged, from all that is known of it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from postrender import Manifest, Manifests

if TYPE_CHECKING:
    from postrender_plugins._merge.table import Kind, Table
    from postrender_plugins._merge.types import Place, Type

CRD: Final = ("apiextensions.k8s.io", "CustomResourceDefinition")

#: Custom kinds with fields of a pod that is no pod template.
_POD_PLACES: Final = {
    ("serving.knative.dev", "Revision"): ("spec",),
    ("monitoring.coreos.com", "Prometheus"): ("spec",),
    ("monitoring.coreos.com", "PrometheusAgent"): ("spec",),
    ("monitoring.coreos.com", "Alertmanager"): ("spec",),
    ("monitoring.coreos.com", "ThanosRuler"): ("spec",),
    ("apps.kruise.io", "SidecarSet"): ("spec",),
}


class Schemas:
    """What is known of kinds: Kubernetes' own, those of CRDs, and what the user says."""

    def __init__(
        self,
        manifests: Manifests,
        definitions: Iterable[Mapping[str, Any]] = (),
        merge_keys: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """Take the stream, whose CRDs are read where a patch needs them.

        :param definitions: CustomResourceDefinitions beside those in the stream.
        :param merge_keys: paths of lists, such as `spec/pools`, with the keys of their items.
        """
        self._manifests = manifests
        self._definitions = definitions
        self._custom: dict[str, Mapping[str, Any]] | None = None
        self._table: Table | None = None
        self._kinds: dict[tuple[str, str], Kind] = {}
        self._merge_keys = merge_keys or {}

    @property
    def table(self) -> "Table":
        """Kubernetes' own kinds."""
        if self._table is None:
            from postrender_plugins._merge.table import Table  # JSON patches need none

            self._table = Table()
        return self._table

    def of(self, manifest: Manifest) -> "Kind":
        """Return what is known of the kind of *manifest*."""
        key = (manifest.api_version, manifest.kind)
        kind = self._kinds.get(key)
        if kind is None:
            kind = self._kinds[key] = self._find("/".join(key))
        return kind

    def _find(self, name: str) -> "Kind":
        from postrender_plugins._merge.types import Overlay, Place

        kind = self.table.kind(name) or self._find_custom(name)
        if self._merge_keys:
            said = Place()
            for path, keys in self._merge_keys.items():
                said.at(_names(path)).keys = keys
            kind = kind._replace(type=Overlay(kind.type, said.below))
        return kind

    def _find_custom(self, name: str) -> "Kind":
        """Return what CRDs say of a kind, and of the pods in it what Kubernetes says of pods."""
        from postrender_plugins._merge.definitions import Described
        from postrender_plugins._merge.table import Kind
        from postrender_plugins._merge.types import UNKNOWN, Overlay

        *group, _, kind = name.split("/")
        schema = self._schemas().get(name)
        of_schema: Type = UNKNOWN if schema is None else Described(schema, self._type)
        places = self._pod_places("/".join(group), kind)
        if places.below:
            of_schema = Overlay(of_schema, places.below)
        return Kind(of_schema)

    def _type(self, name: str) -> "Type":
        return self._find(name).type

    def _pod_places(self, group: str, kind: str) -> "Place":
        from postrender_plugins._merge.table import POD, POD_TEMPLATE
        from postrender_plugins._merge.types import Place
        from postrender_plugins._metadata.places import EACH, POD_TEMPLATES

        root = Place()
        for path in POD_TEMPLATES.get((group, kind), ()):
            names = tuple(str(name) for name in path if name != EACH)
            root.at(names).type = self.table.type(POD_TEMPLATE)
        if (group, kind) in _POD_PLACES:
            root.at(_POD_PLACES[(group, kind)]).type = self.table.type(POD)
        return root

    def _schemas(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the schemas of custom kinds; those that were given win over the stream's."""
        if self._custom is None:
            from postrender_plugins._merge.definitions import described

            definitions = (*_definitions(self._manifests), *self._definitions)
            self._custom = {k: schema for crd in definitions for k, schema in described(crd)}
        return self._custom


def _definitions(manifests: Manifests) -> Iterator[Mapping[str, Any]]:
    for manifest in manifests:
        if (manifest.group, manifest.kind) == CRD:
            yield manifest.to_dict()


def _names(path: str) -> tuple[str, ...]:
    """Return the names of the fields on a path such as `spec/pools[]/workers`."""
    return tuple(name.removesuffix("[]") for name in path.strip("/").split("/"))
