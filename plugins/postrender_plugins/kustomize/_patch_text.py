"""What a patch is: operations, or parts of objects."""

from typing import Any

from postrender import ConfigError, Location
from postrender_plugins._merge.text import JsonPatch, Patch, of_value, parse


def parsed(patch: Any, key: str = "") -> list[Patch]:
    """Return the patches that a text, or a value, holds.

    :param key: what the patch stands under, for the path of an error.
    :raises ConfigError: if it holds none, or several of which one is a JSON patch.
    """
    try:
        patches = parse(patch) if isinstance(patch, str) else of_value(patch)
    except ConfigError as error:
        inner = error.location.path if isinstance(error.location, Location) else ()
        error.location = Location(path=(key, *inner) if key else inner)
        raise
    if len(patches) > 1 and any(isinstance(each, JsonPatch) for each in patches):
        path = (key,) if key else ()
        raise ConfigError("there is more than one JSON patch", location=Location(path=path))
    return patches
