"""The plugin labels: golden folders, kustomize's cases by their verdicts, wrong options."""

from pathlib import Path
from typing import Any

import pytest
from documented import example
from kustomize_cases import check_same_objects

from postrender import ConfigError, EditError, Manifests, Pipeline
from postrender.testing import check_case, find_cases, render, result
from postrender_plugins import labels

HERE = Path(__file__).parent
GOLDEN = find_cases(HERE / "plugins" / "labels")
KUSTOMIZE = find_cases(HERE / "cases" / "labels")
SAME = [case for case in KUSTOMIZE if (case / "kustomize.yaml").exists()]

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cfg\n"


def _name(case: Path) -> str:
    return case.name


@pytest.mark.parametrize("case", GOLDEN, ids=_name)
def test_a_golden_folder_is_as_it_says(case: Path, update: bool) -> None:
    check_case(case, update=update)


@pytest.mark.parametrize("case", KUSTOMIZE, ids=_name)
def test_a_case_of_kustomize_comes_out_by_its_verdict(case: Path, update: bool) -> None:
    check_case(case, update=update)


@pytest.mark.parametrize("case", SAME, ids=_name)
def test_where_the_verdict_is_same_kustomize_gives_the_same_objects(case: Path) -> None:
    check_same_objects(case)


def test_every_kind_gets_labels_on_its_metadata() -> None:
    kinds = ("v1/Namespace", "v1/Pod", "acme.example/v1/Thing", "rbac.authorization.k8s.io/v1/Role")
    objects = (kind.rpartition("/") for kind in kinds)
    stream = "".join(
        f"---\napiVersion: {version}\nkind: {kind}\nmetadata:\n  name: a\n"
        for version, _, kind in objects
    )
    labelled = stream.replace("  name: a\n", "  name: a\n  labels:\n    team: core\n")
    assert render("labels", stream, set={"team": "core"}) == labelled


def test_an_overwritten_value_is_in_the_report() -> None:
    stream = OBJECT + "  labels: {team: old}\n"
    edits = result("labels", stream, set={"team": "core", "tier": "front"}).edits
    assert [edit[1:] for edit in edits] == [
        ("ConfigMap cfg", 1, "replace", ("metadata", "labels", "team"), "old", "core"),
        ("ConfigMap cfg", 1, "add", ("metadata", "labels", "tier"), None, "front"),
    ]


def test_the_selectors_of_objects_that_are_not_selected_count_too() -> None:
    stream = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels: {app: web}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector: {app: web}\n"
    )
    with pytest.raises(Exception, match="selected by Service web"):
        render("labels", stream, where={"kind": "Pod"}, set={"app": "other"})


def test_the_turn_of_an_object_does_not_decide_what_selectors_say() -> None:
    # The first workload's selector asks for team=core by the time that the second one's pods,
    # which had another team, get it.
    def workload(name: str, team: str) -> str:
        return (
            f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n"
            f"  selector: {{matchLabels: {{app: {name}}}}}\n"
            f"  template:\n    metadata: {{labels: {{app: {name}{team}}}}}\n    spec: {{}}\n"
        )

    options = {"set": {"team": "core"}, "scopes": ["workloadSelectors"], "acceptImmutable": True}
    out = render("labels", workload("a", "") + "---\n" + workload("b", ", team: old"), **options)
    assert out == (
        workload("a", ", team: core").replace("{app: a}", "{app: a, team: core}")
        + "---\n"
        + workload("b", ", team: core").replace("{app: b}", "{app: b, team: core}")
    )


def test_labels_that_are_no_map_are_an_error_at_their_path() -> None:
    with pytest.raises(EditError) as caught:
        render("labels", OBJECT + "  labels: [a, b]\n", set={"team": "core"})
    assert str(caught.value).startswith("step 1 (labels): document 1, ConfigMap cfg, /metadata/lab")


@pytest.mark.parametrize("labels", ["[a, b]", "text", "5"])
def test_labels_that_are_no_map_have_nothing_to_remove(labels: str) -> None:
    stream = f"{OBJECT}  labels: {labels}\n"
    assert render("labels", stream, remove=["a"], rename={"b": "c"}) == stream


def test_selectors_that_make_no_sense_select_nothing() -> None:
    stream = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels: {app: web}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: text}\n---\n"
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b}\nspec:\n"
        "  selector: {matchLabels: [app], matchExpressions: {key: app}}\n---\n"
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: c}\nspec:\n"
        "  selector: {matchExpressions: [app, {key: app, operator: Like, values: web}, {}]}\n"
    )
    out = render("labels", stream, where={"kind": "Pod"}, set={"app": "other"})
    assert out == stream.replace("labels: {app: web}", "labels: {app: other}")


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    config = tmp_path / "postrender.yaml"
    config.write_text(example(labels.__doc__))
    out = Pipeline.load(config).run(f"{OBJECT}  labels: {{owner: me}}\n".encode())
    assert out.decode() == (
        OBJECT + '  labels: {example.com/owner: me, team: payments, cost-center: "4711"}\n'
    )


# -- options ---------------------------------------------------------------------------------------


def _refusal(**options: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        Pipeline.from_dict({"steps": [{"labels": options}]})
    assert caught.value.exit_code == 2
    return str(caught.value).removeprefix("step 1 (labels): ")


FORM = (
    "must consist of alphanumeric characters, '-', '_' or '.',"
    " and must start and end with an alphanumeric character"
)
SUBDOMAIN = (
    "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
    " characters, '-' or '.', and must start and end with an alphanumeric character"
)


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("", "name part must be non-empty"),
        ("example.com/", "name part must be non-empty"),
        ("/name", "prefix part must be non-empty"),
        ("a/b/c", f"a valid label key {FORM} with an optional DNS subdomain prefix and '/'"),
        ("n" * 64, "name part must be no more than 63 bytes"),
        ("é" * 32, "name part must be no more than 63 bytes"),
        ("é", f"name part {FORM}"),
        ("-a", f"name part {FORM}"),
        ("a.", f"name part {FORM}"),
        ("a b", f"name part {FORM}"),
        ("a\n", f"name part {FORM}"),
        ("p" * 254 + "/a", "prefix part must be no more than 253 bytes"),
        ("Example.com/a", SUBDOMAIN),
        ("example..com/a", SUBDOMAIN),
        ("-example.com/a", SUBDOMAIN),
        ("exam_ple.com/a", SUBDOMAIN),
    ],
)
def test_a_key_that_the_api_server_refuses_is_refused_in_its_words(key: str, fault: str) -> None:
    said = f'metadata.labels: Invalid value: "{key}": {fault}'
    assert _refusal(set={key: "x"}).endswith(said)
    assert _refusal(rename={"old": key}).endswith(said)


@pytest.mark.parametrize(
    "key", ["a", "A_b.C-9", "n" * 63, "example.com/a", "p" * 253 + "/a", "1.2-3.x/0"]
)
def test_a_key_that_the_api_server_takes_is_taken(key: str) -> None:
    out = render("labels", OBJECT, set={key: "x"})
    assert next(iter(Manifests.parse(out.encode()))).labels == {key: "x"}


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("v" * 64, "must be no more than 63 bytes"),
        ("é" * 32, "must be no more than 63 bytes"),
        ("not valid!", None),
        ("-a", None),
        ("a_", None),
        ("a\n", None),
    ],
)
def test_a_value_that_the_api_server_refuses_is_refused_in_its_words(
    value: str, fault: str | None
) -> None:
    fault = fault or f"a valid label {FORM.replace('must', 'must be an empty string or', 1)}"
    said = f'labels.set.team: metadata.labels: Invalid value: "{value}": {fault}'
    assert _refusal(set={"team": value}).endswith(said)


@pytest.mark.parametrize("value", ["", "v" * 63, "A_b.C-9"])
def test_a_value_that_the_api_server_takes_is_taken(value: str) -> None:
    out = render("labels", OBJECT, set={"team": value})
    assert next(iter(Manifests.parse(out.encode()))).labels == {"team": value}


def test_a_value_that_is_no_string_is_refused_with_the_cure() -> None:
    assert _refusal(set={"n": 8}) == "labels.set.n: value 8 is a number; quote it"
    assert _refusal(set={"n": True}) == "labels.set.n: value true is a boolean; quote it"


@pytest.mark.parametrize(
    "key", ["helm.sh/chart", "meta.helm.sh/release-name", "postrenderer.helm.sh/x", "helm.sh/*"]
)
def test_the_keys_of_helm_cannot_be_changed(key: str) -> None:
    said = f"the key {key} cannot be changed: the keys of helm.sh and its subdomains belong to Helm"
    if "*" not in key:
        assert _refusal(set={key: "x"}) == f"labels.set[{key}]: {said}"
        assert _refusal(rename={key: "x"}) == f"labels.rename[{key}]: {said}"
        assert _refusal(rename={"x": key}) == f"labels.rename.x: {said}"
    assert _refusal(remove=["x", key]) == f"labels.remove[1]: {said}"


def test_a_label_that_helm_writes_afterwards_cannot_be_changed() -> None:
    assert _refusal(set={"app.kubernetes.io/managed-by": "me"}) == (
        "labels.set[app.kubernetes.io/managed-by]: the key app.kubernetes.io/managed-by cannot be"
        " changed: Helm itself writes this label after the post-renderer, whatever it says"
    )


def test_a_key_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "postrender.yaml"
    config.write_text(example(labels.__doc__).replace("{team: ", "{team: a, team: "))
    with pytest.raises(ConfigError, match="the key `team` is there twice"):
        Pipeline.load(config)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "labels: the step changes nothing; give it `set`, `remove` or `rename`"),
        (
            {"set": {"a": "b"}, "remove": ["c", "a"]},
            "labels.remove[1]: the key a is both set and removed",
        ),
        (
            {"set": {"a": "b"}, "rename": {"a": "c"}},
            "labels.rename.a: the key a is renamed, and set or removed as well",
        ),
        (
            {"remove": ["a"], "rename": {"a": "c"}},
            "labels.rename.a: the key a is renamed, and set or removed as well",
        ),
        (
            {"rename": {"a": "b", "b": "c"}},
            "labels.rename.a: the key b is the new name of a key, and set, removed or renamed"
            " as well",
        ),
        (
            {"rename": {"a": "c", "b": "c"}},
            "labels.rename.a: the key c is the new name of more than one key",
        ),
        (
            {"set": {"a": "b"}, "scopes": ["workloadSelectors"]},
            "labels.scopes: the selector of a workload is immutable, so an upgrade of an existing"
            " one is refused; say `acceptImmutable: true` if that is meant",
        ),
        (
            {"remove": ["a"], "scopes": ["serviceSelectors"]},
            "labels.scopes: the scope serviceSelectors is only for labels that are `set`",
        ),
        (
            {"set": {"a": "b"}, "scopes": ["template"]},
            "labels.scopes[0]: the value is none of metadata, templates, jobTemplates,"
            " volumeClaimTemplates, serviceSelectors, workloadSelectors, pdbSelectors, affinity;"
            " did you mean `templates`?",
        ),
        (
            {"set": {"a": "b"}, "extraPaths": [{"kind": "A"}]},
            "labels.extraPaths[0]: the option `path` is missing",
        ),
        (
            {
                "set": {"a": "b"},
                "extraPaths": [
                    {"path": "spec/labels", "kind": "A", "group": ""},
                    {"path": "spec/labels", "kind": "A", "group": "", "create": True},
                ],
            },
            "labels.extraPaths[1]: the extra path spec/labels (group: , kind: A, create: true)"
            " contradicts the extra path spec/labels (group: , kind: A, create: false)",
        ),
        (
            {
                "set": {"a": "b"},
                "scopes": ["affinity", "templates"],
                "extraPaths": [{"path": "spec/tasks/template/metadata/labels", "kind": "Job"}],
            },
            "labels.extraPaths[0]: the extra path spec/tasks/template/metadata/labels"
            " (kind: Job, create: false) contradicts the scope templates, which makes the map"
            " where there is none",
        ),
    ],
)
def test_options_that_contradict_themselves_are_refused(options: dict[str, Any], told: str) -> None:
    assert _refusal(**options) == told


def test_an_extra_path_that_agrees_with_a_scope_is_fine() -> None:
    extra = [{"path": "metadata/labels", "create": True}, {"path": "spec/labels", "kind": "Pod"}]
    scopes = ["affinity", "templates", "metadata"]
    out = render("labels", OBJECT, set={"team": "core"}, scopes=scopes, extraPaths=extra)
    assert out == OBJECT + "  labels:\n    team: core\n"
