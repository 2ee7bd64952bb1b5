"""The cases of pod specs: what we tell of each, and what a real API server does."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from postrender import CheckError, Finding, Manifests, Pipeline, load_documents
from postrender_plugins._podspec.problem import written

FILE = Path(__file__).parent / "cases" / "podspec.yaml"
META = {"name": "case", "labels": {"app": "case"}}
#: a pod spec with something of everything, and nothing wrong
FULL: dict[str, Any] = {
    "restartPolicy": "Always",
    "hostNetwork": False,
    "terminationGracePeriodSeconds": 30,
    "securityContext": {"runAsUser": 1, "runAsNonRoot": True},
    "imagePullSecrets": [{"name": "s"}],
    "volumes": [
        {"name": "v", "emptyDir": {}},
        {"name": "c", "configMap": {"name": "c", "items": [{"key": "k", "path": "p"}]}},
        {"name": "h", "hostPath": {"path": "/h", "type": "Directory"}},
        {"name": "p", "projected": {"sources": [{"secret": {"name": "s"}}]}},
        {"name": "d", "persistentVolumeClaim": {"claimName": "d"}},
        {"name": "n", "nfs": {"server": "s", "path": "/n"}},
    ],
    "initContainers": [
        {"name": "i", "image": "x"},
        {"name": "s", "image": "x", "restartPolicy": "Always", "ports": [{"containerPort": 1}]},
    ],
    "containers": [
        {
            "name": "a",
            "image": "x",
            "command": ["a"],
            "args": ["b"],
            "imagePullPolicy": "Always",
            "ports": [{"name": "http", "containerPort": 80, "hostPort": 80, "hostIP": "10.0.0.1"}],
            "env": [
                {"name": "A", "value": "a"},
                {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
            ],
            "envFrom": [{"prefix": "A_", "configMapRef": {"name": "c"}}],
            "volumeMounts": [{"name": "v", "mountPath": "/v", "subPath": "a"}],
            "volumeDevices": [{"name": "d", "devicePath": "/dev/d"}],
            "resources": {"requests": {"cpu": "1"}, "limits": {"cpu": 2}},
            "livenessProbe": {"httpGet": {"port": "http"}, "periodSeconds": 5},
            "readinessProbe": {"exec": {"command": ["a"]}},
            "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "capabilities": {"add": ["NET_ADMIN"]},
            },
        }
    ],
}


class Case(NamedTuple):
    """A pod spec in an object, and what is told of it."""

    id: str
    spec: dict[str, Any]
    told: list[str]
    kind: str = "Pod"
    why: str = ""  #: why the server tells something else
    server: list[str] | None = None

    def expected_of_server(self) -> list[str]:
        """Return what the server tells: the same as we, without the name of the rule."""
        if self.server is not None:
            return self.server
        return [f"{text.split(' ', 2)[0]} {text.split(' ', 2)[2]}" for text in self.told]


def cases() -> list[Case]:
    """Read the cases."""
    return [Case(**case) for case in load_documents(FILE.read_text())[0]]


def built_in(kind: str, spec: Any) -> tuple[dict[str, Any], str]:
    """Return an object of a kind of Kubernetes with a pod spec, and the path of its collection."""
    template = {"metadata": {"labels": META["labels"]}, "spec": spec}
    selector = {"matchLabels": META["labels"]}
    workload = {"selector": selector, "template": template}
    ending = {"template": {**template, "spec": {"restartPolicy": "Never", **spec}}}
    api, plural, content = {
        "Pod": ("v1", "pods", {"spec": spec}),
        "PodTemplate": ("v1", "podtemplates", {"template": template}),
        "ReplicationController": (
            "v1",
            "replicationcontrollers",
            {"spec": {"selector": META["labels"], "template": template}},
        ),
        "Deployment": ("apps/v1", "deployments", {"spec": workload}),
        "ReplicaSet": ("apps/v1", "replicasets", {"spec": workload}),
        "DaemonSet": ("apps/v1", "daemonsets", {"spec": workload}),
        "StatefulSet": ("apps/v1", "statefulsets", {"spec": {**workload, "serviceName": "a"}}),
        "Job": ("batch/v1", "jobs", {"spec": ending}),
        "CronJob": (
            "batch/v1",
            "cronjobs",
            {"spec": {"schedule": "0 0 * * *", "jobTemplate": {"spec": ending}}},
        ),
    }[kind]
    root = "/api/v1" if api == "v1" else f"/apis/{api}"
    found = {"apiVersion": api, "kind": kind, "metadata": META, **content}
    return found, f"{root}/namespaces/default/{plural}"


def findings(*objects: object, **options: Any) -> list[Finding]:
    """Return what the check finds, whether or not it refuses."""
    stream = "\n---\n".join(json.dumps(each) for each in objects)
    found: list[Finding] = []
    pipeline = Pipeline.from_dict({"steps": [{"podspec": options}]})
    manifests = Manifests.parse(stream.encode())
    with suppress(CheckError):
        pipeline.apply(manifests, observe=lambda run, _: found.extend(run.findings))
    return found


def told(*objects: object, **options: Any) -> list[str]:
    """Return the same as text, with paths as the API server writes them."""
    return [
        f"{each.severity} [{each.rule}] {written(tuple(each.location.path))}: {each.message}"
        for each in findings(*objects, **options)
    ]


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything in *value*."""
    if path:
        yield path
    below: Any = enumerate(value) if isinstance(value, list) else ()
    for key, each in value.items() if isinstance(value, dict) else below:
        yield from paths(each, (*path, key))
