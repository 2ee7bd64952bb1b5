"""Extra paths: maps in places that the user names, with the grammar of kustomize's field specs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from postrender import ConfigError, Location, Manifest
from postrender_plugins._metadata.places import EACH, SCOPES, Place


@dataclass(frozen=True)
class ExtraPath:
    """A map of labels or annotations in a place that no scope knows."""

    path: str = field(
        metadata={"description": "keys to the map, such as `spec/template/metadata/labels`"}
    )
    group: str | None = field(
        default=None, metadata={"description": 'only objects of this group; "" is the core'}
    )
    version: str | None = field(
        default=None, metadata={"description": "only objects of this version, such as `v1`"}
    )
    kind: str | None = field(default=None, metadata={"description": "only objects of this kind"})
    create: bool = field(
        default=False, metadata={"description": "make the map where there is none"}
    )


def expand(extra: ExtraPath, manifest: Manifest) -> Iterator[Place]:
    """Yield the paths in *manifest* that *extra* means; lists are entered with or without `[]`."""
    if (
        extra.group in (None, manifest.group)
        and extra.version in (None, manifest.version)
        and extra.kind in (None, manifest.kind)
    ):
        yield from _walk(manifest.to_dict(), _split(extra.path), (), create=extra.create)


def check(extras: Sequence[ExtraPath], scopes: Sequence[str], map_name: str) -> None:
    """Refuse extra paths that contradict each other, or a scope, about making the map.

    :raises ConfigError: naming both.
    """
    for index, extra in enumerate(extras):
        other = _opposite(extra, extras[:index]) or _scope_that_makes(extra, scopes, map_name)
        if other:
            message = f"{_describe(extra)} contradicts {other}"
            raise ConfigError(message, location=Location(path=("extraPaths", index)))


def _split(path: str) -> Place:
    r"""Return the keys of *path*: slashes part them, `\/` is a slash in a key, `[]` ends a list."""
    keys: list[str] = []
    for key in path.replace(r"\/", "\0").strip("/").split("/"):
        name = key.replace("\0", "/")
        keys += [name.removesuffix(EACH), EACH] if name.endswith(EACH) else [name]
    return tuple(keys)


def _walk(value: Any, keys: Place, path: Place, *, create: bool) -> Iterator[Place]:
    if isinstance(value, list):
        inner = keys[1:] if keys[:1] == (EACH,) else keys
        for index, item in enumerate(value):
            yield from _walk(item, inner, (*path, index), create=create)
    elif isinstance(value, dict) and not keys:
        yield path
    elif isinstance(value, dict) and keys[0] in value:
        yield from _walk(value[keys[0]], keys[1:], (*path, keys[0]), create=create)
    elif isinstance(value, dict | None) and create and EACH not in keys:
        yield (*path, *keys)


def _opposite(extra: ExtraPath, others: Sequence[ExtraPath]) -> str:
    opposite = replace(extra, create=not extra.create)
    return _describe(opposite) if opposite in others else ""


def _scope_that_makes(extra: ExtraPath, scopes: Sequence[str], map_name: str) -> str:
    if extra.create:
        return ""
    for scope in scopes:
        if any(_means(extra, place, map_name) for place in _made_by(scope, extra)):
            return f"the scope {scope}, which makes the map where there is none"
    return ""


def _made_by(scope: str, extra: ExtraPath) -> Iterator[Place]:
    """Yield the places where *scope* makes maps in objects that *extra* can mean."""
    if scope == "metadata":
        yield ()
    elif scope in SCOPES:
        for (group, kind), places in SCOPES[scope][0].items():
            if extra.group in (None, group) and extra.kind in (None, kind):
                yield from places


def _means(extra: ExtraPath, place: Place, map_name: str) -> bool:
    keys = [key for key in (*place, "metadata", map_name) if key != EACH]
    return keys == [key for key in _split(extra.path) if key != EACH]


def _describe(extra: ExtraPath) -> str:
    named = {"group": extra.group, "version": extra.version, "kind": extra.kind}
    words = [f"{word}: {value}" for word, value in named.items() if value is not None]
    words.append(f"create: {str(extra.create).lower()}")
    return f"the extra path {extra.path} ({', '.join(words)})"
