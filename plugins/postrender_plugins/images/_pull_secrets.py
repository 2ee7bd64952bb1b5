"""The names of pull secrets in a pod spec."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from postrender import ConfigError, EditError, Location, Manifest
from postrender_plugins._metadata.places import Place

_PART = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NAME: Final = rf"(?=.{{1,253}}$){_PART}(?:\.{_PART})*"


def add(manifest: Manifest, pod: Place, names: Iterable[str]) -> None:
    """Add to the pod spec at *pod* the *names* that it has not, behind those that it has.

    :raises EditError: if what it has is no list.
    """
    path = (*pod, "imagePullSecrets")
    secrets = manifest.get(path)
    if secrets is None:
        manifest.set(path, [{"name": name} for name in names])
        return
    if not isinstance(secrets, list):
        raise EditError("the pull secrets are no list", location=manifest.at(path))
    there = {item.get("name") for item in secrets if isinstance(item, dict)}
    missing = [name for name in names if name not in there]
    for index, name in enumerate(missing, len(secrets)):
        manifest.insert((*path, index), {"name": name})


def check(names: Sequence[str]) -> None:
    """Refuse what no secret can be called.

    :raises ConfigError: with the path of the fault, from the options.
    """
    for index, name in enumerate(names):
        location = Location(path=("imagePullSecrets", index))
        if not re.fullmatch(_NAME, name):
            raise ConfigError("the value is no name of a secret", location=location)
        if name in names[:index]:
            raise ConfigError(f"the secret {name} is there twice", location=location)
