"""Names and values in lines of text: configuration files, commands, programs."""

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from postrender_plugins.secrets._dead import is_reference
from postrender_plugins.secrets._keys import classify

#: One of these stands in every name that means a secret.
_KEYWORDS: Final = (
    *("pass", "pw", "psk", "secret", "token", "key", "cred", "auth", "salt", "pepper", "hmac"),
    *("mnemonic", "seed", "jwt", "bearer", "access_code", "access-code", "accesscode"),
    *("_pat", "-pat", ".pat", "pat=", "pat:", "signing"),
)
_SHORT: Final = 400  #: characters
_ANY: Final = re.compile("(?i)" + "|".join(map(re.escape, _KEYWORDS)))
_LINE: Final = re.compile(
    r"[ \t#]*(?:-[ \t]+)?(?:(?:export|set|SET|ENV|ARG|local|declare)[ \t]+)?"
    r"""["']?([A-Za-z_][\w./-]{0,100})["']?[ \t]*(?::=|=>|[:=])[ \t]*(.*)"""
)
_ITEM: Final = re.compile(r"[ \t]*-[ \t]+([^:\n]*)")
_SPACED: Final = re.compile(
    r"""[ \t]*([A-Za-z][\w.-]{2,60})[ \t]+(["']?)([^\s"']{5,200})\2;?[ \t]*"""
)
_ASSIGN: Final = re.compile(
    r"""([A-Za-z_][\w.-]{0,80})["'\\]{0,3}[ \t]{0,3}(?::=|=>|[=:](?![=:]))[ \t]{0,3}"""
    r"""(?:"((?:[^"\\\n]|\\.){0,400})"|'([^'\n]{0,400})'|\\"([^"\\\n]{0,400})\\"|"""
    r"""([^\s,;&|<>"'`]{1,400}))?"""
)
_LITERAL: Final = re.compile(
    r"""([A-Za-z_][\w.-]{0,80})["']?\]?[ \t]{0,3}(?::=|=>|[=:](?![=:]))[ \t]{0,3}"""
    r"""(?:"([^"\n]{0,400})"|'([^'\n]{0,400})'|`([^`\n]{0,400})`)"""
)
_DEFAULT: Final = re.compile(
    r"""["']([A-Za-z_][\w.-]{0,80})["']\)?[ \t]{0,3}(?:,|\|\||\?\?|\bor\b)[ \t]{0,3}"""
    r"""(?:default[ \t]{0,3}=[ \t]{0,3})?["']([^"'\n]{1,400})["']"""
)
_OR: Final = re.compile(
    r"""\.([A-Za-z_]\w{0,80})[ \t]{0,3}(?:\|\||\?\?)[ \t]{0,3}["']([^"'\n]{1,400})["']"""
)
#: `--password X`, and `${PASSWORD:-X}`, whose default counts.
_OPTION: Final = re.compile(
    r"""(?<![\w-])--?([A-Za-z][\w-]{2,60})[ \t]{1,3}["']?([^\s"'$-][^\s"']{3,400})"""
)
_FALLBACK: Final = re.compile(r"\$\{([A-Za-z_][\w.-]{0,80}):[-=]?([^${}\s?+:][^${}\s]{3,200})\}")
LONGEST: Final = 20_000  #: characters of a line that is looked at


class Pair(NamedTuple):
    """A name with a value in a text."""

    key: str
    value: str
    line: int  #: of the text, from 0


class Line(NamedTuple):
    """A line of a text that may be about a secret."""

    number: int
    text: str
    below: str  #: the line below


def candidates(text: str, keywords: tuple[str, ...] = _KEYWORDS) -> Iterator[Line]:
    """Give the lines of *text* in which a keyword stands, in order."""
    if keywords is _KEYWORDS and len(text) < _SHORT and not _ANY.search(text):
        return  # as most are, and one search is faster than many
    low = text.lower()
    if len(low) != len(text):
        low = text  # a letter whose small form is longer would shift the rest
    starts = {low.rfind("\n", 0, at) + 1 for word in keywords for at in _places_of(word, low)}
    number = last = 0
    for start in sorted(starts):
        number += text.count("\n", last, start)
        last = start
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        if len(line) <= LONGEST:
            yield Line(number, line.rstrip("\r"), _next(text, end))


def _places_of(word: str, text: str) -> Iterator[int]:
    """Give one place of *word* in each line of *text*."""
    at = text.find(word)
    while at >= 0:
        yield at
        end = text.find("\n", at)
        at = text.find(word, end) if end >= 0 else -1


def _next(text: str, end: int) -> str:
    if end < 0:
        return ""
    after = text.find("\n", end + 1)
    return text[end + 1 : min(end + 1000, after if after >= 0 else len(text))]


def config_pairs(line: Line) -> Iterator[Pair]:
    """Give the names and values of a line of configuration, or of a shell."""
    match = _LINE.fullmatch(line.text)
    if match:
        key, value = match[1], clean(match[2])
        if classify(key):
            yield Pair(key, value, line.number)
            if is_reference(value):
                yield from _fallbacks(line)
                return
        yield from _below(key, value, line)
    yield from _literals(line)
    spaced = _SPACED.fullmatch(line.text)
    if spaced and classify(spaced[1]):
        yield Pair(spaced[1], spaced[3], line.number)
    yield from inline_pairs(line)


def _is_telling(name: str) -> bool:
    return bool(classify(name)) or name == "_auth"


def inline_pairs(line: Line) -> Iterator[Pair]:
    """Give the names and values that stand within a line, such as `a=b; c='d'`."""
    at = 0
    while match := _ASSIGN.search(line.text, at):
        if _is_telling(match[1].rpartition("/")[2]):
            quoted = next((each for each in match.groups()[1:4] if each is not None), None)
            yield Pair(
                match[1], (match[5] or "").rstrip(")]}.") if quoted is None else quoted, line.number
            )
            at = max(match.end(), at + 1)
        else:
            at = match.end(1) + 1
    for found in _OPTION.finditer(line.text):
        yield Pair(found[1], found[2], line.number)
    yield from _fallbacks(line)


def _fallbacks(line: Line) -> Iterator[Pair]:
    """Give the defaults of variables."""
    for found in _FALLBACK.finditer(line.text):
        yield Pair(found[1], found[2], line.number)


def _below(key: str, value: str, line: Line) -> Iterator[Pair]:
    """Give a value in the line below: that of a variable, or the first of a list."""
    if key in ("name", "key") and (match := _LINE.fullmatch(line.below)) and match[1] == "value":
        yield Pair(value, clean(match[2]), line.number + 1)
    elif not value and (item := _ITEM.fullmatch(line.below)):
        yield Pair(key, clean(item[1]), line.number + 1)


def code_pairs(line: Line) -> Iterator[Pair]:
    """Give the literals in a line of a program, with the names that they are given."""
    for match in _LITERAL.finditer(line.text):
        value = next((each for each in match.groups()[1:] if each is not None), "")
        yield Pair(match[1], value, line.number)
    yield from _literals(line)


def _literals(line: Line) -> Iterator[Pair]:
    """Give the values that a program takes where there is no other."""
    for match in (*_DEFAULT.finditer(line.text), *_OR.finditer(line.text)):
        yield Pair(match[1], match[2], line.number)


def clean(value: str) -> str:
    """Return a value without quotes, comment and separator around it."""
    value = value.strip()
    if value[:1] in ("'", '"') and (end := value.find(value[0], 1)) > 0:
        return value[1:end]
    value = value.partition(" #")[0].partition("\t#")[0].rstrip()
    return value.rstrip(",;") if value[-1:] in (",", ";") else value


def line_of(text: str, value: str, key: str | int) -> int:
    """Return the line of *text*, which is JSON, in which *value* stands."""
    if "\n" not in text:
        return 0
    for wanted in (json.dumps(value), json.dumps(value, ensure_ascii=False), f'"{key}"'):
        at = text.find(wanted)
        if at >= 0:
            return text.count("\n", 0, at)
    return 0


def every(text: str) -> Iterator[Line]:
    """Give every line of *text*."""
    for number, line in enumerate(text.split("\n")):
        if len(line) <= LONGEST:
            yield Line(number, line.rstrip("\r"), "")
