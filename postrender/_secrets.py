"""Values of Secrets in text: the Secrets of a stream, and how messages may spell a value."""

import re
from collections.abc import Iterator
from typing import Any, Final

from postrender import _yaml

SHORTEST: Final = 6  #: what is shorter stands in too many words to be looked for
_TRIVIAL: Final = {
    *("default", "disabled", "enabled", "example", "hidden", "localhost", "password", "postgres"),
    *("production", "public", "secret", "Secret", "staging", "string", "username"),
}
_ESCAPED: Final = frozenset("\"'\\")  #: what JSON or Python escapes


def decoded(value: Any) -> Any:
    """Return the text that a value of `data` encodes, or the value where that is none."""
    from binascii import a2b_base64  # a library to load, only where there are Secrets

    try:
        return a2b_base64("".join(value.split()), strict_mode=True).decode()
    except (AttributeError, ValueError):
        return value


def spellings(value: Any) -> Iterator[str]:
    """Give the spellings in which a message may show *value*, or a line of it."""
    text = str(value)
    for each in {text.strip(), *map(str.strip, text.splitlines())}:
        if len(each) >= SHORTEST and each not in _TRIVIAL:
            yield each
            if not each.isprintable() or not each.isascii() or not _ESCAPED.isdisjoint(each):
                yield from _escaped(each)
    if len(text) >= SHORTEST:
        from binascii import b2a_base64  # a library to load, only where there are Secrets

        yield b2a_base64(text.encode(errors="replace"), newline=False).decode()


def _escaped(text: str) -> Iterator[str]:
    """Give the spellings of *text* in JSON, in Python and in YAML, as messages quote it."""
    import json  # 1 ms, seldom needed

    yield text
    yield text.replace("'", "''")
    for quoted in (repr(text), json.dumps(text), json.dumps(text, ensure_ascii=False)):
        yield quoted[1:-1]


def secrets_in(stream: bytes) -> Iterator[Any]:
    """Give the values of the documents that seem to be Secrets, or to hold some.

    A Secret that cannot be read as YAML is given with whatever may be a value in its text.
    """
    seems = re.compile(rb"""\bkind["']?\s*:\s*(?:[!&]\S+\s+)*["']?$""")
    end = at = 0
    while (at := stream.find(b"Secret", at + 1)) > 0:
        if at < end or not seems.search(stream, max(0, at - 80), at):
            continue
        start = stream.rfind(b"\n---", 0, at) + 1
        end = stream.find(b"\n---", at) + 1 or len(stream)
        text = stream[start:end]
        plain = _plain(text)
        yield from [plain] if plain else _read(text)


def _plain(text: bytes) -> dict[str, Any] | None:
    """Return the values of a Secret as most are written, None for any other text.

    Reading all of its YAML would take ten times as long, which many Secrets make a twentieth of
    the run.
    """
    keys = re.findall(rb"\b(?:data|stringData)[\"']?[ \t]*:|last-applied-configuration", text)
    block = rb"^(data|stringData):\n((?:  [\w.-]+: \"?[\w.+/=-]+\"?\n)+)(?=[a-zA-Z]|\Z)"
    blocks = re.findall(block, text, re.MULTILINE)
    if not blocks or len(blocks) != len(keys) or b"\nkind: Secret\n" not in text:
        return None
    secret: dict[str, Any] = {"kind": "Secret"}
    for number, (key, lines) in enumerate(blocks):
        values = (line.partition(": ")[2].strip('"') for line in lines.decode().splitlines())
        # Their names are of no interest, and one that is there twice would hide a value.
        secret.setdefault(key.decode(), {}).update(
            {(number, index): value for index, value in enumerate(values)}
        )
    return secret


def _read(stream: bytes) -> Iterator[Any]:
    """Give the values of the documents in *stream*."""
    for body in _bodies(stream):
        text = body.decode(errors="replace")
        try:
            yield _yaml.load(text)
        except _yaml.YamlError:
            yield {"kind": "Secret", "stringData": _guess(text)}


def _bodies(stream: bytes) -> list[bytes]:
    """Return the documents of *stream*, the whole where it is none."""
    try:
        return [part.body for part in _yaml.split(stream)]
    except _yaml.YamlError:
        return [stream]


def _guess(text: str) -> list[str]:
    """Return what may be values in the text of a Secret that nobody can read."""
    lines = re.split(r"""(?m)^\s*["']?(?:stringData|data)["']?\s*:""", text, maxsplit=1)[-1]
    values = re.findall(r"""(?m)^[ \t-]*(?:["']?[\w.-]+["']?[ \t]*:[ \t])?(.+)$""", lines)
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', lines)
    words = re.findall(r"""[^\s,{}"'\[\]]+""", lines)
    return [*(value.strip(" \t\r\"'*&") for value in values), *quoted, *words]
