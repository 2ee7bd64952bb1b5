"""The path of a field, as people write it: `/spec/replicas`, `spec.containers[app].image`."""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from postrender._errors import UsageError
from postrender._nearest import did_you_mean

_KEY: Final = re.compile(
    r"""(?:\A|\.)(?P<bare>[^].["'[]+)
      | (?:\A|\.)(?P<quoted>"(?:[^"\\]|\\.)*"|'[^']*')
      | \.?\[(?P<inner>"(?:[^"\\]|\\.)*"|'[^']*')]
      | \.?\[(?P<by>[^]="']+)=(?P<value>"(?:[^"\\]|\\.)*"|'[^']*'|[^]"']+)]
      | \.?\[(?P<item>[^]="']+)]""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """One step of a path: a key of a map, or the index or the name of an item of a list."""

    text: str
    by: str = ""  #: the key of an item that has *text* as its value, where it is said
    is_bare: bool = False  #: whether a dot behind it may belong to the key


class Field:
    """A path that leads to what an object has."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        """Use `Field.parse` instead."""
        self.text = text
        self._tokens = tokens

    @classmethod
    def parse(cls, text: str) -> "Field":
        """Read a JSON Pointer, or keys with dots between and items in brackets.

        :raises UsageError: if it is neither.
        """
        if text.startswith("/"):
            keys = text[1:].split("/")
            return cls(text, [Token(key.replace("~1", "/").replace("~0", "~")) for key in keys])
        rest = text.removeprefix(".")
        tokens = []
        at = 0
        while at < len(rest):
            match = _KEY.match(rest, at)
            if match is None:
                where = f"`{rest[at:]}`" if at else "it"
                hint = "write /spec/replicas, or spec.template.spec.containers[app].image"
                raise UsageError(
                    f"the path `{text}` makes no sense where {where} begins", hint=hint
                )
            tokens.append(_token(match))
            at = match.end()
        return cls(text, tokens)

    @property
    def literal(self) -> tuple[str | int, ...]:
        """The keys and indexes that it says, whatever an object has."""
        return tuple(_index(token.text) for token in self._tokens)

    def resolve(self, value: Any) -> tuple[str | int, ...] | None:
        """Return keys and indexes of what it leads to in *value*, None if there is nothing."""
        path, _, rest = self._follow(value)
        return None if rest else path

    def hint(self, value: Any) -> str:
        """Say what it may have meant, where it leads nowhere in *value*."""
        _, value, rest = self._follow(value)
        if type(value) is list:
            names = [_text(each.get("name")) for each in value if type(each) is dict]
            return did_you_mean(rest[0].text, [*filter(None, names)] or map(str, range(len(value))))
        return did_you_mean(rest[0].text, value) if type(value) is dict else ""

    def _follow(self, value: Any) -> tuple[tuple[str | int, ...], Any, Sequence[Token]]:
        """Return how far it leads, what stands there, and what is left of it."""
        path: list[str | int] = []
        rest = self._tokens
        while rest:
            key, count = _find(value, rest)
            if key is None:
                break
            path.append(key)
            value, rest = value[key], rest[count:]
        return tuple(path), value, rest


def _token(match: re.Match[str]) -> Token:
    if match["bare"] is not None:
        return Token(match["bare"], is_bare=True)
    if match["by"] is not None:
        return Token(_unquoted(match["value"]), by=match["by"])
    return Token(_unquoted(match["quoted"] or match["inner"] or match["item"]))


def _unquoted(text: str) -> str:
    if text[0] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text[1:-1] if text[0] == "'" else text


def _find(value: Any, tokens: Sequence[Token]) -> tuple[str | int | None, int]:
    """Return the key or index that the first of *tokens* mean, and how many of them, or None."""
    if type(value) is list:
        return _item(value, tokens[0]), 1
    if type(value) is not dict or tokens[0].by:
        return None, 0
    name = tokens[0].text
    count = 1
    # As in metadata.labels.app.kubernetes.io/name, where nobody wants to quote.
    while name not in value and count < len(tokens) and tokens[count].is_bare:
        name += "." + tokens[count].text
        count += 1
    return (name if name in value else None), count


def _item(items: Sequence[Any], token: Token) -> int | None:
    index = _index(token.text)
    if isinstance(index, int) and not token.by:
        return index if index < len(items) else None
    by = token.by or "name"
    named = (at for at, each in enumerate(items) if type(each) is dict and by in each)
    return next((at for at in named if _text(items[at][by]) == token.text), None)


def _index(text: str) -> str | int:
    return int(text) if text.isascii() and text.isdigit() else text


def _text(value: Any) -> str:
    """Return a scalar as a path has it."""
    return str(value).lower() if type(value) is bool else "" if value is None else str(value)
