"""The map of registries: which registry, or part of one, is mirrored where."""

from collections.abc import Mapping

from postrender import ConfigError, Location
from postrender_plugins._images.reference import DOCKER_HUB, has_registry, parse


class Registries:
    """Prefixes of image names and what takes their places; the longest that fits decides."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Take what `check` has passed."""
        self._prefixes = {_plain(old): _plain(new) for old, new in prefixes.items()}

    def rename(self, name: str) -> str:
        """Return where the image of the full *name* is found, *name* if no prefix fits."""
        end = len(name)
        while end > 0:
            new = self._prefixes.get(name[:end])
            if new is not None:
                return name if _leads_back(name[:end], new, name) else new + name[end:]
            end = name.rfind("/", 0, end)
        return name


def _leads_back(old: str, new: str, name: str) -> bool:
    """Tell whether *name* is where *new* is, inside of *old*: an earlier run may have put it."""
    return f"{new}/".startswith(f"{old}/") and f"{name}/".startswith(f"{new}/")


def check(prefixes: Mapping[str, str]) -> None:
    """Refuse what is no registry, and a mirror that another prefix would map once more.

    :raises ConfigError: with the path of the fault, from the options.
    """
    for old, new in prefixes.items():
        for value in (old, new):
            _check_prefix(value, Location(path=("registries", old)))
    registries = Registries(prefixes)
    for old, new in prefixes.items():
        mirror = f"{_plain(new)}/image"
        if registries.rename(mirror) != mirror:
            message = f"images in {new} are mapped once more by another prefix"
            raise ConfigError(message, location=Location(path=("registries", old)))


def _check_prefix(value: str, location: Location) -> None:
    found = parse(f"{_plain(value)}/image")
    if found is None or "://" in value:
        hint = "write it without a scheme, as in registry.example.com/path"
        raise ConfigError(f"{value} is no registry", location=location, hint=hint)
    if not has_registry(found.name):
        hint = f"a path of Docker Hub is written {DOCKER_HUB}/{value}"
        raise ConfigError(f"{value} does not begin with a registry", location=location, hint=hint)


def _plain(prefix: str) -> str:
    """Return *prefix* as full names have it."""
    prefix = prefix.rstrip("/")
    registry, slash, path = prefix.partition("/")
    return DOCKER_HUB + slash + path if registry == f"index.{DOCKER_HUB}" else prefix
