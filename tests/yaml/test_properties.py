"""Edits of any document: the text reads back, and nothing else in it changes.

The checks are those of `tests/fuzz`, which runs as long as it is told; here it is a fixed number.
"""

import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from fuzz.checks import Failure, any_case, check, smallest
from fuzz.generate import document
from fuzz.mutate import mutations
from hypothesis import given, settings
from hypothesis import strategies as st

from postrender._yaml import YamlError, split

EXAMPLE = Path(__file__).parents[2] / "docs/example/manifests.yaml"
RUN = Path(__file__).parents[1] / "fuzz/run.py"
BODIES = [part.body.decode() for part in split(EXAMPLE.read_bytes())]


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_edits_of_generated_documents_are_the_smallest(seed: int) -> None:
    random = Random(seed)
    for _ in range(3):
        _check(random, document(random))


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_edits_of_mutated_documents_are_the_smallest(seed: int) -> None:
    random = Random(seed)
    for _ in range(3):
        _check(random, next(mutations(random, document(random))))


@settings(max_examples=100)
@given(st.sampled_from(BODIES), st.sampled_from(["\n", "\r\n"]), st.integers(0, 2**32))
def test_edits_of_manifests_are_the_smallest(body: str, eol: str, seed: int) -> None:
    way = _check(Random(seed), body.replace("\n", eol))

    assert way in ("spliced", "not edited", "by ruamel.yaml")  # the last with every key removed


def _check(random: Random, text: str) -> str:
    """Check some edits of *text*; return the way that they were written."""
    try:
        case = any_case(random, text)
    except YamlError:
        return "no document"
    try:
        return check(case)
    except Failure:
        check(smallest(case))
        raise


@pytest.mark.parametrize("corpus", [(), ("--corpus", str(EXAMPLE.parent))], ids=["own", "charts"])
def test_the_fuzzer_runs_as_long_as_told_and_counts(corpus: tuple[str, ...]) -> None:
    command = [sys.executable, str(RUN), "--edits", "200", "--seed", "3", *corpus]

    table = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    counts = {name: int(number) for number, name in re.findall(r"(\d+) ([a-z: ]+)$", table, re.M)}
    assert 200 <= counts["edits"] < 206
    assert counts["written: spliced"] > 50
    assert "edits/s, seed 3" in table
