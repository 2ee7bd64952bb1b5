"""What the plugin sidecars puts into a template: values, what is there, what may go wrong."""

import json
from typing import Any

import pytest

from postrender import Manifests, Pipeline, RefusedError
from postrender.testing import render, result

PROXY: dict[str, Any] = {"name": "proxy", "image": "registry.example.com/proxy:2"}
LOGS: dict[str, Any] = {"name": "logs", "emptyDir": {}}
MOUNT = {"name": "logs", "mountPath": "/var/log/app"}


def _deployment(spec: dict[str, Any], **metadata: Any) -> str:
    spec = {"containers": [{"name": "web", "image": "web:1"}], **spec}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": spec}
    return json.dumps(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "web", **metadata},
            "spec": {"template": template},
        }
    )


def _spec(stream: str) -> dict[str, Any]:
    spec: dict[str, Any] = Manifests.parse(stream.encode())[0].get(("spec", "template", "spec"))
    return spec


def _told(stream: str, **options: Any) -> list[str]:
    return [each.message for each in result("sidecars", stream, **options).notices][:-1]


# -- values ---------------------------------------------------------------------------------------

PORTS = [{"name": "http", "containerPort": 8080}, {"name": "admin", "containerPort": 9090}]
WITH_PORTS = {"containers": [{"name": "web", "image": "web:1", "ports": PORTS}]}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("kind", "Deployment"),
        ("metadata.name", "web"),
        ("metadata.namespace", "shop"),
        ("metadata.labels['example.com/a.b']", "label"),
        ("metadata.annotations['a']", "annotation"),
        ("template.metadata.labels['app']", "web"),
        ("container.name", "web"),
        ("container.image", "web:1"),
        ("container.ports[1]", "9090"),
        ("container.ports['http']", "8080"),
    ],
)
def test_a_value_of_the_object_is_put_in(source: str, value: str) -> None:
    stream = _deployment(
        WITH_PORTS,
        namespace="shop",
        labels={"example.com/a.b": "label"},
        annotations={"a": "annotation"},
    )
    args = ["${A}", "x-${A}-${OTHER}-$(A)-${A}"]

    rendered = render(
        "sidecars", stream, containers=[{**PROXY, "args": args}], templates={"A": source}
    )

    assert _spec(rendered)["containers"][1]["args"] == [
        value,
        f"x-{value}-${{OTHER}}-$(A)-{value}",
    ]


def test_the_namespace_may_be_that_of_the_release() -> None:
    pipeline = Pipeline.from_dict(
        {
            "steps": [
                {
                    "sidecars": {
                        "name": "a",
                        "podLabels": {"a": "${N}"},
                        "templates": {"N": "metadata.namespace"},
                    }
                }
            ]
        }
    )
    manifests = Manifests.parse(_deployment({}).encode())

    pipeline.apply(manifests, namespace="shop")

    assert manifests[0].get(("spec", "template", "metadata", "labels", "a")) == "shop"


def test_a_port_stays_a_number_where_kubernetes_wants_one() -> None:
    container = {
        **PROXY,
        "env": [{"name": "PORT", "value": "${P}"}],
        "livenessProbe": {"httpGet": {"path": "/${P}", "port": "${P}"}},
    }

    rendered = render(
        "sidecars",
        _deployment(WITH_PORTS),
        containers=[container],
        templates={"P": "container.ports[0]"},
    )

    proxy = _spec(rendered)["containers"][1]
    assert proxy["env"] == [{"name": "PORT", "value": "8080"}]
    assert proxy["livenessProbe"] == {"httpGet": {"path": "/8080", "port": 8080}}


@pytest.mark.parametrize(
    "source",
    ["metadata.namespace", "metadata.labels['a']", "container.ports[2]", "container.ports['x']"],
)
def test_a_value_that_is_not_there_has_a_default_or_is_refused(source: str) -> None:
    stream = _deployment(WITH_PORTS)
    options: dict[str, Any] = {"name": "a", "podLabels": {"a": "${A}"}}

    with pytest.raises(RefusedError) as raised:
        render("sidecars", stream, **options, templates={"A": source})

    assert raised.value.message == f"there is no {source} for ${{A}}"
    assert raised.value.hint == "give `templates.A` a default"
    value = {"source": source, "default": 8080}
    assert '"a":"8080"' in render("sidecars", stream, **options, templates={"A": value}).replace(
        " ", ""
    )


def test_the_name_of_an_object_that_is_yet_to_get_one_is_not_there() -> None:
    stream = _deployment({}).replace('"name": "web"}, "spec"', '"generateName": "web-"}, "spec"')

    with pytest.raises(RefusedError, match=r"there is no metadata\.name for"):
        render(
            "sidecars", stream, name="a", podLabels={"a": "${A}"}, templates={"A": "metadata.name"}
        )


def test_the_first_container_is_the_first_that_no_step_added() -> None:
    trace = {"name": "trace", "podLabels": {"c": "${C}"}, "templates": {"C": "container.name"}}
    chain = Pipeline.from_dict(
        {"steps": [{"sidecars": {"containers": [PROXY], "position": "first"}}, {"sidecars": trace}]}
    )

    rendered = chain.run(_deployment({}).encode())

    labels = Manifests.parse(rendered)[0].get(("spec", "template", "metadata", "labels"))
    assert labels == {"app": "web", "c": "web"}
    assert chain.run(rendered) == rendered


# -- what is there already ------------------------------------------------------------------------


def test_a_variable_that_is_there_is_kept_and_told_unless_it_is_the_same() -> None:
    env = [{"name": "A", "value": "theirs"}, {"name": "B", "value": "same"}]
    stream = _deployment({"containers": [{"name": "web", "image": "web:1", "env": env}]})
    ours = [{"name": "A", "value": "ours"}, {"name": "B", "value": "same"}, {"name": "C"}]

    done = result("sidecars", stream, name="a", env=ours)

    assert _spec(done.stream.decode())["containers"][0]["env"] == [*env, {"name": "C"}]
    assert [each.message for each in done.notices] == [
        "the variable A of web is there already, and kept",
        "a was put into 1 of 1 pod templates",
    ]


@pytest.mark.parametrize("path", ["/var/log/app", "/var/log/app/"])
def test_a_mount_of_the_same_volume_at_the_same_path_is_shared(path: str) -> None:
    there = {"name": "logs", "mountPath": path, "readOnly": True}
    stream = _deployment(
        {"containers": [{"name": "web", "image": "w", "volumeMounts": [there]}], "volumes": [LOGS]}
    )

    rendered = render("sidecars", stream, name="a", volumes=[LOGS], volumeMounts=[MOUNT])

    assert _spec(rendered) == _spec(stream)


def test_a_source_of_variables_is_added_once() -> None:
    source = {"secretRef": {"name": "a"}}
    stream = _deployment({"containers": [{"name": "web", "image": "w", "envFrom": [source]}]})
    other = {"configMapRef": {"name": "b"}}

    rendered = render("sidecars", stream, name="a", envFrom=[source, other])

    assert _spec(rendered)["containers"][0]["envFrom"] == [source, other]


def test_a_claim_of_a_stateful_set_is_a_volume() -> None:
    stream = _deployment({}).replace("Deployment", "StatefulSet")
    value = json.loads(stream)
    value["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "logs"}}]

    rendered = render("sidecars", json.dumps(value), name="a", volumeMounts=[MOUNT])

    assert _spec(rendered)["containers"][0]["volumeMounts"] == [MOUNT]
    with pytest.raises(RefusedError, match='name: Not found: "logs"'):
        render("sidecars", stream, name="a", volumeMounts=[MOUNT])


def test_that_no_container_is_meant_is_told() -> None:
    told = _told(_deployment({}), name="a", env=[{"name": "A"}], into={"containers": ["app"]})

    assert told == ["no container is one that `into` means"]


def test_a_label_that_is_there_is_kept_and_told_unless_it_is_the_same() -> None:
    assert _told(_deployment({}), name="a", podLabels={"app": "web"}) == []
    assert _told(_deployment({}), name="a", podLabels={"app": "other"}) == [
        "app has another value already, and keeps it"
    ]


def test_a_secret_that_is_there_is_not_added_again() -> None:
    stream = _deployment({"imagePullSecrets": [{"name": "mirror"}]})

    rendered = render("sidecars", stream, name="a", imagePullSecrets=["mirror", "other"])

    assert _spec(rendered)["imagePullSecrets"] == [{"name": "mirror"}, {"name": "other"}]


def test_two_containers_of_a_name_become_one_field_by_field() -> None:
    theirs = {
        "name": "proxy",
        "image": "theirs",
        "env": [{"name": "A", "value": "theirs"}],
        "args": ["theirs"],
        "resources": {"limits": {"cpu": 1}},
        "securityContext": None,
    }
    ours = {
        **PROXY,
        "env": [{"name": "A", "value": "ours"}, {"name": "B", "value": "ours"}],
        "args": ["ours"],
        "resources": {"limits": {"cpu": 2, "memory": "1Gi"}, "requests": {"cpu": 1}},
        "securityContext": {"runAsUser": 1},
    }
    stream = _deployment({"containers": [theirs]})

    rendered = render("sidecars", stream, containers=[ours], onExisting="merge")

    assert _spec(rendered)["containers"] == [
        {
            "name": "proxy",
            "image": "theirs",
            "env": [{"name": "A", "value": "theirs"}, {"name": "B", "value": "ours"}],
            "args": ["theirs"],
            "resources": {"limits": {"cpu": 1, "memory": "1Gi"}, "requests": {"cpu": 1}},
            "securityContext": {"runAsUser": 1},
        }
    ]


def test_a_neighbour_that_is_not_there_is_refused() -> None:
    with pytest.raises(RefusedError) as raised:
        render("sidecars", _deployment({}), containers=[PROXY], position={"before": "app"})

    assert str(raised.value) == (
        "step 1 (sidecars): document 1, Deployment web, /spec/template/spec/containers: there is no"
        " container app to stand beside; narrow the step down with `where`, or let it stand `first`"
        " or `last`"
    )


@pytest.mark.parametrize(
    ("spec", "options", "message"),
    [
        ({"volumes": "x"}, {"volumes": [LOGS]}, "/spec/template/spec/volumes: it is no list"),
        (
            {"securityContext": []},
            {"securityContext": {"fsGroup": 1}},
            "/spec/template/spec/securityContext: it is no map",
        ),
        (
            {"containers": [{"name": "a"}, {"name": "web", "env": {}}]},
            {"env": [{"name": "A"}]},
            "/spec/template/spec/containers/1/env: it is no list",
        ),
        ({"containers": "x"}, {"containers": [PROXY]}, "/spec/template/spec/containers: it is no"),
    ],
)
def test_what_is_no_list_or_map_is_refused(
    spec: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(RefusedError) as raised:
        render(
            "sidecars",
            _deployment(spec),
            name="a",
            into={"containers": ["w*"]} if "env" in options else {},
            **options,
        )

    assert f"Deployment web, {message}" in str(raised.value)


def test_labels_that_are_no_map_are_refused() -> None:
    stream = _deployment({}).replace('{"labels": {"app": "web"}}', '{"labels": []}')

    with pytest.raises(RefusedError, match="/spec/template/metadata/labels: it is no map"):
        render("sidecars", stream, name="a", podLabels={"a": "b"}, optOut=[])


def test_items_that_are_nothing_are_left_where_they_are() -> None:
    spec = {"containers": [{"name": "web", "image": "w"}, "x", {"image": "y"}, {"name": "web"}]}

    rendered = render("sidecars", _deployment(spec), containers=[PROXY], validate="off")

    assert _spec(rendered)["containers"] == [*spec["containers"], PROXY]


def test_a_pod_of_nothing_but_an_empty_list_gets_a_container() -> None:
    rendered = render(
        "sidecars", _deployment({"containers": []}), containers=[PROXY], position="first"
    )

    assert _spec(rendered)["containers"] == [PROXY]


# -- what may go wrong ----------------------------------------------------------------------------


def test_what_was_wrong_and_is_left_alone_is_told_where_all_is_validated() -> None:
    stream = _deployment({"hostNetwork": True, "containers": [{"name": "web"}]})

    assert _told(stream, containers=[PROXY], validate="all") == [
        "skipped (host_network): it is in the host's network, and `hostNetwork` is not `inject`",
        "spec.template.spec.containers[0].image: Required value",
    ]
    assert len(_told(stream, containers=[PROXY])) == 1


def test_a_warning_that_is_new_is_told_and_an_old_one_is_not() -> None:
    twice = [{"name": "A", "value": "x"}, {"name": "A", "value": "y"}]
    web = {"name": "web", "image": "w", "env": twice}

    told = _told(_deployment({"containers": [web]}), containers=[{**PROXY, "env": twice}])

    assert told == [
        "spec.template.spec.containers[1].env[1]: hides previous definition of"
        ' "A", which may be dropped when using apply'
    ]


def test_what_is_not_validated_is_not_refused() -> None:
    container = {"name": "Proxy", "image": ""}

    assert "Proxy" in render("sidecars", _deployment({}), containers=[container], validate="off")


@pytest.mark.parametrize(
    ("pod", "container", "is_refused"),
    [
        ({"runAsNonRoot": True}, {}, True),
        ({"runAsNonRoot": True}, {"runAsUser": 0}, True),
        ({"runAsNonRoot": True}, {"runAsUser": 1}, False),
        ({"runAsNonRoot": True}, {"runAsNonRoot": True}, False),
        ({"runAsNonRoot": True}, {"runAsNonRoot": False}, False),
        ({"runAsNonRoot": True, "runAsUser": 1}, {}, False),
        ({}, {}, False),
    ],
)
def test_a_container_that_may_be_root_where_that_is_forbidden_is_refused(
    pod: dict[str, Any], container: dict[str, Any], is_refused: bool
) -> None:
    stream = _deployment({"securityContext": pod})
    containers = [{**PROXY, "securityContext": container}]

    try:
        render("sidecars", stream, containers=containers)
    except RefusedError:
        assert is_refused
    else:
        assert not is_refused


TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"


@pytest.mark.parametrize(
    ("container", "is_told"),
    [
        ({"args": [f"--token={TOKEN}/token"]}, True),
        ({"env": [{"name": "TOKEN", "value": TOKEN}]}, True),
        ({"args": [TOKEN], "volumeMounts": [{"name": "logs", "mountPath": TOKEN}]}, False),
        ({"args": [TOKEN], "volumeMounts": [MOUNT]}, True),
        ({"args": ["x"], "ports": [{"containerPort": 1}]}, False),
    ],
)
def test_a_token_that_is_not_there_is_told(container: dict[str, Any], is_told: bool) -> None:
    stream = _deployment({"automountServiceAccountToken": False})

    told = _told(stream, containers=[{**PROXY, **container}], volumes=[LOGS])

    message = "the container proxy looks for a service account's token, which is not there"
    assert told == [message] * is_told


SCALERS = [
    (
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "spec": {
                "scaleTargetRef": {"kind": "Deployment", "name": "web"},
                "metrics": [
                    {"resource": {"name": "memory", "target": {"type": "Utilization"}}},
                    {"resource": {"name": "cpu", "target": {"type": "AverageValue"}}},
                    {"pods": {}},
                ],
            },
        },
        ["memory"],
    ),
    (
        {
            "apiVersion": "autoscaling/v2beta1",
            "kind": "HorizontalPodAutoscaler",
            "spec": {
                "scaleTargetRef": {"kind": "Deployment", "name": "web"},
                "metrics": [{"resource": {"name": "cpu", "targetAverageUtilization": 80}}],
            },
        },
        ["cpu"],
    ),
    (
        {
            "apiVersion": "autoscaling/v1",
            "kind": "HorizontalPodAutoscaler",
            "spec": {
                "scaleTargetRef": {"kind": "Deployment", "name": "web"},
                "targetCPUUtilizationPercentage": 80,
            },
        },
        ["cpu"],
    ),
    (
        {
            "apiVersion": "autoscaling.k8s.io/v1",
            "kind": "VerticalPodAutoscaler",
            "spec": {"targetRef": {"kind": "Deployment", "name": "web"}},
        },
        ["cpu", "memory"],
    ),
    (
        {"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler", "spec": {"metrics": 1}},
        [],
    ),
    ({"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler"}, []),
]


@pytest.mark.parametrize(("scaler", "resources"), SCALERS)
def test_a_container_that_requests_nothing_to_scale_by_is_told(
    scaler: dict[str, Any], resources: list[str]
) -> None:
    stream = _deployment({}) + "\n---\n" + json.dumps({**scaler, "metadata": {"name": "s"}})
    sized = {**PROXY, "resources": {"requests": {"cpu": 1}, "limits": {"memory": "1Gi"}}}

    assert _told(stream, containers=[PROXY]) == [
        f"the container proxy requests no {resource}, which {scaler['kind']} s scales by"
        for resource in resources
    ]
    assert _told(stream, containers=[sized]) == []
    assert _told(stream, initContainers=[PROXY]) == []
    assert len(_told(stream, containers=[PROXY], mode="native")) == len(resources)


RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
    "runAsNonRoot": True,
    "runAsUser": 1,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.mark.parametrize(
    ("security", "missing"),
    [
        (RESTRICTED, ""),
        (
            {},
            "allowPrivilegeEscalation: false, capabilities.drop: [ALL], runAsNonRoot: true,"
            " seccompProfile.type: RuntimeDefault",
        ),
        (
            {**RESTRICTED, "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]}},
            "capabilities.drop: [ALL]",
        ),
        ({**RESTRICTED, "seccompProfile": None}, "seccompProfile.type: RuntimeDefault"),
    ],
)
def test_what_keeps_a_pod_from_the_standard_restricted_is_told(
    security: dict[str, Any], missing: str
) -> None:
    web = {"name": "web", "image": "w", "securityContext": RESTRICTED}
    containers = [{**PROXY, "securityContext": security}]

    told = _told(_deployment({"containers": [web]}), containers=containers)

    start = "the container proxy misses of the Pod Security standard `restricted`: "
    assert told == ([start + missing] if missing else [])
    assert _told(_deployment({}), containers=containers) == []
    assert _told(_deployment({"containers": []}), containers=containers) == []


def test_values_of_wrong_types_are_refused_and_no_crash() -> None:
    container = {
        **PROXY,
        "args": 1,
        "env": 1,
        "ports": [1],
        "resources": [],
        "securityContext": {"capabilities": {"add": 1, "drop": {}}},
        "volumeMounts": "x",
    }
    stream = _deployment({"automountServiceAccountToken": False, "securityContext": 1})
    stream = stream.replace('"labels": {"app": "web"}', '"labels": ["postrender.io/inject"]')

    with pytest.raises(RefusedError, match="there are 7 problems"):
        render("sidecars", stream, containers=[container])
    assert "proxy" in render("sidecars", stream, containers=[container], validate="off")
