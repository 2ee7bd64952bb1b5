"""The scripts beside the tests still run: benchmarks and the survival of rendered charts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from postrender import Manifests

ROOT = Path(__file__).parents[1]


def run(*command: str | Path) -> str:
    """Return what a script prints; its failure is the test's."""
    return subprocess.run(
        [sys.executable, *command], check=True, capture_output=True
    ).stdout.decode()


def test_streams_are_the_same_bytes_with_unique_names(tmp_path: Path) -> None:
    paths = (tmp_path / "a.yaml", tmp_path / "b.yaml")
    for path in paths:
        run(ROOT / "benchmarks" / "streams.py", "100KB", path)

    stream, again = (path.read_bytes() for path in paths)
    names = [str(manifest) for manifest in Manifests.parse(stream)]
    assert stream == again
    assert 100_000 <= len(stream) < 130_000
    assert len(names) == len(set(names)) == 53


@pytest.mark.large
def test_the_benchmark_prints_a_table_and_judges_memory() -> None:
    script = (ROOT / "benchmarks" / "run.py", "--sizes", "2KB", "10docs", "--runs", "1", "--peers")

    table = run(*script, "--postrender", f"'{sys.executable}' -m postrender")

    assert "| postrender, four steps |" in table
    assert "- postrender, no config, peak <= 25 MB:" in table
    assert "- 10docs:" in table


def test_the_example_survives_a_label(tmp_path: Path) -> None:
    shutil.copy(ROOT / "docs" / "example" / "manifests.yaml", tmp_path)

    table = run(ROOT / "tests" / "corpus" / "survive.py", tmp_path)

    rows = [line.split()[1:5] for line in table.splitlines()[1:]]
    assert rows == [["metadata", "9", "12", "0"], ["templates", "9", "20", "0"], ["failed"]]
