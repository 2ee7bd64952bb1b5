"""The facade: complete, sorted, and enough for a program that embeds a pipeline."""

import ast
from pathlib import Path
from typing import Any

import pytest

import postrender.storage
from postrender import (
    Context,
    Fact,
    Manifests,
    Pipeline,
    PostRenderer,
    PostrenderError,
    hookimpl,
)
from postrender._pipeline import assemble
from postrender._source import from_mapping

ROOT = Path(postrender.__file__).parent
POD = b"apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"
LABELS = {"steps": [{"labels": {"set": {"team": "a"}}}]}


def test_all_is_sorted_and_holds_every_name_that_the_facade_imports() -> None:
    tree = ast.parse((ROOT / "__init__.py").read_text())
    imported = [
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]

    assert sorted(postrender.__all__) == list(postrender.__all__)
    assert sorted(imported) == sorted(postrender.__all__)


ERRORS = [
    value
    for value in vars(postrender._errors).values()
    if isinstance(value, type) and issubclass(value, PostrenderError)
]


def test_every_error_is_in_a_facade() -> None:
    names = {error.__name__ for error in ERRORS}

    assert names <= {*postrender.__all__, *postrender.storage.__all__}


@pytest.mark.parametrize("error", ERRORS)
def test_the_errors_are_drawn_as_they_are(error: type[PostrenderError]) -> None:
    drawn = postrender._errors.__doc__ or ""

    line = next(line for line in drawn.splitlines() if f" {error.__name__} " in line)

    assert line.split(error.__name__)[1].split()[0] == str(error.exit_code)


def test_the_version_is_a_literal() -> None:
    assert postrender.__version__ == "0.1.0"


def test_a_pipeline_is_a_post_renderer() -> None:
    renderer: PostRenderer = Pipeline.from_dict(LABELS)

    assert renderer.run(POD) == POD + b"  labels:\n    team: a\n"


def test_a_pipeline_may_run_many_times() -> None:
    pipeline = Pipeline.from_dict(LABELS)

    assert pipeline.run(POD) == pipeline.run(POD)
    assert len(pipeline.render(POD).edits) == 1


def test_a_pipeline_edits_manifests_in_place() -> None:
    manifests = Manifests.parse(POD)

    findings = Pipeline.from_dict(LABELS).apply(manifests)

    assert list(findings) == []
    assert manifests[0].labels == {"team": "a"}


class Look:
    """Remembers what the context knows."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    @hookimpl
    def postrender_transform(self, context: Context) -> None:
        self.seen += [context.release, context.namespace, context.directory]


@pytest.mark.parametrize(
    ("release", "fact"),
    [
        ("blue", Fact("blue", "the argument release")),
        (Fact("blue", "my program"), Fact("blue", "my program")),
    ],
)
def test_a_program_may_state_the_release(release: str | Fact, fact: Fact) -> None:
    look = Look()
    source = from_mapping({"steps": [{"look": {}}]}, "/somewhere")

    assemble([source], {"look": look}).render(POD, release=release, namespace="shop")

    assert look.seen == [fact, Fact("shop", "the argument namespace"), "/somewhere"]


def test_a_program_may_allow_an_empty_stream() -> None:
    class Empty:
        @hookimpl
        def postrender_transform(self, manifests: Manifests) -> None:
            manifests[0].remove()

    pipeline = assemble([from_mapping({"steps": [{"empty": {}}]}, ".")], {"empty": Empty()})

    assert Manifests.parse(pipeline.render(POD, allow_empty=True).stream).to_bytes() == b""


def test_relative_paths_start_from_the_folder_of_the_configuration(tmp_path: Path) -> None:
    script = tmp_path / "renderer"
    script.write_text("#!/bin/sh\nsed 's/^metadata:/metadata:  # seen/'\n")
    script.chmod(0o755)
    config = tmp_path / "postrender.yaml"
    config.write_text(
        "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps:\n- exec: ./renderer\n"
    )

    assert Pipeline.load(config).run(POD) == POD
