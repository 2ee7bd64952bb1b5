"""The plugin patches: entries, targets, what it expects, refuses and tells."""

from pathlib import Path
from typing import Any

import pytest
from documented import example
from support import Command

from postrender import (
    ConfigError,
    EditError,
    ExpectError,
    Manifests,
    Pipeline,
    PostrenderError,
    RefusedError,
)
from postrender.testing import check_case, find_cases, render, result
from postrender_plugins import patches

GOLDEN = find_cases(Path(__file__).parent / "plugins" / "patches")
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cfg\ndata:\n  a: one # ours\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2 # two
  template:
    spec:
      containers:
      - name: app
        image: nginx:1.25
"""
ADD_B = [{"op": "add", "path": "/data/b", "value": "two"}]


def _name(case: Path) -> str:
    return case.name


@pytest.mark.parametrize("case", GOLDEN, ids=_name)
def test_a_golden_folder_is_as_it_says(case: Path, update: bool) -> None:
    check_case(case, update=update)


def patched(stream: str, *entries: dict[str, Any], once: bool = False, **options: Any) -> str:
    """Return *stream* after a step with these entries; *once*, if a second run would differ."""
    return render("patches", stream, entries=list(entries), idempotent=not once, **options)


def refused(stream: str, *entries: dict[str, Any], **options: Any) -> PostrenderError:
    """Return the error of a step with these entries."""
    with pytest.raises(PostrenderError) as caught:
        patched(stream, *entries, **options)
    return caught.value


def told(stream: str, *entries: dict[str, Any], **options: Any) -> list[str]:
    """Return the notices of a step with these entries."""
    done = result("patches", stream, entries=list(entries), idempotent=False, **options)
    return [str(notice) for notice in done.notices]


# -- how a step is written -------------------------------------------------------------------------


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    (tmp_path / "patches").mkdir()
    (tmp_path / "patches" / "no-limits.yaml").write_text(
        "spec: {template: {spec: {containers: [{name: app, resources: null}]}}}\n"
    )
    config = tmp_path / "postrender.yaml"
    config.write_text(example(patches.__doc__))

    out = Pipeline.load(config).run(
        f"{DEPLOYMENT}        resources: {{limits: {{cpu: 1}}}}\n".encode()
    )

    assert out.decode() == DEPLOYMENT.replace("replicas: 2", "replicas: 3").replace(
        "nginx:1.25", "registry.example/app:2.1"
    )


@pytest.mark.parametrize(
    "patch",
    [
        "data: {b: two}",
        "data:\n  b: two\n",
        '{"data": {"b": "two"}}',
        "---\n# a comment\ndata: {b: two}\n",
        {"data": {"b": "two"}},
        ADD_B,
        '[{"op": "add", "path": "/data/b", "value": "two"}]',
        "data: {b: one}\n---\ndata: {b: two}\n",
    ],
)
def test_a_patch_is_text_or_stands_as_it_is(patch: Any) -> None:
    assert patched(CONFIG_MAP, {"target": {"kind": "ConfigMap"}, "patch": patch}, once=True) == (
        CONFIG_MAP + "  b: two\n"
    )


@pytest.mark.parametrize(
    "options",
    [
        [{"target": {"name": "cfg"}, "patch": "data: {b: two}"}],
        {"target": {"name": "cfg"}, "patch": "data: {b: two}"},
        {"entries": [{"target": {"name": "cfg"}, "patch": "data: {b: two}"}]},
    ],
)
def test_a_step_is_one_entry_or_a_list_of_them_or_written_out(options: Any) -> None:
    pipeline = Pipeline.from_dict({"steps": [{"patches": options}]})

    assert pipeline.run(CONFIG_MAP.encode()).decode() == CONFIG_MAP + "  b: two\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "patches: the entry has neither `patch` nor `path`; give it one of them"),
        ([{"patch": "a: b", "path": "p"}], "patches[0]: the entry has both `patch` and `path`"),
        ([{"patc": "a: b"}], "patches[0].patc: unknown option; did you mean `patch`?"),
        (
            {"patch": "a: b", "entries": [{"patch": "a: b", "target": {"kind": "*"}}]},
            "patches: there is a patch beside `entries`",
        ),
        ([{"target": {}, "patch": "a: b"}], "patches[0].target: the target has no condition"),
        ([{"target": {"kinds": "A"}, "patch": "a: b"}], "did you mean `kind`?"),
        ([{"target": {"name": "/(/"}, "patch": "a: b"}], "`/(/` is no regular expression"),
        ([{"patch": ADD_B}], "patches[0].patch: a JSON patch needs a `target`"),
        ([{"patch": "data: {}"}], "patches[0].patch: the patch names no object"),
        ([{"patch": {"kind": "A", "metadata": 1}}], "patches[0].patch: the patch names no object"),
        ([{"patch": "a: [b"}], "patches[0].patch: line 2, column 1: "),
        ([{"patch": "a: b\n--- x\n"}], "patches[0].patch: line 2, column 4: invalid document sep"),
        ([{"patch": "a: '\ud800'"}], "is not UTF-8"),
        ([{"patch": "text"}], "patches[0].patch: the patch is neither a list nor a mapping"),
        ([{"patch": "[]\n---\n[]\n"}], "patches[0].patch: the text has a JSON patch and another"),
        ([{"patch": "{op: add, path: /a}"}], "a JSON patch is a list of operations; write `- `"),
        ([{"patch": "a: b", "type": "json"}], "a JSON patch is a list of operations"),
        ([{"patch": "[]", "type": "merge"}], "a patch of type merge is a mapping, and this one a"),
        ([{"patch": "[]", "type": "jsn"}], "patches[0].type: the value is none of auto, json, str"),
        ([{"patch": ["a"]}], "patches[0].patch[0]: operation 1 is no mapping"),
        ([{"patch": [{"path": "/a"}]}], "patches[0].patch[0]: operation 1 has no `op`"),
        (
            [{"patch": [*ADD_B, {"op": "upsert"}]}],
            "patches[0].patch[1]: operation 2 has the unknown op `upsert`; there are add, copy,",
        ),
        ([{"patch": [{"op": "move", "path": "/a"}]}], "operation 1 (move) has no `from`"),
        (
            [{"patch": [{"op": "add", "path": "/a", "vaule": 1}]}],
            "operation 1 (add) has no `value`; there is `vaule`",
        ),
        (
            [{"patch": [{"op": "remove", "path": "spec"}]}],
            "patches[0].patch[0].path: operation 1 has a `path` that is no JSON Pointer: spec;"
            " it begins with a slash: /spec",
        ),
        (
            [{"patch": [{"op": "copy", "path": "/a", "from": "/~2"}]}],
            "patches[0].patch[0].from: operation 1 has a `from` that is no JSON Pointer: /~2;"
            " ~ stands in it as ~0, / as ~1",
        ),
        ([{"patch": [{"op": "remove", "path": 1}]}], "a `path` that is no JSON Pointer; ~ stands"),
        ([{"path": "p", "expect": {"min": 2, "max": 1}}], "patches[0].expect: no number is within"),
        ([{"path": "p", "expect": {"min": -1}}], "patches[0].expect: no number is within"),
        ({"path": "p", "mergeKeys": {"/": "name"}}, "patches.mergeKeys[/]: names no list, or no"),
        ({"path": "p", "mergeKeys": {"a": []}}, "patches.mergeKeys.a: names no list, or no keys"),
    ],
)
def test_a_wrong_entry_is_refused_before_the_manifests_are_read(options: Any, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Pipeline.from_dict({"steps": [{"patches": options}]})

    assert message in str(caught.value)
    assert caught.value.exit_code == 2


# -- which objects ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "message", "hint"),
    [
        (
            {"target": {"kind": "Deployment", "name": "wep"}, "patch": "spec: {}"},
            "the target {kind: Deployment, name: wep} matches none of 2 objects, but must match"
            " at least 1",
            "no name is called `wep`; did you mean `web`?",
        ),
        (
            {"target": {"kind": ["Service", "Pod"], "hook": False}, "patch": "spec: {}"},
            "the target {kind: [Service, Pod], hook: false} matches none of 2 objects",
            "",
        ),
        (
            {"target": {"kind": "Deployment", "name": "api"}, "patch": "spec: {}"},
            "the target {kind: Deployment, name: api} matches none of 2 objects",
            "",
        ),
        (
            {"target": {"namespace": "default"}, "patch": "spec: {}"},
            "matches none of 2 objects",
            'no object says its namespace; `namespace: ""` selects those',
        ),
        (
            {"target": {"kind": "*"}, "patch": [], "expect": 1},
            "the target {kind: *} matches 2 of 2 objects, but must match 1",
            "",
        ),
        (
            {"target": {"kind": "*"}, "patch": [], "expect": {"min": 3, "max": 4}},
            "matches 2 of 2 objects, but must match at least 3 and at most 4",
            "",
        ),
        (
            {"target": {"kind": "*"}, "patch": [], "expect": {"max": 0}},
            "matches 2 of 2 objects, but must match 0",
            "",
        ),
        (
            {"patch": "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web-server}}"},
            "there is no apps/v1 Deployment web-server among 2 objects",
            "did you mean Deployment web?",
        ),
        (
            {"patch": "{apiVersion: v2, kind: Deployment, metadata: {name: web}}"},
            "there is no v2 Deployment web among 2 objects",
            "did you mean apps/v1 Deployment web?",
        ),
        (
            {"patch": "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: b}}"},
            "there is no v1 Pod b/a among 2 objects",
            "",
        ),
    ],
)
def test_an_entry_that_does_not_match_as_expected_is_refused(
    entry: dict[str, Any], message: str, hint: str
) -> None:
    with pytest.raises(ExpectError) as caught:
        patched(f"{CONFIG_MAP}---\n{DEPLOYMENT}", entry)

    assert message in caught.value.message
    assert caught.value.hint.startswith(hint)
    assert bool(caught.value.hint) is bool(hint)


def test_several_names_may_be_the_nearest() -> None:
    stream = "---\n".join(CONFIG_MAP.replace("cfg", name) for name in ("cfg-a", "cfg-b", "other"))
    entry = {"patch": "{apiVersion: v1, kind: ConfigMap, metadata: {name: cfg-c}}"}

    assert refused(stream, entry).hint == "did you mean ConfigMap cfg-b or ConfigMap cfg-a?"


@pytest.mark.parametrize(
    "more",
    [
        {"options": {"allowNoMatch": True}},
        {"expect": {"min": 0}},
        {"expect": 0},
        {"expect": {"max": 0}},
        {"options": {"allowNoMatch": True}, "expect": {"max": 3}},
    ],
)
def test_an_entry_may_be_allowed_to_match_nothing(more: dict[str, Any]) -> None:
    entry = {"target": {"name": "other"}, "patch": "data: {}", **more}
    named = {
        "patch": "{apiVersion: v1, kind: ConfigMap, metadata: {name: other}}",
        "options": {"allowNoMatch": True},
    }

    assert patched(CONFIG_MAP, entry) == CONFIG_MAP
    assert patched(CONFIG_MAP, named) == CONFIG_MAP


def test_an_entry_may_have_to_match_a_number_of_objects() -> None:
    entry = {"target": {"kind": "ConfigMap"}, "patch": "data: {b: two}", "expect": 1}

    assert patched(CONFIG_MAP, entry) == CONFIG_MAP + "  b: two\n"


def test_an_entry_is_named_by_its_number_and_its_name() -> None:
    first = {"target": {"name": "cfg"}, "patch": "data: {b: two}"}
    second = {"target": {"name": "x"}, "patch": "data: {}"}

    assert refused(CONFIG_MAP, first, second).message.startswith("entry 2: the target {name: x}")
    assert refused(CONFIG_MAP, first, {"name": "mine", **second}).message.startswith(
        "entry 2 (mine): the target {name: x}"
    )
    assert refused(CONFIG_MAP, {"name": "mine", **second}).message.startswith("entry mine: the ta")
    assert refused(CONFIG_MAP, second).message.startswith("the target {name: x}")


def test_an_error_in_an_object_names_entry_object_and_path() -> None:
    good = {"target": {"name": "cfg"}, "patch": ADD_B}
    bad = {"target": {"name": "cfg"}, "patch": [{"op": "remove", "path": "/data/c/d"}]}

    assert str(refused(CONFIG_MAP, good, bad)) == (
        "step 1 (patches): document 1, ConfigMap cfg, /data/c/d: entry 2: operation 1"
        " (remove /data/c/d): does not exist; /data has no `c`"
    )


def test_patches_see_what_those_before_them_did() -> None:
    label = {"target": {"name": "cfg"}, "patch": "metadata: {labels: {tier: x}}"}
    labelled = {"target": {"labels": "tier=x"}, "patch": "data: {b: two}"}

    assert patched(CONFIG_MAP, label, labelled) == CONFIG_MAP.replace(
        "name: cfg\n", "name: cfg\n  labels:\n    tier: x\n"
    ) + ("  b: two\n")


def test_only_the_objects_that_the_step_selects_are_patched() -> None:
    stream = f"{CONFIG_MAP}---\n{CONFIG_MAP.replace('cfg', 'other')}"
    entry = {"target": {"kind": "ConfigMap"}, "patch": "data: {a: null}"}

    assert patched(stream, entry, where={"name": "other"}) == (
        CONFIG_MAP
        + "---\n"
        + CONFIG_MAP.replace("cfg", "other").replace("\n  a: one # ours", " {}")
    )


def test_the_items_of_a_list_are_patched_where_they_stand() -> None:
    item = "".join(f"  {line}\n" for line in CONFIG_MAP.splitlines())
    stream = f"apiVersion: v1\nkind: List\nitems:\n-{item[1:]}"

    assert patched(stream, {"target": {"name": "cfg"}, "patch": "data: {b: two}"}) == (
        stream + "    b: two\n"
    )


@pytest.mark.parametrize(
    ("namespace", "ours", "matches"),
    [
        ("", "", True),
        ("shop", "shop", True),
        ("shop", "", False),
        ("", "shop", False),
        ("default", "", True),
        ("", "default", True),
        ("a", "b", False),
    ],
)
def test_what_says_no_namespace_is_in_the_default_one(
    namespace: str, ours: str, matches: bool
) -> None:
    def within(text: str, name: str) -> str:
        return text.replace("name: cfg", f"name: cfg\n  namespace: {name}") if name else text

    stream = within(CONFIG_MAP, ours)
    entry = {"patch": within(CONFIG_MAP, namespace).replace("one", "two"), "expect": {"min": 0}}

    assert ("two" in patched(stream, entry)) is matches


def test_what_says_no_namespace_is_in_that_of_the_release_where_it_is_stated() -> None:
    patch = CONFIG_MAP.replace("name: cfg", "name: cfg\n  namespace: shop").replace("one", "two")
    pipeline = Pipeline.from_dict({"steps": [{"patches": {"patch": patch}}]})

    assert b"a: two" in pipeline.render(CONFIG_MAP.encode(), namespace="shop").stream
    with pytest.raises(ExpectError, match="there is no v1 ConfigMap shop/cfg among 1 objects"):
        pipeline.run(CONFIG_MAP.encode())


def test_each_document_without_a_namespace_is_in_the_same_one() -> None:
    stream = f"{CONFIG_MAP}---\n{CONFIG_MAP.replace('cfg', 'other')}"
    patch = stream.replace("name:", "namespace: default\n  name:").replace("one", "two")

    assert patched(stream, {"patch": patch}) == stream.replace("one", "two")


def test_an_object_is_found_under_another_api_version_on_request() -> None:
    patch = (
        "{apiVersion: extensions/v1beta1, kind: Deployment, metadata: {name: web}, spec: {a: b}}"
    )
    entry = {"patch": patch, "options": {"ignoreApiVersion": True}}

    assert "there is no extensions/v1beta1" in refused(DEPLOYMENT, {"patch": patch}).message
    assert patched(DEPLOYMENT, entry) == DEPLOYMENT + "  a: b\n"


def test_an_object_with_a_generated_name_is_found_by_it() -> None:
    job = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  generateName: run-\n"
    entry = {
        "patch": "{apiVersion: batch/v1, kind: Job, metadata: {generateName: run-}, spec: {a: 1}}"
    }

    assert patched(job, entry) == job + "spec:\n  a: 1\n"


def test_each_document_of_a_patch_is_for_its_own_object() -> None:
    patch = CONFIG_MAP.replace("one", "two") + "---\n" + DEPLOYMENT.replace("2 # two", "3")

    assert patched(f"{CONFIG_MAP}---\n{DEPLOYMENT}", {"patch": patch}) == (
        CONFIG_MAP.replace("one", "two") + "---\n" + DEPLOYMENT.replace("2 # two", "3 # two")
    )


def test_an_object_that_stands_twice_is_patched_twice() -> None:
    stream = f"{CONFIG_MAP}---\n{CONFIG_MAP}"

    assert patched(stream, {"patch": CONFIG_MAP.replace("one", "two")}) == stream.replace(
        "one", "two"
    )


# -- what it tells ---------------------------------------------------------------------------------


def test_an_entry_that_changes_nothing_is_told() -> None:
    same = {"target": {"name": "cfg"}, "patch": "data: {a: one}"}
    change = {"target": {"name": "cfg"}, "patch": "data: {a: two}"}

    assert told(CONFIG_MAP, change, same | {"patch": "data: {a: two}"}) == [
        "step 1 (patches): entry 2 matched 1 and changed nothing"
    ]
    assert told(CONFIG_MAP, same) == ["step 1 (patches): the patch matched 1 and changed nothing"]
    assert told(CONFIG_MAP, {"patch": "# empty"}) == ["step 1 (patches): the patch is empty"]


def test_a_notice_about_many_objects_is_told_once() -> None:
    stream = "---\n".join(CONFIG_MAP.replace("cfg", name) for name in ("a", "b", "c"))
    entry = {"target": {"kind": "ConfigMap"}, "patch": "{metadata: {name: x}, data: {b: two}}"}

    assert told(stream, entry) == [
        "step 1 (patches): document 1, ConfigMap a: `metadata.name` of the patch is ignored;"
        " `allowNameChange: true` lets it count (and 2 more like this)"
    ]


# -- what the object is called ---------------------------------------------------------------------

RENAMED = {
    "target": {"name": "cfg"},
    "patch": "{apiVersion: v1, kind: Secret, metadata: {name: b, namespace: c}, data: {b: two}}",
}


def test_a_merge_with_a_target_keeps_what_the_object_is_called() -> None:
    assert patched(CONFIG_MAP, RENAMED) == CONFIG_MAP + "  b: two\n"
    assert [notice.split("; `")[1].split(":")[0] for notice in told(CONFIG_MAP, RENAMED)] == [
        "allowKindChange",
        "allowNameChange",
        "allowNamespaceChange",
    ]


def test_a_merge_may_change_what_the_object_is_called_on_request() -> None:
    choices = {"allowNameChange": True, "allowKindChange": True, "allowNamespaceChange": True}
    entry = {**RENAMED, "options": choices}

    assert patched(CONFIG_MAP, entry, once=True) == (
        CONFIG_MAP.replace("ConfigMap", "Secret").replace("name: cfg", "name: b\n  namespace: c")
        + "  b: two\n"
    )
    assert told(CONFIG_MAP, entry) == [
        "step 1 (patches): document 1, Secret c/b: was ConfigMap cfg, so Helm deletes that one and"
        " creates this"
    ]


def test_a_json_patch_that_renames_is_told() -> None:
    patch = [{"op": "replace", "path": "/metadata/name", "value": "b"}]

    assert told(CONFIG_MAP, {"target": {"name": "cfg"}, "patch": patch}) == [
        "step 1 (patches): document 1, ConfigMap b: was ConfigMap cfg, so Helm deletes that one and"
        " creates this"
    ]


def test_a_name_that_another_object_has_is_refused() -> None:
    stream = "---\n".join(CONFIG_MAP.replace("cfg", name) for name in ("a", "b"))
    entry = {"target": {"name": "a"}, "patch": "metadata: {name: b}"}
    error = refused(stream, {**entry, "options": {"allowNameChange": True}})

    assert isinstance(error, RefusedError)
    assert str(error) == (
        "step 1 (patches): document 1, ConfigMap b: is called like the object of document 2 now"
    )


@pytest.mark.parametrize(
    "patch",
    [
        [{"op": "remove", "path": "/metadata/name"}],
        [{"op": "remove", "path": "/metadata"}],
        "metadata: null",
        "metadata: {$patch: delete}",
        "metadata: {$retainKeys: [labels], labels: {a: b}}",
    ],
)
def test_a_patch_cannot_take_away_the_name(patch: Any) -> None:
    error = refused(CONFIG_MAP, {"target": {"name": "cfg"}, "patch": patch})

    assert error.message == "the patch takes away the object's name"
    assert str(error.location) == "document 1, ConfigMap cfg"


def test_a_patch_may_remove_or_replace_the_object() -> None:
    stream = f"{CONFIG_MAP}---\n{DEPLOYMENT}"
    target = {"kind": "ConfigMap"}

    assert patched(stream, {"target": target, "patch": "$patch: delete"}, once=True) == (
        f"---\n{DEPLOYMENT}"
    )
    removal = [{"op": "remove", "path": ""}]
    entry = {"target": target, "patch": removal}
    assert patched(stream, entry, {**entry, "expect": 0}, once=True) == f"---\n{DEPLOYMENT}"
    assert patched(
        CONFIG_MAP, {"target": target, "patch": "{$patch: replace, data: {b: two}}"}
    ) == (CONFIG_MAP.replace("a: one # ours", "b: two"))
    assert patched(
        CONFIG_MAP,
        {"target": target, "patch": "{$patch: replace, metadata: {labels: {a: b}}}"},
    ) == CONFIG_MAP.replace("data:\n  a: one # ours\n", "  labels:\n    a: b\n")


# -- what an object may hold -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("yes", "a boolean"),
        ("1", "a number"),
        ("1.5", "a number"),
        ("{}", "a map"),
        ("[]", "a list"),
    ],
)
def test_data_that_is_no_string_is_refused_with_the_cure(value: str, what: str) -> None:
    target = {"name": "cfg"}
    operation = f"[{{op: add, path: /data/b, value: {value}}}]"
    for patch in (f"data: {{b: {value}}}", operation):
        error = refused(CONFIG_MAP, {"target": target, "patch": patch})
        assert isinstance(error, EditError)
        assert (error.message, error.hint) == (f"the value is {what}, not a string", "quote it")
        assert str(error.location) == "document 1, ConfigMap cfg, /data/b"


def test_data_that_the_chart_has_wrong_is_not_the_patches_fault() -> None:
    stream = CONFIG_MAP.replace("one", "1")

    assert patched(stream, {"target": {"name": "cfg"}, "patch": "data: {b: two}"}) == (
        stream + "  b: two\n"
    )


def test_a_field_that_the_kind_does_not_have_is_refused() -> None:
    error = refused(DEPLOYMENT, {"target": {"name": "web"}, "patch": "replicas: 3"})

    assert str(error).endswith(
        "/replicas: Deployment has no field `replicas`; its fields are apiVersion, kind, metadata,"
        " spec, status"
    )
    assert patched(
        DEPLOYMENT + "replicas: 2\n", {"target": {"name": "web"}, "patch": "replicas: 3"}
    )


# -- JSON patches with choices ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "operation", "expected"),
    [
        ("createParents", {"op": "add", "path": "/x/v/z", "value": 1}, "x:\n  v:\n    z: 1\n"),
        ("createParents", {"op": "add", "path": "/data/b", "value": "c"}, "  b: c\n"),
        ("ignoreMissing", {"op": "remove", "path": "/data/b"}, ""),
        ("lenient", {"op": "replace", "path": "/data/b~1c", "value": "d"}, "  b/c: d\n"),
        ("lenient", {"op": "replace", "path": "/data/a~0", "value": "d"}, "  a~: d\n"),
        ("lenient", {"op": "test", "path": "/none", "value": None}, ""),
        ("lenient", {"op": "test", "path": "/data/a", "value": "one"}, ""),
    ],
)
def test_a_json_patch_may_do_more_on_request(
    choice: str, operation: dict[str, Any], expected: str
) -> None:
    entry = {"target": {"name": "cfg"}, "patch": [operation]}

    assert patched(CONFIG_MAP, {**entry, "options": {choice: True}}) == CONFIG_MAP + expected


@pytest.mark.parametrize(
    ("choice", "operation", "message"),
    [
        ("createParents", {"op": "add", "path": "/x/-", "value": 1}, "the parent does not exist"),
        ("createParents", {"op": "add", "path": "/x/-/y", "value": 1}, "the parent does not exist"),
        ("createParents", {"op": "add", "path": "/data/a/b", "value": 1}, "the parent does not"),
        ("createParents", {"op": "remove", "path": "/x"}, "does not exist; the object has no `x`"),
        (
            "ignoreMissing",
            {"op": "replace", "path": "/x", "value": 1},
            "there is nothing to replac",
        ),
        ("lenient", {"op": "remove", "path": "/x"}, "does not exist"),
        ("lenient", {"op": "test", "path": "/data/a", "value": None}, "the value is another"),
        ("lenient", {"op": "test", "path": "/x", "value": 1}, "does not exist"),
    ],
)
def test_what_was_not_asked_for_is_still_refused(
    choice: str, operation: dict[str, Any], message: str
) -> None:
    entry = {"target": {"name": "cfg"}, "patch": [*ADD_B, operation], "options": {choice: True}}

    assert refused(CONFIG_MAP, entry).message.startswith(f"operation 2 ({operation['op']} ")
    assert message in refused(CONFIG_MAP, entry).message


def test_a_json_patch_with_choices_reaches_into_lists() -> None:
    operation = {"op": "replace", "path": "/spec/template/spec/containers/0/tty", "value": True}
    entry = {"target": {"name": "web"}, "patch": [operation], "options": {"lenient": True}}

    assert patched(DEPLOYMENT, entry) == DEPLOYMENT + "        tty: true\n"


# -- files -----------------------------------------------------------------------------------------


def test_files_are_relative_to_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("\ufeffdata: {b: two}\n")
    entry = {"path": "p.yaml", "target": {"name": "cfg"}}

    assert patched(CONFIG_MAP, entry, directory=tmp_path) == CONFIG_MAP + "  b: two\n"


def test_a_file_outside_the_folder_is_read_on_request_only(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (tmp_path / "p.yaml").write_text("data: {b: two}\n")
    (folder / "link.yaml").symlink_to(tmp_path / "p.yaml")
    for path in ("../p.yaml", str(tmp_path / "p.yaml"), "link.yaml"):
        entry = {"path": path, "target": {"name": "cfg"}}
        error = refused(CONFIG_MAP, entry, directory=folder)

        assert isinstance(error, ConfigError)
        assert str(error) == (
            f"step 1 (patches): {path}: is outside the folder of the configuration; copy it there,"
            " or say `allowOutside: true`"
        )
        out = patched(CONFIG_MAP, entry, directory=folder, allowOutside=True)
        assert out == CONFIG_MAP + "  b: two\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "p.yaml: cannot be read: No such file or directory"),
        (b"a: \xff", "p.yaml: is not UTF-8 at byte 3"),
        (b"a: b\n---\nc: d\n\te: f\n", "p.yaml: line 4, column "),
        (b"[]\n---\n[]\n", "p.yaml: the text has a JSON patch and another document; write all"),
        (b"text\n", "p.yaml: the patch is neither a list nor a mapping"),
    ],
)
def test_a_file_that_holds_no_patch_is_refused(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "p.yaml").write_bytes(content)
    error = refused(CONFIG_MAP, {"path": "p.yaml", "target": {"kind": "*"}}, directory=tmp_path)

    assert str(error).startswith(f"step 1 (patches): {message}")
    assert error.exit_code == 2


@pytest.mark.parametrize("content", ["a: b\n", "- a\n"])
def test_a_file_of_schemas_holds_nothing_else(tmp_path: Path, content: str) -> None:
    (tmp_path / "crd.yaml").write_text(content)
    entry = {"target": {"name": "cfg"}, "patch": "data: {b: two}"}
    error = refused(CONFIG_MAP, entry, directory=tmp_path, schemas=["crd.yaml"])

    assert str(error) == (
        "step 1 (patches): crd.yaml: holds something that is no CustomResourceDefinition"
    )
    (tmp_path / "crd.yaml").write_text("a: [b")
    error = refused(CONFIG_MAP, entry, directory=tmp_path, schemas=["crd.yaml"])
    assert str(error).startswith("step 1 (patches): crd.yaml: line 2, column 1: ")


def test_the_command_line_takes_a_step_and_points_at_what_is_wrong(postrender: Command) -> None:
    step = "patches: [{target: {name: cfg}, patch: {data: {b: two}}}]"

    assert postrender("--step", step, stdin=CONFIG_MAP).stdout == CONFIG_MAP + "  b: two\n"
    done = postrender("--step", step.replace("target", "targt"), stdin=CONFIG_MAP)
    assert (done.code, done.stdout) == (2, "")
    assert "--step:1:12: patches[0].targt: unknown option; did you mean `target`?" in done.stderr


def test_an_untouched_object_keeps_its_bytes() -> None:
    odd = "# odd\napiVersion:   v1\nkind: Pod\nmetadata: {name:  x,}\n"
    entry = {"target": {"name": "cfg"}, "patch": "data: {b: two}"}

    assert patched(f"{odd}---\n{CONFIG_MAP}", entry) == f"{odd}---\n{CONFIG_MAP}  b: two\n"


def test_the_file_that_helm_4_knows_a_document_by_survives() -> None:
    stream = CONFIG_MAP.replace(
        "name: cfg\n",
        "name: cfg\n  annotations:\n    postrenderer.helm.sh/postrender-filename: c/cm.yaml\n",
    )
    replace = [{"op": "replace", "path": "/metadata/annotations", "value": {"x": "z"}}]

    for patch in (replace, "metadata: {annotations: {$patch: replace, x: z}}"):
        out = patched(stream, {"target": {"name": "cfg"}, "patch": patch})
        (manifest,) = Manifests.parse(out.encode())
        assert manifest.annotations == {
            "x": "z",
            "postrenderer.helm.sh/postrender-filename": "c/cm.yaml",
        }
