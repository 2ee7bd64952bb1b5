"""The plugin kustomize: golden folders, kustomize's cases by their verdicts, wrong options."""

from pathlib import Path
from typing import Any

import pytest
from documented import example
from kustomize_cases import check_same_objects

from postrender import ConfigError, Pipeline, RefusedError
from postrender.testing import check_case, find_cases, render, result
from postrender_plugins import kustomize

HERE = Path(__file__).parent
GOLDEN = find_cases(HERE / "plugins" / "kustomize")
CASES = find_cases(HERE / "cases" / "kustomize")
SAME = [case for case in CASES if (case / "kustomize.yaml").exists()]
#: what makes objects, or adds to what is there, does so again
ONCE = {
    "G02",
    "N04",
    "generators",
    "names",
    "names_that_differ",
    "overlay",
    "generators_that_replace",
    "patches",
    "replacements",
    "patches_beyond_kustomize",
}


def _name(case: Path) -> str:
    return case.name


@pytest.mark.parametrize("case", GOLDEN, ids=_name)
def test_a_golden_folder_is_as_it_says(case: Path, update: bool) -> None:
    check_case(case, update=update, idempotent=case.name not in ONCE)


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_case_of_kustomize_comes_out_by_its_verdict(case: Path, update: bool) -> None:
    check_case(case, update=update, idempotent=case.name not in ONCE)


@pytest.mark.parametrize("case", SAME, ids=_name)
def test_where_the_verdict_is_same_kustomize_gives_the_same_objects(case: Path) -> None:
    check_same_objects(case)


CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cfg\ndata:\n  a: b\n"
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n"
COMPONENT = "kind: Component\n"


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    config = tmp_path / "postrender.yaml"
    config.write_text(example(kustomize.__doc__))
    out = Pipeline.load(config).run(DEPLOYMENT.encode()).decode()
    assert out == (
        DEPLOYMENT.replace("name: web", "name: eu-web\n  labels:\n    team: payments").replace(
            "replicas: 1", "replicas: 3"
        )
    )


def test_two_steps_run_in_the_order_of_the_file() -> None:
    steps = [
        {"kustomize": {"labels": [{"pairs": {"team": "core"}}]}},
        {
            "kustomize": {
                "patches": [
                    {
                        "target": {"labelSelector": "team=core"},
                        "patch": "[{op: replace, path: /spec/replicas, value: 7}]",
                    }
                ]
            }
        },
    ]
    out = Pipeline.from_dict({"steps": steps}).run(DEPLOYMENT.encode()).decode()
    assert "replicas: 7" in out


def test_a_step_has_to_say_something() -> None:
    with pytest.raises(ConfigError, match="kustomize: the step changes nothing"):
        render("kustomize", CONFIG_MAP)


# -- the folder -----------------------------------------------------------------------------------


def _in_folder(root: Path, files: dict[str, str], **step: Any) -> str:
    _write(root, files)
    return render("kustomize", CONFIG_MAP, directory=root, idempotent=False, path=".", **step)


def _refused(root: Path, files: dict[str, str]) -> str:
    with pytest.raises((ConfigError, RefusedError)) as caught:
        _in_folder(root, files)
    return str(caught.value).removeprefix("step 1 (kustomize): ")


LABELLED = CONFIG_MAP.replace("name: cfg", "name: cfg\n  labels:\n    a: b")
LABELS = "labels: [{pairs: {a: b}}]\n"


@pytest.mark.parametrize(
    "files",
    [
        {"kustomization.yaml": LABELS},
        {"kustomization.yml": f"{LABELS}resources: [all.yaml]\n"},
        {"Kustomization": f"{LABELS}resources: [/dev/stdin]\n"},
        {"Kustomization": f"{LABELS}resources: []\nbases: ['-']\ncommonLabels: null\n"},
        {"kustomization.yaml": "resources: [base]\n", "base/kustomization.yaml": LABELS},
        {"kustomization.yaml": "components: [c]\n", "c/kustomization.yaml": COMPONENT + LABELS},
        {"kustomization.yaml": COMPONENT + LABELS},
    ],
)
def test_the_stream_stands_for_what_is_not_there(files: dict[str, str], tmp_path: Path) -> None:
    assert _in_folder(tmp_path, files) == LABELLED


def test_the_stream_stands_for_the_only_file(tmp_path: Path) -> None:
    _write(tmp_path, {"kustomization.yaml": f"{LABELS}resources: [all.yaml]\n", "all.yaml": "old"})
    done = result("kustomize", CONFIG_MAP, directory=tmp_path, path=".")
    assert done.stream.decode() == LABELLED
    assert [str(notice) for notice in done.notices] == [
        "step 1 (kustomize): the stream stands for all.yaml, which is not read"
    ]


EXTRA = CONFIG_MAP.replace("cfg", "extra")


@pytest.mark.parametrize("stream", ["all.yaml", "base/all.yaml"])
def test_the_file_that_the_stream_stands_for_can_be_named(stream: str, tmp_path: Path) -> None:
    files = {
        "kustomization.yaml": "resources: [base]\n",
        "base/kustomization.yaml": "resources: [all.yaml, extra.yaml]\n",
        "base/all.yaml": CONFIG_MAP,
        "base/extra.yaml": EXTRA,
    }
    assert _in_folder(tmp_path, files, stream=stream) == f"{CONFIG_MAP}---\n{EXTRA}"


def test_in_a_step_with_fields_files_are_added(tmp_path: Path) -> None:
    _write(tmp_path, {"extra.yaml": EXTRA})
    step = {"resources": ["extra.yaml"], "idempotent": False}
    assert render("kustomize", CONFIG_MAP, directory=tmp_path, **step) == (
        f"{CONFIG_MAP}---\n{EXTRA}"
    )


def test_in_a_step_with_fields_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = result("kustomize", CONFIG_MAP, directory=tmp_path, resources=["al.yaml"])
    assert [str(notice) for notice in done.notices] == [
        "step 1 (kustomize): the stream stands for al.yaml, which is not there"
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "there is no kustomization file; kustomization.yaml, kustomization.yml, Kustom"),
        (
            {"kustomization.yaml": LABELS, "Kustomization": LABELS},
            "there is more than one kustomization file",
        ),
        (
            {"kustomization.yaml": "resources: [a.yaml, b.yaml]\n"},
            "kustomization.yaml: more than one file could stand for the stream: a.yaml, b.yaml;"
            " name the one that does with `stream`",
        ),
        (
            {"kustomization.yaml": "resources: [a, b]\n", "a": "", "b": ""},
            "kustomization.yaml: no resource stands for the stream: a, b are all there; name the",
        ),
        (
            {"kustomization.yaml": "resources: [a.yaml, all.yaml]\n", "a.yaml": CONFIG_MAP},
            "kustomization.yaml, /resources: ConfigMap cfg is there already; if one of the files",
        ),
        (
            {"kustomization.yaml": "resources: [all.yaml, a.yaml]\n", "a.yaml": "a: b\n"},
            "a.yaml, document 1: apiVersion is missing",
        ),
        (
            {"kustomization.yaml": "resources: [b]\n", "b/kustomization.yaml": COMPONENT},
            "kustomization.yaml, /resources: b is a component; use `components`",
        ),
        (
            {"kustomization.yaml": "components: [b]\n", "b/kustomization.yaml": LABELS},
            "kustomization.yaml, /components: b is no component; use `resources`",
        ),
        (
            {"kustomization.yaml": "components: [b]\n"},
            "kustomization.yaml, /components: there is no folder b",
        ),
        (
            {"kustomization.yaml": "resources: [b]\n", "b/kustomization.yaml": "resources: [../]"},
            "the kustomizations lead in a circle",
        ),
        (
            {"kustomization.yaml": "resources: ['https://example.com/a.yaml']\n"},
            "https://example.com/a.yaml is remote, and nothing is fetched; keep a copy beside the",
        ),
        (
            {"kustomization.yaml": "resources: ['github.com/org/repo?ref=v1']\n"},
            "github.com/org/repo?ref=v1 is remote",
        ),
        (
            {"kustomization.yaml": "resources: [../all.yaml]\n"},
            "../all.yaml is outside of the configuration's folder; say `allowOutside: true`",
        ),
        ({"kustomization.yaml": "a: [\n"}, "kustomization.yaml: line 2, column 1: did not find"),
        ({"kustomization.yaml": "a: b\n---\nc: d\n"}, "kustomization.yaml: there is more than one"),
        ({"kustomization.yaml": "[a]\n"}, "kustomization.yaml: the value is no mapping"),
        (
            {"kustomization.yaml": "namePrefx: a\n"},
            "kustomization.yaml, /namePrefx: unknown field; did you mean `namePrefix`?",
        ),
        (
            {"kustomization.yaml": "zzz: a\n"},
            "kustomization.yaml, /zzz: unknown field; kustomize knows no such field",
        ),
        (
            {"kustomization.yaml": "namePrefix: 5\n"},
            "kustomization.yaml, /namePrefix: the value is not text; quote it",
        ),
        (
            {"kustomization.yaml": "replicas: [{name: a, count: x}]\n"},
            "kustomization.yaml, /replicas/0/count: the value is not a whole number",
        ),
        (
            {"kustomization.yaml": "images: a\n"},
            "kustomization.yaml, /images: the value is no list",
        ),
        (
            {"kustomization.yaml": "commonLabels: a\n"},
            "kustomization.yaml, /commonLabels: the value is no mapping",
        ),
        (
            {"kustomization.yaml": "commonLabels: {on: a}\n"},
            "kustomization.yaml, /commonLabels: a key such as `on` or `n` means `true`; quote it",
        ),
        (
            {"kustomization.yaml": "kind: Deployment\n"},
            "kustomization.yaml, /kind: the value is none of Kustomization, Component",
        ),
        (
            {"kustomization.yaml": "replicas: [{count: 5}]\n"},
            "kustomization.yaml, /replicas/0: the field `name` is missing",
        ),
        (
            {"kustomization.yaml": "helmCharts: [{name: a}]\n"},
            "kustomization.yaml, /helmCharts: kustomize's `helmCharts` is not supported; run the"
            " real kustomize with `exec: [kustomize, build, .]`",
        ),
        (
            {"kustomization.yaml": "patches: [{path: none.yaml}]\n"},
            "cannot read none.yaml: no such file or directory",
        ),
        (
            {"kustomization.yaml": "patches: [{path: p.yaml}]\n", "p.yaml": "- op: nope\n"},
            "p.yaml, /0: operation 1 has the unknown op `nope`",
        ),
        (
            {"kustomization.yaml": "openapi: {path: s.json}\n", "s.json": "{}"},
            "s.json: the file has no `definitions`",
        ),
        (
            {"kustomization.yaml": "replacements: [{path: r.yaml}]\n", "r.yaml": "- source: {}\n"},
            "r.yaml, /0: the targets are missing",
        ),
    ],
)
def test_a_kustomization_that_is_wrong_is_told_with_its_place(
    files: dict[str, str], message: str, tmp_path: Path
) -> None:
    assert _refused(tmp_path, files).startswith(message)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_bytes(b"\xff")
    assert _refused(tmp_path, {}) == "kustomization.yaml is no UTF-8 text"


def test_the_file_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    _write(tmp_path, {"kustomization.yaml": LABELS})
    with pytest.raises(ConfigError, match="/stream: no kustomization has the resource all"):
        render("kustomize", CONFIG_MAP, directory=tmp_path, path=".", stream="all.yaml")


def test_files_may_be_outside_where_that_is_allowed(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    _write(tmp_path, {"extra.yaml": EXTRA, "inside/a.yaml": "x"})
    step: dict[str, Any] = {"resources": ["../extra.yaml"], "idempotent": False}
    with pytest.raises(ConfigError, match="is outside of the configuration's folder"):
        render("kustomize", CONFIG_MAP, directory=inside, **step)
    out = render("kustomize", CONFIG_MAP, directory=inside, allowOutside=True, **step)
    assert out.endswith(EXTRA)


def test_a_link_that_leads_outside_is_outside(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    _write(tmp_path, {"extra.yaml": EXTRA, "inside/a.yaml": "x"})
    (inside / "link.yaml").symlink_to(tmp_path / "extra.yaml")
    with pytest.raises(ConfigError, match="is outside of the configuration's folder"):
        render("kustomize", CONFIG_MAP, directory=inside, resources=["link.yaml"])


# -- options --------------------------------------------------------------------------------------


def _refusal(**options: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        Pipeline.from_dict({"steps": [{"kustomize": options}]})
    assert caught.value.exit_code == 2
    return str(caught.value).removeprefix("step 1 (kustomize): ")


PAIR = {"pairs": {"a": "b"}}
TARGET = {"kind": "Deployment"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"path": ".", "namePrefix": "a"}, "kustomize: beside `path` stand only `stream` and"),
        ({"patches": [{"target": TARGET}]}, "kustomize.patches[0]: the patch is missing; give it"),
        (
            {"patches": [{"path": "a", "patch": "b"}]},
            "kustomize.patches[0]: the patch is there twice; give it one of `patch` and `path`",
        ),
        (
            {"patches": [{"patch": "- {op: nope, path: /a}"}]},
            "kustomize.patches[0].patch[0]: operation 1 has the unknown op `nope`; there are add,",
        ),
        (
            {"patches": [{"patch": "a: [", "target": TARGET}]},
            "kustomize.patches[0].patch: line 2, column 1: did not find",
        ),
        (
            {"patches": [{"patch": "- {op: remove, path: /a}\n---\n- {op: remove, path: /b}"}]},
            "kustomize.patches[0].patch: there is more than one JSON patch",
        ),
        (
            {"patches": [{"patch": "a: b", "target": {"name": "("}}]},
            "kustomize.patches[0].target.name: the value is no regular expression: missing ),",
        ),
        (
            {"patches": [{"patch": "a: b", "target": {"labelSelector": "a in"}}]},
            "kustomize.patches[0].target.labelSelector: ",
        ),
        ({"patchesJson6902": [{"patch": "[]"}]}, "kustomize: a JSON patch needs a target"),
        (
            {"replacements": [{"targets": []}]},
            "kustomize.replacements[0]: give it one of `source` and `sourceValue`",
        ),
        (
            {"replacements": [{"sourceValue": "a"}]},
            "kustomize.replacements[0]: the targets are missing",
        ),
        (
            {"replacements": [{"path": "a", "sourceValue": "a"}]},
            "kustomize.replacements[0]: beside `path` stands nothing else",
        ),
        (
            {"replacements": [{"source": {"options": {"encoding": "base64"}}}]},
            "kustomize.replacements[0].source.options.encoding: kustomize does not implement",
        ),
        (
            {"labels": [PAIR], "commonLabels": {"a": "c"}},
            "kustomize.labels: the label a is given two values",
        ),
        (
            {"vars": [{"name": "A"}]},
            "kustomize.vars: kustomize's `vars` is not supported; run the real kustomize with",
        ),
        ({"namePrfix": "a"}, "kustomize.namePrfix: unknown option; did you mean `namePrefix`?"),
    ],
)
def test_an_option_that_is_wrong_is_told(options: dict[str, Any], message: str) -> None:
    assert _refusal(**options).startswith(message)


# -- what the manifests have to be ----------------------------------------------------------------


def _trouble(stream: str, directory: Path | str = ".", **options: Any) -> str:
    with pytest.raises((RefusedError, ConfigError)) as caught:
        render("kustomize", stream, directory=directory, **options)
    return str(caught.value).removeprefix("step 1 (kustomize): ")


@pytest.mark.parametrize(
    ("generator", "message"),
    [
        ({"literals": ["a"]}, "a literal is no key=value"),
        ({"literals": ["=a"]}, "a literal is no key=value"),
        ({"literals": ["a=b", "a=c"]}, "the key a comes twice"),
        ({"files": ["=a"]}, "the file =a is no path and no key=path"),
        ({"files": ["a=b=c"]}, "the file a=b=c is no path and no key=path"),
        ({"env": "latin.env"}, "the file latin.env is no UTF-8 text"),
        ({"behavior": "merge"}, "there is no ConfigMap made to merge"),
    ],
)
def test_a_generator_that_cannot_work_is_told(
    generator: dict[str, Any], message: str, tmp_path: Path
) -> None:
    (tmp_path / "latin.env").write_bytes(b"A=\xe4\n")
    generators = [{"name": "made", **generator}]
    told = _trouble(CONFIG_MAP, tmp_path, configMapGenerator=generators)
    assert told == f"/configMapGenerator/0: {message}"


def test_a_generated_object_may_be_in_a_namespace() -> None:
    options = {"disableNameSuffixHash": True}
    generator = {"name": "a", "namespace": "shop", "options": options}
    out = render("kustomize", CONFIG_MAP, idempotent=False, secretGenerator=[generator])
    assert out == (
        f"{CONFIG_MAP}---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  namespace: shop\n"
        "data: {}\ntype: Opaque\n"
    )


def _replace(*targets: dict[str, Any], value: str = "x") -> dict[str, Any]:
    return {"replacements": [{"sourceValue": value, "targets": list(targets)}]}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"kind": "Nothing"}, "the source of a replacement must be one object, and is nothing"),
        ({}, "the source of a replacement must be one object, and is ConfigMap cfg and Depl"),
        ({"kind": "ConfigMap", "fieldPath": "data.b"}, "the field data.b of the source is missing"),
        (
            {"kind": "ConfigMap", "fieldPath": "data.a", "options": {"delimiter": ".", "index": 1}},
            "the source has 1 parts, and none of index 1",
        ),
    ],
)
def test_the_source_of_a_replacement_has_to_be_there(source: dict[str, Any], message: str) -> None:
    replacement = {"source": source, "targets": [{"select": {"kind": "ConfigMap"}}]}
    told = _trouble(f"{CONFIG_MAP}---\n{DEPLOYMENT}", replacements=[replacement])
    assert message in told


LISTS = """\
apiVersion: example.com/v1
kind: Farm
metadata: {name: farm}
spec:
  pools: [{name: a, size: 1}, {name: b, size: 2, active: true}]
  words: [p, q]
  text: "a: {b: c}"
  broken: "a: ["
  ratio: 0.5
"""


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        ("spec.pools.*.size", "7", "size: 1}, {name: b, size: 2", "size: 7}, {name: b, size: 7"),
        ("spec.pools.-.size", "7", "size: 2", "size: 7"),
        ("spec.pools.[active=true].size", "7", "size: 2", "size: 7"),
        ("spec.pools.[size=1].name", "c", "name: a", "name: c"),
        ("spec.pools.0.size", "1.5", "size: 1", "size: 1.5"),
        ("spec.pools.0.size", "many", "size: 1", "size: many"),
        ("spec.pools.1.active", "false", "active: true", "active: false"),
        ("spec.words.[=q]", "z", "[p, q]", "[p, z]"),
        ("spec.text.a.b", "d", "{b: c}", "{b: d}"),
    ],
)
def test_a_replacement_finds_what_its_path_says(
    path: str, value: str, before: str, after: str
) -> None:
    step = _replace({"select": {"kind": "Farm"}, "fieldPaths": [path]}, value=value)
    assert render("kustomize", LISTS, idempotent=False, **step) == LISTS.replace(before, after)


def test_a_star_means_every_field() -> None:
    stream = LISTS.partition("  text")[0]
    out = render("kustomize", stream, **_replace({"select": {}, "fieldPaths": ["spec.*"]}))
    assert out.endswith("spec:\n  pools: x\n  words: x\n")


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("spec.pools.[name=c].size", "{name: b, size: 2, active: true}, {name: c, size: x}]"),
        ("spec.words.2", "words: [p, q, x]"),
        ("spec.words.[=z]", "words: [p, q, x]"),
        ("spec.new.list.0.name", "  new:\n    list:\n    - name: x\n"),
    ],
)
def test_a_replacement_makes_what_is_not_there(path: str, made: str) -> None:
    target = {"select": {}, "fieldPaths": [path], "options": {"create": True}}
    assert made in render("kustomize", LISTS, idempotent=False, **_replace(target))


@pytest.mark.parametrize(
    ("path", "creates"),
    [
        ("spec.pools.name", True),
        ("spec.pools.5.name", True),
        ("spec.new.*.name", True),
        ("spec.0.name", True),
        ("spec.pools.[name=z].size", False),
        ("spec.pools.name.first", False),
        ("spec.broken.a", False),
        ("spec.text.x", True),
        ("spec.ratio.x", False),
    ],
)
def test_a_field_that_is_not_there_is_refused(path: str, creates: bool) -> None:
    target = {"select": {}, "fieldPaths": [path], "options": {"create": creates}}
    told = _trouble(LISTS, **_replace(target))
    assert f"the field {path} of a replacement's target cannot be found" in told


def test_an_expression_of_a_path_that_is_none_is_refused() -> None:
    told = _trouble(LISTS, **_replace({"select": {}, "fieldPaths": ["spec.pools.[name=(].size"]}))
    assert told == (
        "spec.pools.[name=(].size: there is no such expression: missing ), unterminated"
        " subpattern at position 0"
    )


def test_replicas_of_no_workload_at_all_are_refused() -> None:
    told = _trouble(CONFIG_MAP, replicas=[{"name": "web", "count": 2}])
    assert told == "/replicas/0: no workload with replicas is called web"


def test_an_error_of_a_patch_names_patch_and_object() -> None:
    patch = {"target": TARGET, "patch": "[{op: remove, path: /spec/nope}]"}
    assert _trouble(DEPLOYMENT, patches=[patch]).startswith(
        "document 1, Deployment web, /spec/nope: /patches/0: operation 1 (remove /spec/nope): "
    )


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ("[{op: remove, path: /a}]", "/patches/0: a JSON patch needs a target"),
        ("spec: {}", "/patches/0: the patch names no object; give it apiVersion, kind and"),
        (
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: b}}",
            "/patches/0: there is no Deployment b/web to patch; did you mean Deployment a/web?",
        ),
        (
            "{apiVersion: v1, kind: Pod, metadata: {name: q}}",
            "/patches/0: there is no Pod q to patch; there is nothing of the kind Pod",
        ),
    ],
)
def test_a_patch_that_finds_no_object_is_refused(patch: str, message: str) -> None:
    stream = DEPLOYMENT.replace("name: web", "name: web\n  namespace: a")
    assert _trouble(stream, patches=[{"patch": patch}]).startswith(message)


NAMESPACED = DEPLOYMENT.replace("name: web", "name: web\n  namespace: {}")
REPLICAS = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 9}}"


def test_a_patch_may_leave_the_namespace_to_helm() -> None:
    stream = NAMESPACED.format("a")
    out = render("kustomize", stream, patches=[{"patch": REPLICAS}])
    assert out == stream.replace("replicas: 1", "replicas: 9")


def test_a_patch_that_could_mean_two_namespaces_is_refused() -> None:
    stream = f"{NAMESPACED.format('a')}---\n{NAMESPACED.format('b')}"
    assert "there is no Deployment web to patch" in _trouble(stream, patches=[{"patch": REPLICAS}])


def test_an_object_that_comes_twice_is_patched_twice() -> None:
    done = result("kustomize", f"{DEPLOYMENT}---\n{DEPLOYMENT}", patches=[{"patch": REPLICAS}])
    assert done.stream.count(b"replicas: 9") == 2
    assert [str(notice) for notice in done.notices] == [
        "step 1 (kustomize): /patches/0: the patch changes 2 objects of the same name"
    ]


def test_objects_are_found_by_the_names_that_they_had(tmp_path: Path) -> None:
    files = {
        "kustomization.yaml": (
            "resources: [base]\n"
            f"patches: [{{patch: '{REPLICAS}'}}]\n"
            "replicas: [{name: web, count: 8}]\n"
        ),
        "base/kustomization.yaml": "namePrefix: eu-\n",
    }
    _write(tmp_path, files)
    out = render("kustomize", DEPLOYMENT, directory=tmp_path, path=".", idempotent=False)
    assert out == DEPLOYMENT.replace("name: web", "name: eu-web").replace(": 1", ": 8")


def test_what_the_step_does_not_select_is_left_alone() -> None:
    stream = f"{CONFIG_MAP}---\n{DEPLOYMENT}"
    out = render("kustomize", stream, where={"kind": "ConfigMap"}, labels=[PAIR])
    assert out == f"{LABELLED}---\n{DEPLOYMENT}"


# -- references -----------------------------------------------------------------------------------

BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}
subjects:
- {kind: ServiceAccount, name: sa, namespace: %s}
"""
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sa, namespace: %s}\n"


@pytest.mark.parametrize("namespace", ["one", "two"])
def test_a_subject_is_followed_by_its_namespace(namespace: str, tmp_path: Path) -> None:
    stream = f"{ACCOUNT % 'one'}---\n{ACCOUNT % 'two'}---\n{BINDING % namespace}"
    out = render("kustomize", stream, idempotent=False, namePrefix="x-")
    assert out == stream.replace("name: sa", "name: x-sa").replace("{name: b}", "{name: x-b}")


def test_a_subject_that_was_moved_before_is_found_by_the_namespace_that_it_has() -> None:
    account = ACCOUNT % "one"
    steps = {"namespace": "two", "namePrefix": "x-"}
    binding = BINDING % "two"
    out = render("kustomize", f"{account}---\n{binding}", idempotent=False, **steps)
    assert "- {kind: ServiceAccount, name: x-sa, namespace: two}" in out


def test_a_name_that_could_mean_two_objects_is_refused() -> None:
    binding = (BINDING % "x").replace(", namespace: x", "")
    stream = f"{ACCOUNT % 'one'}---\n{ACCOUNT % 'two'}---\n{binding}"
    assert _trouble(stream, namePrefix="x-") == (
        "document 3, ClusterRoleBinding x-b, /subjects/0: sa could mean each of"
        " ServiceAccount one/x-sa, ServiceAccount two/x-sa"
    )


def test_objects_of_the_same_layer_belong_together(tmp_path: Path) -> None:
    files = {
        "kustomization.yaml": "resources: [chart, a, b]\nnamePrefix: all-\n",
        "chart/kustomization.yaml": "namePrefix: c-\n",
        "a/kustomization.yaml": "resources: [a.yaml]\nnamePrefix: a-\n",
        "a/a.yaml": CONFIG_MAP + "---\n" + POD,
        "b/kustomization.yaml": "resources: [b.yaml]\nnamePrefix: b-\nnameSuffix: -s\n",
        "b/b.yaml": CONFIG_MAP + "---\n" + POD,
    }
    _write(tmp_path, files)
    out = render("kustomize", CONFIG_MAP, directory=tmp_path, path=".", idempotent=False)
    assert out.count("name: all-c-cfg\n") == 1
    assert out.count("name: all-a-cfg\n") == 1
    assert out.count("configMapRef: {name: all-a-cfg}") == 1
    assert out.count("configMapRef: {name: all-b-cfg-s}") == 1


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: pod}
spec:
  containers:
  - envFrom: [{configMapRef: {name: cfg}}]
"""


def test_what_is_no_name_is_no_reference() -> None:
    stream = POD.replace("name: cfg", "name: 5") + "---\n" + CONFIG_MAP
    out = render("kustomize", stream, idempotent=False, namePrefix="x-")
    assert out == stream.replace("name: cfg", "name: x-cfg").replace("name: pod", "name: x-pod")


FILM = "apiVersion: example.com/v1\nkind: Film\nmetadata: {name: film}\nspec: %s\n"
CLAIM = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n"


def test_custom_resources_are_told_of_for_what_they_often_name() -> None:
    stream = f"{FILM % '{claimName: data, title: cfg}'}---\n{CLAIM}---\n{CONFIG_MAP}"
    assert not result("kustomize", stream, idempotent=False, namePrefix="x-").notices


def test_custom_resources_are_told_of_for_images_that_an_entry_means() -> None:
    stream = (FILM % "{containers: [{image: redis}]}") + "---\n" + POD
    notices = result("kustomize", stream, images=[{"name": "nginx", "newTag": "2"}]).notices
    assert [notice.message for notice in notices] == ["/images/0: no image is called nginx"]


def test_annotations_are_not_for_the_templates_of_custom_kinds() -> None:
    rollout = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: r\n"
    stream = rollout + "spec:\n  template:\n    metadata: {}\n"
    out = render("kustomize", stream, commonAnnotations={"a": "b"})
    assert out == stream.replace("name: r\n", "name: r\n  annotations:\n    a: b\n")


def test_a_folder_that_is_not_there_is_told() -> None:
    assert _trouble(CONFIG_MAP, path="none") == "there is no folder none"


def test_fields_of_labels_are_made_where_they_say_so() -> None:
    def label(path: str) -> str:
        fields = [{"kind": "ConfigMap", "path": path, "create": True}]
        return render("kustomize", CONFIG_MAP, labels=[{**PAIR, "fields": fields}])

    assert label("spec/team") == f"{LABELLED}spec:\n  team:\n    a: b\n"
    assert label("spec/teams[]/labels") == LABELLED


def test_a_whole_map_can_be_copied() -> None:
    source = {"kind": "ConfigMap", "fieldPath": "data"}
    target = {"select": {"kind": "Deployment"}, "fieldPaths": ["spec.copy"]}
    step = {"replacements": [{"source": source, "targets": [{**target, "options": CREATE}]}]}
    stream = f"{CONFIG_MAP}---\n{DEPLOYMENT}"
    assert render("kustomize", stream, **step) == f"{stream}  copy:\n    a: b\n"


CREATE = {"create": True}
SPLIT = {"delimiter": "."}


@pytest.mark.parametrize(
    ("source", "target", "fault"),
    [
        ({"fieldPath": "data", "options": SPLIT}, {"fieldPaths": ["data.a"]}, "the source is none"),
        ({"fieldPath": "data.a"}, {"fieldPaths": ["data"], "options": SPLIT}, "the target is none"),
    ],
)
def test_a_delimiter_is_for_text(
    source: dict[str, Any], target: dict[str, Any], fault: str
) -> None:
    step = {"source": source, "targets": [{"select": {}, **target}]}
    told = _trouble(CONFIG_MAP, replacements=[step])
    assert told == f"document 1, ConfigMap cfg, /data: a delimiter is for text, and {fault}"


def test_a_definition_that_makes_no_sense_defines_nothing() -> None:
    definition = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: films.example.com}\nspec: {names: Film}\n"
    )
    stream = f"{definition}---\n{FILM % '{}'}"
    assert render("kustomize", stream, namespace="shop") == stream


def test_a_label_that_no_selector_has_may_change() -> None:
    stream = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: b, labels: {a: c, x: z}}\n"
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: one, namespace: b}\n"
        "spec: {selector: {x: z}}\n"
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: two, namespace: d}\n"
        "spec: {selector: {a: c}}\n"
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: three, namespace: b}\nspec: {}\n"
    )
    assert "labels: {a: b, x: z}" in render("kustomize", stream, labels=[PAIR])


def test_what_replaces_may_be_immutable() -> None:
    generator = {"name": "cfg", "behavior": "replace", "options": {"immutable": True}}
    out = render("kustomize", CONFIG_MAP, configMapGenerator=[generator])
    assert out == CONFIG_MAP.removesuffix("data:\n  a: b\n") + "immutable: true\n"


ALLOWS = "`options: {allowNoTargetMatch: true}` allows it"


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ({"kind": "deployment"}, f"did you mean the kind Deployment?; {ALLOWS}"),
        ({"kind": "Service"}, f"there is nothing of the kind Service; {ALLOWS}"),
        ({"kind": "Deployment", "name": "wep"}, f"did you mean Deployment web?; {ALLOWS}"),
        ({"labelSelector": "a=b"}, f"there is Deployment web; {ALLOWS}"),
        ({"version": "apps/v1"}, "write `group: apps` and `version: v1`"),
    ],
)
def test_a_target_that_means_nothing_is_refused(target: dict[str, str], told: str) -> None:
    patch = {"target": target, "patch": "[{op: remove, path: /spec}]"}
    assert _trouble(DEPLOYMENT, patches=[patch]) == (
        f"/patches/0: the target means no object; {told}"
    )


def test_a_name_that_all_have_is_followed_whoever_is_meant() -> None:
    secrets = "".join(
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: s, namespace: {each}}}\n---\n"
        for each in ("one", "two")
    )
    volume = (
        "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\n"
        "spec: {azureFile: {secretName: s}}\n"
    )
    out = render("kustomize", secrets + volume, idempotent=False, namePrefix="x-")
    assert out.endswith(volume.replace(": v}", ": x-v}").replace(": s}", ": x-s}"))


ROLE_BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: one}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects:
- {kind: ServiceAccount, name: sa}
- {kind: ServiceAccount, name: sa, namespace: two}
- {kind: ServiceAccount, name: default, namespace: three}
- {kind: User, name: sa}
"""


def test_subjects_are_of_the_namespace_of_the_binding_or_of_those_that_they_name() -> None:
    accounts = "".join(f"{ACCOUNT % each}---\n" for each in ("two", "three"))
    out = render("kustomize", accounts + ROLE_BINDING, idempotent=False, namePrefix="x-")
    assert out.endswith(
        ROLE_BINDING.replace("name: b,", "name: x-b,")
        .replace(
            "name: sa}\n- {kind: ServiceAccount, name: sa,", "name: sa}\n- {kind: X, name: sa,"
        )
        .replace("name: sa, namespace: two", "name: x-sa, namespace: two")
        .replace("kind: X", "kind: ServiceAccount")
    )


def test_a_selector_keeps_the_values_that_it_has() -> None:
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web, a: c}}\n"
    )
    assert _trouble(service, commonLabels={"a": "b"}) == (
        "document 1, Service web, /spec/selector/a: the selector has another value of a; leave the"
        " label out, or patch label and selector"
    )
