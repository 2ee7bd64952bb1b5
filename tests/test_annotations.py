"""The plugin annotations: golden folders, and where it differs from labels."""

from pathlib import Path
from typing import Any

import pytest
from documented import example

from postrender import ConfigError, Manifests, Pipeline, RefusedError
from postrender.testing import check_case, find_cases, render
from postrender_plugins import annotations

GOLDEN = find_cases(Path(__file__).parent / "plugins" / "annotations")
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cfg\n"
LIMIT = 262144
TOO_LONG = "metadata.annotations: Too long: may not be more than 262144 bytes"


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case.name)
def test_a_golden_folder_is_as_it_says(case: Path, update: bool) -> None:
    check_case(case, update=update)


@pytest.mark.parametrize(
    "stream",
    [
        OBJECT,
        "{apiVersion: v1, kind: ConfigMap}\n",
        '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"annotations": {}}}',
        OBJECT.replace("\n", "\r\n"),
    ],
)
def test_values_arrive_as_they_are_configured(stream: str) -> None:
    values = {
        "words": "on",
        "number": "1e3",
        "date": "2024-01-01",
        "empty": "",
        "spaces": " a ",
        "signs": "- a: #b, [c] {d} & *e ! | > % @ `",
        "quotes": "'a' \"b\" \\c",
        "controls": "a\tb\r\nc\x00\x07\u2028",
        "letters": "žluťoučký ☃ 😀",
        "lines": "one\n\n  two\nthree\n",
        "ends": "one\n\n\n",
        "blank": "\n",
        "long": "word " * 100,
    }
    out = render("annotations", stream, set=values)
    assert next(iter(Manifests.parse(out.encode()))).annotations == values


def _refusal(**options: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        Pipeline.from_dict({"steps": [{"annotations": options}]})
    return str(caught.value).removeprefix("step 1 (annotations): ")


def test_capitals_are_taken_in_the_prefix_of_a_key() -> None:
    assert "    Example.COM/a: x\n" in render("annotations", OBJECT, set={"Example.COM/a": "x"})
    assert _refusal(set={"Exam_ple.com/a": "x"}).startswith(
        'annotations.set[Exam_ple.com/a]: metadata.annotations: Invalid value: "Exam_ple.com/a":'
        " prefix part a lowercase RFC 1123 subdomain must consist of lower case"
    )


def test_the_keys_of_helm_cannot_be_changed() -> None:
    said = "belong to Helm"
    assert _refusal(set={"helm.sh/hook": "pre-install"}).endswith(said)
    assert _refusal(remove=["postrenderer.helm.sh/postrender-filename"]).endswith(said)


def test_selectors_are_no_scope_of_annotations() -> None:
    assert _refusal(set={"a": "b"}, scopes=["serviceSelectors"]).startswith(
        "annotations.scopes[0]: the value is none of metadata, templates, jobTemplates,"
        " volumeClaimTemplates"
    )
    assert "unknown option" in _refusal(set={"a": "b"}, acceptImmutable=True)


def test_more_than_an_object_may_hold_is_refused_before_the_stream_is_read() -> None:
    assert _refusal(set={"a": "x" * LIMIT}) == f"annotations.set: {TOO_LONG}"
    assert _refusal(set={"a": "é" * (LIMIT // 2)}) == f"annotations.set: {TOO_LONG}"


def test_more_than_an_object_may_hold_is_refused_where_it_happens() -> None:
    full = f"{OBJECT}  annotations:\n    b: {'x' * (LIMIT - 10)}\n"
    assert render("annotations", full, set={"a": "y" * 8}).endswith("\n    a: yyyyyyyy\n")
    with pytest.raises(RefusedError) as caught:
        render("annotations", full, set={"a": "y" * 9})
    assert str(caught.value) == (
        f"step 1 (annotations): document 1, ConfigMap cfg, /metadata/annotations: {TOO_LONG}"
    )


def test_no_selector_keeps_an_annotation_from_changing() -> None:
    stream = (
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations: {app: web}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector: {app: web}\n"
    )
    out = render("annotations", stream, where={"kind": "Pod"}, set={"app": "other"})
    assert out == stream.replace("annotations: {app: web}", "annotations: {app: other}")


def test_an_annotation_is_never_told(tmp_path: Path) -> None:
    stream = OBJECT + "  annotations: {token: s3cret}\n"
    with pytest.raises(RefusedError) as caught:
        render("annotations", stream, set={"token": "0ther"}, onConflict="error")
    assert "s3cret" not in str(caught.value)
    assert "0ther" not in str(caught.value)


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    config = tmp_path / "postrender.yaml"
    config.write_text(example(annotations.__doc__))
    stream = OBJECT + '  annotations: {owner: me, example.com/debug-x: "1"}\n'
    assert Pipeline.load(config).run(stream.encode()).decode() == OBJECT + (
        '  annotations: {example.com/owner: me, example.com/on-call: "#payments",'
        ' example.com/runbook: "https://runbooks.example"}\n'
    )
