"""The reference of an image: its name, tag and digest, and Docker's short names."""

import re
from typing import Final, NamedTuple

DOCKER_HUB: Final = "docker.io"
LATEST: Final = "latest"  #: the tag that is meant where there is none

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_REGISTRY = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?"
# A registry takes no capitals in a path; what has some is told apart all the same.
_COMPONENT = "[A-Za-z0-9]+(?:(?:[.]|__?|-+)[A-Za-z0-9]+)*"
_NAME = rf"(?:{_REGISTRY}/)?{_COMPONENT}(?:/{_COMPONENT})*"
_TAG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_WORD = "[A-Za-z][A-Za-z0-9]*"
_DIGEST = rf"{_WORD}(?:[-_+.]{_WORD})*:[0-9A-Fa-f]{{32,}}"
_REFERENCE: Final = rf"({_NAME})(?::({_TAG}))?(?:@({_DIGEST}))?"


class Reference(NamedTuple):
    """An image as a container names it."""

    name: str  #: registry and path, as they are written
    tag: str = ""
    digest: str = ""  #: with its algorithm, as in `sha256:...`

    def __str__(self) -> str:
        """Write it as a container has it."""
        return self.name + (self.tag and ":" + self.tag) + (self.digest and "@" + self.digest)


def parse(text: str) -> Reference | None:
    """Return the reference that *text* is, None if it is none."""
    found = re.fullmatch(_REFERENCE, text)
    return Reference(*(part or "" for part in found.groups())) if found else None


def is_tag(text: str) -> bool:
    """Tell whether *text* can be a tag."""
    return re.fullmatch(_TAG, text) is not None


def is_digest(text: str) -> bool:
    """Tell whether *text* is the digest of something, with its algorithm."""
    return re.fullmatch(_DIGEST, text) is not None


def has_registry(name: str) -> bool:
    """Tell whether *name* begins with a registry; one with neither dot nor port is `localhost`."""
    first, slash, _ = name.partition("/")
    return bool(slash) and (first == "localhost" or not {".", ":"}.isdisjoint(first))


def normalized(name: str) -> str:
    """Return *name* in full: `nginx`, `docker.io/nginx` are `docker.io/library/nginx`."""
    if not has_registry(name):
        name = f"{DOCKER_HUB}/{name}"
    registry, _, path = name.partition("/")
    if registry == f"index.{DOCKER_HUB}":
        registry = DOCKER_HUB
    if registry == DOCKER_HUB and "/" not in path:
        path = f"library/{path}"
    return f"{registry}/{path}"
