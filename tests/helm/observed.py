"""What a namespace of a cluster holds: objects and release records, read from the API."""

import gzip
import json
import secrets
from base64 import b64decode
from typing import Any

from servers.kubernetes import Cluster

COLLECTIONS = {
    "ConfigMap": "/api/v1/{}/configmaps",
    "Deployment": "/apis/apps/v1/{}/deployments",
    "Job": "/apis/batch/v1/{}/jobs",
    "Pod": "/api/v1/{}/pods",
    "Role": "/apis/rbac.authorization.k8s.io/v1/{}/roles",
    "Secret": "/api/v1/{}/secrets",
    "Service": "/api/v1/{}/services",
    "ServiceAccount": "/api/v1/{}/serviceaccounts",
    "StatefulSet": "/apis/apps/v1/{}/statefulsets",
    "Widget": "/apis/shop.example/v1/{}/widgets",
}

Objects = dict[str, Any]


def new_namespace(cluster: Cluster) -> str:
    """Create a namespace in the cluster, and return its name."""
    name = f"test-{secrets.token_hex(4)}"
    cluster.create("/api/v1/namespaces", {"metadata": {"name": name}})
    return name


def path(kind: str, namespace: str, name: str = "") -> str:
    """Return the path of the API for a collection, or an object in it."""
    collection = COLLECTIONS[kind].format(f"namespaces/{namespace}")
    return f"{collection}/{name}" if name else collection


def objects(cluster: Cluster, namespace: str) -> Objects:
    """Return what a namespace holds, but for Helm's records, as {"ConfigMap/web": object}."""
    found = {}
    for kind in COLLECTIONS:
        items = (cluster.get(path(kind, namespace)) or {"items": []})["items"]
        for item in items:
            if item.get("type") != "helm.sh/release.v1":
                found[f"{kind}/{item['metadata']['name']}"] = item
    return found


def record(cluster: Cluster, namespace: str, revision: int, name: str = "shop") -> Any:
    """Return what Helm has stored about a revision of a release; None without such a record."""
    secret = cluster.get(path("Secret", namespace, f"sh.helm.release.v1.{name}.v{revision}"))
    if secret is None:
        return None
    return json.loads(gzip.decompress(b64decode(b64decode(secret["data"]["release"]))))


def labelled(found: Objects) -> list[str]:
    """Return which objects have the label and the annotation of the chain."""
    metadata = {name: item["metadata"] for name, item in found.items()}
    labels = {name for name, item in metadata.items() if item.get("labels", {}).get("team")}
    annotations = {
        name
        for name, item in metadata.items()
        if item.get("annotations", {}).get("example.com/on-call") == "#payments"
    }
    assert labels == annotations
    return sorted(labels)


def authored(found: Objects) -> Objects:
    """Return objects without what the server, Helm's bookkeeping and the chain add to them."""
    return {name: _authored(item) for name, item in found.items()}


def _authored(item: Any) -> Any:
    copy = json.loads(json.dumps(item).replace("mirror.example", "registry.example"))
    metadata = copy["metadata"]
    for key in ("creationTimestamp", "generation", "managedFields", "namespace", "resourceVersion"):
        metadata.pop(key, None)
    metadata.pop("uid")
    for key in ("clusterIP", "clusterIPs"):
        copy.get("spec", {}).pop(key, None)
    for key, added in (("labels", "team"), ("annotations", "example.com/on-call")):
        metadata.get(key, {}).pop(added, None)
    metadata.get("annotations", {}).pop("meta.helm.sh/release-namespace", None)
    for key in ("labels", "annotations"):
        if not metadata.get(key):
            metadata.pop(key, None)
    return copy
