"""What is found in one text: shapes, structure, a secret's name with a value that fits, lines."""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from postrender_plugins.secrets import _lines, _pairs, _structure
from postrender_plugins.secrets._dead import is_locator
from postrender_plugins.secrets._decode import DEEPEST, Budget, may_encode
from postrender_plugins.secrets._formats import Formats
from postrender_plugins.secrets._keys import KEY, PASS, SECRET, TOKEN, classify, is_id
from postrender_plugins.secrets._places import CODE, CONFIG, SHAPES, VALUE
from postrender_plugins.secrets._rules import SEVERITIES, Rule
from postrender_plugins.secrets._shapes import Shapes
from postrender_plugins.secrets._values import CLASSES, fits, is_gibberish, is_weak
from postrender_plugins.secrets._walk import JWK, KEYSTORE, Unit, Walker, data_uri

_RULES: Final = {PASS: "generic/password", SECRET: "generic/secret", TOKEN: "generic/token"}
_LONGEST_NAME: Final = 1000
_LEAST: Final = 4  #: characters of a secret


class Hit(NamedTuple):
    """A secret in a text; it holds nothing of it."""

    rule: str
    severity: str
    line: int = 0  #: of the text, from 0; 0 where the text was encoded


class Judge:
    """Judges texts by the rules."""

    def __init__(self, rules: Mapping[str, Rule], budget: Budget) -> None:
        """Judge by *rules*, decoding no more than *budget* has."""
        self._rules = rules
        self._budget = budget
        self.shapes = Shapes(rules)
        self.formats = Formats(rules)
        self._nouns = {
            noun.lower(): (rule, CLASSES[rule.value])
            for rule in rules.values()
            if rule.kind == "key"
            for noun in rule.nouns
        }

    def prime(self, units: Collection[Unit]) -> None:
        """Find out which rules the texts of *units* need; without it, they need none."""
        self.shapes.prime({unit.value for unit in units})
        self.formats.prime({unit.value for unit in units if unit.mode != SHAPES})

    def judge(self, unit: Unit) -> tuple[Hit, ...]:
        """Return what is found in *unit*, the worst of each line, in the order of lines."""
        return _worst(self._hits(unit))

    def _hits(self, unit: Unit) -> Iterator[Hit]:
        if unit.value in (JWK, KEYSTORE):
            yield from self._hit("jwk/private-key" if unit.value == JWK else "keystore/private-key")
            return
        hits = [*self._shaped(unit.value)]
        if unit.mode != SHAPES:
            hits += self._plain(unit, is_shaped=bool(hits))
        for hit in hits:
            yield hit._replace(line=0) if unit.depth else hit

    def _plain(self, unit: Unit, *, is_shaped: bool) -> Iterator[Hit]:
        """Give what is found beside shapes."""
        value = unit.value.strip()
        if value[:1] in ("{", "[") and (inner := self._json(unit, value)) is not None:
            yield from inner
            return
        yield from self._structured(unit.value)
        if "\n" not in value:
            named = [*self._named(unit.key, value, in_secret=unit.in_secret)]
            yield from named
            if named or is_shaped or is_locator(value):
                return
            yield from self._packed(unit, value)
        yield from self._in_lines(unit)

    # -- shapes and structure ---------------------------------------------------------------------

    def _shaped(self, text: str) -> Iterator[Hit]:
        line = _counter(text)
        for match in self.shapes.find(text):
            yield Hit(match.rule.id, match.severity, line(match.start))

    def _structured(self, text: str) -> Iterator[Hit]:
        line = _counter(text)
        for place in _structure.find(text):
            rule = "generic/weak-default" if place.is_weak else place.rule
            yield from self._hit(rule, line(place.start))

    def _hit(self, rule: str, line: int = 0, severity: str = "") -> Iterator[Hit]:
        """Give a hit of a rule, unless it is disabled."""
        if rule in self._rules:
            yield Hit(rule, severity or self._rules[rule].severity, line)

    # -- names ------------------------------------------------------------------------------------

    def _named(
        self, key: str, value: str, *, in_secret: bool = False, line: int = 0
    ) -> Iterator[Hit]:
        """Give a hit if the name *key* means a secret, and the value looks like one."""
        name = key.rpartition("/")[2] if len(key) < _LONGEST_NAME else ""
        own = self._nouns.get(name.lower())
        kind = own[1] if own else classify(name, in_secret=in_secret)
        if kind == PASS and is_weak(value):
            yield from () if in_secret else self._hit("generic/weak-default", line)
        elif kind == TOKEN and is_id(name, value):
            return
        elif kind and fits(kind, value):
            if own:
                yield from self._hit(own[0].id, line)
            elif kind == KEY or _is_low(value):
                yield from self._hit("generic/low-structure", line)
            else:
                yield from self._hit(_RULES[kind], line)
        elif name in ("auth", "_auth") and _structure.is_user_password(value):
            yield from self._hit("docker/auth", line)
        elif _structure.is_account(name, value):
            yield from self._hit("basic-auth/user-password", line)

    # -- what is encoded, and what is JSON --------------------------------------------------------

    def _packed(self, unit: Unit, value: str) -> Iterator[Hit]:
        """Give what is found in the text that the value encodes as a whole."""
        inner = data_uri(value) or (value if may_encode(value) else "")
        if not inner or unit.depth >= DEEPEST:
            return
        walker = Walker(self._budget)
        for _, each in walker.encoded(
            None, "", inner, in_secret=unit.in_secret, depth=unit.depth + 1
        ):
            if each.mode != SHAPES:
                self.prime([each])  # nobody saw it before
                yield from (hit._replace(line=0) for hit in self._hits(each))

    def _json(self, unit: Unit, text: str) -> Iterator[Hit] | None:
        """Give what is found in the values of JSON, None for no JSON."""
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return self._members(unit, value)

    def _members(self, unit: Unit, value: object) -> Iterator[Hit]:
        if unit.depth >= 2 * DEEPEST:
            return
        members = [*Walker(self._budget).units(value, in_secret=unit.in_secret)]
        new = "\\u" in unit.value or "\\/" in unit.value
        self.prime([each for _, each in members if new or each.depth])
        self.shapes.prime_within(unit.value, (each.value for _, each in members))
        self.formats.prime_within(unit.value, (each.value for _, each in members))
        for node, each in members:
            hits = [*self._hits(each._replace(depth=max(each.depth, unit.depth + 1)))]
            if hits:
                line = _lines.line_of(unit.value, each.value, node[1] if node else "")
                yield from (hit._replace(line=line) for hit in hits)

    # -- lines ------------------------------------------------------------------------------------

    def _in_lines(self, unit: Unit) -> Iterator[Hit]:
        text = unit.value
        reader = _READERS[CONFIG if unit.mode == VALUE and "\n" in text else unit.mode]
        for line in _lines.candidates(text):
            for pair in reader(line):
                yield from self._pair(pair)
        for rule, number in self.formats.find(unit.key, text):
            yield from self._hit(rule.id, number)

    def _pair(self, pair: _pairs.Pair) -> Iterator[Hit]:
        if len(pair.value) < _LEAST or pair.value[0] in "{[":
            return  # a structure has members with names of their own
        yield from self._named(pair.key, pair.value, line=pair.line)


_READERS: Final = {
    VALUE: _pairs.inline_pairs,
    CONFIG: _pairs.config_pairs,
    CODE: _pairs.code_pairs,
}


def _counter(text: str) -> Callable[[int], int]:
    """Return what tells the line of a place in *text*."""
    ends: list[int] = []

    def line(at: int) -> int:
        if not ends:
            ends.extend(match.start() for match in re.finditer("\n", text))
            ends.append(len(text))
        return bisect_left(ends, at)

    return line


def _is_low(value: str) -> bool:
    """Tell whether a value has little of a secret: digits only, or small letters only."""
    return value.isdigit() or (value.isalpha() and value.islower() and is_gibberish(value))


def _worst(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return for each line the first of the worst."""
    worst: dict[int, Hit] = {}
    for hit in hits:
        other = worst.get(hit.line)
        if other is None or SEVERITIES.index(hit.severity) < SEVERITIES.index(other.severity):
            worst[hit.line] = hit
    return tuple(worst[line] for line in sorted(worst))
