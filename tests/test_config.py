"""The configuration: what it may say, and the message for what it may not."""

from pathlib import Path
from typing import Any

import pytest
from support import BUILTIN

from postrender import ConfigError, ExpectError, Pipeline

HEAD = "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\n"
STEP = "- labels: {set: {team: a}}\n"
POD = b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"


def load(folder: Path, text: str) -> Pipeline:
    path = folder / "postrender.yaml"
    path.write_text(text)
    return Pipeline.load("postrender.yaml")


def test_steps_run_in_the_order_of_the_file(folder: Path) -> None:
    pipeline = load(
        folder, HEAD + "steps:\n- labels: {set: {a: '1'}}\n- labels: {set: {a: '2', b: '3'}}\n"
    )

    assert pipeline.run(POD) == POD + b'  labels:\n    a: "2"\n    b: "3"\n'


def test_the_steps_of_several_files_run_one_file_after_the_other(folder: Path) -> None:
    for name in ("one", "two"):
        (folder / name).write_text(HEAD + f"steps: [labels: {{set: {{{name}: x}}}}]\n")

    edits = Pipeline.load("two", Path("one")).render(POD).edits

    assert [edit.step for edit in edits] == ["1 (labels)", "2 (labels)"]
    assert [edit.path[-1] for edit in edits] == ["two", "one"]


def test_no_steps_change_nothing(folder: Path) -> None:
    assert load(folder, HEAD + "steps: []\n").run(POD) == POD
    assert Pipeline.from_dict({"steps": []}).run(POD) == POD


def test_a_configuration_may_begin_with_dashes_and_comments(folder: Path) -> None:
    text = f"\ufeff# yaml-language-server: $schema=x\n---\n{HEAD}steps: []\n---\n# end\n"

    assert load(folder, text).run(POD) == POD


def test_a_configuration_may_have_anchors_and_merge_keys(folder: Path) -> None:
    text = f"{HEAD}steps:\n- labels: &base\n    set: {{a: b}}\n- annotations:\n    <<: *base\n"

    assert load(folder, text).run(POD) == (POD + b"  labels:\n    a: b\n  annotations:\n    a: b\n")


FILES: list[tuple[str, str]] = [
    ("", "postrender.yaml:1:1: the configuration is empty; it needs apiVersion, kind and steps"),
    (
        "- a\n",
        "postrender.yaml:1:1: the configuration is no mapping; it needs apiVersion, kind and steps",
    ),
    (
        "steps: []\n",
        "postrender.yaml:1:1: `apiVersion` is missing; write `apiVersion: postrender.dev/v1alpha1`",
    ),
    (
        "apiVersion: v1\nkind: Pipeline\nsteps: []\n",
        "postrender.yaml:1:1: apiVersion: not a value known here; write `postrender.dev/v1alpha1`",
    ),
    (
        "apiVersion: postrender.dev/v1alpha1\nsteps: []\n",
        "postrender.yaml:1:1: `kind` is missing; write `kind: Pipeline`",
    ),
    (HEAD, "postrender.yaml:1:1: `steps` is missing"),
    (HEAD + "step: []\n", "postrender.yaml:3:1: step: unknown key; did you mean `steps`?"),
    (HEAD + "steps: {}\n", "postrender.yaml:3:1: steps: `steps` is no list"),
    (HEAD + "steps: [\n", "postrender.yaml:4:1: did not find expected node content"),
    (HEAD + f"---\n{HEAD}", "postrender.yaml: holds more than one document"),
    (
        HEAD + "steps:\n  - labels: {}\n    labels: {}\n",
        "postrender.yaml:5:5: the key `labels` is there twice",
    ),
    (
        HEAD + "steps:\n  - labels: {set: {on: call}}\n",
        "postrender.yaml:4:20: the key means `true`; quote it",
    ),
]


@pytest.mark.parametrize(("text", "message"), FILES)
def test_a_file_that_is_no_configuration_is_refused(text: str, message: str, folder: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(folder, text)

    assert str(raised.value) == message


STEPS: list[tuple[str, str]] = [
    (
        "- labels",
        "step 1: postrender.yaml:4:3: the step is no mapping; write `labels: {set: {team: a}}`",
    ),
    (
        "- {name: a}",
        "step 1: postrender.yaml:4:3: the step names no plugin; write `labels: {set: {team: a}}`",
    ),
    (
        STEP + "- labels: {}\n  exec: {}",
        "step 2: postrender.yaml:5:3: the step names more than one plugin: `labels` and `exec`; "
        "make each a step of its own; beside it stand only name, where, hooks, expect",
    ),
    (
        "- labels: {}\n  were: {}",
        "step 1: postrender.yaml:5:3: were: unknown word; did you mean `where`?",
    ),
    (
        "- lables: {}",
        "step 1 (lables): postrender.yaml:4:3: lables: no plugin is called `lables`; "
        f"did you mean `labels`? installed are {', '.join(BUILTIN)}",
    ),
    ("- labels: {}\n  name: 3", "step 1: postrender.yaml:5:3: name: the name is no text; quote it"),
    (
        "- labels: {set: {a: b}}\n  name: team\n  hooks: no",
        "step 1 (team: labels): postrender.yaml:6:3: hooks: "
        "hooks is none of include, exclude, only",
    ),
    (
        "- labels: {set: {a: b}}\n  where:\n    not:\n    - kind: []",
        "step 1 (labels): postrender.yaml:7:7: where.not[0].kind: an empty list matches nothing",
    ),
    (
        "- labels: {set: {a: b}}\n  where: Deployment",
        "step 1 (labels): postrender.yaml:5:3: where: "
        "a selector is a mapping, such as `{kind: Deployment}`",
    ),
    (
        "- labels: {set: {a: b}}\n  expect: many",
        "step 1 (labels): postrender.yaml:5:3: expect: expect is no number and no mapping",
    ),
    (
        "- labels: {set: {a: b}}\n  expect: -1",
        "step 1 (labels): postrender.yaml:5:3: expect: expect is no number and no mapping",
    ),
    (
        "- labels: {set: {a: b}}\n  expect: {least: 1}",
        "step 1 (labels): postrender.yaml:5:12: expect.least: unknown key; known are max, min",
    ),
    (
        "- labels: {set: {a: b}}\n  expect: {min: true}",
        "step 1 (labels): postrender.yaml:5:12: expect.min: the bound is no whole number",
    ),
    (
        "- labels: {set: {a: b}}\n  expect: {min: 3, max: 1}",
        "step 1 (labels): postrender.yaml:5:3: expect: min is greater than max",
    ),
    (
        "- labels:\n    set:\n      a: b\n      size: 8",
        "step 1 (labels): postrender.yaml:7:7: labels.set.size: value 8 is a number; quote it",
    ),
    (
        "- labels:\n    sets: {a: b}",
        "step 1 (labels): postrender.yaml:5:5: labels.sets: unknown option; did you mean `set`?",
    ),
    (
        "- exec: {timeout: 3}",
        "step 1 (exec): postrender.yaml:4:3: exec: the option `command` is missing",
    ),
]


@pytest.mark.parametrize(("steps", "message"), STEPS)
def test_a_wrong_step_is_refused_with_its_place(steps: str, message: str, folder: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(folder, f"{HEAD}steps:\n{steps}\n")

    assert str(raised.value) == message


def test_a_mapping_has_no_lines() -> None:
    with pytest.raises(ConfigError) as raised:
        Pipeline.from_dict({"steps": [{"labels": {"set": {"n": 8}}}]})

    assert str(raised.value) == "step 1 (labels): labels.set.n: value 8 is a number; quote it"


def test_a_mapping_may_not_name_another_kind() -> None:
    with pytest.raises(ConfigError, match="kind: not a value known here; write `Pipeline`"):
        Pipeline.from_dict({"kind": "Kustomization", "steps": []})


def test_a_file_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"^no\.yaml: cannot be read: No such file or directory$"):
        Pipeline.load("no.yaml")


def test_a_file_that_is_not_utf8_is_named(folder: Path) -> None:
    (folder / "postrender.yaml").write_bytes(b"kind: \xff\n")

    with pytest.raises(ConfigError, match=r"^postrender\.yaml: is not UTF-8 at byte 6$"):
        Pipeline.load("postrender.yaml")


def run(stream: bytes = POD, **words: Any) -> bytes:
    return Pipeline.from_dict({"steps": [{"labels": {"set": {"a": "b"}}, **words}]}).run(stream)


HOOK = b"""\
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {helm.sh/hook: pre-install}
"""


@pytest.mark.parametrize(
    ("hooks", "labelled"), [("include", (1, 1)), ("exclude", (1, 0)), ("only", (0, 1))]
)
def test_hooks_are_included_excluded_or_all_there_is(hooks: str, labelled: tuple[int, int]) -> None:
    pod, hook = run(POD + b"---\n" + HOOK, hooks=hooks).split(b"---\n")

    assert (pod.count(b"a: b"), hook.count(b"a: b")) == labelled


@pytest.mark.parametrize("expect", [1, {"min": 1}, {"max": 1}, {"min": 0, "max": 2}, {}])
def test_an_expected_number_of_objects_is_let_through(expect: object) -> None:
    assert b"a: b" in run(expect=expect)


@pytest.mark.parametrize(
    ("expect", "must"),
    [
        (0, "must select 0"),
        (2, "must select 2"),
        ({"min": 2}, "must select at least 2"),
        ({"max": 0}, "must select at most 0"),
        ({"min": 2, "max": 3}, "must select at least 2 and at most 3"),
    ],
)
def test_an_unexpected_number_of_objects_is_refused(expect: object, must: str) -> None:
    with pytest.raises(ExpectError) as raised:
        run(expect=expect)

    assert str(raised.value) == f"step 1 (labels): selects 1 of 1 objects, but {must}"
    assert raised.value.exit_code == 1
