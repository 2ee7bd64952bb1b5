"""Helm's connection string as words: a URL, or words of the form key=value.

Helm gives it to lib/pq, a library for Go, whose rules these are. A message shows nothing of the
string, since a slip in it may have put the password anywhere.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote

from postrender._errors import ConfigError

WHERE: Final = "connection string"
ENCODED: Final = "in a URL, a password has / ? # @ : and % as %2F %3F %23 %40 %3A and %25"

_URL: Final = re.compile(
    r"postgres(?:ql)?://(?:(?P<login>[^/?#]*)@)?(?P<hosts>[^/?#@]*)"
    r"(?:/(?P<database>[^?#]*))?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.DOTALL,
)
_HOST: Final = re.compile(r"(?P<host>\[[^]]*\]|[^:]*)(?::(?P<port>\d*))?")
_WORD: Final = re.compile(
    r"\s*(?P<key>[^\s=]+)\s*=\s*(?:'(?P<quoted>(?:[^'\\]|\\.)*)'|(?P<plain>(?!')(?:[^\s\\]|\\.)*))",
    re.DOTALL,
)
_NOT_TEXT: Final = re.compile("[\0\udc80-\udcff]")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def parse(text: str) -> dict[str, str]:
    """Return the parameters that a connection string gives, as they are written there.

    :raises ConfigError: if it is neither a URL nor words, or has what libpq cannot take.
    """
    is_url = text.startswith(("postgres://", "postgresql://"))
    found = _parse_url(text) if is_url else dict(_words(text))
    if _NOT_TEXT.search("".join(found.values())):
        raise ConfigError("has bytes that are zero, or not UTF-8", location=WHERE, hint=ENCODED)
    return found


def _words(text: str) -> Iterator[tuple[str, str]]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _WORD.match(text, position)
        if not match:
            raise ConfigError(
                "has a word without `=`, or with a quote that is not closed",
                location=WHERE,
                hint="write a URL postgres://…, or words such as host=db dbname=helm",
            )
        value = match["plain"] if match["quoted"] is None else match["quoted"]
        yield match["key"], _ESCAPED.sub(r"\1", value)
        position = match.end()


def _parse_url(text: str) -> dict[str, str]:
    match = _URL.fullmatch(text)
    # Where no @ is in its place and one is behind it, something is wrong with the password.
    if not match or (match["login"] is None and "@" in text.partition("?")[0]):
        raise ConfigError("is not a URL", location=WHERE, hint=ENCODED)
    user, _, password = (match["login"] or "").partition(":")
    hosts = [_host(each) for each in match["hosts"].split(",")]
    found = {
        "user": _decoded(user),
        "password": _decoded(password),
        "host": ",".join(host for host, _ in hosts).strip(","),
        "port": _ports([port for _, port in hosts]),
        "dbname": _decoded(match["database"] or ""),
    }
    # The first value of a parameter counts, and an empty one is none.
    query = reversed(parse_qsl(match["query"] or "", errors="surrogateescape"))
    return {key: value for key, value in found.items() if value} | dict(query)


def _decoded(text: str) -> str:
    return unquote(text, errors="surrogateescape")


def _host(text: str) -> tuple[str, str]:
    match = _HOST.fullmatch(text)
    if not match:
        raise ConfigError("has a port that is no number", location=WHERE, hint=ENCODED)
    return _decoded(match["host"].strip("[]")), match["port"] or ""


def _ports(ports: list[str]) -> str:
    """Join the ports of several hosts; one without has PostgreSQL's own."""
    return ",".join(port or "5432" for port in ports) if any(ports) else ""
