"""The plugin sidecars: golden folders, every place of a pod, and a second run with another end."""

import json
from pathlib import Path
from typing import Any

import pytest
from documented import example
from hypothesis import given
from hypothesis import strategies as st
from support import Command

from postrender import Manifests, Pipeline, RefusedError
from postrender.testing import check_case, find_cases, render, result
from postrender_plugins import sidecars

HERE = Path(__file__).parent
GOLDEN = find_cases(HERE / "plugins" / "sidecars")
PROXY: dict[str, Any] = {"name": "proxy", "image": "registry.example.com/proxy:2"}
MARKER = "postrender.io/injected"

WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: shop}}
spec:
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1
"""
JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: job
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: job
        image: registry.example.com/job:1
"""

#: kinds with pods, and where their templates are
PLACES = [
    ("v1", "Pod", ""),
    ("v1", "PodTemplate", "template"),
    ("v1", "ReplicationController", "spec.template"),
    ("apps/v1", "Deployment", "spec.template"),
    ("apps/v1", "ReplicaSet", "spec.template"),
    ("apps/v1", "DaemonSet", "spec.template"),
    ("apps/v1", "StatefulSet", "spec.template"),
    ("apps/v1beta1", "Deployment", "spec.template"),
    ("apps/v1beta2", "StatefulSet", "spec.template"),
    ("extensions/v1beta1", "DaemonSet", "spec.template"),
    ("batch/v1", "Job", "spec.template"),
    ("batch/v1", "CronJob", "spec.jobTemplate.spec.template"),
    ("batch/v1beta1", "CronJob", "spec.jobTemplate.spec.template"),
    ("batch/v2alpha1", "CronJob", "spec.jobTemplate.spec.template"),
    ("apps.kruise.io/v1alpha1", "AdvancedCronJob", "spec.template.jobTemplate.spec.template"),
    (
        "apps.kruise.io/v1alpha1",
        "AdvancedCronJob",
        "spec.template.broadcastJobTemplate.spec.template",
    ),
    ("apps.kruise.io/v1alpha1", "BroadcastJob", "spec.template"),
    ("apps.kruise.io/v1alpha1", "CloneSet", "spec.template"),
    ("apps.kruise.io/v1alpha1", "DaemonSet", "spec.template"),
    ("apps.kruise.io/v1alpha1", "StatefulSet", "spec.template"),
    (
        "apps.kruise.io/v1alpha1",
        "UnitedDeployment",
        "spec.template.advancedStatefulSetTemplate.spec.template",
    ),
    ("apps.kruise.io/v1alpha1", "UnitedDeployment", "spec.template.cloneSetTemplate.spec.template"),
    (
        "apps.kruise.io/v1alpha1",
        "UnitedDeployment",
        "spec.template.deploymentTemplate.spec.template",
    ),
    (
        "apps.kruise.io/v1alpha1",
        "UnitedDeployment",
        "spec.template.statefulSetTemplate.spec.template",
    ),
    (
        "apps.kruise.io/v1beta1",
        "AdvancedCronJob",
        "spec.template.broadcastJobTemplate.spec.template",
    ),
    ("apps.kruise.io/v1beta1", "BroadcastJob", "spec.template"),
    ("apps.kruise.io/v1beta1", "CloneSet", "spec.template"),
    ("apps.kruise.io/v1beta1", "DaemonSet", "spec.template"),
    ("apps.kruise.io/v1beta1", "StatefulSet", "spec.template"),
    (
        "apps.kruise.io/v1beta1",
        "UnitedDeployment",
        "spec.template.advancedStatefulSetTemplate.spec.template",
    ),
    ("apps.kruise.io/v1beta1", "UnitedDeployment", "spec.template.cloneSetTemplate.spec.template"),
    ("argoproj.io/v1alpha1", "AnalysisRun", "spec.metrics[].provider.job.spec.template"),
    ("argoproj.io/v1alpha1", "AnalysisTemplate", "spec.metrics[].provider.job.spec.template"),
    (
        "argoproj.io/v1alpha1",
        "ClusterAnalysisTemplate",
        "spec.metrics[].provider.job.spec.template",
    ),
    ("argoproj.io/v1alpha1", "Experiment", "spec.templates[].template"),
    ("argoproj.io/v1alpha1", "Rollout", "spec.template"),
    ("batch.volcano.sh/v1alpha1", "CronJob", "spec.jobTemplate.spec.tasks[].template"),
    ("batch.volcano.sh/v1alpha1", "Job", "spec.tasks[].template"),
    (
        "disaggregatedset.x-k8s.io/v1",
        "DisaggregatedSet",
        "spec.roles[].spec.leaderWorkerTemplate.leaderTemplate",
    ),
    (
        "disaggregatedset.x-k8s.io/v1",
        "DisaggregatedSet",
        "spec.roles[].spec.leaderWorkerTemplate.workerTemplate",
    ),
    ("flow.volcano.sh/v1alpha1", "JobTemplate", "spec.tasks[].template"),
    ("jobset.x-k8s.io/v1alpha2", "JobSet", "spec.replicatedJobs[].template.spec.template"),
    ("keda.sh/v1alpha1", "ScaledJob", "spec.jobTargetRef.template"),
    (
        "leaderworkerset.x-k8s.io/v1",
        "LeaderWorkerSet",
        "spec.leaderWorkerTemplate.leaderTemplate",
    ),
    (
        "leaderworkerset.x-k8s.io/v1",
        "LeaderWorkerSet",
        "spec.leaderWorkerTemplate.workerTemplate",
    ),
    ("serving.knative.dev/v1", "Configuration", "spec.template"),
    ("serving.knative.dev/v1", "Revision", ""),
    ("serving.knative.dev/v1", "Service", "spec.template"),
    ("apps.openshift.io/v1", "DeploymentConfig", "spec.template"),
]
JOBS = (
    "Job",
    "CronJob",
    "AdvancedCronJob",
    "BroadcastJob",
    "AnalysisRun",
    "AnalysisTemplate",
    "ClusterAnalysisTemplate",
    "JobTemplate",
    "JobSet",
    "ScaledJob",
)
#: what holds containers or patches of pods, and no pod
LOOKALIKES = [
    ("apps.kruise.io/v1alpha1", "SidecarSet", "spec"),
    ("apps.kruise.io/v1beta1", "SidecarSet", "spec"),
    ("flow.volcano.sh/v1alpha1", "JobFlow", "spec.flows[].patch.jobSpec.tasks[].template.spec"),
    ("monitoring.coreos.com/v1", "Alertmanager", "spec"),
    ("monitoring.coreos.com/v1", "Prometheus", "spec"),
    ("monitoring.coreos.com/v1", "ThanosRuler", "spec"),
    ("monitoring.coreos.com/v1alpha1", "PrometheusAgent", "spec"),
]
ELSEWHERE = [
    ("argoproj.io/v1alpha1", "Workflow", "spec.templates[].container"),
    ("kyverno.io/v1", "ClusterPolicy", "spec.rules[].validate.pattern.spec"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", "spec.template.spec"),
]


def _name(case: Path) -> str:
    return case.name


def _holding(api_version: str, kind: str, place: str, value: dict[str, Any]) -> str:
    """Return an object that has *value* at *place*, where [] is a list."""
    for key in reversed(place.split(".") if place else []):
        inner: Any = [value] if key.endswith("[]") else value
        value = {key.removesuffix("[]"): inner}
    value = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}, **value}
    return json.dumps(value)


def _containers(stream: str, *path: str | int) -> dict[str, list[str]]:
    """Return the names of the containers in the pod spec at *path* of the first object."""
    spec = Manifests.parse(stream.encode())[0].get(path or ("spec", "template", "spec"))
    return {
        key: [each["name"] for each in spec[key]]
        for key in ("containers", "initContainers")
        if key in spec
    }


def _told(stream: str, **options: Any) -> list[str]:
    return [each.message for each in result("sidecars", stream, **options).notices]


def _chain(*steps: dict[str, Any]) -> Pipeline:
    return Pipeline.from_dict({"steps": [{"sidecars": step} for step in steps]})


def _with(stream: str, old: str, new: str) -> str:
    assert old in stream
    return stream.replace(old, new, 1)


@pytest.mark.parametrize("case", GOLDEN, ids=_name)
def test_a_golden_folder_is_as_it_says(case: Path, update: bool) -> None:
    check_case(case, update=update)


def test_the_example_of_the_documentation_runs(postrender: Command, folder: Path) -> None:
    (folder / "config.yaml").write_text(example(sidecars.__doc__))

    done = postrender("-c", "config.yaml", stdin=WEB)

    assert done.code == 0
    assert '- web\n          - "--dir"' in done.stdout.replace("        - web", "- web") or done
    assert _containers(done.stdout) == {"containers": ["web", "shipper"]}
    assert done.stderr == (
        "postrender: step 1 (sidecars): shipper was put into 1 of 1 pod templates\n"
    )


# -- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("api_version", "kind", "place"), PLACES)
def test_every_known_pod_template_gets_a_sidecar(api_version: str, kind: str, place: str) -> None:
    template: dict[str, Any] = {
        "metadata": {"name": "a"},
        "spec": {"containers": [{"name": "a", "image": "a:1"}]},
    }
    if kind in ("Job", "CronJob") and api_version.startswith("batch/"):
        template["spec"]["restartPolicy"] = "Never"
    stream = _holding(api_version, kind, place, template)

    done = result("sidecars", stream, containers=[PROXY])

    path = place.replace("[]", ".0").split(".") if place else []
    pod = tuple(int(key) if key.isdigit() else key for key in path)
    manifest = Manifests.parse(done.stream)[0]
    names = _containers(done.stream.decode(), *pod, "spec")
    if kind in JOBS:
        assert names == {"containers": ["a"], "initContainers": ["proxy"]}
    else:
        assert names == {"containers": ["a", "proxy"]}
    assert manifest.get((*pod, "metadata", "annotations", MARKER)).startswith("proxy@sha256:")
    assert {edit.path[: len(pod) + 1] for edit in done.edits} == {
        (*pod, "metadata"),
        (*pod, "spec"),
    }


@pytest.mark.parametrize(("api_version", "kind", "place"), LOOKALIKES)
def test_what_only_looks_like_a_pod_is_left_alone_and_told(
    api_version: str, kind: str, place: str
) -> None:
    stream = _holding(api_version, kind, place, {"containers": [{"name": "a", "image": "a:1"}]})

    done = result("sidecars", stream, containers=[PROXY], guessPodTemplates=True)

    assert done.stream.decode() == stream
    assert [each.message for each in done.notices] == [
        "skipped (unsupported_kind): the kind has containers in it, and no pod template that is"
        " known",
        "proxy was put into 0 of 0 pod templates; skipped: unsupported_kind 1",
    ]


@pytest.mark.parametrize(("api_version", "kind", "place"), ELSEWHERE)
def test_what_is_no_pod_at_all_is_left_alone(api_version: str, kind: str, place: str) -> None:
    stream = _holding(api_version, kind, place, {"containers": [{"name": "a"}]})

    assert render("sidecars", stream, containers=[PROXY]) == stream


@pytest.mark.parametrize(
    ("api_version", "kind", "spec", "place"),
    [
        ("argoproj.io/v1alpha1", "Rollout", {"workloadRef": {"name": "a"}}, "/spec/template"),
        ("v1", "ReplicationController", {"replicas": 0}, "/spec/template"),
        ("argoproj.io/v1alpha1", "AnalysisTemplate", {"metrics": []}, "/spec"),
        ("v1", "Pod", None, ""),
    ],
)
def test_a_kind_without_its_template_is_told(
    api_version: str, kind: str, spec: Any, place: str
) -> None:
    done = result("sidecars", _holding(api_version, kind, "spec", spec), containers=[PROXY])

    first, last = done.notices
    assert first.message == "skipped (no_pod_template): there is no pod template"
    assert str(first.location) == f"document 1, {kind} a" + (place and f", {place}")
    assert last.message == "proxy was put into 0 of 0 pod templates; skipped: no_pod_template 1"


def test_an_extra_path_to_a_template_that_is_known_adds_nothing() -> None:
    paths = [{"path": "spec/template"}, {"path": "spec/template/spec"}]

    assert render("sidecars", WEB, containers=[PROXY], extraPaths=paths) == render(
        "sidecars", WEB, containers=[PROXY]
    )


# -- decisions ------------------------------------------------------------------------------------


def test_the_first_reason_in_the_order_of_decisions_is_told() -> None:
    everything = _with(JOB, "      restartPolicy", "      hostNetwork: true\n      restartPolicy")
    everything = _with(
        everything,
        "  template:\n",
        "  template:\n    metadata: {annotations: {postrender.io/inject: 'false'}}\n",
    )
    everything = _with(
        everything, "  name: job\n", "  name: job\n  annotations: {helm.sh/hook: a}\n"
    )
    options: dict[str, Any] = {
        "containers": [PROXY],
        "podWhere": {"labels": "app"},
        "mode": "regular",
        "jobs": "skip",
    }
    reasons = []

    def take(**changes: Any) -> str:
        options.update(changes)
        done = _chain(options).render(everything.encode())
        reasons.append(done.notices[0].message.partition(":")[0])
        return done.stream.decode()

    take()
    take(podWhere=None)
    take(optOut=[])
    take(hostNetwork="inject")
    take(jobs="native")
    everything = take(hooks=True)
    take()

    assert reasons == [
        "skipped (not_selected)",
        "skipped (opted_out)",
        "skipped (host_network)",
        "skipped (job_needs_native)",
        "skipped (hook)",
        "proxy was put into 1 of 1 pod templates",
        "skipped (already_injected)",
    ]


def test_a_hook_is_not_refused_for_what_would_refuse_another() -> None:
    hook = _with(JOB, "  name: job\n", "  name: job\n  annotations: {helm.sh/hook: pre-install}\n")

    told = _told(hook, containers=[PROXY], mode="regular", jobs="error")

    assert told[-1] == "proxy was put into 0 of 1 pod templates; skipped: job_needs_native 1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"hostNetwork": "error"}, "it is in the host's network, and `hostNetwork` is not"),
        ({"mode": "regular", "jobs": "error"}, "its pods are to end, which a container that is no"),
        ({"kubeVersion": "1.28"}, "its pods are to end, which a container that is no native"),
        ({"mode": "regular", "kubeVersion": "1.28"}, "its pods are to end, which a container that"),
    ],
)
def test_what_may_not_be_left_alone_is_refused(options: dict[str, Any], message: str) -> None:
    stream = JOB
    if "hostNetwork" in options:
        stream = _with(
            stream, "      restartPolicy", "      hostNetwork: true\n      restartPolicy"
        )

    with pytest.raises(RefusedError, match=message):
        render("sidecars", stream, containers=[PROXY], **options)


@pytest.mark.parametrize(
    ("options", "is_native"),
    [
        ({}, False),
        ({"kubeVersion": "1.28.9"}, False),
        ({"kubeVersion": "v1.29.0+k3s1"}, True),
        ({"mode": "native"}, True),
        ({"mode": "regular", "kubeVersion": "1.33"}, False),
    ],
)
def test_the_mode_decides_what_a_container_is(options: dict[str, Any], is_native: bool) -> None:
    expected = {"containers": ["web"], "initContainers": ["proxy"]}
    if not is_native:
        expected = {"containers": ["web", "proxy"]}

    assert _containers(render("sidecars", WEB, containers=[PROXY], **options)) == expected


def test_a_pod_that_is_to_end_is_like_a_job() -> None:
    pod = json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "once"},
            "spec": {"restartPolicy": "OnFailure", "containers": [{"name": "a", "image": "a"}]},
        }
    )

    assert _containers(render("sidecars", pod, containers=[PROXY]), "spec") == {
        "containers": ["a"],
        "initContainers": ["proxy"],
    }


def test_a_job_gets_init_containers_whatever_the_mode() -> None:
    rendered = render("sidecars", JOB, initContainers=[PROXY], mode="regular", jobs="error")

    assert _containers(rendered) == {"containers": ["job"], "initContainers": ["proxy"]}


@pytest.mark.parametrize("word", ["true", "enabled"])
def test_the_word_of_the_template_counts_before_that_of_its_object(word: str) -> None:
    stream = _with(WEB, "labels: {app: shop}", "labels: {postrender.io/inject: disabled}")
    stream = _with(stream, "labels: {app: web}", f'labels: {{postrender.io/inject: "{word}"}}')

    assert "name: proxy" in render("sidecars", stream, containers=[PROXY])


def test_a_word_that_is_a_boolean_is_understood() -> None:
    stream = WEB + "---\n" + _with(WEB, "labels: {app: web}", "labels: {postrender.io/inject: n}")

    with pytest.raises(RefusedError, match="the value is a boolean"):
        render(
            "sidecars",
            _with(WEB, "{app: shop}", "{postrender.io/inject: no}"),
            name="a",
            podLabels={"a": "b"},
        )
    assert "skipped: opted_out 1" in _told(stream, containers=[PROXY])[-1]


def test_too_few_templates_are_refused_where_that_is_asked_for() -> None:
    rendered = render("sidecars", WEB, containers=[PROXY], minMatches=1)

    with pytest.raises(RefusedError) as raised:
        render("sidecars", rendered, containers=[PROXY], minMatches=2)

    assert raised.value.message == (
        "proxy was put into 0 of 1 pod templates; skipped: already_injected 1; `minMatches` is 2"
    )


# -- again ----------------------------------------------------------------------------------------

EVERYTHING: dict[str, Any] = {
    "containers": [PROXY, {"name": "second", "image": "registry.example.com/second:1"}],
    "initContainers": [{"name": "rules", "image": "registry.example.com/rules:1"}],
    "volumes": [{"name": "logs", "emptyDir": {}}],
    "env": [{"name": "A b~c/d=e", "value": "x y"}],
    "envFrom": [{"configMapRef": {"name": "config"}}],
    "volumeMounts": [{"name": "logs", "mountPath": "/var/log/app"}],
    "imagePullSecrets": ["mirror"],
    "podLabels": {"team": "payments"},
    "podAnnotations": {"example.com/a": "b"},
    "securityContext": {"fsGroup": 1},
}


@pytest.mark.parametrize("stream", [WEB, JOB])
@pytest.mark.parametrize("mode", ["native", "regular"])
@pytest.mark.parametrize("position", ["first", "last"])
def test_what_was_put_in_is_taken_out_to_the_byte(stream: str, mode: str, position: str) -> None:
    options = {**EVERYTHING, "mode": mode, "position": position, "initPosition": position}
    rendered = render("sidecars", stream, **options, validate="off")

    assert rendered != stream
    assert render("sidecars", rendered, name="proxy", remove=True) == stream


def test_taking_out_tells_of_how_many_and_leaves_others_alone() -> None:
    rendered = render("sidecars", WEB, containers=[PROXY])
    done = result("sidecars", rendered + "---\n" + JOB, **EVERYTHING, remove=True)

    assert done.stream.decode() == WEB + "---\n" + JOB
    assert [each.message for each in done.notices] == [
        "proxy was taken out of 1 of 2 pod templates"
    ]


def test_another_version_of_an_image_changes_one_line_of_the_container() -> None:
    rendered = render("sidecars", WEB, **EVERYTHING, validate="off")
    newer = {**PROXY, "image": "registry.example.com/proxy:3"}
    options = {**EVERYTHING, "containers": [newer, *EVERYTHING["containers"][1:]]}

    done = result("sidecars", rendered, **options, validate="off")

    assert [
        (edit.op, edit.path[-1], edit.new) for edit in done.edits if edit.path[-1] != MARKER
    ] == [("replace", "image", "registry.example.com/proxy:3")]
    assert done.stream.decode() == render("sidecars", WEB, **options, validate="off")


def test_another_configuration_takes_the_place_of_the_former_and_of_nothing_else() -> None:
    rendered = render("sidecars", WEB, **EVERYTHING, validate="off")
    theirs = _with(
        rendered,
        "      - name: proxy\n",
        "      - name: own\n        image: own:1\n      - name: proxy\n",
    )

    changed = render("sidecars", theirs, containers=[{**PROXY, "args": ["-v"]}])

    assert _containers(changed) == {"containers": ["web", "own", "proxy"]}
    removed = render("sidecars", changed, name="proxy", remove=True)
    assert removed == _with(WEB, "web:1\n", "web:1\n      - name: own\n        image: own:1\n")


def test_a_container_that_is_put_in_again_keeps_its_place_among_those_of_other_steps() -> None:
    other = {"name": "other", "image": "registry.example.com/other:1"}
    both = _chain({"containers": [PROXY]}, {"containers": [other]})
    newer = _chain({"containers": [{**PROXY, "image": "proxy:3"}]}, {"containers": [other]})

    rendered = newer.run(both.run(WEB.encode()))

    assert _containers(rendered.decode()) == {"containers": ["web", "proxy", "other"]}
    assert newer.run(rendered) == rendered
    assert MARKER + ": proxy@" in rendered.decode()


def test_another_position_moves_what_was_put_in() -> None:
    rendered = render("sidecars", WEB, containers=[PROXY])

    moved = render("sidecars", rendered, containers=[PROXY], position="first")

    assert _containers(moved) == {"containers": ["proxy", "web"]}
    back = render("sidecars", moved, containers=[PROXY])
    assert back == rendered


def test_another_mode_moves_what_was_put_in() -> None:
    rendered = render("sidecars", WEB, containers=[PROXY])

    moved = render("sidecars", rendered, containers=[PROXY], mode="native")

    assert moved == render("sidecars", WEB, containers=[PROXY], mode="native")
    assert render("sidecars", moved, containers=[PROXY]) == rendered


def test_variables_for_all_containers_skip_those_that_a_later_step_adds() -> None:
    chain = _chain(
        {"name": "trace", "env": [{"name": "TRACE", "value": "1"}]}, {"containers": [PROXY]}
    )

    rendered = chain.run(WEB.encode())

    assert rendered.count(b"name: TRACE") == 1
    assert chain.run(rendered) == rendered


def test_what_two_steps_share_goes_with_the_last_of_them() -> None:
    volumes = [{"name": "logs", "emptyDir": {}}]
    one = {"name": "one", "volumes": volumes, "podLabels": {"a": "b"}}
    two = {"name": "two", "volumes": [{"name": "data", "emptyDir": {}}]}
    rendered = _chain(one, two).run(WEB.encode())

    first = _chain({**one, "remove": True}).run(rendered)
    assert Manifests.parse(first)[0].get(("spec", "template", "spec", "volumes")) == [
        {"name": "data", "emptyDir": {}}
    ]
    assert _chain({**two, "remove": True}).run(first) == WEB.encode()


@pytest.mark.parametrize("policy", ["replace", "merge"])
@pytest.mark.parametrize("mode", ["native", "regular"])
def test_a_container_that_was_there_comes_back(policy: str, mode: str) -> None:
    stream = _with(
        WEB,
        "      - name: web\n",
        "      - name: proxy\n        image: theirs:1\n      - name: web\n",
    )
    options = {"containers": [{**PROXY, "args": ["a b"]}], "onExisting": policy, "mode": mode}

    rendered = render("sidecars", stream, **options)
    other = render("sidecars", rendered, **{**options, "containers": [{**PROXY, "args": ["-v"]}]})

    assert other == render(
        "sidecars", stream, **{**options, "containers": [{**PROXY, "args": ["-v"]}]}
    )
    removed = render("sidecars", other, name="proxy", remove=True)
    assert Manifests.parse(removed.encode())[0].to_dict() == (
        Manifests.parse(stream.encode())[0].to_dict()
    )


def test_what_has_gone_since_is_not_missed() -> None:
    stream = _with(
        WEB, "      - name: web\n", "      - name: old\n        image: old:1\n      - name: web\n"
    )
    rendered = render("sidecars", stream, **EVERYTHING, validate="off")
    value = Manifests.parse(rendered.encode())
    spec = ("spec", "template", "spec")
    value[0].delete((*spec, "containers", 0))
    value[0].delete((*spec, "volumes"))
    value[0].set((*spec, "initContainers"), None)

    removed = render("sidecars", value.to_bytes().decode(), name="proxy", remove=True)

    assert _containers(removed.replace("initContainers: null", "")) == {"containers": ["web"]}
    assert "mirror" not in removed


def test_a_container_whose_list_has_gone_does_not_come_back() -> None:
    stream = _with(
        WEB,
        "      - name: web\n",
        "      - name: proxy\n        image: theirs:1\n      - name: web\n",
    )
    rendered = render("sidecars", stream, containers=[PROXY], onExisting="replace")
    value = Manifests.parse(rendered.encode())
    value[0].set(("spec", "template", "spec", "containers"), None)

    removed = render("sidecars", value.to_bytes().decode(), name="proxy", remove=True)

    assert "containers: null" in removed


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "",
        "spec/volumes/",
        "proxy@sha256:1 -x:spec/containers/a={}",
        "proxy@sha256:1 -0:spec/containers/a={",
        "proxy@sha256:1 -0:spec/containers/a=[]",
    ],
)
def test_an_annotation_that_is_not_ours_is_refused(text: str) -> None:
    stream = _with(WEB, "labels: {app: web}", f"annotations: {{{MARKER}: {json.dumps(text)}}}")

    with pytest.raises(RefusedError, match="the annotation was not written by us; take it out"):
        render("sidecars", stream, containers=[PROXY])


def test_an_annotation_that_is_no_text_is_refused() -> None:
    stream = _with(WEB, "labels: {app: web}", f"annotations: {{{MARKER}: [1]}}")

    with pytest.raises(RefusedError, match="the annotation was not written by us"):
        render("sidecars", stream, containers=[PROXY], validate="off")


NAMES = st.sampled_from(["a", "b", "c", "d"])


@given(
    there=st.lists(NAMES, unique=True, min_size=1),
    first=st.lists(NAMES, unique=True, min_size=1),
    second=st.lists(NAMES, unique=True, min_size=1),
    position=st.sampled_from(["first", "last"]),
    mode=st.sampled_from(["native", "regular"]),
    policy=st.sampled_from(["keep", "replace", "merge"]),
)
def test_a_run_after_another_configuration_leaves_what_a_first_run_would(
    there: list[str],
    first: list[str],
    second: list[str],
    position: str,
    mode: str,
    policy: str,
) -> None:
    def options(names: list[str], version: int) -> dict[str, Any]:
        containers = [{"name": name, "image": f"{name}:{version}"} for name in names]
        return {
            "name": "n",
            "containers": containers,
            "position": position,
            "mode": mode,
            "onExisting": policy,
            "env": [{"name": f"E{version}", "value": "x"}],
        }

    containers = [{"name": name, "image": name} for name in there]
    stream = _holding("v1", "Pod", "spec", {"containers": containers})
    once = render("sidecars", stream, **options(first, 1), validate="off")
    again = render("sidecars", once, **options(second, 2), validate="off")
    at_once = render("sidecars", stream, **options(second, 2), validate="off")

    def read(text: str) -> dict[str, Any]:
        return Manifests.parse(text.encode())[0].to_dict()

    assert read(again) == read(at_once)
    assert read(render("sidecars", again, name="n", remove=True)) == read(stream)
