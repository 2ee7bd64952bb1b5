"""Where images stand: in the pod specs of each kind that has some, and in fields of their own."""

from collections.abc import Iterable, Iterator
from typing import Final

from postrender import Manifest
from postrender_plugins._metadata.places import EACH, POD_TEMPLATES, Kind, Place, Table, expand

#: the groups of the kinds that every cluster has
BUILT_IN: Final = ("", "apps", "batch", "extensions")
CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")
_SPEC: Final[tuple[Place, ...]] = (("spec",),)
_TASKS: Final = ("jobSpec", "tasks", EACH, "template", "spec")

#: pod specs that have no template around them, or stand in no kind that labels know
POD_SPECS: Final[Table] = {
    ("", "Pod"): _SPEC,
    ("apps.kruise.io", "SidecarSet"): _SPEC,
    ("disaggregatedset.x-k8s.io", "DisaggregatedSet"): (
        ("spec", "roles", EACH, "spec", "leaderWorkerTemplate", "leaderTemplate", "spec"),
        ("spec", "roles", EACH, "spec", "leaderWorkerTemplate", "workerTemplate", "spec"),
    ),
    ("flow.volcano.sh", "JobFlow"): (("spec", "flows", EACH, "patch", *_TASKS),),
    # The Prometheus operator makes pods of these, with the containers that they name.
    ("monitoring.coreos.com", "Alertmanager"): _SPEC,
    ("monitoring.coreos.com", "Prometheus"): _SPEC,
    ("monitoring.coreos.com", "PrometheusAgent"): _SPEC,
    ("monitoring.coreos.com", "ThanosRuler"): _SPEC,
    ("serving.knative.dev", "Revision"): _SPEC,
}

#: images in a field of their own
FIELDS: Final[Table] = {
    ("monitoring.coreos.com", "Alertmanager"): (("spec", "image"),),
    ("monitoring.coreos.com", "Prometheus"): (("spec", "image"), ("spec", "thanos", "image")),
    ("monitoring.coreos.com", "PrometheusAgent"): (("spec", "image"),),
    ("monitoring.coreos.com", "ThanosRuler"): (("spec", "image"),),
}


def is_custom(manifest: Manifest) -> bool:
    """Tell whether *manifest* is of a well-known kind that not every cluster has."""
    kind = (manifest.group, manifest.kind)
    return kind[0] not in BUILT_IN and (kind in POD_TEMPLATES or kind in POD_SPECS)


def pod_specs(manifest: Manifest) -> Iterator[Place]:
    """Yield the paths of the pod specs that *manifest* has by its kind."""
    kind: Kind = (manifest.group, manifest.kind)
    for place in POD_SPECS.get(kind, ()):
        yield from _maps(manifest, place)
    for place in POD_TEMPLATES.get(kind, ()):
        yield from _maps(manifest, (*place, "spec"))


def fields(manifest: Manifest) -> tuple[Place, ...]:
    """Return the paths of fields outside pod specs where *manifest* may name an image."""
    return FIELDS.get((manifest.group, manifest.kind), ())


def images(manifest: Manifest, pods: Iterable[Place]) -> Iterator[Place]:
    """Yield the paths in *pods*, the pod specs of *manifest*, where they may name an image."""
    for pod in pods:
        for name in CONTAINERS:
            for index in _indexes(manifest, (*pod, name)):
                yield (*pod, name, index, "image")
        for index in _indexes(manifest, (*pod, "volumes")):
            yield (*pod, "volumes", index, "image", "reference")


def _maps(manifest: Manifest, place: Place) -> Iterator[Place]:
    return (path for path in expand(manifest, place) if manifest.kind_at(path) is dict)


def _indexes(manifest: Manifest, path: Place) -> range:
    return range(manifest.length_at(path) if manifest.kind_at(path) is list else 0)
