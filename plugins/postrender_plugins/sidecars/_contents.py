"""What the step puts into one pod template, with the object's values in it."""

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from postrender_plugins.sidecars._options import Beside
from postrender_plugins.sidecars._values import fill

if TYPE_CHECKING:
    from postrender_plugins.sidecars import Options


class Contents(NamedTuple):
    """What the step puts into one pod template."""

    containers: list[dict[str, Any]]  #: beside the others
    init_containers: list[dict[str, Any]]  #: native sidecars too
    volumes: list[dict[str, Any]]
    env: list[dict[str, Any]]
    env_from: list[dict[str, Any]]
    volume_mounts: list[dict[str, Any]]
    image_pull_secrets: list[dict[str, Any]]
    labels: dict[str, str]
    annotations: dict[str, str]
    security_context: dict[str, Any]

    @property
    def all_containers(self) -> list[dict[str, Any]]:
        """Return containers and init containers."""
        return [*self.containers, *self.init_containers]


class Recipe:
    """Makes what is put into templates; what two in a row have in common is made once."""

    def __init__(self, options: "Options") -> None:
        """Take what is put in."""
        self._options = options
        self._last: tuple[str, Contents, str] | None = None

    def make(self, values: Mapping[str, str | int], *, native: bool) -> tuple[Contents, str]:
        """Return what is put into a template, and the name and hash to know it by later.

        It is not to be changed.

        :param values: what the names in `templates` stand for.
        """
        key = repr((native, values))
        if self._last is None or self._last[0] != key:
            made = contents(self._options, values, native=native)
            self._last = key, made, digest(made, self._options)
        return self._last[1], self._last[2]


def contents(options: "Options", values: Mapping[str, str | int], *, native: bool) -> Contents:
    """Return what *options* put into a template in which the names in `templates` are *values*."""
    regular = [_regular(each) for each in fill(options.containers, values)]
    starting = fill(options.init_containers, values)
    if native:
        regular, starting = [], [*starting, *map(_native, regular)]
    return Contents(
        containers=regular,
        init_containers=starting,
        volumes=fill(options.volumes, values),
        env=fill(options.env, values),
        env_from=fill(options.env_from, values),
        volume_mounts=fill(options.volume_mounts, values),
        image_pull_secrets=[{"name": each.name} for each in options.image_pull_secrets],
        labels=fill(options.pod_labels, values),
        annotations=fill(options.pod_annotations, values),
        security_context=fill(options.security_context, values),
    )


def digest(put_in: Contents, options: "Options") -> str:
    """Return the name and hash by which a later run knows what was put in."""
    import json

    places = [_place(each) for each in (options.position, options.init_position)]
    into = options.into
    whole = [
        put_in,
        places,
        [into.containers, into.exclude, into.init_containers],
        options.on_existing,
    ]
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"))
    return f"{options.title}@sha256:{sha256(text.encode()).hexdigest()}"


def _place(place: str | Beside) -> Any:
    return [place.before, place.after] if isinstance(place, Beside) else place


def _regular(container: dict[str, Any]) -> dict[str, Any]:
    """Return a container without what would make it a native sidecar."""
    if container.get("restartPolicy") != "Always":
        return container
    return {key: value for key, value in container.items() if key != "restartPolicy"}


def _native(container: dict[str, Any]) -> dict[str, Any]:
    """Return a container as a native sidecar."""
    sidecar: dict[str, Any] = {}
    for key, value in container.items():
        sidecar[key] = value
        if key == "image":
            sidecar["restartPolicy"] = "Always"
    return {**sidecar, "restartPolicy": "Always"}
