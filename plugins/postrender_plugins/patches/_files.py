"""Files that a configuration names: read from its folder, and not from outside it."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from postrender import ConfigError, load_documents


def read(path: str, directory: str, *, allow_outside: bool) -> str:
    """Return the text of a file; a byte order mark is no part of it.

    :param directory: the folder that *path* starts from, and stays in unless *allow_outside*.
    :raises ConfigError: if it may not or cannot be read.
    """
    full = os.path.join(directory, path)
    root = os.path.realpath(directory)
    if not allow_outside and os.path.commonpath((root, os.path.realpath(full))) != root:
        raise ConfigError(
            "is outside the folder of the configuration",
            location=path,
            hint="copy it there, or say `allowOutside: true`",
        )
    try:
        with open(full, encoding="utf-8-sig") as file:
            return file.read()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", location=path) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not UTF-8 at byte {error.start}", location=path) from error


def definitions(
    paths: Sequence[str], directory: str, *, allow_outside: bool
) -> list[Mapping[str, Any]]:
    """Return the objects in files, which are to be CustomResourceDefinitions.

    :raises ConfigError: if a file cannot be read, or holds something else.
    """
    found = []
    for path in paths:
        text = read(path, directory, allow_outside=allow_outside)
        try:
            values = load_documents(text)
        except ConfigError as error:
            error.location = path
            raise
        for value in values:
            is_one = isinstance(value, Mapping) and value.get("kind") == "CustomResourceDefinition"
            if not is_one:
                message = "holds something that is no CustomResourceDefinition"
                raise ConfigError(message, location=path)
            found.append(value)
    return found
