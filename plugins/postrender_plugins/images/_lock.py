"""The lock file: which digest an image's name and tag stand for.

One `name:tag: digest` on a line, as YAML has it, or a JSON object:

    # images.lock
    nginx:1.25: sha256:...
    quay.io/org/app:2.1: sha256:...

Nothing else of YAML is understood, so a slip cannot be taken for something that pins nothing.
"""

import os
import re
from collections.abc import Iterator
from typing import Final

from postrender import ConfigError
from postrender_plugins._images.reference import LATEST, Reference, is_digest, normalized, parse

_LINE: Final = (
    r"""(?P<k>["']?)(?P<key>[^\s"',#]+?)(?P=k)\s*:\s+(?P<v>["']?)(?P<value>[^\s"',]+)(?P=v)"""
)
_BARE: Final = r"\s*(#.*)?|---\s*"
_SHA256_SIZE: Final = len("sha256:") + 64

Pair = tuple[str, object, str]  # key, value, and the place for messages


class Lock:
    """Digests by the full names and tags of images."""

    def __init__(self, name: str, digests: dict[str, str]) -> None:
        """Take what `read` found in the file *name*."""
        self.name = name
        self._digests = digests

    def digest(self, *images: Reference) -> str:
        """Return the digest of the first of *images*, names of the same, that has one, or ""."""
        found = (self._digests.get(key(image)) for image in images)
        return next((digest for digest in found if digest), "")


def key(image: Reference) -> str:
    """Return name and tag of *image* in full."""
    return f"{normalized(image.name)}:{image.tag or LATEST}"


def read(name: str, directory: str) -> Lock:
    """Read the lock file *name*, relative to *directory*.

    :raises ConfigError: if it cannot be read, or a line of it makes no sense.
    """
    try:
        with open(os.path.join(directory, name), encoding="utf-8-sig") as file:
            text = file.read()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"the lock file cannot be read: {reason}", location=name) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"the lock file is not UTF-8 at byte {error.start}", location=name
        ) from error
    digests: dict[str, str] = {}
    pairs = _of_json(text, name) if text.lstrip().startswith("{") else _of_lines(text, name)
    for image, digest, place in pairs:
        full = key(_image(image, place))
        if digests.setdefault(full, _digest(image, digest, place)) != digest:
            raise ConfigError(f"{full} is locked twice, to different digests", location=place)
    return Lock(name, digests)


def _of_lines(text: str, name: str) -> Iterator[Pair]:
    for number, line in enumerate(text.splitlines(), 1):
        if re.fullmatch(_BARE, line):
            continue
        found = re.fullmatch(_LINE + r"\s*(\s#.*)?", line)
        place = f"{name}:{number}"
        if found is None:
            raise ConfigError(
                "the line is no image and its digest",
                location=place,
                hint="write it as `name:tag: sha256:...`",
            )
        yield found["key"], found["value"], place


def _of_json(text: str, name: str) -> Iterator[Pair]:
    import json  # lock files are lines, mostly

    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except ValueError as error:
        raise ConfigError(f"the lock file is no JSON: {error}", location=name) from error
    return ((image, digest, name) for image, digest in pairs)


def _image(text: str, place: str) -> Reference:
    image = parse(text)
    if image is None or image.digest:
        raise ConfigError(f"{text} is no image with a tag", location=place)
    return image


def _digest(image: str, digest: object, place: str) -> str:
    if not isinstance(digest, str) or not is_digest(digest):
        raise ConfigError(f"{image} is locked to what is no digest", location=place)
    if digest.startswith("sha256:") and len(digest) != _SHA256_SIZE:
        raise ConfigError(f"the digest of {image} has not the length of a sha256", location=place)
    return digest
