"""Extra paths: places of images that the user names, as kustomize's field specs name them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from postrender import Manifest
from postrender_plugins._metadata.places import Place

EACH = "[]"


@dataclass(frozen=True, repr=False, eq=False)
class ExtraPath:
    """A place of an image, or of a pod spec, that no table knows."""

    path: str = field(
        metadata={"description": "keys to an image or a pod spec, such as `spec/server/image`"}
    )
    group: str | None = field(
        default=None, metadata={"description": 'only objects of this group; "" is the core'}
    )
    version: str | None = field(
        default=None, metadata={"description": "only objects of this version, such as `v1`"}
    )
    kind: str | None = field(default=None, metadata={"description": "only objects of this kind"})


def find(extra: ExtraPath, manifest: Manifest) -> Iterator[tuple[Place, bool]]:
    """Yield the paths in *manifest* that *extra* means, and whether each is a pod spec.

    Lists are entered with or without `[]`.
    """
    if (
        extra.group in (None, manifest.group)
        and extra.version in (None, manifest.version)
        and extra.kind in (None, manifest.kind)
    ):
        for path, value in _walk(manifest.to_dict(), _split(extra.path), ()):
            yield path, isinstance(value, dict)


def _split(path: str) -> Place:
    r"""Return the keys of *path*: slashes part them, `\/` is a slash in a key."""
    parts = path.replace(r"\/", "\0").strip("/").split("/")
    return tuple(part.replace("\0", "/").removesuffix(EACH) for part in parts if part != EACH)


def _walk(value: Any, keys: Place, path: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, keys, (*path, index))
    elif not keys:
        yield path, value
    elif isinstance(value, dict) and keys[0] in value:
        yield from _walk(value[keys[0]], keys[1:], (*path, keys[0]))
