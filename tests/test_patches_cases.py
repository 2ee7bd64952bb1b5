"""The plugin patches: kustomize's cases by their verdicts."""

from pathlib import Path
from typing import Any

import pytest

from postrender import Manifests, Pipeline
from postrender.testing import check_case, find_cases

CASES = find_cases(Path(__file__).parent / "cases" / "patches")
REFERENCES = ("kustomize.yaml", "kubectl.yaml")
COMPARED = [
    pytest.param(case, name, id=f"{case.name}-{name}")
    for case in CASES
    for name in REFERENCES
    if (case / name).exists()
]
#: A second run meets what the first one made: an operation that removes or tests finds another
#: object, and a patch that removed its object finds none.
ONCE = ("J", "P15", "P2", "P33", "P38", "P44", "P5")


def _name(case: Path) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_case_comes_out_by_its_verdict(case: Path, update: bool) -> None:
    check_case(case, update=update, idempotent=not case.name.startswith(ONCE))


@pytest.mark.parametrize(("case", "name"), COMPARED)
def test_where_the_verdict_names_a_reference_its_objects_are_ours(case: Path, name: str) -> None:
    pipeline = Pipeline.load(case / "postrender.yaml")
    ours = pipeline.render((case / "input.yaml").read_bytes(), allow_empty=True).stream
    theirs = (case / name).read_bytes()

    # kustomize sorts what it emits; the order of the documents is ours to keep.
    assert _objects(ours) == _objects(theirs)


def _objects(stream: bytes) -> dict[str, dict[str, Any]]:
    return {str(manifest): manifest.to_dict() for manifest in Manifests.parse(stream)}
