"""Where Helm keeps its caches, configuration and data on each platform."""

import ntpath
import posixpath
from collections.abc import Mapping
from types import ModuleType
from typing import NamedTuple


class Folders(NamedTuple):
    """Helm's three folders, and how the platform writes paths."""

    cache: str
    config: str
    data: str
    paths: ModuleType  #: `posixpath` or `ntpath`

    def join(self, *parts: str) -> str:
        """Join a path as Go's `filepath.Join` does: cleaned, and empty parts left out."""
        joined: str = self.paths.normpath(self.paths.sep.join(part for part in parts if part))
        return joined[1:] if joined.startswith("//") else joined


def home(environ: Mapping[str, str], platform: str) -> str:
    """Return the user's home folder; "" if there is none, which makes paths relative."""
    return environ.get("HOME") or (environ.get("USERPROFILE", "") if platform == "win32" else "")


def folders(environ: Mapping[str, str], platform: str) -> Folders:
    """Return Helm's folders, from HELM_…_HOME, XDG_…_HOME or the platform's own rule.

    :param platform: `linux`, `darwin`, `win32` or another, as `sys.platform` names it.
    """
    paths = ntpath if platform == "win32" else posixpath
    join = Folders("", "", "", paths).join
    defaults = {
        "darwin": ("Library/Caches", "Library/Preferences", "Library"),
    }.get(platform, (".cache", ".config", ".local/share"))
    user = home(environ, platform)
    bases = [join(user, default) for default in defaults]
    if platform == "win32":
        roaming = environ.get("APPDATA", "")
        bases = [environ.get("TEMP", ""), roaming, roaming]

    def folder(name: str, base: str) -> str:
        if own := environ.get(f"HELM_{name}_HOME"):
            return join(own)
        return join(environ.get(f"XDG_{name}_HOME") or base, "helm")

    cache, config, data = bases
    return Folders(folder("CACHE", cache), folder("CONFIG", config), folder("DATA", data), paths)
