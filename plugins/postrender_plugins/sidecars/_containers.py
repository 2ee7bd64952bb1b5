"""Where a container is to stand among others, and how two of one name become one."""

from collections.abc import Mapping
from typing import Any, Final

from postrender_plugins.sidecars._options import Beside
from postrender_plugins.sidecars._template import Template, index_of, items_of

#: the lists of a container whose items are known by a field
_IDENTITIES: Final = {
    "env": "name",
    "ports": "containerPort",
    "volumeDevices": "devicePath",
    "volumeMounts": "mountPath",
}


def place_of(
    template: Template,
    name: str,
    position: str | Beside,
    former: int | None,
    others: set[str],
) -> int:
    """Return the index in the list *name* that *position* means.

    :param former: where containers stood that an earlier run had put in.
    :param others: the names of the containers that steps have put in.
    :raises RefusedError: if the container that it is to stand beside is not there.
    """
    items = template.spec[name]
    if isinstance(position, Beside):
        neighbour = position.before or position.after
        index = index_of(name, items, neighbour)
        if index is None:
            hint = "narrow the step down with `where`, or let it stand `first` or `last`"
            message = f"there is no container {neighbour} to stand beside"
            raise template.refusal(message, "spec", name, hint=hint)
        return index if position.before else index + 1
    theirs = [
        index
        for index, item in enumerate(items)
        if not (isinstance(item, dict) and item.get("name") in others)
    ]
    if former is not None and _still_fits(position, former, theirs):
        return min(former, len(items))
    return 0 if position == "first" else len(items)


def _still_fits(position: str, former: int, theirs: list[int]) -> bool:
    """Tell whether the place before is first, or last, but for what steps have put in."""
    if not theirs:
        return True
    return former <= theirs[0] if position == "first" else former > theirs[-1]


def merged(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the container *theirs* with what only *ours* has."""
    result = dict(theirs)
    for key, value in ours.items():
        there = result.get(key)
        if there is None:
            result[key] = value
        elif isinstance(there, dict) and isinstance(value, dict):
            result[key] = merged(value, there)
        elif key in _IDENTITIES and isinstance(there, list) and isinstance(value, list):
            field = _IDENTITIES[key]
            known = [each.get(field) for each in items_of(theirs, key)]
            new = (each for each in items_of(ours, key) if each.get(field) not in known)
            result[key] = [*there, *new]
    return result
