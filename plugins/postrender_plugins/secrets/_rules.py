"""Rules as data: read from YAML, checked, and put together from packs."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from time import process_time
from typing import Any, Final, NamedTuple

from postrender import ConfigError, load_documents

CRITICAL, HIGH, MEDIUM, LOW = SEVERITIES = ("critical", "high", "medium", "low")
BUILTIN: Final = "builtin"
_API: Final = "postrender.dev/v1"
_KIND: Final = "SecretRules"
_CHECKS: Final = re.compile(
    r"none|crc32-base62|crc32-hex|jwt|base64-json|bech32|pem|pem-base64|"
    r"(?:distinct|entropy)>=\d+(?:\.\d+)?"
)
_ID: Final = re.compile(r"[a-z0-9][a-z0-9./_-]{0,60}")
_SHORTEST: Final = 3  #: characters of a literal
_VALUES: Final = ("any", "password", "secret", "token")
_HURTING: Final = ("a", "a0", "A", "a.", "=", " ", "a ", "/", "-", '"')
#: Characters of the texts on which a pattern is tried: few first, where each may double the time.
_SIZES: Final = (*range(8, 40, 4), 500, 5_000, 20_000)
_SLOW: Final = 0.05  #: seconds
_OPEN: Final = re.compile(r"(?<!\\)\.[*+]|\[\^[^\]]*\][*+](?!\+)")


class Rule(NamedTuple):
    """What a secret looks like."""

    id: str
    kind: str = "shape"  #: `shape`, `text`; the engine itself has `key` and `structure`
    title: str = ""
    severity: str = CRITICAL
    confidence: str = HIGH
    literals: tuple[str, ...] = ()  #: one of which every match holds
    pattern: str = ""
    group: int = 0  #: of the pattern, which is the secret
    check: str = "none"
    on_check_fail: str = "drop"
    show: int = 0  #: leading characters that a message may have
    value: str = "any"  #: the class that a match of a text rule must fit
    nouns: tuple[str, ...] = ()  #: names that a key rule of the user's adds
    files: tuple[str, ...] = ()  #: globs of files that a text rule is for
    enabled: bool = True
    source: str = ""
    tests: Any = None


_WORDS: Final = {"onCheckFail": "on_check_fail"}  #: fields that a file names otherwise


def builtin() -> dict[str, Rule]:
    """Return the rules that come with the plugin, by their ids."""
    path = os.path.join(os.path.dirname(__file__), "rules.yaml")
    with open(path, encoding="utf-8") as file:
        [pack] = load_documents(file.read())
    return {each["id"]: _rule(each) for each in pack["rules"]}


def assemble(packs: Iterable[str], disabled: Sequence[str], directory: str) -> dict[str, Rule]:
    """Return the rules of *packs*, a later one replacing those of the same id.

    :param packs: `builtin`, and files from *directory*.
    :raises ConfigError: for a file that is no pack, or an id in *disabled* that no rule has.
    """
    rules: dict[str, Rule] = {}
    for pack in packs:
        rules |= builtin() if pack == BUILTIN else _read(os.path.join(directory, pack), pack, rules)
    for name in disabled:
        if name not in rules:
            hint = "give the id of a rule, such as `generic/weak-default`"
            raise ConfigError(f"there is no rule `{name}` to disable", hint=hint)
    return {id: rule for id, rule in rules.items() if rule.enabled and id not in disabled}


def _read(path: str, name: str, known: Mapping[str, Rule]) -> dict[str, Rule]:
    try:
        with open(path, encoding="utf-8") as file:
            documents = load_documents(file.read())
    except OSError as error:
        raise ConfigError(f"{name} cannot be read: {error.strerror}") from None
    except (ConfigError, UnicodeError) as error:
        raise ConfigError(f"{name} is no file of rules: {error}") from None
    return {rule.id: rule for document in documents for rule in _pack(document, name, known)}


def _pack(document: Any, name: str, known: Mapping[str, Rule]) -> list[Rule]:
    """Return the rules of a document, checked."""
    if not isinstance(document, dict) or document.get("kind") != _KIND:
        raise ConfigError(f"{name} is no file of rules", hint=f"its kind is `{_KIND}`")
    if document.get("apiVersion") != _API:
        raise ConfigError(f"{name} has an unknown apiVersion", hint=f"write `{_API}`")
    rules = document.get("rules")
    if not isinstance(rules, list):
        raise ConfigError(f"{name} has no list `rules`")
    return [_checked(each, f"{name}: rules/{index}", known) for index, each in enumerate(rules)]


def _checked(value: Any, place: str, known: Mapping[str, Rule]) -> Rule:
    """Return the rule that *value* says.

    :raises ConfigError: if there is a fault in it.
    """
    try:
        if not isinstance(value, dict) or not _ID.fullmatch(str(value.get("id", ""))):
            raise _no_id()
        if set(value) == {"id", "enabled"} and value["id"] in known:
            return known[value["id"]]._replace(enabled=value["enabled"] is True)
        rule = _rule(value)
        _check(rule)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{place}: {error}") from None
    return rule


def _no_id() -> ValueError:
    return ValueError("it has no id such as `acme/token`")


def _rule(value: Mapping[str, Any]) -> Rule:
    fields = {_WORDS.get(key, key): each for key, each in value.items()}
    for name, each in fields.items():
        if name not in Rule._fields:
            raise ValueError(f"there is no `{name}` in a rule")
        if isinstance(each, list):
            fields[name] = tuple(each)
    return Rule(**fields)


def _check(rule: Rule) -> None:
    """Raise `ValueError` for what the engine could not use, or not use in bearable time."""
    if rule.kind not in ("shape", "text", "key"):
        raise ValueError("kind is none of `shape`, `text`, `key`")
    if rule.severity not in SEVERITIES:
        raise ValueError(f"severity is none of {', '.join(SEVERITIES)}")
    if rule.kind == "key":
        if not rule.nouns or rule.value not in ("password", "secret", "token"):
            raise ValueError("a key rule has `nouns`, and the class of their `value`")
        return
    _check_pattern(rule)
    _check_tests(rule)
    _check_speed(rule)


def _check_pattern(rule: Rule) -> None:
    try:
        groups = re.compile(rule.pattern).groups
    except re.error as error:
        raise ValueError(f"its pattern is no regular expression: {error}") from None
    short = [each for each in rule.literals if type(each) is not str or len(each) < _SHORTEST]
    for fault, message in (
        (short, f"its literals need at least {_SHORTEST} characters"),
        (not (rule.literals or rule.files), "it needs literals, one of which each match holds"),
        (not _CHECKS.fullmatch(rule.check), "its check is none that there is"),
        (rule.on_check_fail not in (LOW, "drop"), "onCheckFail is neither `low` nor `drop`"),
        (not 0 <= rule.group <= groups, "its pattern has no such group"),
        (_OPEN.search(rule.pattern), "its pattern has a gap without a bound; write `{0,200}`"),
        (rule.value not in _VALUES, f"value is none of {', '.join(_VALUES)}"),
    ):
        if fault:
            raise ValueError(message)


def _check_tests(rule: Rule) -> None:
    tests = rule.tests or {}
    for name, wanted in (("match", True), ("noMatch", False)):
        for text in tests.get(name, ()):
            if bool(re.search(rule.pattern, text)) is not wanted:
                raise ValueError(f"its pattern fails one of its own tests, in `{name}`")
    for text in tests.get("match", ()):
        if rule.literals and not any(each in text for each in rule.literals):
            raise ValueError("none of its literals is in one of its own tests, in `match`")


def _check_speed(rule: Rule) -> None:
    """Raise `ValueError` for a pattern that takes long on texts that nearly match."""
    pattern = re.compile(rule.pattern, re.DOTALL)
    heads = ["", *rule.literals[:3]]
    for size, head, piece in product(_SIZES, heads, (*heads[1:], *_HURTING)):
        text = head + (piece * (size // len(piece) + 1))[:size] + "!"
        start = process_time()
        pattern.search(text)
        if process_time() - start > _SLOW:
            raise ValueError("its pattern takes too long on some texts; bound what repeats")
