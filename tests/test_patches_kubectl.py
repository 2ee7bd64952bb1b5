"""The plugin patches beside `kubectl patch --local`: generated pairs, and a chart's stream."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest
import real
from corpus import patches as corpus
from fuzz import patches as fuzz

STREAM = Path(__file__).parents[1] / "docs" / "example" / "manifests.yaml"


@pytest.mark.parametrize("seed", [1, 2])
def test_generated_patches_give_what_kubectl_gives(seed: int) -> None:
    counts: Counter[str] = Counter()

    fuzz.compare(Random(seed), 100, real.kubectl(), counts)

    assert counts["pairs"] == 100
    assert counts["changed alike"] > 50


def test_a_chart_that_is_patched_has_the_values_that_kubectl_gives() -> None:
    objects, patched, lines = corpus.survive(STREAM.read_bytes(), real.kubectl())

    assert objects > patched > 1
    assert lines > patched


def test_a_chart_that_is_patched_has_the_values_of_the_rules() -> None:
    assert corpus.survive(STREAM.read_bytes(), None) == corpus.survive(STREAM.read_bytes(), None)
