"""The folder in which the reports of the last runs are kept."""

import os
import re
from contextlib import suppress
from time import gmtime, strftime, time_ns
from typing import Final

from postrender._cli._files import replace

KEPT: Final = 20
OFF: Final = "off"
SUFFIX: Final = ".json"


_OURS: Final = re.compile(r"\.?\d{8}T\d{6}\.\d{9}Z-\d+\.json(?:\.\d+\.tmp)?")


def is_off() -> bool:
    """Tell whether the user wants no reports to be kept."""
    return os.environ.get("POSTRENDER_STATE", "").lower() == OFF


def folder() -> str:
    """Return the path of the folder, which need not exist, `""` if there is no place for it."""
    home, state = os.environ.get("HOME", ""), os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(state):  # the standard has such a path ignored
        state = os.path.join(home, ".local", "state")
    return os.path.join(state, "postrender", "reports") if os.path.isabs(state) else ""


def paths() -> list[str]:
    """Return the paths of the reports that are there, the newest first."""
    return [path for path in _files() if path.endswith(SUFFIX)]


def _files() -> list[str]:
    """Return all that is in the folder, the newest first."""
    place = folder()
    try:
        names = os.listdir(place) if place else []
    except OSError:
        names = []
    # A temporary file, which a killed run leaves, has a dot before the same name.
    names = [name for name in names if _OURS.fullmatch(name)]
    names.sort(key=lambda name: name.lstrip("."), reverse=True)
    return [os.path.join(place, name) for name in names]


def keep(data: bytes) -> None:
    """Write a report beside the others, and remove the oldest.

    :raises OSError: if it cannot be written.
    """
    place, now = folder(), time_ns()
    time = strftime("%Y%m%dT%H%M%S", gmtime(now // 10**9))
    path = os.path.join(place, f"{time}.{now % 10**9:09}Z-{os.getpid()}{SUFFIX}")
    try:
        replace(path, data, private=True)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(place), 0o700, exist_ok=True)
        os.makedirs(place, 0o700, exist_ok=True)
        replace(path, data, private=True)
    for old in _files()[KEPT:]:
        with suppress(OSError):  # another run has removed it
            os.unlink(old)
