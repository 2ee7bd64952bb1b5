"""The plugin secrets on the labelled corpus `dev_own`: how much it finds, and what it tells."""

import gzip
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support import Command

from postrender import Finding
from postrender.testing import result

FOLDER = Path(__file__).parent / "cases" / "secrets"
STREAM = gzip.decompress((FOLDER / "dev_own.yaml.gz").read_bytes()).decode()
LABELS: list[dict[str, Any]] = json.loads(
    gzip.decompress((FOLDER / "dev_own.labels.json.gz").read_bytes())
)["labels"]


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
    done = result("secrets", STREAM, idempotent=False, mode="warn", secretObjects=policy)
    kept = {each["doc"] for each in LABELS if not hard or each["placement"] == "hard"}
    labels = [
        each
        for each in LABELS
        if each["doc"] in kept and not (policy == "allow" and each["in_secret_object"])
    ]
    places = {place for each in done.findings if (place := place_of(each))[0] in kept}
    hit, false = set(), 0
    for document, path, line in places:
        near = [
            each
            for each in labels
            if each["doc"] == document and path == _path(each) and line in lines_of(each)
        ]
        hits = [each["id"] for each in near if each["is_secret"]]
        hit.update(hits)
        false += not hits and not any(each["is_secret"] is None for each in near)
    wanted = sum(bool(each["is_secret"]) for each in labels)
    return Score(len(hit) / wanted, len(hit) / (len(hit) + false))


def _path(label: dict[str, Any]) -> tuple[str | int, ...]:
    path = label["path"]
    return tuple(path[2:] if label["kind"] == "List" else path)


def test_nearly_all_secrets_of_the_corpus_are_found_and_little_else() -> None:
    assert score("report").f1 >= 0.98
    assert score("allow").f1 >= 0.97
    assert score("report", hard=True).f1 >= 0.90


def test_no_message_has_a_piece_of_a_secret(postrender: Command) -> None:
    arguments = ("--step", "secrets: {secretObjects: report, failOn: low}", "--report", "r.json")

    done = postrender(*arguments, stdin=STREAM)

    told = done.stdout + done.stderr + Path("r.json").read_text()
    assert done.code == 1
    # Names of fields may be words that a password is made of.
    pieces = {
        value[at : at + 12]
        for value in _values()
        for at in range(0, max(1, len(value) - 11), 6)
        if len(value) >= 12
    }
    assert [each for each in pieces if each in told] == []


def _values() -> list[str]:
    import yaml

    documents = list(yaml.load_all(STREAM, Loader=yaml.CSafeLoader))
    values = []
    for label in LABELS:
        if label["is_secret"]:
            value = documents[label["doc"]]
            for part in label["path"]:
                value = value[part]
            values.append(str(value)[label["start"] : label["end"]])
    return values


@pytest.mark.parametrize("policy", ["allow", "report"])
def test_the_stream_leaves_as_it_came(policy: str) -> None:
    done = result("secrets", STREAM, idempotent=False, mode="warn", secretObjects=policy)

    assert done.stream.decode() == STREAM
