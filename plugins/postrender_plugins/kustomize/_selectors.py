"""The labels that selectors rely on, which no kustomization may change under them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from postrender import Manifest, RefusedError
from postrender_plugins._metadata.places import Kind, Place
from postrender_plugins.kustomize._resource import Resource

_LABELS: Final[Place] = ("spec", "selector", "matchLabels")

#: selectors that a kustomization may add labels to, and whether to make one that is not there
SELECTORS: Final[Mapping[Kind, tuple[Place, bool]]] = {
    ("", "ReplicationController"): (("spec", "selector"), True),
    # A Service without a selector has its endpoints from elsewhere.
    ("", "Service"): (("spec", "selector"), False),
    ("apps", "DaemonSet"): (_LABELS, True),
    ("apps", "Deployment"): (_LABELS, True),
    ("apps", "ReplicaSet"): (_LABELS, True),
    ("apps", "StatefulSet"): (_LABELS, True),
    ("batch", "CronJob"): (("spec", "jobTemplate", *_LABELS), False),
    ("batch", "Job"): (_LABELS, False),
    ("extensions", "DaemonSet"): (_LABELS, True),
    ("extensions", "Deployment"): (_LABELS, True),
    ("extensions", "ReplicaSet"): (_LABELS, True),
    ("extensions", "NetworkPolicy"): (("spec", "podSelector", "matchLabels"), False),
    ("networking.k8s.io", "NetworkPolicy"): (("spec", "podSelector", "matchLabels"), False),
    ("policy", "PodDisruptionBudget"): (_LABELS, False),
}
#: what of them cannot be changed once it is in a cluster
IMMUTABLE: Final = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")


class Selectors:
    """The selectors of a kustomization's objects, as they are before it changes a label."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        """Read them."""
        self._found: list[tuple[str, Mapping[str, Any], str]] = []
        for resource in resources:
            if resource.kind in SELECTORS:
                asked = resource.manifest.get(SELECTORS[resource.kind][0])
                if isinstance(asked, dict) and asked:
                    self._found.append((resource.namespace, asked, str(resource.manifest)))

    def check(self, resource: Resource, path: Place, key: str, labels: Mapping[str, Any]) -> None:
        """Refuse a new value for *key* of *labels*, which are at *path*, if a selector has it.

        :raises RefusedError: then, naming both objects.
        """
        for namespace, asked, owner in self._found:
            if namespace == resource.namespace and key in asked and asked.items() <= labels.items():
                what = f"the label {key} has another value already, by which {owner} selects"
                raise refusal(resource.manifest, (*path, key), what)


def refusal(manifest: Manifest, path: Place, what: str) -> RefusedError:
    """Return the error for a value that a kustomization must not change."""
    hint = "leave the label out, or patch label and selector"
    return RefusedError(what, location=manifest.at(path), hint=hint)
