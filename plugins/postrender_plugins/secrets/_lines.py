"""Lines of a text that may be about a secret: those in which a word stands that means one."""

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

#: One of these stands in every name that means a secret.
_KEYWORDS: Final = (
    *("pass", "pw", "psk", "secret", "token", "key", "cred", "auth", "salt", "pepper", "hmac"),
    *("mnemonic", "seed", "jwt", "bearer", "access_code", "access-code", "accesscode"),
    *("_pat", "-pat", ".pat", "pat=", "pat:", "signing", "cookie", "encrypt", "kennwort"),
    *("contrasena", "senha", "wachtwoord"),
)
_SHORT: Final = 400  #: characters
_FAR: Final = 1000  #: characters in front of a line in which what it belongs to stands
_ANY: Final = re.compile("(?i)" + "|".join(map(re.escape, _KEYWORDS)))
LONGEST: Final = 20_000  #: characters of a line that is looked at


class Line(NamedTuple):
    """A line of a text that may be about a secret."""

    number: int
    text: str
    whole: str  #: the text that it is a line of
    start: int  #: where it begins in that

    @property
    def below(self) -> str:
        """Return the line below."""
        end = self.whole.find("\n", self.start) + 1
        after = self.whole.find("\n", end)
        return self.whole[end : min(end + _FAR, after if after >= 0 else _FAR + end)] if end else ""

    @property
    def above(self) -> str:
        """Return what stands in front of it, the last of it at least."""
        return self.whole[max(0, self.start - _FAR) : self.start]


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
            yield Line(number, line.rstrip("\r"), text, start)


def _places_of(word: str, text: str) -> Iterator[int]:
    """Give one place of *word* in each line of *text*."""
    at = text.find(word)
    while at >= 0:
        yield at
        end = text.find("\n", at)
        at = text.find(word, end) if end >= 0 else -1


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
    start = 0
    for number, line in enumerate(text.split("\n")):
        if len(line) <= LONGEST:
            yield Line(number, line.rstrip("\r"), text, start)
        start += len(line) + 1
