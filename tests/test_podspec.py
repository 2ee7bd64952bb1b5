"""The plugin podspec: what is wrong with pod specs, where they stand, and what options do."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from podspec_cases import FULL, META, Case, built_in, cases, findings, paths, told
from support import Command

from postrender import ConfigError, Manifests, Severity
from postrender.testing import check_case, find_cases, render
from postrender_plugins import podspec
from postrender_plugins._images.places import POD_SPECS
from postrender_plugins._metadata.places import EACH, POD_TEMPLATES
from postrender_plugins._podspec.places import OTHERS, owner, pods
from postrender_plugins._podspec.problem import Problem, compare
from postrender_plugins._podspec.quantity import parse
from postrender_plugins._podspec.rules import Rule
from postrender_plugins._podspec.validate import problems

GOLDEN = find_cases(Path(__file__).parent / "plugins" / "podspec")
TABLE = cases()
ONE = {"containers": [{"name": "a", "image": "x"}]}
TWICE = {"containers": [{"name": "a", "image": "x"}, {"name": "a", "image": "x"}]}


def _name(case: Path) -> str:
    return case.name


def _pod(spec: Any) -> dict[str, Any]:
    return built_in("Pod", spec)[0]


def _problems(spec: Any) -> list[Problem]:
    manifest = Manifests.parse(json.dumps(_pod(spec)).encode())[0]
    return problems(manifest.get(("spec",)), ("spec",), owner(manifest))


def _told_once(spec: Any, **options: Any) -> str:
    (text,) = told(_pod(spec), **options)
    return text


# -- what is wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize("case", GOLDEN, ids=_name)
def test_a_golden_folder_is_as_it_says(case: Path, update: bool) -> None:
    check_case(case, update=update)


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.id)
def test_a_pod_spec_of_the_table_is_told_of_as_it_says(case: Case) -> None:
    assert told(built_in(case.kind, case.spec)[0]) == case.told


def test_the_table_has_every_rule() -> None:
    rules = {
        match[1]
        for case in TABLE
        for text in case.told
        if (match := re.match(r"\w+ \[(.+?)\]", text))
    }

    assert rules == set(get_args(Rule))


def test_nothing_is_wrong_with_a_pod_spec_that_has_everything() -> None:
    assert told(_pod(FULL)) == []


def test_a_value_of_a_variable_is_never_shown() -> None:
    spec = {"containers": [{"name": "a", "image": "x", "env": [{"name": "A", "value": 20040123}]}]}

    assert "20040123" not in _told_once(spec)


def test_all_that_is_wrong_is_told_at_once() -> None:
    spec = {
        "containers": [
            {"name": "a", "volumeMounts": [{"name": "v", "mountPath": "/v"}]},
            {"name": "a", "image": "x"},
        ]
    }

    assert told(_pod(spec)) == [
        "error [required] spec.containers[0].image: Required value",
        'error [unknown-volume] spec.containers[0].volumeMounts[0].name: Not found: "v"',
        'error [duplicate-container] spec.containers[1].name: Duplicate value: "a"',
    ]


@settings(deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_pod_spec_is_looked_at(data: st.DataObject) -> None:
    places = list(paths(FULL))
    spec = json.loads(json.dumps(FULL))
    values = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=4,
    )
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places))
        place = spec
        for key in path[:-1]:
            place = place[key] if _is_in(key, place) else None
        if _is_in(path[-1], place):
            place[path[-1]] = data.draw(values)

    for problem in problems(
        spec, ("spec",), owner(Manifests.parse(b"{apiVersion: v1, kind: Pod}")[0])
    ):
        assert str(problem).startswith("spec")


def _is_in(key: Any, place: Any) -> bool:
    if isinstance(place, dict):
        return key in place
    return isinstance(place, list) and isinstance(key, int) and key < len(place)


# -- versions of Kubernetes ------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.34", "v1.34.1", "1.34+", "1.34.2-gke.100"])
def test_a_container_has_no_restart_policy_before_1_35(version: str) -> None:
    spec = {"containers": [{"name": "a", "image": "x", "restartPolicy": "Always"}]}

    assert _told_once(spec, kubeVersion=version) == (
        "error [restart-policy] spec.containers[0].restartPolicy:"
        " Forbidden: may not be set for non-init containers"
    )
    assert told(_pod(spec), kubeVersion="1.35") == []


def test_an_init_container_has_no_restart_policy_before_1_29() -> None:
    init = {"name": "i", "image": "x", "restartPolicy": "Always"}
    spec = {"initContainers": [init], "containers": [{"name": "a", "image": "x"}]}

    assert _told_once(spec, kubeVersion="1.28") == (
        "error [restart-policy] spec.initContainers[0].restartPolicy:"
        " Forbidden: may not be set for init containers before Kubernetes 1.29"
    )
    assert told(_pod(spec), kubeVersion="1.29") == []


def test_an_init_container_has_no_other_restart_policy_before_1_35() -> None:
    init = {"name": "i", "image": "x", "restartPolicy": "Never"}
    spec = {"initContainers": [init], "containers": [{"name": "a", "image": "x"}]}

    assert _told_once(spec, kubeVersion="1.34") == (
        "error [restart-policy] spec.initContainers[0].restartPolicy:"
        ' Unsupported value: "Never": supported values: "Always"'
    )
    assert told(_pod(spec), kubeVersion="1.35") == []


# -- kinds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"])
def test_the_pods_of_a_workload_never_end(kind: str) -> None:
    spec = {"restartPolicy": "Never", "containers": [{"name": "a", "image": "x"}]}

    assert told(built_in(kind, spec)[0]) == [
        "error [restart-policy] spec.template.spec.restartPolicy:"
        ' Unsupported value: "Never": supported values: "Always"'
    ]


@pytest.mark.parametrize("policy", ["Always", ""])
def test_the_pods_of_a_job_end(policy: str) -> None:
    spec = {"restartPolicy": policy, "containers": [{"name": "a", "image": "x"}]}

    assert told(built_in("Job", spec)[0]) == [
        "error [restart-policy] spec.template.spec.restartPolicy:"
        ' Required value: valid values: "OnFailure", "Never"'
    ]


def test_a_template_has_no_ephemeral_containers() -> None:
    spec = {
        "containers": [{"name": "a", "image": "x"}],
        "ephemeralContainers": [{"name": "b", "image": "x"}],
    }

    assert told(built_in("Deployment", spec)[0]) == [
        "error [ephemeral-containers] spec.template.spec.ephemeralContainers:"
        " Forbidden: ephemeral containers not allowed in pod template"
    ]


def test_the_claims_of_a_stateful_set_are_volumes() -> None:
    mounts = [{"name": name, "mountPath": f"/{name}"} for name in ("data", "other")]
    database, _ = built_in(
        "StatefulSet", {"containers": [{"name": "a", "image": "x", "volumeMounts": mounts}]}
    )
    database["spec"]["volumeClaimTemplates"] = [{"metadata": {"name": "data"}}, {}, "odd"]

    assert told(database) == [
        "error [unknown-volume] spec.template.spec.containers[0].volumeMounts[1].name:"
        ' Not found: "other"'
    ]


@pytest.mark.parametrize(
    ("kind", "claims", "template"),
    [
        ("apps.kruise.io/v1 CloneSet", "spec", "spec/template"),
        (
            "apps.kruise.io/v1 UnitedDeployment",
            "spec/template/cloneSetTemplate/spec",
            "spec/template/cloneSetTemplate/spec/template",
        ),
        (
            "leaderworkerset.x-k8s.io/v1 LeaderWorkerSet",
            "spec/leaderWorkerTemplate",
            "spec/leaderWorkerTemplate/workerTemplate",
        ),
    ],
)
def test_the_claims_of_custom_kinds_are_volumes(kind: str, claims: str, template: str) -> None:
    mount = {"name": "data", "mountPath": "/data"}
    container = {"name": "a", "image": "x", "volumeMounts": [mount]}
    api_version, name = kind.split()
    owner: dict[str, Any] = {"apiVersion": api_version, "kind": name, "metadata": META}
    for path, key, value in (
        (template, "spec", {"containers": [container]}),
        (claims, "volumeClaimTemplates", [{"metadata": {"name": "data"}}]),
    ):
        place = owner
        for each in path.split("/"):
            place = place.setdefault(each, {})
        place[key] = value

    assert told(owner) == []


def test_a_container_of_knative_needs_no_name() -> None:
    service = {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": META,
        "spec": {"template": {"spec": {"containers": [{"image": "x"}]}}},
    }

    assert told(service) == []


PLACES = {**POD_TEMPLATES, **OTHERS}
KINDS = sorted(PLACES)


@pytest.mark.parametrize("kind", KINDS, ids="/".join)
def test_every_place_of_a_pod_spec_is_known(kind: tuple[str, str]) -> None:
    for place in PLACES[kind]:
        at: list[Any] = [0 if key == EACH else key for key in (*place, "spec")]
        value: Any = TWICE if kind[0] != "batch" else {**TWICE, "restartPolicy": "Never"}
        for key in reversed(at):
            value = [value] if key == 0 else {key: value}
        group = f"{kind[0]}/" if kind[0] else ""
        found = findings({"apiVersion": f"{group}v1", "kind": kind[1], "metadata": META, **value})

        errors = [each for each in found if each.severity == "error"]
        assert [list(each.location.path) for each in errors] == [[*at, "containers", 1, "name"]]


@pytest.mark.parametrize(
    "kind",
    [
        ("apps.kruise.io", "SidecarSet"),
        ("monitoring.coreos.com", "Alertmanager"),
        ("monitoring.coreos.com", "Prometheus"),
        ("monitoring.coreos.com", "PrometheusAgent"),
        ("monitoring.coreos.com", "ThanosRuler"),
    ],
)
def test_containers_that_are_laid_over_others_are_no_pod(kind: tuple[str, str]) -> None:
    assert kind in POD_SPECS
    overlay = {"apiVersion": f"{kind[0]}/v1", "kind": kind[1], "metadata": META}

    assert findings({**overlay, "spec": {"containers": [{"name": "only-a-name"}]}}) == []


def test_what_looks_like_a_pod_is_none() -> None:
    workflow = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": META,
        "spec": {"template": {"spec": TWICE}},
    }
    no_template = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": META}
    null = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": META, "spec": None}

    assert findings(workflow, no_template, null) == []


def test_the_items_of_a_list_are_looked_at() -> None:
    items = [_pod(TWICE), built_in("Deployment", TWICE)[0]]

    assert told({"apiVersion": "v1", "kind": "List", "items": items}) == [
        'error [duplicate-container] spec.containers[1].name: Duplicate value: "a"',
        'error [duplicate-container] spec.template.spec.containers[1].name: Duplicate value: "a"',
    ]


# -- options ---------------------------------------------------------------------------------------

ROLLOUT = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Rollout",
    "metadata": META,
    "spec": {"template": {"spec": TWICE}},
}
FARM = {
    "apiVersion": "acme.example/v1",
    "kind": "Farm",
    "metadata": META,
    "spec": {"pools": [{"pod": TWICE}, {"pod": "none"}]},
}


def test_custom_kinds_are_left_where_that_is_said() -> None:
    assert len(told(ROLLOUT)) == 1
    assert told(ROLLOUT, crds=False) == []
    assert len(told(_pod(TWICE), crds=False)) == 1


def test_extra_paths_lead_to_more_pod_specs() -> None:
    extra = {"kind": "Farm", "path": "spec/pools[]/pod"}

    assert told(FARM) == []
    assert told(FARM, extraPaths=[extra]) == [
        'error [duplicate-container] spec.pools[0].pod.containers[1].name: Duplicate value: "a"'
    ]


def test_an_extra_path_may_lead_to_a_list_of_pod_specs() -> None:
    farm = {**FARM, "spec": {"pods": [ONE, TWICE]}}

    assert told(farm, extraPaths=[{"path": "spec/pods"}]) == [
        'error [duplicate-container] spec.pods[1].containers[1].name: Duplicate value: "a"'
    ]


def test_a_pod_spec_that_is_no_map_is_told_of() -> None:
    manifest = Manifests.parse(json.dumps(FARM).encode())[0]
    place = ("spec", "pools", 1, "pod")

    (problem,) = problems(manifest.get(place), place, owner(manifest))

    assert str(problem) == "spec.pools[1].pod: Invalid value: must be a map"
    assert problems(None, place, owner(manifest)) == []


def test_a_pod_spec_that_is_named_twice_is_told_of_once() -> None:
    assert len(told(_pod(TWICE), extraPaths=[{"path": "spec"}])) == 1


def test_the_severity_is_the_worst_that_a_finding_may_be() -> None:
    secrets = {"imagePullSecrets": [{"name": "s"}, {"name": "s"}], **TWICE}

    assert [each.severity for each in findings(_pod(secrets))] == ["error", "warning"]
    assert [each.severity for each in findings(_pod(secrets), severity="warning")] == [
        "warning"
    ] * 2
    assert [each.severity for each in findings(_pod(secrets), severity="info")] == ["info"] * 2


def test_rules_can_be_left_out() -> None:
    assert told(_pod(TWICE), ignore=["duplicate-container"]) == []


def test_a_stream_that_passes_keeps_its_bytes() -> None:
    stream = "# a comment\n" + json.dumps(_pod(FULL)) + "\n"

    assert render(podspec, stream) == stream


def test_a_finding_refuses_the_stream(postrender: Command) -> None:
    done = postrender("--step", "podspec: {}", stdin=json.dumps(_pod(TWICE)))

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr == (
        "postrender: error: the checks found an error\n"
        "  step 1 (podspec): error [duplicate-container]: document 1, Pod case,"
        ' /spec/containers/1/name: Duplicate value: "a"\n'
    )


def test_a_version_that_is_none_is_refused(postrender: Command) -> None:
    done = postrender("--step", "podspec: {kubeVersion: latest}", stdin="")

    assert done.code == 2
    assert done.stderr == (
        "postrender: error: step 1 (podspec): --step:1:11: podspec.kubeVersion:"
        " the value is no version of Kubernetes, such as 1.33\n"
    )


def test_a_rule_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="did you mean `port-clash`"):
        told(_pod(TWICE), ignore=["port-clashes"])


# -- what was there before -------------------------------------------------------------------------


def test_what_was_wrong_before_is_a_warning() -> None:
    before = {"containers": [{"name": "web", "image": ""}]}
    after = {"containers": [{"name": "proxy", "image": ""}, *before["containers"]]}

    compared = compare(_problems(before), _problems(after))

    assert [(each.severity, str(each)) for each in compared] == [
        (Severity.ERROR, "spec.containers[0].image: Required value"),
        (Severity.WARNING, "spec.containers[1].image: Required value"),
    ]


def test_what_is_wrong_once_more_than_before_is_an_error() -> None:
    once = {"name": "a", "image": "x"}

    compared = compare(
        _problems({"containers": [once, once]}), _problems({"containers": [once, once, once]})
    )

    assert [each.severity for each in compared] == ["warning", "error"]


def test_a_warning_that_was_there_before_stays_one() -> None:
    found = _problems({"imagePullSecrets": [{"name": "s"}, {"name": "s"}], **ONE})

    assert [each.severity for each in compare(found, found)] == ["warning"]


# -- quantities ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0", "0"),
        ("0.5", "500m"),
        (2, "2"),
        (0.25, "250m"),
        ("1500m", "1500m"),
        ("1000", "1k"),
        ("1024Ki", "1Mi"),
        ("1.5Gi", "1536Mi"),
        ("0.5Ki", "512"),
        ("1025Ki", "1025Ki"),
        ("-1", "-1"),
        ("+1.", "1"),
        (".5", "500m"),
        ("1e3", "1e3"),
        ("1E3", "1e3"),
        ("1E", "1E"),
        ("1n", "1m"),
        ("100u", "1m"),
    ],
)
def test_a_quantity_is_written_as_the_api_server_does(text: str | float, canonical: str) -> None:
    assert str(parse(text)) == canonical


@pytest.mark.parametrize("value", ["", "1 Gi", "1kb", "one", "1.2.3", "--1", True, None, [1]])
def test_what_is_no_quantity_is_none(value: object) -> None:
    assert parse(value) is None


def test_a_template_is_found_by_its_path() -> None:
    template = Manifests.parse(json.dumps(built_in("CronJob", TWICE)[0]).encode())[0]

    assert list(pods(template)) == [("spec", "jobTemplate", "spec", "template")]
