"""Release records of generated charts, as Helm stores them, the same on every machine.

The newest revision of a release is deployed, or failed or uninstalled or pending in some; the
others are superseded. All is made from the numbers of the releases alone, without a clock.
"""

import gzip
import json
import random
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

NAMESPACES: Final = 20
COMMON: Final = 0.9  #: of the lines of a template, how many stand in others too
STATUSES: Final = ("deployed",) * 7 + ("failed", "uninstalled", "pending-upgrade")
START: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Row(NamedTuple):
    """A record as Helm stores it."""

    namespace: str
    key: str
    name: str
    version: int
    status: str
    created: int  #: Unix seconds
    body: str


class Shape(NamedTuple):
    """How many records to make, and how large."""

    releases: int
    revisions: int
    size: str  #: of an encoded body, within a few percent, such as `50KB`

    def __str__(self) -> str:
        """Say it as the title of a table."""
        rows = self.releases * self.revisions
        return f"{self.releases:,} releases, {rows:,} records of {self.size}"


def release(shape: Shape, number: int) -> list[Row]:
    """Return all revisions of a release."""
    return list(_revisions(shape, number))


def _revisions(shape: Shape, number: int) -> Iterator[Row]:
    chance = random.Random(number)
    chart = _Chart.of(chance, _lines(int(shape.size.removesuffix("KB")) * 1000))
    name = f"{chart.name}-{number}"
    namespace = f"team-{number % NAMESPACES}"
    first = START + timedelta(minutes=number, microseconds=chance.randrange(1_000_000))
    for version in range(1, shape.revisions + 1):
        is_newest = version == shape.revisions
        status = STATUSES[number % len(STATUSES)] if is_newest else "superseded"
        last = first + timedelta(days=version - 1)
        body = _encode(
            {
                "name": name,
                "info": {
                    "first_deployed": _go(first),
                    "last_deployed": _go(last),
                    "description": "Upgrade complete" if version > 1 else "Install complete",
                    "status": status,
                    "notes": chart.notes,
                },
                "chart": chart.body,
                "config": {"replicas": version, "image": {"tag": f"1.{number}.{version}"}},
                "manifest": chart.manifest.replace("RELEASE-NAME", name),
                "version": version,
                "namespace": namespace,
                "apply_method": "ssa",
            }
        )
        key = f"sh.helm.release.v1.{name}.v{version}"
        yield Row(namespace, key, name, version, status, int(last.timestamp()), body)


class _Chart(NamedTuple):
    """A chart as a record keeps it, and what came of it."""

    name: str
    notes: str
    body: dict[str, object]
    manifest: str

    @classmethod
    def of(cls, chance: random.Random, lines: int) -> "_Chart":
        name = chance.choice(words()[:50])
        templates = [list(_yaml(chance, min(60, lines - at))) for at in range(0, lines, 60)]
        files = [
            {"name": f"templates/{chance.choice(words())}-{at}.yaml", "data": _data(each)}
            for at, each in enumerate(templates)
        ]
        manifest = "".join(
            f"---\n# Source: {name}/{file['name']}\n{''.join(each)}"
            for file, each in zip(files, templates, strict=True)
        )
        metadata = {
            "name": name,
            "home": f"https://{name}.example.com",
            "version": f"{chance.randrange(40)}.{chance.randrange(20)}.{chance.randrange(9)}",
            "description": _sentence(chance, 12),
            "keywords": chance.sample(words(), 6),
            "maintainers": [{"name": word, "email": f"{word}@example.com"} for word in words()[:3]],
            "apiVersion": "v2",
            "appVersion": f"{chance.randrange(9)}.{chance.randrange(30)}",
            "annotations": {"example.com/changes": _sentence(chance, 60)},
            "type": "application",
        }
        values = {word: _sentence(chance, 4) for word in sorted(chance.sample(words(), 20))}
        readme = list(_yaml(chance, lines // 2))
        body: dict[str, object] = {
            "metadata": metadata,
            "lock": None,
            "templates": files,
            "values": values,
            "schema": None,
            "schemamodtime": "0001-01-01T00:00:00Z",
            "files": [{"name": "README.md", "data": _data(readme)}],
        }
        notes = "\n".join(_sentence(chance, 10) for _ in range(chance.randrange(4, 30)))
        return cls(name, notes, body, manifest)


@cache
def _lines(size: int) -> int:
    """Find how many lines of templates make a body of a size."""
    lines = max(1, size // 50)
    for _ in range(6):
        chart = _Chart.of(random.Random("lines"), lines)
        body = _encode({"chart": chart.body, "manifest": chart.manifest, "notes": chart.notes})
        lines = max(1, round(lines * size / len(body)))
    return lines


def _encode(release: dict[str, object]) -> str:
    text = json.dumps(release, separators=(",", ":"))
    return b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _yaml(chance: random.Random, count: int) -> Iterator[str]:
    """Yield lines of a template, most of which stand in others too, as in real charts."""
    yield f"kind: {chance.choice(words()).title()}\nmetadata:\n  name: RELEASE-NAME\nspec:\n"
    common = chance.sample(_common(), 40)
    for _ in range(count):
        indent = "  " * chance.randrange(1, 6)
        if chance.random() < COMMON:
            yield indent + chance.choice(common)
        else:
            yield f"{indent}{chance.choice(words())}: {_sentence(chance, 3)}\n"


@cache
def _common() -> list[str]:
    chance = random.Random("common")
    return [f"{chance.choice(words())}: {_sentence(chance, 3)}\n" for _ in range(200)]


def _sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(words(), k=length))


@cache
def words() -> list[str]:
    """Return what everything is written of."""
    chance = random.Random("words")
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    return ["".join(chance.choices(syllables, k=chance.randrange(2, 5))) for _ in range(3000)]


def _data(lines: Iterable[str]) -> str:
    return b64encode("".join(lines).encode()).decode()


def _go(time: datetime) -> str:
    """Write a time as Go does, without zeros at the end of the fraction."""
    return f"{time:%Y-%m-%dT%H:%M:%S.%f}".rstrip("0").rstrip(".") + "Z"
