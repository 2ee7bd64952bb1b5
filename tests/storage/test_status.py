"""Statuses: Helm's words, and the ways between them."""

import pytest

from postrender.storage._status import Status

NEXT = {
    "unknown": {"superseded", "uninstalling"},
    "deployed": {"superseded", "uninstalling"},
    "uninstalled": {"superseded"},
    "superseded": {"uninstalling"},
    "failed": {"superseded", "uninstalling"},
    "uninstalling": {"superseded", "uninstalled"},
    "pending-install": {"deployed", "failed", "superseded", "uninstalling"},
    "pending-upgrade": {"deployed", "failed", "superseded", "uninstalling"},
    "pending-rollback": {"deployed", "failed", "superseded", "uninstalling"},
}


def test_the_words_are_those_of_helm() -> None:
    assert [str(status) for status in Status] == [*NEXT]


@pytest.mark.parametrize("word", [*NEXT])
def test_a_status_becomes_what_helm_makes_of_it_or_stays(word: str) -> None:
    status = Status.of(word)

    assert {str(other) for other in Status if status.may_become(other)} == NEXT[word] | {word}


def test_a_word_that_helm_does_not_have_is_unknown() -> None:
    assert Status.of("Deployed") is Status.UNKNOWN
    assert Status.of("") is Status.UNKNOWN


def test_only_what_blocks_others_is_pending() -> None:
    assert [str(status) for status in Status if status.is_pending] == [
        "pending-install",
        "pending-upgrade",
        "pending-rollback",
    ]
