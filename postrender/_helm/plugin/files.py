"""Writing the files of a plugin, all of them or none."""

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from postrender._errors import UsageError

MODE: Final = 0o644  #: whoever runs Helm may be another user


def write(files: Mapping[str, bytes]) -> bool:
    """Write *files*, with the folders that they need; tell whether that changed anything.

    :raises UsageError: if one cannot be written; then none is.
    """
    changed = {path: data for path, data in files.items() if _read(path) != data}
    made: list[str] = []
    temporary: dict[str, str] = {}
    try:
        for path, data in changed.items():
            made += _missing(os.path.dirname(path))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            _put(_beside(path), data, temporary, path)
        for path in list(temporary):
            os.replace(temporary[path], path)
            del temporary[path]
        made.clear()
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", location=path) from error
    finally:
        _undo(temporary, made)
    return bool(changed)


def _put(name: str, data: bytes, temporary: dict[str, str], path: str) -> None:
    with open(name, "xb") as file:
        temporary[path] = name
        file.write(data)
    os.chmod(name, MODE)


def _beside(path: str) -> str:
    folder, base = os.path.split(path)
    return os.path.join(folder, f".{base}.{os.getpid()}.tmp")


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _missing(folder: str) -> list[str]:
    """Return *folder* and those above it that are not there, the uppermost first."""
    if not folder or os.path.isdir(folder):
        return []
    return [*_missing(os.path.dirname(folder)), folder]


def _undo(temporary: Mapping[str, str], made: list[str]) -> None:
    """Remove what a run that failed has left; after any other, both are empty."""
    for name in temporary.values():
        with suppress(OSError):
            os.unlink(name)
    for folder in reversed(made):
        with suppress(OSError):  # it may hold what somebody else has put there meanwhile
            os.rmdir(folder)
