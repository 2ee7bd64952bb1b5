"""Fields of which an object may have one only: a merge that leaves two is told."""

from collections.abc import Callable
from typing import Any, Final

from postrender import Location, Manifest
from postrender_plugins._merge.directives import Path

_HANDLERS: Final = ("exec", "grpc", "httpGet", "sleep", "tcpSocket")

#: by the name of the field or list: the members of which one may be there, () for all but `name`
_ONE_OF: Final[dict[str, tuple[str, ...]]] = {
    "env": ("value", "valueFrom"),
    "livenessProbe": _HANDLERS,
    "postStart": _HANDLERS,
    "preStop": _HANDLERS,
    "readinessProbe": _HANDLERS,
    "startupProbe": _HANDLERS,
    "volumes": (),
}
_LISTS: Final = ("env", "volumes")
_STRATEGIES: Final = ("strategy", "updateStrategy")


def name_at(path: Path) -> str:
    """Return the name of the fields at *path* of which one may be there, "" for any others."""
    name = next((key for key in reversed(path) if isinstance(key, str)), "")
    is_item = bool(path) and isinstance(path[-1], int)
    fits = (name in _ONE_OF and is_item is (name in _LISTS)) or name in _STRATEGIES
    return name if fits else ""


def look(
    manifest: Manifest, path: Path, name: str, notify: Callable[[str, Location], None]
) -> None:
    """Tell when the map at *path*, just merged, holds what excludes each other.

    :param name: what `name_at` gave.
    """
    both: list[str] = []
    if name in _ONE_OF:
        both = _members(manifest.get(path), _ONE_OF[name])
    elif _is_stale(manifest.get(path)):
        both = ["rollingUpdate", "another type"]
    if len(both) > 1:
        message = (
            f"has {both[0]} as well as {both[1]}, which the API server refuses; set one to null"
            " in the patch, or list what stays in $retainKeys"
        )
        notify(message, manifest.at(path))


def _members(value: Any, known: tuple[str, ...]) -> list[str]:
    value = value if isinstance(value, dict) else {}
    names = known or tuple(name for name in value if name != "name")
    return [name for name in names if value.get(name) is not None]


def _is_stale(value: Any) -> bool:
    """Tell whether a strategy has the parameters of a type that it is not."""
    if not isinstance(value, dict) or value.get("rollingUpdate") is None:
        return False
    return value.get("type") not in (None, "RollingUpdate")
