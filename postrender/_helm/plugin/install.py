"""The plugin in a folder of plugins: put there, and taken away, and nobody else's touched."""

import os
import shlex
from collections.abc import Sequence
from contextlib import suppress

from postrender._errors import UsageError
from postrender._helm.plugin import files, metadata
from postrender._helm.plugin.command import Command
from postrender._helm.plugin.metadata import FILE, INSTALLED, PACKAGED, Plugin

OTHER_NAME = "choose another --name"


def install(plugins: str, name: str, version: str, commands: Sequence[Command]) -> str:
    """Write the plugin *name* into the folder *plugins*; tell what that was to it.

    Returns `installed`, `updated` or `is installed already`.

    :raises UsageError: if something else has its place or its name, or it cannot be written.
    """
    text = metadata.compose(name, version, INSTALLED, commands)
    _refuse_unseen(plugins)
    had = installed(plugins, name)
    if not files.write({os.path.join(plugins, name, FILE): text}):
        return "is installed already"
    return "updated" if had else "installed"


def uninstall(plugins: str, name: str) -> str:
    """Remove what `install` wrote, or a link to what `package` wrote; tell what was done.

    A link is how Helm installs a local folder; Helm 3 makes one too, and cannot remove it.

    :raises UsageError: if the plugin is neither, or cannot be removed.
    """
    if link := _link(plugins, name):
        target = os.path.realpath(link)
        _unlink(link, link)
        return f"uninstalled: {link}, a link to {target}, which stays"
    folder = os.path.join(plugins, name)
    if not installed(plugins, name):
        return f"is not installed: {folder}"
    _unlink(os.path.join(folder, FILE), folder)
    with suppress(OSError):  # somebody may have put something else there
        os.rmdir(folder)
    return f"uninstalled: {folder}"


def _link(plugins: str, name: str) -> str:
    """Return the link to a package of ours that is called *name*, "" if there is none."""
    for each in metadata.find(plugins):
        if (each.name, each.writer) == (name, PACKAGED) and os.path.islink(each.folder):
            return each.folder
    return ""


def _unlink(path: str, told: str) -> None:
    try:
        os.unlink(path)
    except OSError as error:
        raise UsageError(f"cannot be removed: {error.strerror}", location=told) from error


def is_unseen(plugins: str) -> bool:
    """Tell whether Helm finds no plugins in *plugins*, whose path it reads as a pattern."""
    return "[" in plugins or (os.sep == "/" and "\\" in plugins)


def _refuse_unseen(plugins: str) -> None:
    if is_unseen(plugins):
        hint = "Helm reads the path as a pattern, and finds nothing there; name another folder"
        raise UsageError("the folder has a bracket or a backslash", location=plugins, hint=hint)


def installed(plugins: str, name: str) -> Plugin | None:
    """Return the plugin *name* that `install` wrote into the folder *plugins*.

    :raises UsageError: if it is there by another's, or something else has its place.
    """
    folder = os.path.join(plugins, name)
    for each in metadata.find(plugins):
        if each.name == name and each.folder != folder:
            raise _taken(each.folder, name)
    plugin = metadata.read(folder)
    if os.path.islink(folder):
        raise _taken(folder, name)
    if plugin is None:
        if os.path.lexists(folder) and not _is_empty(folder):
            raise UsageError("is there already and no plugin", location=folder, hint=OTHER_NAME)
        return None
    if plugin.writer != INSTALLED or plugin.name not in {"", name}:
        raise _taken(folder, plugin.name)
    return plugin


def _taken(folder: str, name: str) -> UsageError:
    message = f"holds the plugin `{name}`, which `{INSTALLED}` did not write"
    remove = shlex.join(["rm", *(() if os.path.islink(folder) else ("-r",)), folder])
    helm4 = f"helm plugin uninstall {name}"
    hint = f"{OTHER_NAME}, or remove it with: {helm4}, or on Helm 3: {remove}"
    return UsageError(message, location=folder, hint=hint)


def _is_empty(folder: str) -> bool:
    try:
        return not os.listdir(folder)
    except OSError:
        return False
