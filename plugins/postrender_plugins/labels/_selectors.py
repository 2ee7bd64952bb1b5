"""The selectors in the stream, and the labels that they rely on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from postrender import Manifest, RefusedError
from postrender_plugins._metadata.edits import Map
from postrender_plugins._metadata.places import EACH, POD_TEMPLATES, Kind, Place, expand

POD: Final = ("", "Pod")
NAMESPACE: Final = ("", "Namespace")
ANYTHING: Final = ("*", "*")
_MONITORING: Final = "monitoring.coreos.com"
_ADMISSION: Final = "admissionregistration.k8s.io"

#: where a kind has selectors, and of what
Table: TypeAlias = Mapping[Kind, tuple[tuple[Place, Kind], ...]]

_OWN_PODS: Final = ((("spec", "selector"), POD),)
_WEBHOOKS: Final = (
    (("webhooks", EACH, "namespaceSelector"), NAMESPACE),
    (("webhooks", EACH, "objectSelector"), ANYTHING),
)

#: workloads, which own the pods that they select
WORKLOADS: Final[Mapping[Kind, Place]] = {
    ("", "ReplicationController"): ("spec", "selector"),
    ("apps", "DaemonSet"): ("spec", "selector"),
    ("apps", "Deployment"): ("spec", "selector"),
    ("apps", "ReplicaSet"): ("spec", "selector"),
    ("apps", "StatefulSet"): ("spec", "selector"),
    ("extensions", "DaemonSet"): ("spec", "selector"),
    ("extensions", "Deployment"): ("spec", "selector"),
    ("extensions", "ReplicaSet"): ("spec", "selector"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "selector"),
    ("batch", "Job"): ("spec", "selector"),
    ("apps.kruise.io", "CloneSet"): ("spec", "selector"),
    ("apps.kruise.io", "DaemonSet"): ("spec", "selector"),
    ("apps.kruise.io", "StatefulSet"): ("spec", "selector"),
    ("apps.openshift.io", "DeploymentConfig"): ("spec", "selector"),
    ("argoproj.io", "Rollout"): ("spec", "selector"),
}
OTHERS: Final[Table] = {
    ("", "PersistentVolumeClaim"): ((("spec", "selector"), ("", "PersistentVolume")),),
    ("", "Service"): _OWN_PODS,
    ("policy", "PodDisruptionBudget"): _OWN_PODS,
    ("networking.k8s.io", "NetworkPolicy"): (
        (("spec", "podSelector"), POD),
        (("spec", "ingress", EACH, "from", EACH, "podSelector"), POD),
        (("spec", "ingress", EACH, "from", EACH, "namespaceSelector"), NAMESPACE),
        (("spec", "egress", EACH, "to", EACH, "podSelector"), POD),
        (("spec", "egress", EACH, "to", EACH, "namespaceSelector"), NAMESPACE),
    ),
    ("rbac.authorization.k8s.io", "ClusterRole"): (
        (
            ("aggregationRule", "clusterRoleSelectors", EACH),
            ("rbac.authorization.k8s.io", "ClusterRole"),
        ),
    ),
    (_ADMISSION, "MutatingWebhookConfiguration"): _WEBHOOKS,
    (_ADMISSION, "ValidatingWebhookConfiguration"): _WEBHOOKS,
    (_MONITORING, "PodMonitor"): _OWN_PODS,
    (_MONITORING, "ServiceMonitor"): ((("spec", "selector"), ("", "Service")),),
    (_MONITORING, "Prometheus"): (
        (("spec", "podMonitorSelector"), (_MONITORING, "PodMonitor")),
        (("spec", "probeSelector"), (_MONITORING, "Probe")),
        (("spec", "ruleSelector"), (_MONITORING, "PrometheusRule")),
        (("spec", "serviceMonitorSelector"), (_MONITORING, "ServiceMonitor")),
    ),
}
#: where the specification of a pod selects pods to be near to, or far from
_REQUIRED: Final = ("requiredDuringSchedulingIgnoredDuringExecution", EACH)
_PREFERRED: Final = ("preferredDuringSchedulingIgnoredDuringExecution", EACH, "podAffinityTerm")
TERMS: Final[tuple[Place, ...]] = (
    ("affinity", "podAffinity", *_REQUIRED, "labelSelector"),
    ("affinity", "podAffinity", *_PREFERRED, "labelSelector"),
    ("affinity", "podAntiAffinity", *_REQUIRED, "labelSelector"),
    ("affinity", "podAntiAffinity", *_PREFERRED, "labelSelector"),
    ("topologySpreadConstraints", EACH, "labelSelector"),
)


class Requirement(NamedTuple):
    """What a selector asks of one label."""

    key: str
    operator: str
    values: Sequence[Any]

    def met_by(self, value: Any) -> bool:
        """Tell whether a label of *value*, or none at all for None, is what is asked for."""
        match self.operator:
            case "In":
                return value in self.values
            case "NotIn":
                return value not in self.values
            case "Exists":
                return value is not None
        return value is None


class Selectors:
    """What the selectors of a stream ask for, by the keys of labels."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        """Read the selectors of *manifests* as they are now."""
        self._users: dict[str, list[tuple[Manifest, Kind, Requirement]]] = {}
        for manifest in manifests:
            for path, carrier in _selectors(manifest):
                for requirement in requirements(manifest.get(path)):
                    user = (manifest, carrier, requirement)
                    self._users.setdefault(requirement.key, []).append(user)

    def check(self, entries: Map, key: str, value: Any) -> None:
        """Refuse to give *key* in *entries* a new *value* that changes what a selector selects.

        :raises RefusedError: naming the object and those that select it.
        """
        old = entries.values.get(key)
        users = dict.fromkeys(
            str(manifest)
            for manifest, carrier, requirement in self._users.get(key, ())
            if carrier in (ANYTHING, entries.carrier)
            and requirement.met_by(old) != requirement.met_by(value)
        )
        if users:
            fate = "be removed" if value is None else f"become {value!r}"
            raise RefusedError(
                f"the label {key} is {old!r} and cannot {fate}: it is selected by"
                f" {', '.join(users)}",
                location=entries.manifest.at((*entries.path, key)),
                hint="leave it out, or patch the selectors as well",
            )


def pod_terms(manifest: Manifest) -> Iterator[Place]:
    """Yield the paths of the selectors in the pods that *manifest* is, or is a template of."""
    kind = (manifest.group, manifest.kind)
    places = ((),) if kind == POD else POD_TEMPLATES.get(kind, ())
    for place in places:
        for template in expand(manifest, place):
            for term in TERMS:
                yield from expand(manifest, (*template, "spec", *term))


def _selectors(manifest: Manifest) -> Iterator[tuple[Place, Kind]]:
    kind = (manifest.group, manifest.kind)
    if kind in WORKLOADS:
        yield WORKLOADS[kind], POD
    for place, carrier in OTHERS.get(kind, ()):
        for path in expand(manifest, place):
            yield path, carrier
    for path in pod_terms(manifest):
        yield path, POD


def requirements(selector: Any) -> Iterator[Requirement]:
    """Yield what *selector* asks for, be it a map of labels or a LabelSelector."""
    if not isinstance(selector, dict):
        return
    is_map = "matchLabels" not in selector and "matchExpressions" not in selector
    labels = selector if is_map else selector.get("matchLabels")
    expressions = None if is_map else selector.get("matchExpressions")
    for key, value in labels.items() if isinstance(labels, dict) else ():
        yield Requirement(key, "In", (value,))
    for item in expressions if isinstance(expressions, list) else ():
        if isinstance(item, dict):
            values = item.get("values")
            values = values if isinstance(values, list) else ()
            yield Requirement(item.get("key", ""), item.get("operator", ""), values)
