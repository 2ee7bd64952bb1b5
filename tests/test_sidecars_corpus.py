"""Sidecars in rendered charts: the script that looks at a folder of them, on the example."""

import shutil
from pathlib import Path

import pytest
from corpus import sidecars

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"


def test_the_example_survives_a_sidecar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(EXAMPLE / "manifests.yaml", tmp_path)

    assert sidecars.main(str(tmp_path)) == 0

    rows = [line.split()[:6] for line in capsys.readouterr().out.splitlines()]
    assert [row[1:6] for row in rows[1:3]] == [
        ["regular", "9", "4", "143", "0"],
        ["native", "9", "4", "147", "0"],
    ]


def test_what_is_more_than_the_sidecar_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: x}]}\n"
    (tmp_path / "a.yaml").write_text(pod)

    assert sidecars.main(str(tmp_path)) == 1

    assert "FAILED: " in capsys.readouterr().out
