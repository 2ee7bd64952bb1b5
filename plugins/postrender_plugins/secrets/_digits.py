"""Check sums and forms of tokens: what tells a real one from its look-alike."""

import json
from binascii import Error, a2b_base64, crc32
from typing import Final

from postrender_plugins.secrets._values import entropy

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LOWER62: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_SIX: Final = 6
_BODY: Final = 24  #: characters of a key below which it is an example such as `...`
_SAMPLE: Final = ("1234567890", "John Doe")


def passes(check: str, text: str) -> bool:
    """Tell whether *text* passes *check*, a word of a rule such as `jwt` or `distinct>=10`."""
    name, _, least = check.partition(">=")
    if name == "distinct":
        return len(set(text)) >= float(least)
    if name == "entropy":
        return entropy(text) >= float(least)
    test = {
        "crc32-base62": _crc62,
        "crc32-hex": _crc16,
        "jwt": _jwt,
        "base64-json": _base64_json,
        "bech32": _bech32,
        "pem": _pem,
        "pem-base64": _pem_base64,
    }.get(name)
    return test is None or test(text)


def unbase64(text: str) -> bytes | None:
    """Return what *text* encodes in base64 of either alphabet, None for no base64."""
    text = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
    except (Error, ValueError):
        return None


def _crc62(text: str) -> bool:
    body, digits = text.rpartition("_")[2][:-_SIX], text[-_SIX:]
    total = crc32(body.encode())
    return any(digits == _encoded(total, alphabet) for alphabet in (_BASE62, _LOWER62))


def _encoded(number: int, alphabet: str) -> str:
    text = ""
    for _ in range(_SIX):
        number, digit = divmod(number, len(alphabet))
        text = alphabet[digit] + text
    return text


def _crc16(text: str) -> bool:
    body, _, digits = text.rpartition("_")
    total = crc32(body.encode())
    head = crc32(body.rpartition("_")[2].encode())
    return digits in {f"{each:08x}" for each in (total, head)} | {
        each.to_bytes(4, "little").hex() for each in (total, head)
    }


def _json(text: str) -> object:
    raw = unbase64(text)
    try:
        return json.loads(raw.decode()) if raw else None
    except ValueError:
        return None


def _jwt(text: str) -> bool:
    """Tell whether head and body are JSON, and it is not the example of jwt.io."""
    head, body, _ = text.split(".", 2)
    first, second = _json(head), _json(body)
    if not isinstance(first, dict) or "alg" not in first or not isinstance(second, dict):
        return False
    return not any(each in str(second.values()) for each in _SAMPLE)


def _base64_json(text: str) -> bool:
    return isinstance(_json(text[text.index("eyJ") :]), dict)


def _bech32(text: str) -> bool:
    head, _, data = text.lower().rpartition("1")
    values = [ord(each) >> 5 for each in head] + [0] + [ord(each) & 31 for each in head]
    total = 1
    for value in values + [_BECH32.find(each) for each in data]:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            total ^= generator if top >> bit & 1 else 0
    return total == 1


def _pem(text: str) -> bool:
    """Tell whether a key follows its head line, and no dots or words about one."""
    body = text.partition("PRIVATE KEY")[2].partition("-----")[2].replace("\\n", "\n")
    body = body.partition("-----END")[0]
    lines = body.replace("\\r", "").replace("\\t", "").split()
    return any(
        len(line) >= _BODY and len(set(line)) > 10 and unbase64(line[: len(line) // 4 * 4])  # noqa: PLR2004
        for line in lines
    )


def _pem_base64(text: str) -> bool:
    raw = unbase64(text[: len(text) // 4 * 4]) or b""
    return b"PRIVATE KEY" in raw and _pem(raw.decode(errors="replace")[:2000])
