"""The plugin as a folder of its own, for `helm plugin install`."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from postrender._errors import UsageError
from postrender._helm.plugin import command, files, metadata
from postrender._helm.plugin.command import PLUGIN_DIR
from postrender._helm.plugin.metadata import FILE, PACKAGED, Plugin

_CHOOSE: Final = "name a folder of its own with -o"


def package(folder: str, name: str, version: str, configs: Mapping[str, bytes]) -> str:
    """Write the plugin *name* and copies of its configurations into *folder*.

    Returns `written`, `updated` or `is up to date`. A configuration that is in the folder already
    is taken as it is; then the folder may hold other files too, such as what it names.

    :param configs: the contents of the configurations, by their paths.
    :raises UsageError: if the folder is somebody else's, or cannot be written.
    """
    had = _claim(folder, configs)
    names = [os.path.basename(config) for config in configs]
    _refuse_twice([FILE, *names])
    options = [f"{PLUGIN_DIR}/{each}" for each in names]
    contents = {}
    for config, data in configs.items():
        target = os.path.join(folder, os.path.basename(config))
        _refuse_stranger(target, config, had)
        contents[target] = data
    commands = command.of_path(options)
    contents[os.path.join(folder, FILE)] = metadata.compose(name, version, PACKAGED, commands)
    if not files.write(contents):
        return "is up to date"
    return "updated" if had else "written"


def _claim(folder: str, configs: Iterable[str]) -> Plugin | None:
    """Return the plugin that we wrote into *folder* before.

    :raises UsageError: if it holds another's work.
    """
    try:
        entries = os.listdir(folder) if os.path.lexists(folder) else []
    except OSError as error:
        raise UsageError(f"is no folder: {error.strerror}", location=folder) from error
    if FILE in entries:
        plugin = metadata.read(folder)
        if plugin and plugin.writer == PACKAGED:
            return plugin
        raise UsageError(f"has a plugin.yaml not by `{PACKAGED}`", location=folder, hint=_CHOOSE)
    strangers = [entry for entry in entries if not entry.startswith(".")]  # .git is welcome
    home = os.path.realpath(folder)
    if strangers and not any(os.path.dirname(os.path.realpath(each)) == home for each in configs):
        raise UsageError("holds other files", location=folder, hint=_CHOOSE)
    return None


def _refuse_twice(names: Sequence[str]) -> None:
    seen = set()
    for name in names:
        if name.casefold() in seen:  # git brings the folder to systems that do not tell case
            hint = "they share a folder in the plugin; rename one"
            raise UsageError(f"two files are called {name}", hint=hint)
        seen.add(name.casefold())


def _refuse_stranger(target: str, config: str, had: Plugin | None) -> None:
    """Refuse to write over a file that is neither the configuration itself nor an older copy."""
    if not os.path.lexists(target) or os.path.realpath(target) == os.path.realpath(config):
        return
    copies = had.commands[0].configs(os.path.dirname(target)) if had and had.commands else []
    if target not in copies:
        hint = f"remove it, or rename {config}"
        raise UsageError("is there already", location=target, hint=hint)
