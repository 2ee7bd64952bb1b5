"""The folders in which Helm looks for plugins, as `helm env HELM_PLUGINS` has them."""

import ntpath
import posixpath
from collections.abc import Mapping
from typing import NamedTuple

from postrender._errors import UsageError


class Folders(NamedTuple):
    """Where Helm looks for plugins, in its order."""

    paths: tuple[str, ...]  #: at least one
    reason: str  #: what says so: an option, a variable, or Helm's default


def folders(environment: Mapping[str, str], platform: str) -> Folders:
    """Return the folders that Helm uses with *environment* on *platform* (as `sys.platform`).

    :raises UsageError: if HELM_PLUGINS is there, but names none.
    """
    path = ntpath if platform == "win32" else posixpath
    listed = environment.get("HELM_PLUGINS")
    if listed is None:
        home, reason = _data_home(environment, platform)
        return Folders((path.normpath(path.join(home, "plugins")),), reason)
    paths = tuple(each for each in listed.split(path.pathsep) if each)
    if not paths:
        hint = "unset it, or name a folder with --plugins-dir"
        raise UsageError("HELM_PLUGINS is empty, so Helm has no plugins", hint=hint)
    return Folders(paths, "HELM_PLUGINS")


def _data_home(environment: Mapping[str, str], platform: str) -> tuple[str, str]:
    """Return Helm's data home and what says so; an empty variable says nothing."""
    if home := environment.get("HELM_DATA_HOME"):
        return home, "HELM_DATA_HOME"
    if home := environment.get("XDG_DATA_HOME"):
        return f"{home}/helm", "XDG_DATA_HOME"
    reason = "Helm's default"
    if platform == "win32":
        return environment.get("APPDATA", "") + "/helm", reason
    home = environment.get("HOME", "")
    data = "Library" if platform == "darwin" else ".local/share"
    return posixpath.join(home, data, "helm"), reason
