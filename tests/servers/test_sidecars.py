"""The plugin sidecars against a real API server: it takes what we write, as it stands."""

import json
from typing import Any

import pytest
from podspec_cases import built_in
from servers.kubernetes import Cluster

from postrender import Manifests, RefusedError
from postrender.testing import render, result

KINDS = [
    "Pod", "PodTemplate", "ReplicationController", "Deployment", "ReplicaSet", "DaemonSet",
    "StatefulSet", "Job", "CronJob",
]  # fmt: skip
WEB = {"containers": [{"name": "web", "image": "registry.example.com/web:1"}]}
EVERYTHING: dict[str, Any] = {
    "containers": [
        {
            "name": "proxy",
            "image": "registry.example.com/proxy:2",
            "args": ["--port", "${PORT}"],
            "ports": [{"name": "proxy", "containerPort": "${PORT}"}],
            "startupProbe": {"httpGet": {"path": "/ready", "port": "proxy"}},
            "lifecycle": {"preStop": {"exec": {"command": ["drain"]}}},
            "volumeMounts": [{"name": "shared", "mountPath": "/shared"}],
        }
    ],
    "initContainers": [{"name": "rules", "image": "registry.example.com/rules:1"}],
    "volumes": [{"name": "shared", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}}],
    "env": [{"name": "PORT", "value": "${PORT}"}],
    "envFrom": [{"configMapRef": {"name": "settings", "optional": True}}],
    "volumeMounts": [{"name": "shared", "mountPath": "/shared", "readOnly": True}],
    "imagePullSecrets": ["mirror"],
    "podLabels": {"team": "payments"},
    "podAnnotations": {"example.com/port": "${PORT}"},
    "securityContext": {"fsGroup": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
    "templates": {"PORT": {"source": "container.ports[0]", "default": 15000}},
}
STRICT = "?dryRun=All&fieldValidation=Strict"


def _object(stream: str) -> dict[str, Any]:
    return Manifests.parse(stream.encode())[0].to_dict()


@pytest.mark.parametrize("position", ["first", "last"])
@pytest.mark.parametrize("mode", ["native", "regular"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_server_takes_what_we_write(
    kind: str, mode: str, position: str, cluster: Cluster
) -> None:
    body, collection = built_in(kind, WEB)
    options = {**EVERYTHING, "mode": mode, "position": position, "initPosition": position}

    rendered = render("sidecars", json.dumps(body), **options)

    taken = cluster.create(collection + STRICT, _object(rendered))
    assert taken["kind"] == kind
    assert "postrender.io/injected" in json.dumps(taken)
    assert render("sidecars", rendered, **options) == rendered


@pytest.mark.parametrize("mode", ["native", "regular"])
def test_a_deployment_that_is_rendered_again_does_not_change(
    mode: str, cluster: Cluster, namespace: str
) -> None:
    body, _ = built_in("Deployment", WEB)
    body["metadata"] = {**body["metadata"], "namespace": namespace}
    collection = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    rendered = render("sidecars", json.dumps(body), **EVERYTHING, mode=mode)
    created = cluster.create(collection, _object(rendered))

    again = _object(render("sidecars", rendered, **EVERYTHING, mode=mode))
    patched = cluster.merge(f"{collection}/{body['metadata']['name']}", again)

    assert patched["metadata"]["generation"] == created["metadata"]["generation"] == 1


def test_a_newer_version_of_a_sidecar_replaces_the_former(cluster: Cluster, namespace: str) -> None:
    body, _ = built_in("Deployment", WEB)
    body["metadata"] = {**body["metadata"], "namespace": namespace}
    collection = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    rendered = render("sidecars", json.dumps(body), **EVERYTHING, mode="native")
    cluster.create(collection, _object(rendered))
    newer = {**EVERYTHING["containers"][0], "image": "registry.example.com/proxy:3"}
    options = {**EVERYTHING, "containers": [newer], "mode": "native"}

    again = _object(render("sidecars", rendered, **options))
    patched = cluster.merge(f"{collection}/{body['metadata']['name']}", again)

    spec = patched["spec"]["template"]["spec"]
    images = [each["image"] for each in (*spec["initContainers"], *spec["containers"])]
    assert images == [
        "registry.example.com/rules:1",
        "registry.example.com/proxy:3",
        "registry.example.com/web:1",
    ]
    assert patched["metadata"]["generation"] == 2


def test_the_template_of_a_job_is_immutable_as_we_warn(cluster: Cluster, namespace: str) -> None:
    body, _ = built_in("Job", WEB)
    body["metadata"] = {**body["metadata"], "namespace": namespace}
    collection = f"/apis/batch/v1/namespaces/{namespace}/jobs"
    cluster.create(collection, body)

    done = result("sidecars", json.dumps(body), **EVERYTHING)

    assert done.notices[0].message == (
        "the template of a Job is immutable: an upgrade of a Job that exists is refused"
    )
    with pytest.raises(RuntimeError, match="field is immutable"):
        cluster.merge(f"{collection}/{body['metadata']['name']}", _object(done.stream.decode()))


def test_the_server_refuses_in_our_words(cluster: Cluster) -> None:
    body, collection = built_in("Deployment", WEB)
    broken = {"name": "Proxy", "volumeMounts": [{"name": "none", "mountPath": "/x"}]}
    rendered = render("sidecars", json.dumps(body), containers=[broken], validate="off")

    with pytest.raises(RefusedError) as ours:
        render("sidecars", json.dumps(body), containers=[broken])
    with pytest.raises(RuntimeError) as servers:
        cluster.create(collection + STRICT, _object(rendered))

    causes = json.loads(str(servers.value))["details"]["causes"]
    assert len(causes) == 3
    for cause in causes:
        assert f"{cause['field']}: {cause['message']}" in str(ours.value)
