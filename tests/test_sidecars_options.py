"""The options of the plugin sidecars: what is wrong is told before any manifest is read."""

from typing import Any

import pytest
from support import Command

from postrender import ConfigError, Pipeline

PROXY = {"name": "proxy", "image": "proxy:2"}

WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "the step puts nothing in; give it `containers`, `initContainers`, `volumes`, `env`"),
    ({"env": [{"name": "A"}]}, "", "the option `name` is missing; a later run finds by it what"),
    ({"remove": True}, "", "the option `name` is missing; a later run finds by it what this"),
    ({"containers": [PROXY], "name": "a@b"}, "name", "the name has an @"),
    ({"containers": [{"image": "a"}]}, "containers[0]", "it has no `name`"),
    ({"containers": [{"name": ""}]}, "containers[0]", "it has no `name`"),
    ({"containers": [PROXY], "initContainers": [{"name": 1}]}, "initContainers[0]", "it has no"),
    ({"containers": [PROXY, PROXY]}, "containers[1]", "the container proxy is there twice"),
    (
        {"containers": [PROXY], "initContainers": [PROXY]},
        "initContainers[0]",
        "the container proxy is there twice",
    ),
    (
        {"containers": [PROXY], "volumes": [{"name": "a"}, {"name": "a"}]},
        "volumes[1]",
        "a is there twice",
    ),
    ({"containers": [PROXY], "volumes": [{}]}, "volumes[0]", "it has no `name`"),
    ({"name": "a", "env": [{"value": "x"}]}, "env[0]", "it has no `name`"),
    ({"name": "a", "env": [{"name": "A"}, {"name": "A"}]}, "env[1]", "A is there twice"),
    ({"name": "a", "envFrom": [{"prefix": "A"}]}, "envFrom[0]", "it is neither a `configMapRef`"),
    ({"name": "a", "volumeMounts": [{"name": "v"}]}, "volumeMounts[0]", "it has no `mountPath`"),
    ({"name": "a", "volumeMounts": [{"mountPath": "/v"}]}, "volumeMounts[0]", "it has no `name`"),
    (
        {"name": "a", "imagePullSecrets": ["one", "one"]},
        "imagePullSecrets[1]",
        "one is there twice",
    ),
    ({"name": "a", "podLabels": {"-": "a"}}, "podLabels.-", "name part must consist of"),
    ({"name": "a", "podLabels": {"a": "-"}}, "podLabels.a", "a valid label must be an empty"),
    ({"name": "a", "podAnnotations": {"a/b/c": ""}}, "podAnnotations[a/b/c]", "a valid label key"),
    (
        {"name": "a", "podAnnotations": {"helm.sh/hook": "x"}},
        "podAnnotations[helm.sh/hook]",
        "the keys of helm.sh and its subdomains belong to Helm",
    ),
    (
        {"name": "a", "podAnnotations": {"postrender.io/injected": "x"}},
        "podAnnotations[postrender.io/injected]",
        "the key is ours",
    ),
    (
        {"containers": [PROXY], "into": {"exclude": ["a"]}},
        "into",
        "`into` is only for `env`, `envFrom` and `volumeMounts`",
    ),
    ({"containers": [PROXY], "into": {"initContainers": True}}, "into", "`into` is only for"),
    ({"containers": [PROXY], "into": {"containers": ["a"]}}, "into", "`into` is only for"),
    (
        {"containers": [PROXY], "position": {}},
        "position.before",
        "the place is `before` a container, or",
    ),
    (
        {"containers": [PROXY], "position": {"before": "a", "after": "b"}},
        "position.before",
        "the place is `before` a container, or `after` one",
    ),
    ({"containers": [PROXY], "position": "middle"}, "position", "the value is none of last, first"),
    (
        {"containers": [PROXY], "podWhere": {"kind": "Pod"}},
        "podWhere.kind",
        "a pod template is selected by `labels` and `annotations`",
    ),
    ({"containers": [PROXY], "optOut": [""]}, "optOut[0]", "the key is empty"),
    ({"containers": [PROXY], "optIn": ["a", ""]}, "optIn[1]", "the key is empty"),
    (
        {"containers": [PROXY], "templates": {"A": "metadata.uid"}},
        "templates.A",
        "metadata.uid is no value that there is a name for; such as metadata.name,",
    ),
    (
        {"containers": [PROXY], "kubeVersion": "new"},
        "kubeVersion",
        "the value is no version of Kubernetes, such as 1.33",
    ),
    (
        {"containers": [PROXY], "kubeVersion": "1.28", "mode": "native"},
        "mode",
        "there are native sidecars from Kubernetes 1.29 on",
    ),
    ({"containers": [PROXY], "onExisting": "merg"}, "onExisting", "the value is none of error,"),
    ({"containers": [PROXY], "container": []}, "container", "unknown option; did you mean"),
]


@pytest.mark.parametrize(("options", "place", "message"), WRONG)
def test_what_is_wrong_is_told_with_its_place(
    options: dict[str, Any], place: str, message: str
) -> None:
    with pytest.raises(ConfigError) as raised:
        Pipeline.from_dict({"steps": [{"sidecars": options}]})

    where = f"step 1 (sidecars): sidecars.{place}".removesuffix(".")
    assert str(raised.value).startswith(f"{where}: {message}")


def test_a_label_that_a_value_is_to_fill_is_looked_at_once_it_is_filled(
    postrender: Command,
) -> None:
    step = "sidecars: {name: a, podLabels: {a: '${KIND}/'}, templates: {KIND: kind}}"
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n"

    done = postrender("--step", step, stdin=pod)

    assert done.code == 1
    assert "Pod a, /metadata/labels/a: a valid label must be an empty string or" in done.stderr
