"""The parts of the options, and what can be wrong with them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final

from postrender import ConfigError, Location
from postrender_plugins._metadata import names
from postrender_plugins._podspec.version import parse

if TYPE_CHECKING:
    from postrender_plugins.sidecars import Options

#: the annotation of a pod template that remembers what was put in
MARKER: Final = "postrender.io/injected"
#: the first version whose API server takes native sidecars without being told to
NATIVE: Final = (1, 29)
SOURCE: Final = re.compile(
    r"(?P<kind>kind)"
    r"|metadata\.(?P<own>name|namespace)"
    r"|(?P<template>template\.)?metadata\.(?P<map>labels|annotations)\['(?P<key>[^']+)'\]"
    r"|container\.(?P<field>name|image)"
    r"|container\.ports\[(?:(?P<index>\d+)|'(?P<port>[^']+)')\]"
)


@dataclass(frozen=True, repr=False, eq=False)
class Into:
    """Which containers get `env`, `envFrom` and `volumeMounts`."""

    containers: tuple[str, ...] = field(default=("*",), metadata={"description": "globs of names"})
    exclude: tuple[str, ...] = field(
        default=(), metadata={"description": "globs of names that get nothing"}
    )
    init_containers: bool = field(
        default=False, metadata={"description": "whether init containers get it as well"}
    )


@dataclass(frozen=True, repr=False, eq=False)
class Beside:
    """A place before or after the container of a name."""

    before: str = field(default="", metadata={"description": "the name of a container"})
    after: str = field(default="", metadata={"description": "the name of a container"})

    def __post_init__(self) -> None:
        """Refuse no place, and two."""
        if bool(self.before) is bool(self.after):
            raise _fault("the place is `before` a container, or `after` one", "before")


@dataclass(frozen=True, repr=False, eq=False)
class PullSecret:
    """A secret to pull images with."""

    shorthand: ClassVar[str] = "name"

    name: str = field(metadata={"description": "the secret's name"})


@dataclass(frozen=True, repr=False, eq=False)
class Value:
    """A value of the object that texts may hold."""

    shorthand: ClassVar[str] = "source"

    source: str = field(metadata={"description": "where it stands, such as `metadata.name`"})
    default: str | int | None = field(
        default=None, metadata={"description": "what stands for it where it is not there"}
    )


def check(options: "Options") -> None:
    """Refuse what puts nothing in, or cannot be put in anywhere.

    :raises ConfigError: with the path of the fault, from the options.
    """
    _check_contents(options)
    _check_names(options)
    _check_entries(options)
    _check_metadata(options)
    _check_selection(options)
    _check_version(options)


def _check_contents(options: "Options") -> None:
    for_containers = options.env or options.env_from or options.volume_mounts
    for_pods = (
        options.image_pull_secrets
        or options.pod_labels
        or options.pod_annotations
        or options.security_context
    )
    contents = options.containers or options.init_containers or options.volumes
    if not (contents or for_containers or for_pods or options.remove):
        hint = "give it `containers`, `initContainers`, `volumes`, `env` or another"
        raise ConfigError("the step puts nothing in", hint=hint)
    is_narrowed = options.into.exclude or options.into.init_containers
    if (is_narrowed or options.into.containers != ("*",)) and not for_containers:
        message = "`into` is only for `env`, `envFrom` and `volumeMounts`"
        raise _fault(message, "into")


def _check_names(options: "Options") -> None:
    found: set[str] = set()
    lists = (("containers", options.containers), ("initContainers", options.init_containers))
    for key, containers in lists:
        for index, container in enumerate(containers):
            name = _text(container, "name", key, index)
            if name in found:
                raise _fault(f"the container {name} is there twice", key, index)
            found.add(name)
    _check_unique("volumes", "name", options.volumes)
    if not options.title:
        hint = "a later run finds by it what this one put in"
        raise ConfigError("the option `name` is missing", hint=hint)
    if "@" in options.title:
        raise _fault("the name has an @", "name")


def _check_entries(options: "Options") -> None:
    _check_unique("env", "name", options.env)
    _check_unique("volumeMounts", "mountPath", options.volume_mounts)
    for index, mount in enumerate(options.volume_mounts):
        _text(mount, "name", "volumeMounts", index)
    for index, source in enumerate(options.env_from):
        if not source.keys() & {"configMapRef", "secretRef"}:
            raise _fault("it is neither a `configMapRef` nor a `secretRef`", "envFrom", index)
    secrets = [{"name": each.name} for each in options.image_pull_secrets]
    _check_unique("imagePullSecrets", "name", secrets)


def _check_unique(key: str, identity: str, items: Sequence[Mapping[str, Any]]) -> None:
    found: set[str] = set()
    for index, item in enumerate(items):
        name = _text(item, identity, key, index)
        if name in found:
            raise _fault(f"{name} is there twice", key, index)
        found.add(name)


def _text(item: Mapping[str, Any], identity: str, key: str, index: int) -> str:
    value = item.get(identity)
    if not isinstance(value, str) or not value:
        raise _fault(f"it has no `{identity}`", key, index)
    return value


def _check_metadata(options: "Options") -> None:
    for key, value in options.pod_labels.items():
        fault = names.key_fault(key) or names.value_fault(value)
        if fault and "${" not in value:
            raise _fault(fault, "podLabels", key)
    for key in options.pod_annotations:
        fault = names.key_fault(key.lower()) or names.reserved(key)
        if fault or key == MARKER:
            raise _fault(fault or "the key is ours", "podAnnotations", key)


def _check_selection(options: "Options") -> None:
    if options.pod_where is not None:
        for word in sorted(options.pod_where.words - {"labels", "annotations", "not"}):
            message = "a pod template is selected by `labels` and `annotations`"
            raise _fault(message, "podWhere", word)
    for key, value in options.templates.items():
        if SOURCE.fullmatch(value.source) is None:
            hint = "such as metadata.name, metadata.labels['KEY'] or container.ports[0]"
            message = f"{value.source} is no value that there is a name for"
            raise ConfigError(message, location=Location(path=("templates", key)), hint=hint)
    for index, pattern in _patterns(options):
        if not pattern:
            raise _fault("the key is empty", *index)


def _patterns(options: "Options") -> Iterator[tuple[tuple[str, int], str]]:
    for name, keys in (("optOut", options.opt_out), ("optIn", options.opt_in)):
        for index, key in enumerate(keys):
            yield (name, index), key


def _check_version(options: "Options") -> None:
    if not options.kube_version:
        return
    try:
        version = parse(options.kube_version)
    except ValueError as error:
        raise _fault(str(error), "kubeVersion") from None
    if options.mode == "native" and version < NATIVE:
        raise _fault("there are native sidecars from Kubernetes 1.29 on", "mode")


def _fault(message: str, *path: str | int) -> ConfigError:
    return ConfigError(message, location=Location(path=path))
