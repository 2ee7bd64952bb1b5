"""The plugin podspec against a real API server, which refuses the same in the same words."""

import json
import random
from typing import Any

import pytest
from podspec_cases import FULL, Case, built_in, cases, findings, paths, told
from servers.dry_run import Answer, ask
from servers.kubernetes import Cluster

#: rules for what the server takes although it cannot work
OURS = ("port-clash", "probe-port", "run-as-root")
#: values of all types to put into a pod spec
VALUES: list[Any] = [
    "", "a", "A", "http", "/v", "../x", "v", "d", "Always", "Never", "80", "500m", "x" * 20, 0, 1,
    -1, 80, 70000, 5.5, True, False, None, [], {}, ["a"], [{}], {"a": "b"}, {"name": "a"},
    [{"name": "a", "image": "x"}], {"port": 80}, {"command": ["a"]}, {"exec": {"command": ["a"]}},
    [{"name": "v", "mountPath": "/v"}],
]  # fmt: skip
TWICE = {"containers": [{"name": "a", "image": "x"}, {"name": "a", "image": "x"}]}
KINDS = [
    "Pod", "PodTemplate", "ReplicationController", "Deployment", "ReplicaSet", "DaemonSet",
    "StatefulSet", "Job", "CronJob",
]  # fmt: skip


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_the_server_tells_the_same_unless_the_table_says_why_not(
    case: Case, cluster: Cluster
) -> None:
    body, collection = built_in(case.kind, case.spec)

    answer = ask(cluster, collection, body)

    assert sorted(answer.told) == sorted(case.expected_of_server())
    assert (case.server is not None) is bool(case.why)


@pytest.mark.parametrize("kind", KINDS)
def test_the_server_refuses_at_the_same_path_in_every_kind(kind: str, cluster: Cluster) -> None:
    body, collection = built_in(kind, TWICE)
    ours = [
        text.replace(" [duplicate-container]", "") for text in told(body, ignore=["job-sidecar"])
    ]

    answer = ask(cluster, collection, body)

    assert len(ours) == 1
    assert answer.told == ours


@pytest.mark.parametrize("kind", KINDS)
def test_what_we_let_pass_the_server_takes_in_every_kind(kind: str, cluster: Cluster) -> None:
    spec = {
        "volumes": [{"name": "v", "emptyDir": {}}],
        "initContainers": [
            {
                "name": "s",
                "image": "x",
                "restartPolicy": "Always",
                "ports": [{"name": "proxy", "containerPort": 15001}],
                "startupProbe": {"tcpSocket": {"port": "proxy"}},
                "volumeMounts": [{"name": "v", "mountPath": "/v"}],
            }
        ],
        "containers": [
            {
                "name": "a",
                "image": "x",
                "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
                "volumeMounts": [{"name": "v", "mountPath": "/v", "subPath": "a"}],
                "resources": {"requests": {"cpu": "100m"}, "limits": {"cpu": "1", "memory": "1Gi"}},
            }
        ],
    }
    body, collection = built_in(kind, spec)

    assert findings(body) == []
    assert ask(cluster, collection, body) == Answer(True, [])


def test_the_server_takes_the_claims_of_a_stateful_set_as_volumes(cluster: Cluster) -> None:
    mounts = [{"name": name, "mountPath": f"/{name}"} for name in ("data", "other")]
    spec = {"containers": [{"name": "a", "image": "x", "volumeMounts": mounts}]}
    body, collection = built_in("StatefulSet", spec)
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    body["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "data"}, "spec": claim}]

    answer = ask(cluster, collection, body)

    assert answer.told == [text.replace(" [unknown-volume]", "") for text in told(body)]
    assert answer.told == [
        'error spec.template.spec.containers[0].volumeMounts[1].name: Not found: "other"'
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_server_refuses_just_the_pod_specs_that_we_refuse(seed: int, cluster: Cluster) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        body, collection = built_in("Pod", _spoilt(chance))
        ours = [text for text in told(body, ignore=OURS) if text.startswith("error")]

        answer = ask(cluster, collection, body, unknown="Ignore")

        assert answer.is_taken is not bool(ours), (body, ours, answer)


def _spoilt(chance: random.Random) -> dict[str, Any]:
    """Return a pod spec with one to three changes."""
    spec: dict[str, Any] = _copy(FULL)
    for _ in range(chance.randint(1, 3)):
        *way, key = chance.choice(list(paths(spec)))
        place: Any = spec
        for each in way:
            place = place[each]
        change = chance.random()
        if change < 0.2:
            del place[key]
        elif change < 0.4 and isinstance(place, list):
            place.insert(key, _copy(place[key]))
        else:
            place[key] = _copy(chance.choice(VALUES))
    return spec


def _copy(value: Any) -> Any:
    return json.loads(json.dumps(value))
