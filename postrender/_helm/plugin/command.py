"""The command by which Helm 4 starts a plugin, written so that Helm reads it as it is meant.

Helm splits `command` at every space, then puts the values of variables (`$NAME`) into each part
and into each of `args`, which it does not split. It knows no quotes and no escapes, so a path with
a space can stand among the arguments only, and one with a dollar nowhere.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from postrender._errors import UsageError

PROGRAM: Final = "postrender"
MODULE: Final = ("-P", "-m", PROGRAM)  #: -P, lest files of the working folder pass for our modules
PLUGIN_DIR: Final = "${HELM_PLUGIN_DIR}"  #: the folder of the plugin, which Helm puts in
CONFIG: Final = "--config="
SYSTEMS: Final = ("linux", "darwin", "windows")


class Command(NamedTuple):
    """What Helm starts on one system."""

    os: str  #: as Go calls it
    command: str
    args: tuple[str, ...] = ()

    def words(self, folder: str) -> list[str]:
        """Return program and arguments as Helm would start them from the plugin's *folder*."""
        words = (*self.command.split(" "), *self.args)
        return [word.replace(PLUGIN_DIR, folder) for word in words]

    def configs(self, folder: str) -> list[str]:
        """Return the configuration files among the arguments."""
        words = self.words(folder)
        return [word.removeprefix(CONFIG) for word in words if word.startswith(CONFIG)]


def system(platform: str) -> str:
    """Return what Go calls the system that `sys.platform` calls *platform*."""
    return "windows" if platform == "win32" else platform.rstrip("0123456789")


def of_installation(python: str, here: str, configs: Sequence[str]) -> list[Command]:
    """Return the commands of a plugin that starts us with *python* on the system *here*.

    Elsewhere, and here where *python* is "", Helm finds `postrender` in PATH.

    :param configs: absolute paths.
    :raises UsageError: if Helm could not read the path of a configuration.
    """
    options = _options(configs)
    mine = _start(python, here, options) if python else Command(here, PROGRAM, options)
    return [mine, *(command for command in of_path(configs) if command.os != here)]


def of_path(configs: Sequence[str]) -> list[Command]:
    """Return the commands of a plugin that finds `postrender` in PATH.

    :raises UsageError: if Helm could not read the path of a configuration.
    """
    return [Command(each, PROGRAM, _options(configs)) for each in SYSTEMS]


def is_writable(python: str, here: str) -> bool:
    """Tell whether a command can start the program *python* on the system *here*."""
    if "$" in python or not python:
        return False
    return " " not in python or (here != "windows" and "=" not in python)


def _start(python: str, here: str, options: tuple[str, ...]) -> Command:
    if " " not in python:
        return Command(here, python, (*MODULE, *options))
    # env starts its first argument that is no NAME=VALUE, and is where the shells' #! expect it.
    return Command(here, "/usr/bin/env", (python, *MODULE, *options))


def _options(configs: Sequence[str]) -> tuple[str, ...]:
    return tuple(_option(each) for each in configs)


def _option(config: str) -> str:
    if "$" in config.removeprefix(PLUGIN_DIR):
        hint = "Helm would take it for a variable; rename the file or its folder"
        raise UsageError("the path holds a dollar", location=config, hint=hint)
    return CONFIG + config
