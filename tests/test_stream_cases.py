"""Odd streams that pass: each as it came, or refused; where kustomize is right, with its values."""

from pathlib import Path

import pytest

from postrender import Manifests
from postrender.testing import check_case, find_cases

CASES = find_cases(Path(__file__).parent / "cases" / "streams")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_stream_is_as_its_case_says(case: Path, update: bool) -> None:
    check_case(case, update=update)
    expected = case / "expected.yaml"
    if expected.exists():
        assert expected.read_bytes() == (case / "input.yaml").read_bytes()


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if (case / "kustomize.yaml").exists()],
    ids=lambda case: case.name,
)
def test_kustomize_reads_the_same_values(case: Path) -> None:
    def values(name: str) -> list[object]:
        return [each.to_dict() for each in Manifests.parse((case / name).read_bytes())]

    assert values("input.yaml") == values("kustomize.yaml")
