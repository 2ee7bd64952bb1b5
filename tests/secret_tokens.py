"""Fakes of tokens, made when a test needs one: none stands in the repository."""

import base64
import json
import random
from typing import Any
from zlib import crc32

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    parser = None

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHARACTERS = [*_BASE62, *(chr(code) for code in range(32, 127) if not chr(code).isalnum())]


def from_pattern(pattern: str, seed: int) -> str:
    """Return a text that *pattern* matches."""
    return _Maker(seed).text(parser.parse(pattern))


def github(seed: int = 1) -> str:
    """Return a token with the right check sum."""
    body = "".join(random.Random(seed).choices(_BASE62, k=30))
    total, digits = crc32(body.encode()), ""
    for _ in range(6):
        total, digit = divmod(total, 62)
        digits = _BASE62[digit] + digits
    return f"ghp_{body}{digits}"


def jwt(payload: dict[str, Any]) -> str:
    """Return a JSON web token that nobody signed."""
    parts = [{"alg": "HS256", "typ": "JWT"}, payload]
    head = ".".join(_packed(json.dumps(each).encode()) for each in parts)
    return head + "." + _packed(random.Random(3).randbytes(32))


def pem(lines: int = 4) -> str:
    """Return what looks like a private key."""
    body = base64.b64encode(random.Random(5).randbytes(48 * lines)).decode()
    rows = [body[at : at + 64] for at in range(0, len(body), 64)]
    label = "PRIVATE" + " KEY-----"
    return "\n".join([f"-----BEGIN {label}", *rows, f"-----END {label}", ""])


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class _Maker:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def text(self, parsed: Any) -> str:
        """Return a text for a parsed expression."""
        return "".join(self._one(str(name), value) for name, value in parsed)

    def _one(self, name: str, value: Any) -> str:
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, inner = value
            count = max(least, min(most, 30)) if most > least else least
            return "".join(self.text(inner) for _ in range(count))
        if name in ("SUBPATTERN", "BRANCH"):
            return self.text(value[-1] if name == "SUBPATTERN" else self._random.choice(value[1]))
        if name == "IN":
            fitting = [each for each in _CHARACTERS if _is_in(each, value)]
            plain = [each for each in fitting if each.isalnum()]
            return str(self._random.choice(plain or fitting))
        if name == "LITERAL":
            return chr(value)
        return "x" if name == "ANY" else ""


def _is_in(character: str, members: Any) -> bool:
    negated = str(members[0][0]) == "NEGATE"
    found = any(_fits(character, str(name), value) for name, value in members)
    return found is not negated


def _fits(character: str, name: str, value: Any) -> bool:
    if name == "LITERAL":
        return bool(ord(character) == value)
    if name == "RANGE":
        return bool(value[0] <= ord(character) <= value[1])
    if name == "CATEGORY":
        kind = str(value)
        if kind.endswith("CATEGORY_DIGIT"):
            return character.isdigit()
        if kind.endswith("CATEGORY_WORD"):
            return character.isalnum() or character == "_"
        return kind.endswith("NOT_SPACE") is not character.isspace()
    return False
