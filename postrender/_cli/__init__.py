"""The command line: the only place that knows arguments, environment, streams and exit codes."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Final

from postrender._cli import _terminal
from postrender._errors import UsageError
from postrender._nearest import did_you_mean

#: The module of each command, which has a function of the command's name.
COMMANDS: Final = {
    "diff": "_diff",
    "explain": "_explain",
    "helm": "_helm",
    "plugins": "_plugins",
    "report": "_report",
    "run": "_filter",
    "scan": "_scan",
    "schema": "_schema",
    "simulate": "_simulate",
    "storage": "_storage",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; the code of an error is on its class.

    :param argv: the arguments, those of the process if None.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _command(arguments)(arguments)
    except _terminal.Veiled as veiled:
        return _terminal.fail(veiled.error, "--debug" in arguments, scrub=veiled.scrub)
    except (KeyboardInterrupt, Exception) as error:
        return _terminal.fail(error, "--debug" in arguments)


def _meant(name: str) -> str:
    """Say what a word that is no command was meant for."""
    if name in ("help", "version"):
        return f"write postrender --{name}"
    if os.path.isfile(name):
        return f"read it with -f {name}"
    return did_you_mean(name, COMMANDS)


def _command(arguments: list[str]) -> Callable[[Sequence[str]], int]:
    """Return the command that *arguments* name, and take its name out of them."""
    name = "run"
    if arguments and not arguments[0].startswith("-"):
        name = arguments.pop(0)
    if name not in COMMANDS:
        return _of_plugin(name)
    # Imported only now, since each command has imports that the others have no use for.
    module = import_module(f"postrender._cli.{COMMANDS[name]}")
    command: Callable[[Sequence[str]], int] = getattr(module, name)
    return command


def _of_plugin(name: str) -> Callable[[Sequence[str]], int]:
    """Return what runs the commands of the plugin called *name*.

    :raises UsageError: if there is no such plugin, or it has none.
    """
    from postrender._cli import _plugin

    commands = _plugin.commands_of(name)
    if commands is None:
        raise UsageError(f"unknown command `{name}`", hint=_meant(name))
    if not commands:
        hint = "it is for a step of the configuration; see postrender plugins"
        raise UsageError(f"the plugin `{name}` has no commands", hint=hint)
    return partial(_plugin.run, name, commands)
