"""Variables and mounts for the containers that are there."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from postrender_plugins._merge.write import is_same
from postrender_plugins.sidecars._contents import Contents
from postrender_plugins.sidecars._growth import Growth
from postrender_plugins.sidecars._options import Into
from postrender_plugins.sidecars._template import CONTAINERS, Template

Receiver: TypeAlias = tuple[str, str, str]  # `spec`, the list, and the container's name


def receivers(template: Template, into: Into) -> list[Receiver]:
    """Return the containers of *template* that *into* means."""
    lists = CONTAINERS if into.init_containers else CONTAINERS[:1]
    return [
        ("spec", name, each["name"])
        for name in lists
        for each in template.items(name)
        if isinstance(each.get("name"), str)
        and _matches(each["name"], into.containers)
        and not _matches(each["name"], into.exclude)
    ]


def _matches(name: str, globs: Sequence[str]) -> bool:
    from fnmatch import fnmatchcase  # few steps reach into containers

    return any(fnmatchcase(name, glob) for glob in globs)


def fill_containers(growth: Growth, containers: Sequence[Receiver], put_in: Contents) -> None:
    """Add the variables and mounts of *put_in* to *containers*.

    :raises RefusedError: if another volume is mounted where one of ours is to be.
    """
    if not (put_in.env or put_in.env_from or put_in.volume_mounts):
        return
    if not containers:
        growth.tell("no container is one that `into` means", "spec", "containers")
    for container in containers:
        for variable in put_in.env:
            _add_variable(growth, container, variable)
        for source in put_in.env_from:
            growth.add((*container, "envFrom"), source)
        for mount in put_in.volume_mounts:
            _add_mount(growth, container, mount)


def _add_variable(growth: Growth, container: Receiver, variable: Mapping[str, Any]) -> None:
    """Add a variable of the environment, unless there is one of its name."""
    there = growth.find((*container, "env"), variable)
    if there is None:
        growth.add((*container, "env"), variable)
    elif not is_same(there, variable):
        message = f"the variable {variable['name']} of {container[-1]} is there already, and kept"
        growth.tell(message, "spec", container[1])


def _add_mount(growth: Growth, container: Receiver, mount: Mapping[str, Any]) -> None:
    """Add a mount; one of the same volume may be at its path, and none of another."""
    path = (*container, "volumeMounts")
    there = growth.find(path, mount)
    if there is None:
        growth.add(path, mount)
    elif any(there.get(key) != mount.get(key) for key in ("name", "subPath", "subPathExpr")):
        where = mount["mountPath"]
        hint = "mount ours elsewhere, or leave the container out by `into.exclude`"
        message = f"another volume is mounted at {where}"
        raise growth.refusal(message, *container, "volumeMounts", hint=hint)
