"""The order of documents: by file, then as Helm installs their kinds."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from postrender._helm.hosts.entries import Entry
from postrender._origin import HELM3, HELM4

_KINDS: Final = (
    *("PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange"),
    *("PodSecurityPolicy", "PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList"),
    *("ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim"),
    *("CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding"),
    *("ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service"),
    *("DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment"),
    *("HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress"),
    "APIService",
)

#: The kinds that each major of Helm installs in an order of its own; any other comes after them.
KINDS: Final = {
    HELM3: _KINDS,
    HELM4: (*_KINDS, "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"),
}


def by_kind(entries: Iterable[Entry], host: str) -> list[Entry]:
    """Return *entries* as *host* installs them; those of one kind keep their order."""
    return sorted(entries, key=_rank(KINDS[host]))


def by_file(entries: Iterable[Entry]) -> list[Entry]:
    """Return *entries* by the names of their files, byte by byte; those of one file keep theirs."""
    return sorted(entries, key=lambda entry: entry.file.encode())


def _rank(kinds: Sequence[str]) -> Callable[[Entry], Any]:
    known = {kind: rank for rank, kind in enumerate(kinds)}
    return lambda entry: (known.get(entry.kind, len(kinds)), _unknown(entry.kind, known))


def _unknown(kind: str, known: dict[str, int]) -> bytes:
    """Return what kinds that Helm does not know are sorted by, comments without any kind first."""
    return b"" if kind in known else kind.encode()
