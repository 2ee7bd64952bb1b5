"""Key classes: what a name says about its value."""

import re
from functools import lru_cache
from typing import Final

from postrender_plugins.secrets._words import words_of

PASS: Final = "pass"
SECRET: Final = "secret"
TOKEN: Final = "token"
KEY: Final = "key"  #: of something, which only a random value makes secret

_NOUNS: Final = {
    **dict.fromkeys(
        words_of(
            "password passwd pass pwd pw passphrase psk pswd passcode pword authtok passe",
            "passwort kennwort contrasena senha wachtwoord",
            "requirepass masterauth",
            "userpass userpassword rootpassword adminpassword dbpassword dbpass",
            "pgpassword rediscliauth",
            "restuserpassword bindpw rootpw keypass storepass",
        ),
        PASS,
    ),
    **dict.fromkeys(
        words_of(
            "secret credential creds salt pepper hmac mnemonic seed passwordsalt hashsalt",
            "clientsecret",
            "secretkey privatekey signingkey encryptionkey masterkey sharedsecret appsecret",
            "jwtsecret restuserkey presharedkey",
        ),
        SECRET,
    ),
    **dict.fromkeys(
        words_of(
            "token apikey pat jwt bearer authorization accesstoken authtoken bottoken",
            "accesskey",
            "authkey sessiontoken refreshtoken licensekey apitoken",
        ),
        TOKEN,
    ),
}
#: What makes `key` secret when it stands in front.
_KEYS: Final = {
    **dict.fromkeys(
        words_of(
            "private secret signing signature encryption decryption master fernet app",
            "cookie session",
            "jwt hmac crypt symm preshared cipher encrypt sign wrapping unseal",
        ),
        SECRET,
    ),
    **dict.fromkeys(
        words_of(
            "api access auth service license licence routing deploy sdk storage shared",
            "account",
            "integration subscription ingest ingestion write admin authentication",
            "webhook host",
            "function apim user stripe sendgrid datadog dd newrelic relic openai",
            "anthropic mailgun",
            "mailchimp twilio pagerduty opsgenie honeycomb segment algolia cosmos redis",
        ),
        TOKEN,
    ),
}
#: Whose key is none.
_OTHER_KEYS: Final = words_of(
    "partition cache foreign sort hash range",
    "map dedup idempotency message field row column",
    "index object group label annotation registry hot short cut any composite natural surrogate",
    "config lookup translation i18n feature flag ordering grouping topic event doc",
    "document path file storage s3 bucket etag metric dictionary dict lock semaphore queue",
    "deduplication sharding shard cluster unique search order arrow enter escape function tab",
)
#: Words that mean something after a certain other one.
_TOGETHER: Final = {
    ("erlang", "cookie"): SECRET,
    ("node", "cookie"): SECRET,
    ("access", "code"): TOKEN,
    ("redis", "auth"): PASS,
    ("rediscli", "auth"): PASS,
    ("valkey", "auth"): PASS,
}
#: What makes the words in front of it no secret but something about one.
_TAILS: Final = words_of(
    "name names file files path paths ref refs reference policy policies length",
    "len min max",
    "ttl expiry expiration expires expire expired enabled enable disabled type",
    "types alg",
    "algorithm algo header headers field fields mode url uri urls endpoint",
    "endpoints id ids",
    "prefix suffix rotation audience audiences issuer provider providers class",
    "schema hash",
    "hashes hashers hasher checksum version versions template templates days",
    "hours minutes",
    "seconds age timeout interval lifetime duration period time date count size",
    "limit limits",
    "rate retries attempts strength complexity validators validator regex",
    "pattern format",
    "encoding method methods mount dir directory folder store manager backend",
    "engine arn",
    "key keys cookie bucket region host port server service account user",
    "username role",
    "namespace selector label labels annotation title description message text hint",
    "placeholder required optional reset recovery change update query attribute",
    "attr claim",
    "claims scope scopes location source sources target env var variable",
    "variables command",
    "cmd script rule rules controller operator injector generator reloader sync",
    "status",
    "state usage cost per bits rounds iterations exists check review reviews request",
    "requests response digest fingerprint kind group owner serializer",
    "deserializer converter",
    "scheme plugin handler prompt mgr sha md bcrypt argon",
    "cache cleaner refresh renew leeway history list map index column table",
)
_HEADS: Final = words_of(
    "public publishable pub enable enabled enables use uses allow allowed disable disabled",
    "require required is has max min existing no skip force ignore show hide forgot",
    "tokenizer sitekey example hashed",
)
_ACTIONS: Final = words_of("reset change confirm verify")
#: What tokens and keys are public, or good for a moment, while a secret for them is one.
_PASSING: Final = words_of(
    "csrf xsrf recaptcha captcha site pagination page next",
    "cancel cancellation continue continuation",
)
#: What says so of some classes only, and only right in front of the noun.
_NEAR_HEADS: Final = {PASS: _ACTIONS, TOKEN: _ACTIONS | _PASSING, KEY: _ACTIONS | _PASSING}
_ABOUT: Final = frozenset(("base", "b64", "base64"))  # `secret key base`
_WORD: Final = r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+"
_GLUED: Final = (
    ("password", PASS),
    ("passwd", PASS),
    ("passphrase", PASS),
    ("secretkey", SECRET),
    ("privatekey", SECRET),
    ("secret", SECRET),
    ("apikey", TOKEN),
    ("accesskey", TOKEN),
    ("token", TOKEN),
    ("credentials", SECRET),
    ("pass", PASS),
    ("pwd", PASS),
    ("psk", PASS),
)
#: Words that end as a noun does, and are another.
_NO_NOUNS: Final = words_of(
    "bypass compass encompass overpass underpass trespass minipass oldpwd getpwd"
)
_ID: Final = re.compile(r"[A-Z0-9]{16,24}")
_FILE: Final = re.compile(r"__file$", re.IGNORECASE)
_LONGEST: Final = 120  #: what is longer is a text, not a name


def words(key: str) -> list[str]:
    """Return the words of *key* in lower case, split where the case changes."""
    return [word.lower() for word in re.findall(_WORD, key)]


@lru_cache(maxsize=8192)
def classify(key: str, *, in_secret: bool = False) -> str:
    """Return the class of a name: `pass`, `secret`, `token`, or "" for any other.

    :param in_secret: whether it names a value of a Secret, where more names mean something.
    """
    if len(key) > _LONGEST or _FILE.search(key):
        return ""
    if key == "KEY":
        return TOKEN
    parts = [word for word in words(key) if not word.isdigit()]
    for index in range(len(parts) - 1, -1, -1):
        found = _noun(parts, index)
        if found:
            if found == KEY and in_secret:
                found = SECRET
            return "" if _is_cancelled(parts, index, found) else found
    if in_secret and parts and parts[-1] in ("key", "cookie", "auth", "pw", "code"):
        return "" if _HEADS.intersection(parts) else SECRET
    return ""


def is_id(key: str, value: str) -> bool:
    """Tell whether *value* is the id of an access key, beside which the secret one stands."""
    return _ID.fullmatch(value) is not None and words(key)[-2:] == ["access", "key"]


def is_about(key: str) -> bool:
    """Tell whether a name says that its value is no secret but something about one."""
    return not _TAILS.isdisjoint(words(key))


def _noun(parts: list[str], index: int) -> str:
    """Return the class that the word at *index*, with those in front of it, stands for."""
    word, before = parts[index], parts[index - 1] if index else ""
    if (before, word) in _TOGETHER:
        return _TOGETHER[before, word]
    if word in ("key", "keys") and index:
        if before == "access" and parts[index - 2 : index - 1] == ["secret"]:
            return SECRET
        other = KEY if word == "key" and before not in _OTHER_KEYS else ""
        return _KEYS.get(before, other)
    if word == "encrypt" and index == len(parts) - 1:
        return KEY
    return _glued(word) or _glued(word.removesuffix("s"))


def _glued(word: str) -> str:
    """Return the class of a word that is, or ends with, a noun."""
    if word in _NOUNS or word in _NO_NOUNS:
        return _NOUNS.get(word, "")
    if word.endswith("key") and word[:-3] in _KEYS:
        return _KEYS[word[:-3]]
    return next((kind for tail, kind in _GLUED if word.endswith(tail)), "")


def _is_cancelled(parts: list[str], index: int, found: str) -> bool:
    """Tell whether the words around a noun say that the value is something about it."""
    tail = [word for word in parts[index + 1 :] if word not in _ABOUT]
    if found == KEY and tail:
        return True
    if tail == ["id"] and parts[index] == "secret":
        return False  # Vault's AppRole
    if found in _NEAR_HEADS and not _NEAR_HEADS[found].isdisjoint(parts[max(0, index - 1) : index]):
        return True
    return not (_TAILS.isdisjoint(tail) and _HEADS.isdisjoint(parts[:index]))
