"""The baseline: findings that are known, each with a reason, in a file that is kept beside charts.

    {"version": 1, "entries": [{"fingerprint": ..., "rule": ..., "object": ..., "path": ...,
                                "reason": ..., "added": ..., "hmac": ...}]}

A fingerprint names the place and has nothing of the value: a plain hash of a weak password could be
guessed by whoever reads the file. Where a key is given, `hmac` tells a changed value from the one
that was accepted, and only those who have the key can guess.
"""

import json
import os
import re
from collections.abc import Mapping
from errno import ENOENT
from typing import Any, Final, NamedTuple

from postrender import ConfigError

KEY: Final = "POSTRENDER_FINGERPRINT_KEY"
VERSION: Final = 1
_DIGITS: Final = 12
_NAMED: Final = re.compile(r"""(?:export\s+)?["']?([A-Za-z_][\w.-]{0,80})["']?\s*(?::=|=>|[:=])""")


class Entry(NamedTuple):
    """One finding that is known."""

    fingerprint: str
    rule: str
    object: str
    path: str
    reason: str
    added: str  #: the day, as in `2026-11-24`
    hmac: str = ""


class Baseline:
    """The findings that a file knows."""

    def __init__(self, entries: Mapping[str, Entry], key: str) -> None:
        """Know *entries* by their fingerprints, and compare values if there is a *key*."""
        self.entries = entries
        self._key = key
        self.used: set[str] = set()
        self.changed: set[str] = set()  #: those that are there with another value

    @classmethod
    def read(cls, name: str | None, directory: str, key: str) -> "Baseline":
        """Read the file *name*; without one, nothing is known.

        :raises ConfigError: if it cannot be read, or is no baseline.
        """
        if name is None:
            return cls({}, key)
        try:
            with open(os.path.join(directory, name), "rb") as file:
                return cls(parse(file.read(), name), key)
        except OSError as error:
            hint = "postrender secrets baseline writes one" if error.errno == ENOENT else ""
            message = f"the baseline {name} cannot be read: {error.strerror}"
            raise ConfigError(message, hint=hint) from None

    def reason(self, fingerprint: str, value: str) -> str:
        """Return why a finding with this value is accepted, `""` if it is not."""
        entry = self.entries.get(fingerprint)
        if entry is None:
            return ""
        if entry.hmac and self._key and entry.hmac != seal(self._key, value):
            self.changed.add(fingerprint)
            return ""
        self.used.add(fingerprint)
        return entry.reason

    @property
    def is_blind(self) -> bool:
        """Whether values were sealed, and there is no key to compare them with."""
        return not self._key and any(entry.hmac for entry in self.entries.values())


def parse(data: bytes, name: str) -> dict[str, Entry]:
    """Return the entries of a baseline by their fingerprints.

    :raises ConfigError: if it is none.
    """
    try:
        value = json.loads(data)
        version = value.get("version", VERSION)
        entries = [_entry(each) for each in value["entries"]]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        hint = "each entry has a fingerprint and a reason"
        raise ConfigError(f"{name} is no baseline", hint=hint) from None
    if version != VERSION:
        hint = "update postrender, or write it again with postrender secrets baseline"
        raise ConfigError(f"{name} is a baseline of version {version!r}", hint=hint)
    for entry in entries:
        if not entry.reason.strip():
            message = f"{name} gives no reason for the entry {entry.fingerprint}"
            raise ConfigError(message, hint="say why it is accepted")
    return {entry.fingerprint: entry for entry in entries}


def _entry(value: Mapping[str, Any]) -> Entry:
    needed = {"fingerprint": value["fingerprint"], "reason": value["reason"]}
    rest = {key: value.get(key, "") for key in ("rule", "object", "path", "added", "hmac")}
    return Entry(**{key: str(each) for key, each in (needed | rest).items()})


def written(entries: Mapping[str, Entry]) -> bytes:
    """Return the file that holds *entries*, in an order that does not depend on the stream's."""
    ordered = sorted(
        entries.values(), key=lambda each: (each.object, each.path, each.rule, each.fingerprint)
    )
    data = [{key: value for key, value in each._asdict().items() if value} for each in ordered]
    return (json.dumps({"version": VERSION, "entries": data}, indent=2) + "\n").encode()


def seal(key: str, value: str) -> str:
    """Return what tells *value* from others for those who have the *key*."""
    import hmac  # 3 ms, and few have a key

    return hmac.new(key.encode(), value.encode(errors="replace"), "sha256").hexdigest()[:_DIGITS]


def inner(text: Any, line: int) -> tuple[str, str]:
    """Return the name that a line of a text of many gives to its value, and what is to be sealed.

    :param line: its number, from 0.
    """
    lines = str(text).split("\n")
    if len(lines) > 1 and line < len(lines):
        named = _NAMED.match(lines[line].strip())
        if named:
            return named[1], lines[line].strip()
    return "", str(text)
