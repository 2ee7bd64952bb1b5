"""The command line: the only place that knows arguments, environment, streams and exit codes."""

import sys
from collections.abc import Callable, Sequence

from postrender._cli import _terminal
from postrender._errors import PostrenderError, UsageError
from postrender._nearest import did_you_mean

COMMANDS = ("plugins", "run", "schema")
INTERRUPTED = 130  # what a shell reports for a program that an interrupt ended


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; the code of an error is on its class.

    :param argv: the arguments, those of the process if None.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    try:
        return _command(arguments)(arguments)
    except KeyboardInterrupt:
        _terminal.tell("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        return 1  # whoever read us has gone and wants no more, not even a message
    except PostrenderError as error:
        _terminal.tell_error(error, debug)
        return error.exit_code
    except Exception as error:
        _terminal.tell_crash(error, debug)
        return 3


def _command(arguments: list[str]) -> Callable[[Sequence[str]], int]:
    """Return the command that *arguments* name, and take its name out of them."""
    name = "run"
    if arguments and not arguments[0].startswith("-"):
        name = arguments.pop(0)
    if name == "run":
        from postrender._cli._filter import run

        return run
    if name == "schema":
        from postrender._cli._schema import schema

        return schema
    if name == "plugins":
        from postrender._cli._plugins import plugins

        return plugins
    raise UsageError(f"unknown command `{name}`", hint=did_you_mean(name, COMMANDS))
