"""Random Kubernetes objects, and random parts of them, of the kinds that people patch."""

from collections.abc import Callable
from random import Random
from typing import Any

Maker = Callable[[Random], Any]

NAMES = ("a", "b", "c", "d")
WORDS = ("x", "y1", "true", "8080", "long text", "")


def scalar(random: Random) -> Any:
    """Return a scalar that no key depends on."""
    return random.choice([*WORDS, 1, 0, 300, True, False])


def some(random: Random, fields: dict[str, Maker], least: int = 0) -> dict[str, Any]:
    """Return a map with some of the fields."""
    names = random.sample(sorted(fields), random.randint(least, len(fields)))
    return {name: fields[name](random) for name in names}


def keyed(key: str, values: tuple[Any, ...], fields: dict[str, Maker]) -> Maker:
    """Return what makes a list of maps, told apart by a key."""

    def make(random: Random) -> list[dict[str, Any]]:
        chosen = random.sample(values, random.randint(1, len(values)))
        return [{key: value, **some(random, fields)} for value in chosen]

    return make


def words(random: Random) -> list[str]:
    """Return a list of distinct strings."""
    return random.sample(NAMES, random.randint(1, 3))


def labels(random: Random) -> dict[str, str]:
    """Return a map of strings."""
    return {name: random.choice(WORDS) for name in words(random)}


def meta(random: Random) -> dict[str, Any]:
    """Return the metadata of a template."""
    return some(random, {"labels": labels, "annotations": labels})


def resources(random: Random) -> dict[str, Any]:
    """Return the resources of a container."""
    return some(random, {"limits": labels, "requests": labels})


def probe(random: Random) -> dict[str, Any]:
    """Return a probe with one handler or more."""
    return some(random, {"httpGet": labels, "periodSeconds": scalar, "exec": labels})


def source(random: Random) -> dict[str, Any]:
    """Return where an environment variable's value comes from."""
    return {"secretKeyRef": some(random, {"name": scalar, "key": scalar}, 1)}


def plain_items(random: Random) -> list[dict[str, Any]]:
    """Return a list of maps that is replaced as a whole."""
    fields: dict[str, Maker] = {"key": scalar, "operator": scalar, "names": words}
    return [some(random, fields, 1) for _ in range(random.randint(1, 3))]


CONTAINER: dict[str, Maker] = {
    "image": scalar,
    "args": words,
    "env": keyed("name", NAMES, {"value": scalar, "valueFrom": source}),
    "envFrom": plain_items,
    "ports": keyed("containerPort", (80, 443, 8080), {"name": scalar, "hostPort": scalar}),
    "volumeMounts": keyed("mountPath", ("/a", "/b", "/c"), {"name": scalar, "readOnly": scalar}),
    "volumeDevices": keyed("devicePath", ("/a", "/b"), {"name": scalar}),
    "resources": resources,
    "livenessProbe": probe,
    "securityContext": lambda random: some(random, {"runAsUser": scalar, "privileged": scalar}),
}
VOLUME: dict[str, Maker] = {
    "emptyDir": labels,
    "configMap": lambda random: some(random, {"name": scalar, "items": plain_items}),
}
POD: dict[str, Maker] = {
    "containers": keyed("name", NAMES, CONTAINER),
    "initContainers": keyed("name", NAMES, CONTAINER),
    "volumes": keyed("name", NAMES, VOLUME),
    "imagePullSecrets": keyed("name", NAMES, {}),
    "hostAliases": keyed("ip", ("10.0.0.1", "10.0.0.2"), {"hostnames": words}),
    "tolerations": plain_items,
    "nodeSelector": labels,
    "topologySpreadConstraints": keyed("topologyKey", NAMES, {"maxSkew": scalar}),
    "schedulingGates": keyed("name", NAMES, {}),
    "securityContext": lambda random: some(random, {"fsGroup": scalar, "sysctls": plain_items}),
    "serviceAccountName": scalar,
}


def pod(random: Random) -> dict[str, Any]:
    """Return the spec of a pod."""
    return some(random, POD, 1)


def template(random: Random) -> dict[str, Any]:
    """Return the template of a pod."""
    return some(random, {"metadata": meta, "spec": pod}, 1)


def spec_of(**fields: Maker) -> dict[str, Maker]:
    """Return the fields of an object that has these in its spec."""
    return {"spec": lambda random: some(random, fields, 1)}


def strategy(random: Random) -> dict[str, Any]:
    """Return the strategy of a Deployment."""
    return some(random, {"type": scalar, "rollingUpdate": labels})


def job(random: Random) -> dict[str, Any]:
    """Return the spec of a Job."""
    return some(random, {"template": template, "backoffLimit": scalar}, 1)


def job_template(random: Random) -> dict[str, Any]:
    """Return the template of a Job."""
    return some(random, {"metadata": meta, "spec": job}, 1)


def selector(random: Random) -> dict[str, Any]:
    """Return a selector of labels."""
    return some(random, {"matchLabels": labels, "matchExpressions": plain_items}, 1)


WEBHOOK: dict[str, Maker] = {
    "clientConfig": labels,
    "rules": plain_items,
    "matchConditions": keyed("name", NAMES, {"expression": scalar}),
}
CONDITIONS = keyed("name", NAMES, {"expression": scalar})
WORKLOAD = spec_of(template=template, selector=selector, replicas=scalar, strategy=strategy)

#: By apiVersion and kind: the fields beside the header.
KINDS: dict[tuple[str, str], dict[str, Maker]] = {
    ("apps/v1", "Deployment"): WORKLOAD,
    ("apps/v1", "StatefulSet"): spec_of(
        template=template, volumeClaimTemplates=plain_items, updateStrategy=strategy
    ),
    ("apps/v1", "DaemonSet"): spec_of(template=template, updateStrategy=strategy),
    ("apps/v1", "ReplicaSet"): spec_of(template=template, selector=selector),
    ("batch/v1", "Job"): {"spec": job},
    ("batch/v1", "CronJob"): spec_of(jobTemplate=job_template, schedule=scalar),
    ("v1", "Pod"): {"spec": pod},
    ("v1", "ReplicationController"): spec_of(template=template, selector=labels),
    ("v1", "Service"): spec_of(
        ports=keyed("port", (80, 443, 8080), {"name": scalar, "targetPort": scalar}),
        selector=labels,
        externalIPs=words,
    ),
    ("v1", "ServiceAccount"): {
        "secrets": keyed("name", NAMES, {"namespace": scalar}),
        "imagePullSecrets": keyed("name", NAMES, {}),
    },
    ("v1", "ConfigMap"): {"data": labels, "immutable": scalar},
    ("v1", "Node"): spec_of(taints=plain_items, podCIDRs=words),
    ("policy/v1", "PodDisruptionBudget"): spec_of(selector=selector, minAvailable=scalar),
    ("networking.k8s.io/v1", "NetworkPolicy"): spec_of(ingress=plain_items, podSelector=selector),
    ("networking.k8s.io/v1", "Ingress"): spec_of(rules=plain_items, tls=plain_items),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"): {"rules": plain_items},
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"): {
        "webhooks": keyed("name", NAMES, WEBHOOK)
    },
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"): spec_of(
        matchConditions=CONDITIONS, variables=CONDITIONS, validations=plain_items
    ),
}


def a_kind(random: Random) -> tuple[str, str]:
    """Return an apiVersion and a kind."""
    return random.choice(sorted(KINDS))


def an_object(random: Random, kind: tuple[str, str], name: str) -> dict[str, Any]:
    """Return a whole object."""
    fields = {**KINDS[kind], "finalizers": words}
    body = some(random, fields, 1)
    metadata: dict[str, Any] = {"name": name, **meta(random)}
    if "finalizers" in body:
        metadata["finalizers"] = body.pop("finalizers")
    return {"apiVersion": kind[0], "kind": kind[1], "metadata": metadata, **body}
