"""One thing that is wrong with a pod spec, in the API server's own form."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from postrender import Severity
from postrender_plugins._metadata.places import Place
from postrender_plugins._podspec.rules import Rule

#: maps whose keys the API server writes in brackets, as they are the user's
_KEYED: Final = ("limits", "requests")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a pod spec.

    An error is what the API server refuses, or what it takes although it cannot work; a warning
    is what it warns of, or what may be meant.
    """

    severity: Severity
    rule: Rule  #: a stable name, such as `duplicate-container`
    path: Place  #: from the object's root, such as `("spec", "containers", 1, "name")`
    message: str  #: `Duplicate value: "a"`
    #: the place by names instead of indexes: it stays when other items are put in front
    subject: tuple[Any, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        """Return path and message, as the API server writes them."""
        return f"{written(self.path)}: {self.message}"


def written(path: Place) -> str:
    """Write *path* as the API server does, such as `spec.containers[1].name`."""
    text, last = "", ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) or last in _KEYED else f".{key}"
        last = str(key)
    return text.removeprefix(".")


def compare(before: Iterable[Problem], after: Iterable[Problem]) -> list[Problem]:
    """Return *after*, with a warning instead of an error for each problem that was there before.

    Problems are the same where rule and subject are; containers may have moved.
    """
    known = Counter((each.rule, each.subject) for each in before)
    compared = []
    for problem in after:
        key = (problem.rule, problem.subject)
        is_old = known[key] > 0
        known[key] -= is_old
        compared.append(at_most(problem, Severity.WARNING) if is_old else problem)
    return compared


def at_most(problem: Problem, severity: Severity) -> Problem:
    """Return *problem*, with *severity* if its own is worse."""
    order = list(Severity)  # the worst is first
    worse = order.index(problem.severity) < order.index(severity)
    return replace(problem, severity=severity) if worse else problem


# -- messages, which begin with the kind of the problem -------------------------------------------


def required(detail: str = "") -> str:
    """Say that something is missing or empty."""
    return f"Required value: {detail}" if detail else "Required value"


def invalid(value: str | int, detail: str) -> str:
    """Say what is wrong with a value."""
    return f"Invalid value: {quoted(value)}: {detail}"


def duplicate(value: str) -> str:
    """Say that a value is there already."""
    return f"Duplicate value: {quoted(value)}"


def not_found(value: str) -> str:
    """Say that what a value names is not there."""
    return f"Not found: {quoted(value)}"


def forbidden(detail: str) -> str:
    """Say why something may not be there."""
    return f"Forbidden: {detail}"


def unsupported(value: str, supported: Iterable[str]) -> str:
    """Say which values are supported instead."""
    known = ", ".join(quoted(each) for each in supported)
    return f"Unsupported value: {quoted(value)}: supported values: {known}"


def quoted(value: str | int) -> str:
    """Write a value as the API server does: text in quotes, and nothing else."""
    return json.dumps(value, ensure_ascii=False)
