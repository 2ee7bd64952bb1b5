"""Paths: keys and indexes from a root, and where one leads in a plain value."""

from collections.abc import Sequence as AnySequence
from typing import Any

from postrender._yaml.nodes import Fresh

Path = AnySequence[str | int]

MISSING: Any = object()  #: what stands nowhere


class PathError(LookupError):
    """A path that leads nowhere; `depth` keys of it exist."""

    def __init__(self, message: str, depth: int) -> None:
        """Say why the path ends after *depth* keys."""
        super().__init__(message)
        self.message = message
        self.depth = depth


def find_plain(value: Any, path: Path) -> Any:
    """Return a `Fresh` of what stands at *path* of a plain value, or `MISSING`."""
    for key in path:
        is_name = type(value) is dict and type(key) is str and key in value
        is_index = type(value) is list and type(key) is int and 0 <= key < len(value)
        if not (is_name or is_index):
            return MISSING
        value = value[key]
    return Fresh(value)


def plain_container(value: Any, path: Path, depth: int, *, create: bool) -> Any:
    """Return the dict or list at `path[:-1]` of a plain value that stands at *depth* itself."""
    for offset, key in enumerate(path[:-1]):
        if type(value) is list:
            child = value[index(key, len(value), depth + offset)]
        elif type(value) is dict:
            child = value.get(name(key, depth + offset), MISSING)
        else:
            raise PathError("is neither a map nor a list", depth + offset - 1)
        if child is MISSING and not create:
            raise PathError("does not exist", depth + offset)
        if child is MISSING or (child is None and create):
            check_names(path[offset + 1 :], depth + offset + 1)
            value[key] = child = {}
        value = child
    if type(value) not in (dict, list):
        raise PathError("is neither a map nor a list", depth + len(path) - 2)
    return value


def put_plain(container: dict[str, Any], name: str, value: Any, before: str | None) -> None:
    """Set a key of a plain dict; a new one goes in front of the one called *before*, else last."""
    is_new = name not in container
    container[name] = value
    if is_new and before in container:
        names = list(container)
        for each in names[names.index(before) : -1]:
            container[each] = container.pop(each)


def check_names(path: Path, depth: int) -> None:
    """Refuse to make a list on the way, before anything is made."""
    for offset, key in enumerate(path):
        if type(key) is not str:
            raise PathError("does not exist, and a list is not made", depth + offset)


def name(key: str | int, depth: int) -> str:
    """Return a mapping's key."""
    if type(key) is not str:
        raise PathError("is an index, but its parent is a map", depth)
    return key


def index(key: str | int, length: int, depth: int) -> int:
    """Return an index of a list of *length*."""
    if type(key) is not int:
        raise PathError("is a key, but its parent is a list", depth)
    if not 0 <= key < length:
        raise PathError("does not exist", depth)
    return key
