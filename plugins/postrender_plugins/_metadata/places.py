"""Where templates stand that have metadata of their own, in each kind that has some.

A kind is known by its exact group and its name; groups keep one meaning for a name over all
their versions. `extensions` once held what is now in `apps`. Kinds that hold containers but no
pod template (SidecarSet, Prometheus, Revision, ...) are left out on purpose.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from postrender import Manifest

Kind: TypeAlias = tuple[str, str]  # group and kind
Place: TypeAlias = tuple[str | int, ...]  # keys and indexes; EACH enters every item of a list
Table: TypeAlias = Mapping[Kind, tuple[Place, ...]]

EACH: Final = "[]"

_TEMPLATE: Final[tuple[Place, ...]] = (("spec", "template"),)
_METRIC_JOBS: Final[tuple[Place, ...]] = (
    ("spec", "metrics", EACH, "provider", "job", "spec", "template"),
)
_TASKS: Final[tuple[Place, ...]] = (("spec", "tasks", EACH, "template"),)
_CLAIMS: Final[tuple[Place, ...]] = (("spec", "volumeClaimTemplates", EACH),)

POD_TEMPLATES: Final[Table] = {
    ("", "PodTemplate"): (("template",),),
    ("", "ReplicationController"): _TEMPLATE,
    ("apps", "DaemonSet"): _TEMPLATE,
    ("apps", "Deployment"): _TEMPLATE,
    ("apps", "ReplicaSet"): _TEMPLATE,
    ("apps", "StatefulSet"): _TEMPLATE,
    ("extensions", "DaemonSet"): _TEMPLATE,
    ("extensions", "Deployment"): _TEMPLATE,
    ("extensions", "ReplicaSet"): _TEMPLATE,
    ("batch", "CronJob"): (("spec", "jobTemplate", "spec", "template"),),
    ("batch", "Job"): _TEMPLATE,
    # Argo Rollouts
    ("argoproj.io", "AnalysisRun"): _METRIC_JOBS,
    ("argoproj.io", "AnalysisTemplate"): _METRIC_JOBS,
    ("argoproj.io", "ClusterAnalysisTemplate"): _METRIC_JOBS,
    ("argoproj.io", "Experiment"): (("spec", "templates", EACH, "template"),),
    ("argoproj.io", "Rollout"): _TEMPLATE,
    # OpenKruise
    ("apps.kruise.io", "AdvancedCronJob"): (
        ("spec", "template", "jobTemplate", "spec", "template"),
        ("spec", "template", "broadcastJobTemplate", "spec", "template"),
    ),
    ("apps.kruise.io", "BroadcastJob"): _TEMPLATE,
    ("apps.kruise.io", "CloneSet"): _TEMPLATE,
    ("apps.kruise.io", "DaemonSet"): _TEMPLATE,
    ("apps.kruise.io", "StatefulSet"): _TEMPLATE,
    ("apps.kruise.io", "UnitedDeployment"): (
        ("spec", "template", "deploymentTemplate", "spec", "template"),
        ("spec", "template", "statefulSetTemplate", "spec", "template"),
        ("spec", "template", "advancedStatefulSetTemplate", "spec", "template"),
        ("spec", "template", "cloneSetTemplate", "spec", "template"),
    ),
    # Knative, OpenShift, KEDA
    ("serving.knative.dev", "Configuration"): _TEMPLATE,
    ("serving.knative.dev", "Service"): _TEMPLATE,
    ("apps.openshift.io", "DeploymentConfig"): _TEMPLATE,
    ("keda.sh", "ScaledJob"): (("spec", "jobTargetRef", "template"),),
    # batch systems
    ("batch.volcano.sh", "CronJob"): (("spec", "jobTemplate", "spec", "tasks", EACH, "template"),),
    ("batch.volcano.sh", "Job"): _TASKS,
    ("flow.volcano.sh", "JobTemplate"): _TASKS,
    ("jobset.x-k8s.io", "JobSet"): (
        ("spec", "replicatedJobs", EACH, "template", "spec", "template"),
    ),
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"): (
        ("spec", "leaderWorkerTemplate", "leaderTemplate"),
        ("spec", "leaderWorkerTemplate", "workerTemplate"),
    ),
}

JOB_TEMPLATES: Final[Table] = {
    ("batch", "CronJob"): (("spec", "jobTemplate"),),
    ("apps.kruise.io", "AdvancedCronJob"): (
        ("spec", "template", "jobTemplate"),
        ("spec", "template", "broadcastJobTemplate"),
    ),
    ("batch.volcano.sh", "CronJob"): (("spec", "jobTemplate"),),
    ("jobset.x-k8s.io", "JobSet"): (("spec", "replicatedJobs", EACH, "template"),),
}

CLAIM_TEMPLATES: Final[Table] = {
    ("apps", "StatefulSet"): _CLAIMS,
    ("apps.kruise.io", "CloneSet"): _CLAIMS,
    ("apps.kruise.io", "StatefulSet"): _CLAIMS,
}

#: the scopes that lead to templates, each with the kind of the objects made of them
SCOPES: Final[Mapping[str, tuple[Table, Kind]]] = {
    "templates": (POD_TEMPLATES, ("", "Pod")),
    "jobTemplates": (JOB_TEMPLATES, ("batch", "Job")),
    "volumeClaimTemplates": (CLAIM_TEMPLATES, ("", "PersistentVolumeClaim")),
}


def expand(manifest: Manifest, place: Place) -> Iterator[Place]:
    """Yield the paths that *place* has in *manifest*: one for each item of the lists on its way."""
    if EACH not in place:
        yield place
        return
    end = place.index(EACH)
    items = manifest.get(place[:end])
    for index in range(len(items) if isinstance(items, list) else 0):
        yield from expand(manifest, (*place[:end], index, *place[end + 1 :]))
