"""Paths of kustomize's field specs: from a text to the places that it leads to in an object."""

from collections.abc import Iterator
from typing import Final

from postrender import Manifest

Path = tuple[str | int, ...]

_MISSING: Final = object()


def split(path: str) -> tuple[str, ...]:
    r"""Return the parts of a path such as `spec/template` or `metadata/annotations/a.b\/c`."""
    parts = path.removeprefix("/").replace("\\/", "\0").split("/")
    return tuple(part.replace("\0", "/") for part in parts)


def places(
    manifest: Manifest, parts: tuple[str, ...], *, create: bool = False, base: Path = ()
) -> Iterator[Path]:
    """Yield where *parts* lead to in *manifest*; lists are entered, with `[]` or without.

    :param create: whether to yield places that are not there too, where maps alone are missing;
        a part with `[]` is never made.
    :param base: where to start from.
    """
    if manifest.kind_at(base) is list:
        for index in range(manifest.length_at(base)):
            yield from places(manifest, parts, create=create, base=(*base, index))
        return
    if not parts:
        yield base
        return
    name = parts[0].removesuffix("[]")
    below = (*base, name)
    value = _MISSING if manifest.kind_at(base) is not dict else manifest.get(below, _MISSING)
    if value is _MISSING or value is None:
        if create and not any(part.endswith("[]") for part in parts):
            yield (*base, *parts)
    else:
        yield from places(manifest, parts[1:], create=create, base=below)
