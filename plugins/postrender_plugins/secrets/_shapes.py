"""Shapes of tokens: which rules a stream needs, and where they match a text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from postrender_plugins.secrets._dead import is_sample
from postrender_plugins.secrets._digits import passes
from postrender_plugins.secrets._rules import LOW, Rule
from postrender_plugins.secrets._texts import Texts, batches

_RUN: Final = re.compile(r"[A-Za-z0-9_\-+/=.~%:$!@?&]{16,}")
_TOKEN: Final = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=.~%:$!@?&"
)
SHORTEST: Final = 16  #: characters of a text that may hold a token with a shape
_FEWEST: Final = 6  #: characters that differ in a token


class Match(NamedTuple):
    """A shape in a text."""

    rule: Rule
    start: int
    severity: str


class _Needed(NamedTuple):
    """A rule that a text needs, compiled."""

    rule: Rule
    pattern: re.Pattern[str]


class Shapes:
    """The shape rules, of which a stream seldom needs more than ten, and a text more than one."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        """Take the shapes among *rules*; nothing is compiled before its literal was seen."""
        self._rules = [rule for rule in rules.values() if rule.kind == "shape"]
        self._compiled: dict[str, _Needed] = {}
        self._of: dict[str, tuple[_Needed, ...]] = {}

    def prime(self, texts: Iterable[str]) -> None:
        """Find out which rules each of *texts* needs, by looking for literals in all at once."""
        for batch in batches(
            text for text in texts if len(text) >= SHORTEST and text not in self._of
        ):
            self._prime(batch)

    def _prime(self, texts: list[str]) -> None:
        whole, runs = Texts(texts), Texts(texts, _RUN)
        needed: dict[int, list[_Needed]] = {}
        for rule in self._rules:
            found = {
                index
                for literal in rule.literals
                for index in (runs if _TOKEN.issuperset(literal) else whole).holding(literal)
            }
            for index in found:
                needed.setdefault(index, []).append(self._compile(rule))
        for index, text in enumerate(texts):
            self._of[text] = tuple(needed.get(index, ()))

    def prime_within(self, outer: str, texts: Iterable[str]) -> None:
        """Do so for *texts* that are parts of *outer*, and need no other rules."""
        needed = self._of.get(outer, ())
        for text in texts:
            if text not in self._of:
                self._of[text] = tuple(
                    each for each in needed if any(part in text for part in each.rule.literals)
                )

    def find(self, text: str) -> Iterator[Match]:
        """Give what matches in *text*, for which the rules are primed unless it is too short."""
        for rule, pattern in self._of.get(text, ()):
            yield from self._matches(rule, pattern, text)

    def _compile(self, rule: Rule) -> _Needed:
        needed = self._compiled.get(rule.id)
        if needed is None:
            needed = _Needed(rule, re.compile(rule.pattern, re.DOTALL))
            self._compiled[rule.id] = needed
        return needed

    def _matches(self, rule: Rule, pattern: re.Pattern[str], text: str) -> Iterator[Match]:
        for match in pattern.finditer(text):
            found = match[rule.group]
            if len(set(found)) < _FEWEST or is_sample(found) or "xxxxx" in found.lower():
                continue
            if rule.check == "none" or passes(rule.check, found):
                yield Match(rule, match.start(), rule.severity)
            elif rule.on_check_fail == LOW:
                yield Match(rule, match.start(), LOW)
