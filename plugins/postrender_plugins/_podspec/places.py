"""Where pod specs stand, and what of their object decides what is right in them."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from postrender import Manifest
from postrender_plugins._metadata.places import (
    CLAIM_TEMPLATES,
    EACH,
    POD_TEMPLATES,
    Kind,
    Place,
    Table,
    expand,
)

POD: Final[Kind] = ("", "Pod")
#: the groups of the kinds that every cluster has
BUILT_IN: Final = ("", "apps", "batch", "extensions")
_KINDS: Final = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")
_HERE: Final[tuple[Place, ...]] = ((),)
_GROUPS: Final = ("spec", "roles", EACH, "spec", "leaderWorkerTemplate")

#: what has metadata and a pod spec but is no template, or stands in a kind that labels leave
OTHERS: Final[Table] = {
    POD: _HERE,
    ("disaggregatedset.x-k8s.io", "DisaggregatedSet"): (
        (*_GROUPS, "leaderTemplate"),
        (*_GROUPS, "workerTemplate"),
    ),
    ("serving.knative.dev", "Revision"): _HERE,
}


JOBS: Final = (("batch", "CronJob"), ("batch", "Job"))
#: kinds of Kubernetes whose pods never end by themselves
WORKLOADS: Final = (
    ("", "ReplicationController"),
    *((group, kind) for group in ("apps", "extensions") for kind in _KINDS),
)
#: where the claims stand that pods have as volumes too
CLAIMS: Final[Table] = {
    **CLAIM_TEMPLATES,
    ("apps.kruise.io", "UnitedDeployment"): tuple(
        ("spec", "template", f"{kind}Template", "spec", "volumeClaimTemplates", EACH)
        for kind in ("statefulSet", "advancedStatefulSet", "cloneSet")
    ),
    ("disaggregatedset.x-k8s.io", "DisaggregatedSet"): ((*_GROUPS, "volumeClaimTemplates", EACH),),
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"): (
        ("spec", "leaderWorkerTemplate", "volumeClaimTemplates", EACH),
    ),
}


class Owner(NamedTuple):
    """What of an object decides what is right in its pod specs."""

    kind: Kind  #: group and kind
    claims: frozenset[str] = frozenset()  #: names of volumeClaimTemplates, which are volumes too
    version: tuple[int, int] | None = None  #: Kubernetes, such as (1, 33); None is not known


def owner(manifest: Manifest, version: tuple[int, int] | None = None) -> Owner:
    """Return what of *manifest* decides what is right in its pod specs."""
    kind: Kind = (manifest.group, manifest.kind)
    claims = (path for place in CLAIMS.get(kind, ()) for path in expand(manifest, place))
    names = (manifest.get((*path, "metadata", "name")) for path in claims)
    return Owner(kind, frozenset(name for name in names if isinstance(name, str)), version)


def is_custom(manifest: Manifest) -> bool:
    """Tell whether *manifest* is of a well-known kind that not every cluster has."""
    kind = (manifest.group, manifest.kind)
    return kind[0] not in BUILT_IN and (kind in POD_TEMPLATES or kind in OTHERS)


def pods(manifest: Manifest) -> Iterator[Place]:
    """Yield the paths in *manifest* of what has a pod's `metadata` and `spec`; a Pod's is `()`.

    The spec is a map; `metadata` may be missing. Kinds whose containers are laid over those of
    pods that a controller makes (SidecarSet, Prometheus, ...) have none.
    """
    kind: Kind = (manifest.group, manifest.kind)
    for place in (*OTHERS.get(kind, ()), *POD_TEMPLATES.get(kind, ())):
        for path in expand(manifest, place):
            if manifest.kind_at((*path, "spec")) is dict:
                yield path
