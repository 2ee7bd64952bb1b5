"""`postrender PLUGIN COMMAND`: the commands that plugins offer."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, get_origin

from postrender import _plugins
from postrender._cli import _terminal
from postrender._cli._arguments import DEBUG, HELP, Arguments, Option, parse, usage
from postrender._cli._check_run import INPUTS, CheckRun
from postrender._cli._collector import no_collector
from postrender._cli._console import CommandLine
from postrender._commands import Command
from postrender._errors import ConfigError, PluginError, PostrenderError, UsageError
from postrender._nearest import did_you_mean
from postrender._options import Option as Field
from postrender._options import bind, options_of
from postrender._redacted import Seen
from postrender._source import path_of

_EVERYWHERE: Final = frozenset(option.long for option in (*INPUTS, DEBUG, HELP))


def commands_of(name: str) -> list[Command] | None:
    """Return the commands of the plugin called *name*, None where there is no such plugin.

    :raises ConfigError: if more than one is called so, or it is no plugin.
    :raises PluginError: if it cannot be imported, or cannot say what its commands are.
    """
    if not any(_plugins.same_name(name, known) for known in _plugins.names()):
        return None
    plugin = _plugins.find(name)
    manager = _plugins.Manager()
    manager.register(name, plugin)
    caller = manager.call_for("postrender_commands", plugin)
    try:
        return list(caller()) if caller else []
    except (Exception, SystemExit) as error:
        raise PluginError(f"postrender_commands failed: {type(error).__name__}: {error}") from error


def run(name: str, commands: Sequence[Command], argv: Sequence[str]) -> int:
    """Run the one of *commands* of the plugin called *name* that *argv* says."""
    word = next(iter(argv), HELP.long)
    if word.startswith("-"):
        parse((), argv)
        _terminal.write(_overview(name, commands))
        return 0
    known = {command.name: command for command in commands}
    if word not in known:
        hint = did_you_mean(word, known)
        raise UsageError(f"the plugin `{name}` has no command `{word}`", hint=hint)
    return _run(name, known[word], argv[1:])


def _run(name: str, command: Command, argv: Sequence[str]) -> int:
    fields = options_of(command.options)
    for field in fields:
        if _long(field) in _EVERYWHERE:
            message = f"the option {_long(field)} is one that every command has"
            raise PluginError(message, location=f"{name} {command.name}")
    options = (*map(_option, fields), *INPUTS)
    arguments = parse(options, argv)
    if HELP.long in arguments:
        title = f"postrender {name} {command.name}"
        _terminal.write(usage(title, options, command.summary))
        return 0
    given = _given(command, fields, arguments)
    seen = Seen()
    with _terminal.veiled(seen.scrub), no_collector():
        console = CommandLine(CheckRun(arguments, name, seen, {}), seen)
        try:
            command.run(given, console)
        except (PostrenderError, BrokenPipeError):
            raise
        except (Exception, SystemExit) as error:
            message = f"the command failed: {type(error).__name__}: {error}"
            raise PluginError(message, location=f"{name} {command.name}") from error
    return 0


def _overview(name: str, commands: Sequence[Command]) -> str:
    width = max(len(command.name) for command in commands)
    lines = [f"  {command.name.ljust(width)}  {command.summary}" for command in commands]
    head = f"usage: postrender {name} COMMAND [options]"
    return "\n".join([head, "", "commands, each with its own --help:", *lines, ""])


# -- options --------------------------------------------------------------------------------------


def _long(field: Field) -> str:
    return "--" + field.name.strip("_").replace("_", "-")


def _option(field: Field) -> Option:
    """Return the option of the command line that fills a field."""
    is_flag = field.hint is bool
    word = "" if is_flag else field.name.strip("_").rpartition("_")[2].upper()
    needed = ", required" if field.required else ""
    default = f" (default: {field.default})" if field.default and not is_flag else ""
    text = field.description + default + needed
    return Option(_long(field), text, "", word, get_origin(field.hint) is tuple)


def _given(command: Command, fields: Sequence[Field], arguments: Arguments) -> Any:
    """Return the command's options, as *arguments* have them.

    :raises UsageError: if one is missing or wrong.
    """
    for field in fields:
        if field.required and _long(field) not in arguments:
            hint = f"write {_long(field)} {_option(field).value}"
            raise UsageError(f"{_long(field)} is missing", hint=hint)
    values = dict(_values(fields, arguments))
    try:
        return bind(command.options, values)
    except ConfigError as error:
        path = path_of(error)
        wrong = [_long(field) for field in fields if path[:1] == (field.key,)]
        text = ": ".join([*wrong, error.message])
        raise UsageError(text, hint=error.hint) from error


def _values(fields: Sequence[Field], arguments: Arguments) -> Iterator[tuple[str, object]]:
    for field in fields:
        long = _long(field)
        if long not in arguments:
            continue
        if field.hint is bool:
            yield field.key, True
        elif get_origin(field.hint) is tuple:
            yield field.key, arguments.all(long)
        else:
            yield field.key, arguments.one(long)
