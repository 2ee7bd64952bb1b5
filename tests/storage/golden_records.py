"""The golden records: what real Helm stored, and what it printed of it."""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from postrender.storage._record import Body, Record
from postrender.storage._release import Release

_FOLDER = Path(__file__).parent / "golden"
#: What Go prints of a time: date, time, offset, and the offset once more or the zone's name.
_PRINTED_TIME = re.compile(r"(\S+) (\S+) ([+-]\d\d)(\d\d) \S+")


class Golden(NamedTuple):
    """A record that a version of Helm wrote with one of its drivers."""

    helm: str
    driver: str
    record: Record

    @property
    def text(self) -> bytes:
        """The whole body."""
        return self.record.body.text()

    @property
    def release(self) -> Release:
        """The release, of which nothing is decoded yet."""
        return Release(self.record)

    def of_head(self, size: int) -> Release:
        """Return the release with the beginning of its body, whose rest must not be asked for."""
        return Release(self.record._replace(body=Body(self.text[:size], _never)))


class Printed(NamedTuple):
    """What a version of Helm printed for some arguments."""

    helm: str
    driver: str
    argv: list[str]
    stdout: str

    @property
    def name(self) -> str:
        """The release that it is about."""
        return self.argv[2] if self.argv[0] == "get" else self.argv[1]

    def option(self, *names: str) -> str:
        """Return the value of an option, "" if it is not given."""
        for name, value in zip(self.argv, self.argv[1:], strict=False):
            if name in names:
                return value
        return ""


@cache
def records() -> tuple[Golden, ...]:
    """Return all golden records."""
    return tuple(_records())


def _records() -> Iterator[Golden]:
    for line in _lines("records"):
        helm, driver, body = line.pop("helm"), line.pop("driver"), line.pop("body")
        yield Golden(helm, driver, Record(**line, body=Body(body.encode())))


def printed(*words: str) -> list[Printed]:
    """Return what Helm printed for commands that begin with *words*."""
    lines = (Printed(**line) for line in _lines("printed"))
    return [line for line in lines if line.argv[: len(words)] == [*words]]


def releases_of(shown: Printed) -> list[Release]:
    """Return the releases of which Helm printed something, in the order of revisions."""
    namespace, revision = shown.option("-n"), shown.option("--revision")
    found = [
        golden.release
        for golden in records()
        if (golden.helm, golden.driver) == (shown.helm, shown.driver)
        and (golden.record.namespace, golden.record.name) == (namespace, shown.name)
        and (not revision or golden.record.version == int(revision))
    ]
    return sorted(found, key=lambda release: release.version)


def go_time(text: str) -> str:
    """Return the RFC 3339 form of a time as Go prints it."""
    match = _PRINTED_TIME.fullmatch(text)
    assert match
    day, time, hours, minutes = match.groups()
    offset = f"{hours}:{minutes}"
    return f"{day}T{time}" + ("Z" if offset == "+00:00" else offset)


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(_FOLDER / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _never() -> bytes:
    raise AssertionError("the head was not enough")
