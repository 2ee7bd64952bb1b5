"""Rules for texts: commands and files that say in their own way what is a secret."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase, translate
from typing import NamedTuple

from postrender_plugins.secrets import _lines
from postrender_plugins.secrets._dead import is_dead
from postrender_plugins.secrets._rules import Rule
from postrender_plugins.secrets._texts import Texts, batches
from postrender_plugins.secrets._values import CLASSES, fits


class _Format(NamedTuple):
    rule: Rule
    pattern: re.Pattern[str]
    literals: tuple[str, ...]  #: in lower case


class Formats:
    """The text rules, and which of them each text needs."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        """Take the text rules among *rules*."""
        self._all = [
            _Format(
                rule,
                re.compile(rule.pattern, re.MULTILINE),
                tuple(each.lower() for each in rule.literals),
            )
            for rule in rules.values()
            if rule.kind == "text"
        ]
        self._of_files = [each for each in self._all if each.rule.files]
        self._files = re.compile(
            "|".join(translate(name) for each in self._of_files for name in each.rule.files)
            or "(?!)",
            re.IGNORECASE,
        )
        self._of: dict[str, tuple[_Format, ...]] = {}

    def prime(self, texts: Collection[str]) -> None:
        """Find out which rules each of *texts* needs, by looking for literals in all at once."""
        for batch in batches(text for text in texts if text not in self._of):
            self._prime(batch)

    def _prime(self, texts: list[str]) -> None:
        whole = Texts([text.lower() for text in texts])
        needed: dict[int, list[_Format]] = {}
        for each in self._all:
            for index in {at for word in each.literals for at in whole.holding(word)}:
                needed.setdefault(index, []).append(each)
        for index, text in enumerate(texts):
            self._of[text] = tuple(needed.get(index, ()))

    def prime_within(self, outer: str, texts: Iterable[str]) -> None:
        """Do so for *texts* that are parts of *outer*, and need no other rules."""
        needed = self._of.get(outer, ())
        for text in texts:
            if text not in self._of:
                low = text.lower() if needed else ""
                self._of[text] = tuple(
                    each for each in needed if any(word in low for word in each.literals)
                )

    def find(self, name: str, text: str) -> Iterator[tuple[Rule, int]]:
        """Give what is found in the file *name* with *text*, and in which line."""
        if self._files.match(name) is not None:
            for each in self._of_files:
                if any(fnmatchcase(name.lower(), glob) for glob in each.rule.files):
                    yield from _matches(each, _lines.every(text))
        for each in self._of.get(text, ()):
            yield from _matches(each, _lines.candidates(text, each.literals))


def _matches(each: _Format, lines: Iterable[_lines.Line]) -> Iterator[tuple[Rule, int]]:
    rule = each.rule
    for line in lines:
        # An element may go on in the line below.
        text = f"{line.text}\n{line.below}" if line.text.endswith(">") else line.text
        for match in each.pattern.finditer(text):
            if _fits(rule, match[rule.group]):
                yield rule, line.number + text.count("\n", 0, match.start(rule.group))


def _fits(rule: Rule, value: str) -> bool:
    if rule.value == "any":
        return not is_dead(value)
    return fits(CLASSES[rule.value], value)
