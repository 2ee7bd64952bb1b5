"""How many replicas workloads get, by their name."""

from typing import Final

from postrender import RefusedError
from postrender_plugins.kustomize._layers import Layer
from postrender_plugins.kustomize._nearest import hint
from postrender_plugins.kustomize._resource import Resources

KINDS: Final = (
    ("", "ReplicationController"),
    ("apps", "Deployment"),
    ("apps", "ReplicaSet"),
    ("apps", "StatefulSet"),
    ("extensions", "Deployment"),
    ("extensions", "ReplicaSet"),
)


def set_replicas(layer: Layer, resources: Resources) -> None:
    """Set the replicas of the workloads that the kustomization names, now or as they were.

    :raises RefusedError: for a name that no workload has.
    """
    for index, entry in enumerate(layer.kustomization.replicas):
        workloads = [each for each in resources if each.kind in KINDS]
        found = [each for each in workloads if entry.name in {id.name for id in each.ids}]
        for each in found:
            each.manifest.set(("spec", "replicas"), entry.count)
        if not found:
            raise RefusedError(
                f"no workload with replicas is called {entry.name}",
                location=layer.where("replicas", index),
                hint=hint(workloads, "", entry.name),
            )
