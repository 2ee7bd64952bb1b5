"""What the tests of records in Secrets and ConfigMaps share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from servers.kubernetes import Cluster, running_cluster
from storage.contract import NAMESPACES

from postrender.storage._kube._driver import ConfigMapDriver, SecretDriver
from postrender.storage._settings import EnvSettings

KubeDriver = SecretDriver | ConfigMapDriver

PLURAL = {"Secret": "secrets", "ConfigMap": "configmaps"}


@contextmanager
def running_store(folder: Path, *arguments: str) -> Iterator[Cluster]:
    """Run a cluster that has the namespaces of the contract; see `running_cluster`."""
    with running_cluster(folder, *arguments) as cluster:
        known = {each["metadata"]["name"] for each in cluster.get("/api/v1/namespaces")["items"]}
        for name in {*NAMESPACES} - known:
            cluster.create("/api/v1/namespaces", {"metadata": {"name": name}})
        yield cluster


def empty(cluster: Cluster) -> None:
    """Delete all records."""
    for plural in PLURAL.values():
        found = cluster.get(f"/api/v1/{plural}?labelSelector=owner")["items"]
        for namespace in {each["metadata"]["namespace"] for each in found}:
            cluster.delete(f"/api/v1/namespaces/{namespace}/{plural}?labelSelector=owner")


def path(kind: str, namespace: str, name: str = "") -> str:
    """Return the path of a record's object, or of all in a namespace."""
    return f"/api/v1/namespaces/{namespace}/{PLURAL[kind]}" + (f"/{name}" if name else "")


def settings(cluster: Cluster, **fields: Any) -> EnvSettings:
    """Return what says where the cluster is."""
    return EnvSettings(**{"kubeconfig_files": (str(cluster.kubeconfig),), **fields})
