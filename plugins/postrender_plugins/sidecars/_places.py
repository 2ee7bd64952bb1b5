"""Where the pod templates of a manifest stand, and what only looks like one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from postrender import Manifest
from postrender_plugins._images.extra import find
from postrender_plugins._metadata.places import POD_TEMPLATES, Kind, Place, expand
from postrender_plugins._podspec.places import OTHERS, pods

if TYPE_CHECKING:
    from postrender_plugins.sidecars import Options

_GUESS: Final = ("spec", "template")
#: what makes pods of their own of the containers in it, or patches those of others
_LOOKALIKES: Final[dict[Kind, Place]] = {
    ("apps.kruise.io", "SidecarSet"): ("spec", "containers"),
    ("flow.volcano.sh", "JobFlow"): ("spec", "flows"),
    ("monitoring.coreos.com", "Alertmanager"): ("spec",),
    ("monitoring.coreos.com", "Prometheus"): ("spec",),
    ("monitoring.coreos.com", "PrometheusAgent"): ("spec",),
    ("monitoring.coreos.com", "ThanosRuler"): ("spec",),
}
#: kinds whose pods are to end
JOBS: Final[frozenset[Kind]] = frozenset(
    {
        ("batch", "CronJob"),
        ("batch", "Job"),
        ("apps.kruise.io", "AdvancedCronJob"),
        ("apps.kruise.io", "BroadcastJob"),
        ("argoproj.io", "AnalysisRun"),
        ("argoproj.io", "AnalysisTemplate"),
        ("argoproj.io", "ClusterAnalysisTemplate"),
        ("batch.volcano.sh", "CronJob"),
        ("batch.volcano.sh", "Job"),
        ("flow.volcano.sh", "JobTemplate"),
        ("jobset.x-k8s.io", "JobSet"),
        ("keda.sh", "ScaledJob"),
    }
)


class Found(NamedTuple):
    """What there is in a manifest."""

    templates: list[Place]  #: paths of what has a pod's `metadata` and `spec`
    missing: list[Place]  #: paths where a template could stand, and none does
    is_unsupported: bool  #: whether it has containers, in no place that is known for them


def places(manifest: Manifest, options: "Options") -> Found:
    """Return the pod templates of *manifest*, by its kind and by the options."""
    kind = (manifest.group, manifest.kind)
    templates, missing = list(pods(manifest)), []
    if not templates:
        missing = list(_could(manifest, kind))
    for each in options.extra_paths:
        for path, _ in find(each, manifest):
            template = _template(manifest, path)
            if template is None:
                missing.append(path)
            elif template not in templates:
                templates.append(template)
    if templates or missing:
        return Found(templates, missing, is_unsupported=False)
    looks = _looks_like_a_template(manifest)
    if options.guess_pod_templates and looks and kind not in _LOOKALIKES:
        return Found([_GUESS], [], is_unsupported=False)
    there = kind in _LOOKALIKES and manifest.kind_at(_LOOKALIKES[kind]) is not None
    return Found([], [], is_unsupported=looks or there)


def _could(manifest: Manifest, kind: Kind) -> Iterator[Place]:
    """Yield the first place where *manifest* could have a template by its kind."""
    known = (*OTHERS.get(kind, ()), *POD_TEMPLATES.get(kind, ()))
    for place in known[:1]:
        yield next(expand(manifest, place), ("spec",))


def _template(manifest: Manifest, path: Place) -> Place | None:
    """Return the template that *path*, which may lead to its pod spec, means."""
    if manifest.kind_at((*path, "spec")) is dict:
        return path
    is_spec = path[-1:] == ("spec",) and manifest.kind_at((*path, "containers")) is list
    return path[:-1] if is_spec else None


def _looks_like_a_template(manifest: Manifest) -> bool:
    containers: Any = manifest.get((*_GUESS, "spec", "containers"))
    return (
        isinstance(containers, list)
        and bool(containers)
        and all(isinstance(each, dict) and each.keys() >= {"name", "image"} for each in containers)
    )
