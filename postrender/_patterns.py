"""Patterns for names and labels: globs, regular expressions, Kubernetes label selectors."""

import re
from collections.abc import Callable, Iterable, Mapping

Predicate = Callable[[str], bool]
LabelPredicate = Callable[[Mapping[str, str]], bool]

_SPECIAL = frozenset("*?[")
_KEY = r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*/)?[A-Za-z0-9][-A-Za-z0-9_.]*"
_VALUE = r"[-A-Za-z0-9_.]*"
_REQUIREMENT = (
    rf"(?P<absent>!)?\s*(?P<key>{_KEY})"
    rf"(?:\s*(?P<operator>==|=|!=)\s*(?P<value>{_VALUE})"
    rf"|\s+(?P<set>in|notin)\s*\((?P<values>(?:\s*{_VALUE}\s*,)*\s*{_VALUE}\s*)\))?"
)
_COMMA = r",(?![^(]*\))"  # a comma that stands in no parentheses


def compile_any(patterns: Iterable[str]) -> Predicate:
    """Return a test that is true for a text that one of *patterns* matches as a whole.

    :raises ValueError: if a pattern is no valid regular expression.
    """
    literals: set[str] = set()
    tests: list[Callable[[str], object]] = []
    for pattern in patterns:
        if len(pattern) > 1 and pattern[0] == pattern[-1] == "/":
            tests.append(_regex(pattern[1:-1]).fullmatch)
        elif _SPECIAL.isdisjoint(pattern):
            literals.add(pattern)
        else:
            tests.append(re.compile(_glob(pattern)).fullmatch)
    if not tests:
        return literals.__contains__
    return lambda text: text in literals or any(test(text) for test in tests)


def _regex(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        raise ValueError(f"`/{expression}/` is no regular expression: {error}") from error


def _glob(pattern: str) -> str:
    """Translate `*`, `?` and `[..]`; a bracket that is never closed stands for itself."""
    out, position = "", 0
    while position < len(pattern):
        character = pattern[position]
        position += 1
        end = pattern.find("]", position + 1) if character == "[" else -1
        if end > 0:
            members = pattern[position:end].replace("\\", r"\\").replace("[", r"\[")
            negated = members[0] in "!^" and len(members) > 1
            out += f"[^{members[1:]}]" if negated else f"[{members}]"
            position = end + 1
        elif character in "*?":
            out += "(?s:.*)" if character == "*" else "(?s:.)"
        else:
            out += re.escape(character)
    return out


def compile_labels(selector: str) -> LabelPredicate:
    """Return the test that a Kubernetes label selector such as `a=b, c in (d, e), !f` means.

    :raises ValueError: if *selector* is no label selector.
    """
    requirements = [_requirement(part.strip()) for part in re.split(_COMMA, selector)]
    return lambda labels: all(holds(labels) for holds in requirements)


def _requirement(text: str) -> LabelPredicate:
    match = re.fullmatch(_REQUIREMENT, text)
    if not match or (match["absent"] and (match["operator"] or match["set"])):
        raise ValueError(f"`{text}` is no label requirement")
    key = match["key"]
    if match["operator"]:
        values, wanted = {match["value"]}, match["operator"] != "!="
    elif match["set"]:
        values = {value.strip() for value in match["values"].split(",")}
        wanted = match["set"] == "in"
    else:
        present = not match["absent"]
        return lambda labels: (key in labels) is present
    # As in Kubernetes, `!=` and `notin` hold too where there is no such label.
    return lambda labels: (labels.get(key) in values) is wanted


def compile_pairs(pairs: Mapping[str, Predicate]) -> LabelPredicate:
    """Return a test that is true where each key is there and its value passes its test."""
    return lambda labels: all(key in labels and test(labels[key]) for key, test in pairs.items())
