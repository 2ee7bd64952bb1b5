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
            "password passwords passwd pass pwd pw passphrase psk pswd passcode",
            "requirepass masterauth",
            "userpass userpassword rootpassword adminpassword dbpassword dbpass",
            "pgpassword rediscliauth",
            "restuserpassword bindpw rootpw keypass storepass",
        ),
        PASS,
    ),
    **dict.fromkeys(
        words_of(
            "secret secrets credential credentials creds salt pepper hmac mnemonic seed",
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
            "jwt hmac crypt preshared cipher encrypt sign wrapping unseal",
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
    "partition primary cache foreign sort hash range",
    "map dedup idempotency message field row column",
    "index object group label annotation registry hot short cut any composite natural surrogate",
    "config lookup translation i18n feature flag ordering grouping join topic event record doc",
    "document path file storage s3 bucket etag metric dictionary dict lock semaphore queue",
    "deduplication sharding shard cluster unique search order arrow enter escape function tab",
)
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
    "cache cleaner refresh renew leeway history list map index column table",
)
_HEADS: Final = words_of(
    "public publishable pub site enable enabled enables use uses allow allowed",
    "disable disabled",
    "require required is has max min existing csrf xsrf no skip force ignore",
    "show hide forgot",
    "reset change confirm verify pagination page next continuation cancellation",
    "cancel",
    "tokenizer sitekey recaptcha example",
)
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
)
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


def _noun(parts: list[str], index: int) -> str:
    """Return the class that the word at *index*, with those in front of it, stands for."""
    word = parts[index]
    if word == "key" and index:
        before = parts[index - 1]
        return _KEYS.get(before, "" if before in _OTHER_KEYS else KEY)
    if word == "cookie" and index and parts[index - 1] == "erlang":
        return SECRET
    if word == "code" and index and parts[index - 1] == "access":
        return TOKEN
    if word in _NOUNS:
        return _NOUNS[word]
    return next(
        (kind for tail, kind in _GLUED if word.endswith(tail) and len(word) > len(tail)), ""
    )


def _is_cancelled(parts: list[str], index: int, found: str) -> bool:
    """Tell whether the words around a noun say that the value is something about it."""
    tail = [word for word in parts[index + 1 :] if word not in _ABOUT]
    if found == KEY and tail:
        return True
    if tail == ["id"] and parts[index] == "secret":
        return False  # Vault's AppRole
    return not (_TAILS.isdisjoint(tail) and _HEADS.isdisjoint(parts[:index]))
