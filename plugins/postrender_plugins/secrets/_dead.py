"""Values that are no secrets wherever they stand: placeholders, references, templates, samples."""

import re
from typing import Final

from postrender_plugins.secrets._words import words_of

_TEMPLATE: Final = re.compile(
    r"\$\{|^\$env:|\{%|%env\(|\$\(|\{\{|\}\}|%\(|%\{|<%|\$__\w|\(\(|#\{|\$[A-Z_]+\{|^`|\[\[|@@|"
    r"^\{[$%]?[A-Za-z_][\w.:-]*\}'?$|%s|(?<![\w$])\$[A-Z_][A-Z0-9_]*\b|^\$[a-z_]+(?:_[a-z\d]+)?;?$|^\$\d$|^\$[A-Za-z_]\w*[/.]|^%[A-Za-z_]\w*%$|"
    r"^%[a-z_]+(?:\.\w+)+\)?$|^<[^<>\n]*>$|^__\w+__$|^@\w+@$|^:['\"]?[a-z_]+['\"]?$|^!\w+\s|^ENC\[|^\{cipher\}|^AgA|"
    r"^-----BEGIN (?:CERTIFICATE|PUBLIC|PGP (?:PUBLIC|MESSAGE)|AGE ENC|RSA PUBLIC|SSH2 PUBLIC)"
)
_SCHEME: Final = re.compile(
    r"(?i)^(?:vault:|ref\+|secretref\+?|op://|arn:|projects/[^/]+/secrets/|azurekeyvault|akv:|akvs:|"
    r"gsm:|gcpsm|gcp-?secret|aws-?sm|awssecret|ssm:|sm://|secretsmanager:|secret(?:key)?ref|k8s:|"
    r"file:|env:|urn:|bao:|keyring:|keychain:|sops:|doppler:|infisical:|kms:|conjur|"
    r"@microsoft\.keyvault|secrets?://)"
)
_URL: Final = re.compile(r"[a-z][\w+.-]{1,20}://")
#: `store:path/of/it#field`, of whatever store
_ADDRESS: Final = re.compile(r"[a-z][a-z+.-]{1,24}:[A-Za-z][\w.-]*(?:/[\w.-]+)+(?:[#?:][\w./=-]*)?")
_CALL: Final = re.compile(
    r"\b(?:os\.environ|process\.env|getenv|ENV\[|System\.getenv|std::env|import\.meta)|"
    r"^[A-Za-z_][\w.:]*\(.*\)?$|^(?:var|local|data|module|self|this|config|settings|args|opts|"
    r"options|params|values|secrets|env|context|ctx|req|request|ngx|random_password)[.\[]|"
    r"\w\[['\"\d]|^new\s|^await\s|^lambda\b|->|=>|&&|\|\|"
)
_REGEX: Final = re.compile(r"\[\^|\\[swdSWDb]|\(\?|\.\*|\.\+|\[a-z|\[0-9|\[A-Z|\*\*\*|\)\+|\]\+")
_PATH: Final = re.compile(r"(?:~|\.{1,2}|[A-Za-z]:)?[/\\](?:[\w.@+-]{1,40}[/\\])*[\w.@+-]{0,40}")
_FOLDERS: Final = re.compile(r"[a-z0-9_.-]{2,}(?:/[a-z0-9_.-]{2,})+")
_PUBLIC: Final = re.compile(
    r"pk_(?:live|test)_|[sr]k_test_|pk\.eyJ|sntr_public|phc_|pub-[0-9a-f]{8}|"
    r"age1[0-9a-z]|ssh-(?:rsa|ed25519|dss) |ecdsa-sha2|sha(?:1|256|384|512)[:-]|MD5:|v\d+\.\d+\.\d+"
)
#: The heads of keys that vendors publish in their documentation and emulators.
_SAMPLES: Final = ("Eby8vdM02xNO", "C2y6yDjf5/R+", "je7MtGbClwBF", "wJalrXUtnFEM", "gX1fBat3bV")
_FILLER: Final = words_of(
    "password passwd pass pwd secret token key api apikey example sample dummy fake test tests",
    "my your the a an here for to me please with value string default none null nil na n tbd",
    "todo fixme undefined unset empty not set required optional placeholder redacted removed",
    "masked hidden insert enter put replace change update add fill user username admin access",
    "client auth private public app db database some this is in of from new old goes must be",
    "true false yes no on off disabled enabled foo bar baz xxx xyz auto generated generate",
    "credentials login confirm authentication passphrase encrypted plain text",
    "use strong secure random real do not it be by ci helm runtime at vault external managed",
    "injected provided override see via any something whatever goes stored loaded comes secrets",
)
_STRONG: Final = re.compile(
    r"(?i)change[-_ ]?(?:me|this)|place[-_ ]?holder|redacted|replace[-_ ]?(?:me|this|with)|"
    r"your[-_ ]|yourpass|your(?:api|secret|token|key)|^todo|todo-|fixme|^insert[-_ ]|_here$|-here$|"
    r"example|xxxx|dummy|^<.*>$|notasecret|not[-_]a[-_]secret|not[-_]used|^sample[-_]|"
    r"my[-_ ]?(?:secret|super[-_ ]?secret|password|token|api[-_]?key)$|^(?:fake|mock|test)[-_]"
)
_RUN: Final = ("0123456789abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz", "1234567890")
#: Each letter's and digit's successor.
_NEXT: Final = {code: code + 1 if chr(code).isalnum() else 0 for code in range(128)}
_FEWEST: Final = 5  #: characters that differ
_LONGEST_WORD: Final = 15  #: characters of a part of a path
_WINDOW: Final = 6


def is_dead(value: str) -> bool:
    """Tell whether *value* can be no secret."""
    if len(set(value)) < _FEWEST or value.isspace() or _repeats(value):
        return True
    return (
        is_reference(value)
        or _is_placeholder(value)
        or _PUBLIC.match(value) is not None
        or is_sample(value)
        or _REGEX.search(value) is not None
    )


def _repeats(value: str) -> bool:
    """Tell whether most characters of *value* are the one before again, as in `aaaa-bbbb`."""
    return sum(map(str.__eq__, value, value[1:])) * 2 > len(value)


def is_reference(value: str) -> bool:
    """Tell whether *value* says where a secret comes from: a template, a call, a path."""
    return bool(
        _TEMPLATE.search(value)
        or is_locator(value)
        or _URL.match(value)
        or _CALL.search(value)
        or _is_path(value)
    )


def is_locator(value: str) -> bool:
    """Tell whether *value* is an address in a store of secrets."""
    return _SCHEME.match(value) is not None or _ADDRESS.fullmatch(value) is not None


def is_sample(value: str) -> bool:
    """Tell whether *value* is a key from documentation, or was typed along the keyboard."""
    if "EXAMPLE" in value or value.startswith(_SAMPLES):
        return True
    low = value.lower()
    if sum(map(str.__eq__, low[1:], low.translate(_NEXT))) * 4 < len(low):
        return False  # as most are, and this is fast
    covered = sum(
        any(low[at : at + _WINDOW] in run for run in _RUN) for at in range(len(low) - _WINDOW + 1)
    )
    return covered > 0 and (covered + _WINDOW - 1) * 10 > 4 * len(low)


def _is_placeholder(value: str) -> bool:
    if _STRONG.search(value):
        return True
    if any(character.isdigit() for character in value):
        return False
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", value)]
    return bool(words) and all(word in _FILLER for word in words)


def _is_path(value: str) -> bool:
    """Tell whether *value* is a file's path rather than base64 with slashes."""
    if "/" not in value and "\\" not in value:
        return False
    if _FOLDERS.fullmatch(value):
        return True
    return bool(_PATH.fullmatch(value)) and not any(
        len(part) > _LONGEST_WORD and _is_mixed(part) for part in value.split("/")
    )


def _is_mixed(text: str) -> bool:
    return (
        any(map(str.isupper, text)) and any(map(str.islower, text)) and any(map(str.isdigit, text))
    )
