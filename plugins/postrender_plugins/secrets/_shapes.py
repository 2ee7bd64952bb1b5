"""Shapes of tokens: which rules a stream needs, and where they match a text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from postrender_plugins.secrets._dead import is_sample
from postrender_plugins.secrets._digits import passes
from postrender_plugins.secrets._rules import LOW, Rule

_RUN: Final = r"[A-Za-z0-9_\-+/=.~%]{16,}"
_TOKEN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=.~%")
SHORTEST: Final = 16  #: characters of a text that may hold a token with a shape
_FEWEST: Final = 6  #: characters that differ in a token


class Match(NamedTuple):
    """A shape in a text."""

    rule: Rule
    start: int
    severity: str


class Shapes:
    """The shape rules, of which a stream seldom needs more than ten."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        """Take the shapes among *rules*; nothing is compiled before its literal was seen."""
        self._rules = [rule for rule in rules.values() if rule.kind == "shape"]
        self._active: list[tuple[Rule, re.Pattern[str]]] = []
        self._seen: set[str] = set()

    def prime(self, texts: Iterable[str]) -> None:
        """Make the rules ready whose literals stand in one of *texts*."""
        buffer = "\0".join(texts)
        runs = "\0".join(re.findall(_RUN, buffer))
        for rule in self._rules:
            if rule.id not in self._seen and any(
                each in (runs if _TOKEN.issuperset(each) and len(each) > 3 else buffer)  # noqa: PLR2004
                for each in rule.literals
            ):
                self._seen.add(rule.id)
                self._active.append((rule, re.compile(rule.pattern, re.DOTALL)))

    def find(self, text: str) -> Iterator[Match]:
        """Give what matches in *text*."""
        if len(text) < SHORTEST:
            return
        for rule, pattern in self._active:
            if any(each in text for each in rule.literals):
                yield from self._matches(rule, pattern, text)

    def _matches(self, rule: Rule, pattern: re.Pattern[str], text: str) -> Iterator[Match]:
        for match in pattern.finditer(text):
            found = match[rule.group]
            if len(set(found)) < _FEWEST or is_sample(found) or "xxxxx" in found.lower():
                continue
            if rule.check == "none" or passes(rule.check, found):
                yield Match(rule, match.start(), rule.severity)
            elif rule.on_check_fail == LOW:
                yield Match(rule, match.start(), LOW)
