"""Value classes: whether a value looks like a password, a token or a secret."""

import re
from math import log2
from typing import Final

from postrender_plugins.secrets._dead import is_dead
from postrender_plugins.secrets._keys import KEY, PASS, SECRET, TOKEN
from postrender_plugins.secrets._words import words_of

CLASSES: Final = {"password": PASS, "secret": SECRET, "token": TOKEN}  #: as rules say it
_UNIT: Final = re.compile(
    r"[+-]?\d+(?:[.,]\d+)?\s?(?:[num]?s|sec|min|m|h|d|w|y|days?|hours?|minutes?|seconds?|"
    r"[kKMGTPE]i?[bB]?|[bB]|%|x|px|Mi|Gi)?|P(?:T?\d+[YMWDHS])+|"
    r"[~^<>=v]{0,2}\d+(?:\.\d+)+(?:-[\w.]+)?|\d{4}-\d\d-\d\d(?:[T ].*)?"
)
_ENUM: Final = re.compile(
    r"(?i)(?:true|false|yes|no|on|off|none|null|auto|basic|digest|bearer|plain|cert|oauth2?|oidc|"
    r"ldap|saml|scram[-_]sha[-_]\d+|md5|sha-?\d+(?:-crypt)?|argon2(?:id?)?|bcrypt|pbkdf2|[hrep]s\d{3}|aes[\w-]*|"
    r"pkcs\d+|jks|pem|kubernetes|optional|required|always|never|disabled?|enabled?|internal|"
    r"external|file|env|static|dynamic|\*+|(?-i:[a-z]+_?v\d))"
)
_DNS: Final = re.compile(r"(?:[a-z][a-z-]*\.)+[a-z]{2,}(?::\d+)?")
_HOST: Final = re.compile(r"(?:[\w-]+\.)+(?:com|org|net|io|dev|local|svc|internal|cloud)(?::\d+)?")
_JAVA: Final = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)+")
_CAMEL: Final = re.compile(r"(?=.{14})[A-Za-z][a-z]+(?:[A-Z][a-z]{2,})+(?:Id)?\d{0,2}")
_UPPER: Final = re.compile(r"[A-Z][A-Z]*(?:[_-][A-Z0-9]{1,12})+")
_PIECE: Final = re.compile(
    r"[a-z]+(?:[A-Z][a-z]+)*|[A-Z]+|[A-Z][a-z]+|v?\d{1,4}|[a-z]+\d{1,2}[a-z]?"
)
#: Where words or numbers begin and end, which is seldom in names.
_CHANGE: Final = re.compile(
    r"(?<=[a-z])[A-Z0-9]|(?<=[A-Z])[0-9]|(?<=[A-Z][A-Z])[a-z]|(?<=[0-9])[A-Za-z]"
)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX: Final = re.compile(r"[0-9a-fA-F]{20,}")
_FOREIGN: Final = frozenset(" \n\t,\"'<>()[]{}`\\")  #: what no token has
_MNEMONIC: Final = frozenset((12, 15, 18, 21, 24))
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_UI: Final = re.compile(
    r"(?i)\b(?:passwords?|tokens?|secrets?|keys?|required|must|please|enter|invalid|optional|your|"
    r"cannot|should|the|is|are|for|of|from|with|used|when)\b"
)
_BIGRAMS: Final = words_of(
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le",
    "ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe",
    "ec pr no ct us ac ot il tr ly nc et ut ss so rs un lo wa ge ie wh ee wi em ad ol rt po",
    "we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev ld ry mp",
    "fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm",
)
#: Passwords that come with a program, and that everybody tries first.
_WEAK: Final = re.compile(
    r"(?i)(?:password|admin|administrator|root|guest|postgres|minioadmin|minio123|bitnami|changeit|"
    r"rabbitmq|elastic|grafana|mysql|mariadb|redis|mongo|mongodb|welcome|letmein|qwerty|"
    r"prom-operator|kafka|keycloak)"
)
_LONGEST: Final = 400
_LEAST: Final = 5  #: characters of a password
_LONG: Final = 20  #: characters, of which one kind is enough
_DIGITS: Final = 6  #: of a password that has nothing else
_LETTERS: Final = 8  #: small ones of a password that has nothing else
_DASHES: Final = 3  #: between the words of a passphrase
_NUMBERED: Final = re.compile(r"([a-z]{3,})\d{0,2}")  #: the name of one of some
_KEBAB: Final = re.compile(r"[a-z]+(?:[-_.][a-z]+)+")
_KINDS: Final = (str.islower, str.isupper, str.isdigit)


def fits(kind: str, value: str) -> bool:
    """Tell whether *value* looks like what a name of class *kind* has."""
    if not value or len(value) > _LONGEST or is_dead(value):
        return False
    if kind == PASS:
        return is_password(value)
    if kind == KEY:
        return is_random(value)
    return is_token(value) if kind == TOKEN else is_secret(value)


def is_weak(value: str) -> bool:
    """Tell whether *value* is a password that comes with a program."""
    return _WEAK.fullmatch(value) is not None


def is_password(value: str) -> bool:
    """Tell whether *value*, which is not dead, may be a password."""
    if len(value) < _LEAST or "\n" in value or _is_setting(value):
        return False
    if value.isdigit():
        return len(value) >= _DIGITS
    if " " in value:
        return _is_phrase(value)
    if value.isalpha() and (value[1:].islower() or value.isupper()):
        return len(value) >= _LONG or (len(value) >= _LETTERS and is_gibberish(value.lower()))
    if _KEBAB.fullmatch(value):
        return value.count("-") + value.count("_") >= _DASHES
    return kinds(value) > 1 or len(value) >= _LONG or not any(map(str.isalnum, value))


def _is_setting(value: str) -> bool:
    """Tell whether *value* is a number with a unit, a choice, a host, or an address."""
    if value.isdigit():
        return False
    return any(each.fullmatch(value) for each in (_UNIT, _ENUM, _DNS, _MAIL))


def _is_phrase(value: str) -> bool:
    """Tell whether words with spaces are a passphrase rather than a text about one."""
    if _UI.search(value) or value.endswith((".", ":", "?")):
        return False
    count = len(value.split())
    return count <= 8 and any(map(str.isdigit, value))  # noqa: PLR2004


def is_token(value: str) -> bool:
    """Tell whether *value*, which is not dead, is random enough for a token."""
    if len(value) < 16:  # noqa: PLR2004
        return len(value) >= 12 and value.isalnum() and kinds(value) == 3 and _is_random(value)  # noqa: PLR2004
    if not _FOREIGN.isdisjoint(value):
        # WordPress' salts have every character.
        return len(value) >= 40 and kinds(value) == 4 and entropy(value) >= 4.8  # noqa: PLR2004
    if _UUID.fullmatch(value):
        return True
    if _HEX.fullmatch(value):
        return any(map(str.isdigit, value))
    if is_name(value) or _UNIT.fullmatch(value) or _MAIL.fullmatch(value):
        return False
    return kinds(value) >= 2 and entropy(value) >= 3.2  # noqa: PLR2004


def is_random(value: str) -> bool:
    """Tell whether *value*, which is not dead, is nothing but random, and no UUID."""
    if len(value) < 20 or not is_token(value) or _UUID.fullmatch(value):  # noqa: PLR2004
        return False
    if _HEX.fullmatch(value):
        return len(value) in (32, 40, 64)
    return kinds(value) > 2 and any(map(str.isdigit, value)) and entropy(value) >= 3.7  # noqa: PLR2004


def is_secret(value: str) -> bool:
    """Tell whether *value*, which is not dead, is a token, a password that no name is, or words."""
    if " " in value:
        words = value.split(" ")
        return len(words) in _MNEMONIC and all(word.isalpha() and word.islower() for word in words)
    if is_token(value):
        return True
    if value.isdigit() or is_name(value) or len(value) < 6:  # noqa: PLR2004
        return False
    word = _NUMBERED.fullmatch(value)
    return is_password(value) and (word is None or is_gibberish(word[1]))


def is_name(value: str) -> bool:
    """Tell whether *value* is an identifier: of DNS, Java, a variable, or words with dashes."""
    if any(each.fullmatch(value) for each in (_DNS, _HOST, _UPPER, _CAMEL)):
        return True
    if _JAVA.fullmatch(value) and not _is_random(value):
        return True
    pieces = [piece for piece in re.split(r"[-_.:/@,|]", value) if piece]
    return len(pieces) > 1 and all(_PIECE.fullmatch(piece) for piece in pieces)


def _is_random(value: str) -> bool:
    """Tell whether a part of a dotted text has no words in it."""
    return any(
        len(part) >= 8  # noqa: PLR2004
        and (
            sum(map(str.isdigit, part)) >= (2 if kinds(part) > 2 else 3)  # noqa: PLR2004
            or len(_CHANGE.findall(part)) * 3 > len(part)
        )
        for part in re.split(r"[.:]+", value)
    )


def is_gibberish(value: str) -> bool:
    """Tell whether lower-case letters are no words: few pairs of them are common in English."""
    if not value.isascii():
        return False  # of which we do not know the common pairs
    pairs = [value[at : at + 2] for at in range(len(value) - 1)]
    return sum(pair in _BIGRAMS for pair in pairs) * 10 < 4 * len(pairs)


def kinds(value: str) -> int:
    """Return how many kinds of characters *value* has: small, capital, digit, other."""
    found = sum(any(map(kind, value)) for kind in _KINDS)
    return found + (not value.isalnum())


def entropy(value: str) -> float:
    """Return Shannon's entropy of *value* in bits for each character."""
    size = len(value)
    return -sum(
        count / size * log2(count / size) for count in (value.count(each) for each in set(value))
    )
