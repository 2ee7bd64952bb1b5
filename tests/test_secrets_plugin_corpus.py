"""The plugin secrets on the labelled corpus `dev_own`: how much it finds, and what it leaves."""

from typing import Any, NamedTuple

import pytest
from secret_corpus import labels, stream

from postrender import Finding, Manifests
from postrender.testing import result


class Score(NamedTuple):
    """How much was found, and how much of what was found is one."""

    recall: float
    precision: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.recall * self.precision / (self.recall + self.precision)


def lines_of(label: dict[str, Any]) -> set[int]:
    """Return the lines of its text in which a label may be found, 0 where it is one line."""
    first = (label["line_in_value"] or 1) - 1
    return set(range(first, first + label["line_end"] - label["line_start"] + 1))


def place_of(finding: Finding) -> tuple[int, tuple[str | int, ...], int]:
    """Return document, path and line of a finding."""
    _, _, rest = finding.message.partition(" in line ")
    line = int(rest.split(" ")[0]) - 1 if rest else 0
    return finding.location.document - 1, tuple(finding.location.path), line


def score(policy: str, *, hard: bool = False) -> Score:
    """Return how the step does on the whole, outside of Secrets, or on the hard documents."""
    done = result("secrets", stream(), idempotent=False, mode="warn", secretObjects=policy)
    kept = {each["doc"] for each in labels() if not hard or each["placement"] == "hard"}
    wanted = [
        each
        for each in labels()
        if each["doc"] in kept and not (policy == "allow" and each["in_secret_object"])
    ]
    places = {place for each in done.findings if (place := place_of(each))[0] in kept}
    hit, false = set(), 0
    for document, path, line in places:
        near = [
            each
            for each in wanted
            if each["doc"] == document and path == _path(each) and line in lines_of(each)
        ]
        hits = [each["id"] for each in near if each["is_secret"]]
        hit.update(hits)
        false += not hits and not any(each["is_secret"] is None for each in near)
    count = sum(bool(each["is_secret"]) for each in wanted)
    return Score(len(hit) / count, len(hit) / (len(hit) + false))


def _path(label: dict[str, Any]) -> tuple[str | int, ...]:
    path = label["path"]
    return tuple(path[2:] if label["kind"] == "List" else path)


def test_nearly_all_secrets_of_the_corpus_are_found_and_little_else() -> None:
    assert score("report").f1 >= 0.98
    assert score("allow").f1 >= 0.97
    assert score("report", hard=True).f1 >= 0.90


@pytest.mark.parametrize("policy", ["allow", "report"])
def test_the_stream_leaves_as_it_came(policy: str) -> None:
    done = result("secrets", stream(), idempotent=False, mode="warn", secretObjects=policy)

    assert done.stream.decode() == stream()


def test_the_objects_are_the_same_behind_the_step() -> None:
    before = [each.to_dict() for each in Manifests.parse(stream().encode())]
    done = result("secrets", stream(), idempotent=False, mode="warn", secretObjects="report")

    assert [each.to_dict() for each in Manifests.parse(done.stream)] == before
    assert done.edits == ()
