"""Values with a structure of their own: URLs and headers that hold credentials."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from postrender_plugins.secrets._dead import is_dead
from postrender_plugins.secrets._digits import unbase64
from postrender_plugins.secrets._keys import words
from postrender_plugins.secrets._values import is_password, is_token, is_weak

_URL: Final = re.compile(
    r"""[a-zA-Z][\w+.-]{1,30}://([^\s/:@"'<>?#]{0,100}):([^\s/"'<>?#]{1,200})@(?=[\w\[.-])"""
)
_HEADER: Final = re.compile(
    r"""(?i)\b(bearer|basic|token|apikey|splunk|sso-key|ssws)[ :]{1,2}["']?([\w+/=.~:-]{8,4000})"""
)
#: What Go's driver for MySQL reads.
_GO: Final = re.compile(
    r"""(?<![\w/.:])[\w.-]{1,64}:([^\s:@/'"]{1,200})@[a-z\d]{0,6}\([^()\s]{1,200}\)/"""
)
_USER: Final = re.compile(r"[\w.@+-]{1,64}:([^\s:/][^\s]{4,200})")
_NEO4J: Final = re.compile(r"\w{1,64}/(?=\D*\d)([^\s:/]{8,200})")
_ACCOUNT: Final = frozenset(
    ("auth", "basicauth", "credentials", "credential", "creds", "userpass", "login")
)
_HEADERS: Final = ("bearer", "basic", "token ", "apikey", "splunk", "sso-key", "ssws")
_SOMEBODY: Final = frozenset(("user", "username", "myuser", "login"))  #: in examples
_SHORTEST: Final = 4


class Place(NamedTuple):
    """What was found, and where in the text."""

    rule: str
    start: int
    is_weak: bool = False


def find(text: str) -> Iterator[Place]:
    """Give the credentials in URLs and headers of *text*."""
    if "@" in text:
        yield from _addresses(text)
    low = text.lower()
    if any(each in low for each in _HEADERS):
        yield from _headers(text)


def _addresses(text: str) -> Iterator[Place]:
    if "://" in text:
        for match in _URL.finditer(text):
            is_default = is_weak(match[2])
            if match[1] not in _SOMEBODY if is_default else _is_live(match[2]):
                yield Place("url/password", match.start(), is_default)
    if ")/" in text:
        for match in _GO.finditer(text):
            if _is_live(match[1]):
                yield Place("url/password", match.start())


def _headers(text: str) -> Iterator[Place]:
    for match in _HEADER.finditer(text):
        if match[1].lower() == "basic":
            if is_user_password(match[2]):
                yield Place("http/basic", match.start())
        elif is_token(match[2]) and not is_dead(match[2]):
            yield Place("http/bearer", match.start())


def is_user_password(text: str) -> bool:
    """Tell whether *text* is the base64 of a user and a password."""
    raw = unbase64(text) or b""
    try:
        user, colon, password = raw.decode().partition(":")
    except UnicodeError:
        return False
    return bool(user and colon) and user.isprintable() and _is_live(password)


def is_account(key: str, value: str) -> bool:
    """Tell whether *value* is a user with a password, under a name that says so."""
    if not is_account_name(key):
        return False
    match = _USER.fullmatch(value)
    if not match and words(key)[-1] == "auth":
        match = _NEO4J.fullmatch(value)
    return bool(match and is_password(match[1]) and not is_dead(match[1]))


@lru_cache(maxsize=4096)
def is_account_name(key: str) -> bool:
    """Tell whether a name says that its value is a user with a password."""
    return not _ACCOUNT.isdisjoint(words(key))


def _is_live(password: str) -> bool:
    return len(password) >= _SHORTEST and password.isprintable() and not is_dead(password)
