"""Names and values in a line: of a configuration file, a command, a program."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from postrender_plugins.secrets._dead import is_reference
from postrender_plugins.secrets._keys import classify
from postrender_plugins.secrets._lines import Line
from postrender_plugins.secrets._structure import is_account_name

_OWNER: Final = re.compile(
    r"""([A-Za-z_][\w.-]{0,80})["']?(?:[ \t]+"[^"]{0,80}"){0,2}[ \t]*"""
    r"""(?:[:=]|=>|:=)?[ \t]*[\[({]?[ \t]*"""
)
_LINE: Final = re.compile(
    r"[ \t#]*(?:-[ \t]+)?(?:(?:export|set|SET|ENV|ARG|local|declare)[ \t]+)?(?:\$?\w{1,40}\[)?"
    r"""["']?([A-Za-z_][\w./-]{0,100})["']?\]?[ \t]*(?:[:?+]=|=>|[:=])[ \t]*(.*)"""
)
_ITEM: Final = re.compile(r"[ \t]*-[ \t]+([^:\n]*)")
_SPACED: Final = re.compile(
    r"""[ \t]*(?:(?:ENV|ARG|SetEnv|setenv)[ \t]+)?([A-Za-z][\w.-]{2,60})[ \t]+"""
    r"""(["']?)([^\s"']{5,200})\2;?[ \t]*"""
)
_ASSIGN: Final = re.compile(
    r"""(?:(?<=-)D(?=[a-z]))?([A-Za-z_][\w.-]{0,80})["'\\]{0,3}"""
    r"""[ \t]{0,3}(?::=|=>|=(?![=:])|:(?![=:]|//))[ \t]{0,3}"""
    r"""(?:"((?:[^"\\\n]|\\.){0,400})"|'([^'\n]{0,400})'|\\"([^"\\\n]{0,400})\\"|"""
    r"""([^\s,;&|<>"'`]{1,400}))?"""
)
_LITERAL: Final = re.compile(
    r"""([A-Za-z_][\w.-]{0,80})["']?\]?"""
    r"""(?:[ \t]{0,2}:[ \t]{0,2}[A-Za-z_&][\w.<>?\[\] ]{0,40}?(?=[ \t]{0,2}=))?"""  # its type
    r"""[ \t]{0,3}(?::=|=>|[=:](?![=:]))[ \t]{0,3}"""
    # What only decodes or wraps a literal changes nothing about it.
    r"""(?:(?:\w{1,20}\.){0,3}(?:fromhex|b64decode|decode|unhexlify|from|bytes|String|"""
    r"""SecureString|SecretStr|PASSWORD)\([ ]?)?"""
    r"""(?:"([^"\n]{0,400})"|'([^'\n]{0,400})'|`([^`\n]{0,400})`)"""
)
_DEFAULT: Final = re.compile(
    r"""["']([A-Za-z_][\w.-]{0,80})["']\)?[ \t]{0,3}"""
    r"""(?:,|\|\||\?\?|\?:|\bor\b|\.(?:unwrap_or|getOrElse|orElse)\()[ \t]{0,3}"""
    r"""(?:default[ \t]{0,3}=[ \t]{0,3})?["']([^"'\n]{1,400})["']"""
)
_OR: Final = re.compile(
    r"""\.([A-Za-z_]\w{0,80})[ \t]{0,3}(?:\|\||\?\?|\?:)[ \t]{0,3}["']([^"'\n]{1,400})["']"""
)
#: `neighbor 10.0.0.2 password X`, as many programs have it.
_WORD: Final = re.compile(
    r"""(?:^|[\s"'])((?:[\w/]{1,30}-)?(?:password|passwd|rootpw|requirepass|masterauth|secret))"""
    r"""[ \t]{1,3}(?:(?:--plaintext|password)[ \t]{1,3})?"""
    r"""(?=["']?[^\s"']{0,60}\d)(?=["']?[^\s"']{0,60}[A-Za-z])"""
    r"""(?:(?P<quote>["'])([^\s"'<>(){}$]{7,199})(?P=quote)"""
    r"""|([^\s"'=:<>(){}$-][^\s"'=:<>(){}$]{6,99})(?=["';]|\s{0,3}$))"""
)
#: `--password X`, and `${PASSWORD:-X}`, whose default counts.
_OPTION: Final = re.compile(
    r"""(?<![\w-])--?([A-Za-z][\w-]{1,60})[ \t]{1,3}["']?([^\s"'$-][^\s"']{3,400})"""
)
_FALLBACK: Final = re.compile(r"\$\{([A-Za-z_][\w.-]{0,80}):[-=]?([^${}\s?+:][^${}\s]{3,200})\}")


class Pair(NamedTuple):
    """A name with a value in a text."""

    key: str
    value: str
    line: int  #: of the text, from 0


def config_pairs(line: Line) -> Iterator[Pair]:
    """Give the names and values of a line of configuration, or of a shell."""
    match = _LINE.fullmatch(line.text)
    if match:
        key, value = _whole(match[1], line), clean(match[2])
        if classify(key):
            yield Pair(key, value, line.number)
            if is_reference(value):
                yield from _fallbacks(line)
                return
        yield from _below(key, value, line)
    elif (spaced := _SPACED.fullmatch(line.text)) and classify(spaced[1]):
        yield Pair(spaced[1], spaced[3], line.number)
    yield from _literals(line)
    yield from inline_pairs(line)


def _is_telling(name: str) -> bool:
    return bool(classify(name)) or name == "_auth"


def _whole(name: str, line: Line) -> str:
    """Return a name, a bare `key` with that of what it belongs to: `jwt key`."""
    if name.lower() != "key":
        return name
    depth = _depth(line.text)
    for each in reversed(line.above.split("\n")):
        text = each.lstrip("- \t\"'")
        if text and _depth(each) < depth:
            owner = _OWNER.fullmatch(text)
            return f"{owner[1]} {name}" if owner else name
    return name


def _depth(text: str) -> int:
    """Return the column at which a line begins, behind the dash of an item."""
    return len(text) - len(text.lstrip("- \t"))


def inline_pairs(line: Line) -> Iterator[Pair]:
    """Give the names and values that stand within a line, such as `a=b; c='d'`."""
    at = 0
    while match := _ASSIGN.search(line.text, at):
        name = match[1].rpartition("/")[2]
        is_telling, at = _is_telling(name), match.end(1) + 1
        if is_telling or is_account_name(name):
            quoted = next((each for each in match.groups()[1:4] if each is not None), None)
            yield Pair(
                match[1], (match[5] or "").rstrip(")]}.") if quoted is None else quoted, line.number
            )
            if is_telling:
                at = max(match.end(), at)
    if " " in line.text:
        yield from _words(line)
    yield from _fallbacks(line)


def _words(line: Line) -> Iterator[Pair]:
    """Give the values that stand behind their names, with nothing but a space between."""
    for word in _WORD.finditer(line.text):
        yield Pair(word[1], word[3] or word[4], line.number)
    if "-" in line.text:
        for found in _OPTION.finditer(line.text):
            yield Pair(found[1], found[2], line.number)


def _fallbacks(line: Line) -> Iterator[Pair]:
    """Give the defaults of variables."""
    for found in _FALLBACK.finditer(line.text) if "${" in line.text else ():
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
        yield Pair(_whole(match[1], line), value, line.number)
    yield from _literals(line)


def _literals(line: Line) -> Iterator[Pair]:
    """Give the values that a program takes where there is no other."""
    if "'" not in line.text and '"' not in line.text:
        return
    for match in (*_DEFAULT.finditer(line.text), *_OR.finditer(line.text)):
        yield Pair(match[1], match[2], line.number)


def clean(value: str) -> str:
    """Return a value without quotes, comment and separator around it."""
    value = value.strip()
    if value[:3] == '"""' and (end := value.find('"""', 3)) > 0:
        return value[3:end]
    if value[:1] in ("'", '"') and (end := value.find(value[0], 1)) > 0:
        return value[1:end]
    if value[:1] == value[-1:] == "`" and any(map(str.isdigit, value)) and " " not in value:
        return value[1:-1]
    value = value.partition(" #")[0].partition("\t#")[0].rstrip()
    return value.rstrip(",;") if value[-1:] in (",", ";") else value
