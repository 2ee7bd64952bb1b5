"""Where findings are, beside what their locations say: lines of the stream, names of items."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from postrender._errors import Location
from postrender._manifest import Manifest
from postrender._manifests import Manifests

_QUOTED = frozenset(".[]\"'=")


class Place(NamedTuple):
    """What is known of a location's object and path; empty where it is about neither."""

    api_version: str = ""
    line: int = 0  #: of the stream as it came, from 1; 0 where that has none
    end_line: int = 0
    field: str = ""  #: the path as `postrender explain` takes it, with items by their names


class Places:
    """Looks locations up in the manifests that they are of."""

    def __init__(self, manifests: Manifests | None) -> None:
        """Look in *manifests*, which are gone through when the first location is looked up."""
        self._all = manifests
        self._by_title: dict[tuple[int, str], Manifest] | None = None

    def find(self, location: Location) -> Place:
        """Return what is known of *location*."""
        manifest = self.manifest(location)
        if manifest is None:
            return Place()
        line, end_line = manifest.lines_at(location.path, location.line)
        field = "".join(_spelled(manifest, location.path))
        return Place(manifest.api_version, line, end_line, field.removeprefix("."))

    def manifest(self, location: Location) -> Manifest | None:
        """Return the object that *location* is in, None where there is none."""
        if self._by_title is None:
            manifests = () if self._all is None else self._all.all
            self._by_title = {(each.position, str(each)): each for each in manifests}
        return self._by_title.get((location.document, location.object))


def _spelled(manifest: Manifest, path: Sequence[str | int]) -> Iterator[str]:
    """Give the parts of *path*, an item of a list by its name where it has one."""
    for depth, part in enumerate(path, 1):
        if isinstance(part, int):
            name = manifest.get((*path[:depth], "name"))
            yield f"[{name if isinstance(name, str) and _QUOTED.isdisjoint(name) else part}]"
        elif _QUOTED.isdisjoint(part) and part:
            yield f".{part}"
        else:
            escaped = part.replace("\\", "\\\\").replace('"', '\\"')
            yield f'["{escaped}"]'
