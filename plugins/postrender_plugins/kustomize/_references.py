"""References by name: which fields of which kinds name objects of which other kinds."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from postrender import Manifest
from postrender_plugins._images.places import pod_specs
from postrender_plugins.kustomize._paths import Path, places, split
from postrender_plugins.kustomize._scope import BUILT_IN

Kind = tuple[str, str]

RBAC: Final = "rbac.authorization.k8s.io"
_ADMISSION: Final = "admissionregistration.k8s.io"
CONFIG_MAP: Final[Kind] = ("", "ConfigMap")
SECRET: Final[Kind] = ("", "Secret")
SERVICE: Final[Kind] = ("", "Service")
SERVICE_ACCOUNT: Final[Kind] = ("", "ServiceAccount")
_CLAIM: Final[Kind] = ("", "PersistentVolumeClaim")
_VOLUME: Final[Kind] = ("", "PersistentVolume")
_STORAGE_CLASS: Final[Kind] = ("storage.k8s.io", "StorageClass")
_PRIORITY_CLASS: Final[Kind] = ("scheduling.k8s.io", "PriorityClass")
_SCALABLE: Final[tuple[Kind, ...]] = (
    ("apps", "Deployment"),
    ("", "ReplicationController"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
)
_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")

#: from a pod's spec; `#` stands for each kind of containers
_OF_PODS: Final[Mapping[Kind, str]] = {
    CONFIG_MAP: (
        "volumes/configMap/name #/env/valueFrom/configMapKeyRef/name #/envFrom/configMapRef/name"
        " volumes/projected/sources/configMap/name"
    ),
    SECRET: (
        "volumes/secret/secretName #/env/valueFrom/secretKeyRef/name #/envFrom/secretRef/name"
        " imagePullSecrets/name volumes/projected/sources/secret/name"
    ),
    SERVICE_ACCOUNT: "serviceAccountName",
    _CLAIM: "volumes/persistentVolumeClaim/claimName",
    _PRIORITY_CLASS: "priorityClassName",
}

#: from the object; a path that ends at a map or a list of maps leads to name and namespace
_OF_OBJECTS: Final[Mapping[Kind, Mapping[Kind, str]]] = {
    ("", "Node"): {CONFIG_MAP: "spec/configSource/configMap"},
    _VOLUME: {SECRET: "spec/azureFile/secretName", _STORAGE_CLASS: "spec/storageClassName"},
    _CLAIM: {_VOLUME: "spec/volumeName", _STORAGE_CLASS: "spec/storageClassName"},
    SERVICE_ACCOUNT: {SECRET: "imagePullSecrets/name"},
    (_ADMISSION, "MutatingWebhookConfiguration"): {SERVICE: "webhooks/clientConfig/service"},
    (_ADMISSION, "ValidatingWebhookConfiguration"): {SERVICE: "webhooks/clientConfig/service"},
    (_ADMISSION, "ValidatingAdmissionPolicyBinding"): {
        (_ADMISSION, "ValidatingAdmissionPolicy"): "spec/policyName"
    },
    ("apiregistration.k8s.io", "APIService"): {SERVICE: "spec/service/name"},
    ("apps", "StatefulSet"): {
        SERVICE: "spec/serviceName",
        _STORAGE_CLASS: "spec/volumeClaimTemplates/spec/storageClassName",
    },
    ("autoscaling", "HorizontalPodAutoscaler"): dict.fromkeys(
        _SCALABLE, "spec/scaleTargetRef/name"
    ),
    ("networking.k8s.io", "Ingress"): {
        CONFIG_MAP: r"metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap",
        SECRET: (
            r"spec/tls/secretName metadata/annotations/ingress.kubernetes.io\/auth-secret"
            r" metadata/annotations/nginx.ingress.kubernetes.io\/auth-secret"
            r" metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret"
        ),
        SERVICE: (
            "spec/rules/http/paths/backend/serviceName spec/backend/serviceName"
            " spec/rules/http/paths/backend/service/name spec/defaultBackend/service/name"
        ),
        ("networking.k8s.io", "IngressClass"): "spec/ingressClassName",
    },
    (RBAC, "Role"): {CONFIG_MAP: "rules/resourceNames", SECRET: "rules/resourceNames"},
    (RBAC, "ClusterRole"): {
        CONFIG_MAP: "rules/resourceNames",
        SECRET: "rules/resourceNames",
        _VOLUME: "rules/resourceNames",
    },
    (RBAC, "RoleBinding"): {
        (RBAC, "Role"): "roleRef/name",
        (RBAC, "ClusterRole"): "roleRef/name",
        SERVICE_ACCOUNT: "subjects",
    },
    (RBAC, "ClusterRoleBinding"): {
        (RBAC, "ClusterRole"): "roleRef/name",
        SERVICE_ACCOUNT: "subjects",
    },
    _STORAGE_CLASS: {
        SECRET: (
            "parameters/secretName parameters/adminSecretName parameters/userSecretName"
            " parameters/secretRef"
        )
    },
}
#: groups that have been merged into others
_GROUPS: Final = {"extensions": {"Ingress": "networking.k8s.io"}}

#: kinds whose pods kustomize does not follow to all of these
_MISSED: Final[Mapping[str, tuple[Kind, ...]]] = {
    "PodTemplate": (SERVICE_ACCOUNT, _CLAIM, _PRIORITY_CLASS),
    "ReplicaSet": (SERVICE_ACCOUNT, _CLAIM, _PRIORITY_CLASS),
    "ReplicationController": (CONFIG_MAP, SECRET),
}


class Reference(NamedTuple):
    """A place in an object that may name another."""

    path: Path
    target: Kind
    is_followed: bool  #: whether kustomize follows it too


def references(manifest: Manifest) -> Iterator[Reference]:
    """Yield the places in *manifest* that name objects of other kinds."""
    group, kind = manifest.group, manifest.kind
    known = _OF_OBJECTS.get((_GROUPS.get(group, {}).get(kind, group), kind), {})
    for target, paths in known.items():
        is_followed = target[1] != "IngressClass"
        for parts in map(split, paths.split()):
            for path in places(manifest, parts):
                yield Reference(path, target, is_followed)
    for spec in pod_specs(manifest):
        for target, containers, parts in _of_pods():
            is_followed = (
                group in BUILT_IN
                and target not in _MISSED.get(kind, ())
                and containers != _CONTAINERS[-1]
            )
            for path in places(manifest, parts, base=spec):
                yield Reference(path, target, is_followed)


def _of_pods() -> Iterator[tuple[Kind, str, tuple[str, ...]]]:
    """Yield the parts of the paths in a pod's spec, behind what they name and its containers."""
    for target, paths in _OF_PODS.items():
        for text in paths.split():
            for containers in _CONTAINERS if text.startswith("#") else ("",):
                yield target, containers, split(text.replace("#", containers, 1))
