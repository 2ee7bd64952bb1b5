"""`postrender storage`: Helm's tables in PostgreSQL, and who may use them."""

import os
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from postrender._cli import _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
from postrender._errors import ConfigError, StorageUnavailable, UsageError
from postrender._nearest import did_you_mean

if TYPE_CHECKING:
    from postrender.storage._postgres.driver import SQLDriver

VARIABLE: Final = "HELM_DRIVER_SQL_CONNECTION_STRING"

CONNECTION: Final = Option("--connection-string", "the database (see below)", value="TEXT")
ROLE: Final = Option("--role", "the role that is to use the tables", value="ROLE")
NAMESPACE: Final = Option("--namespace", "the namespace of its releases", "-n", "NAME")
ALL: Final = Option("--all-namespaces", "those of all namespaces", "-A")
READ_ONLY: Final = Option("--read-only", "let it read, and not write")
REVOKE: Final = Option("--revoke-public", "leave others no right that Helm gives to all")
SCHEMA: Final = Option("--schema", "the schema of the tables (default public)", value="NAME")
APPLY: Final = Option("--apply", "execute the statements, too, in one transaction")

DESCRIPTION: Final = """\
Prepare a PostgreSQL database for the releases of Helm (HELM_DRIVER=sql) and of
postrender.storage."""

COMMANDS_HELP: Final = """\
commands, each with its own --help:
  postrender storage init     make Helm's tables, or what is missing of them
  postrender storage grant    let a role use them for one namespace"""

INIT: Final = """\
Make Helm's tables, or what is missing of them, as Helm makes them. Helm finds
them complete then, and whoever comes first, the other works."""

CONNECTIONS: Final = f"""\
The connection string is Helm's: a URL, or words such as "host=db dbname=helm".
Without the option it is that of {VARIABLE}, and what it
does not say comes from the variables of PostgreSQL (PGHOST, PGPASSWORD, …).
A password belongs there: other users can read the arguments of a program."""

GRANT: Final = """\
Print the statements that let a role read and write the releases of a namespace,
and of no other: the rights and policies that Helm needs. Each may be executed
again. Nothing is executed without --apply, which needs the owner of the tables."""


def storage(argv: Sequence[str]) -> int:
    """Run the command that *argv* begins with."""
    if argv and not argv[0].startswith("-"):
        return _command(argv[0])(argv[1:])
    if HELP.long not in parse((), argv):
        raise UsageError("storage needs a command", hint="see postrender storage --help")
    _terminal.write(usage("postrender storage COMMAND", (), DESCRIPTION, COMMANDS_HELP))
    return 0


def _command(name: str) -> Callable[[Sequence[str]], int]:
    if name not in COMMANDS:
        raise UsageError(f"unknown command `storage {name}`", hint=did_you_mean(name, COMMANDS))
    return COMMANDS[name]


def _init(argv: Sequence[str]) -> int:
    options = (CONNECTION,)
    arguments = parse(options, argv)
    if HELP.long in arguments:
        _terminal.write(usage("postrender storage init", options, INIT, CONNECTIONS))
        return 0
    with _connect(arguments) as driver:
        done = driver.initialise()
        what = f"created {' and '.join(done.created)}" if done.created else "was complete already"
        _terminal.write(f"{driver.place}: {what}\n")
    if done.foreign:
        ids = ", ".join(done.foreign)
        _terminal.tell(f"gorp_migrations has those of another program, too: {ids}")
    return 0


def _grant(argv: Sequence[str]) -> int:
    options = (ROLE, NAMESPACE, ALL, READ_ONLY, REVOKE, SCHEMA, APPLY, CONNECTION)
    arguments = parse(options, argv)
    if HELP.long in arguments:
        _terminal.write(usage("postrender storage grant", options, GRANT, CONNECTIONS))
        return 0
    from postrender.storage._postgres.grants import EVERYBODY, Grant  # of no use to the others

    grant = Grant(
        _needed(arguments, ROLE),
        "" if ALL.long in arguments else _needed(arguments, NAMESPACE, ", or -A for all"),
        arguments.one(SCHEMA.long, "public"),
        read_only=READ_ONLY.long in arguments,
        revoke_public=REVOKE.long in arguments,
    )
    if ALL.long in arguments and NAMESPACE.long in arguments:
        raise UsageError("--namespace and --all-namespaces exclude each other")
    statements = grant.statements()
    _terminal.write("".join(f"{each};\n" for each in ("begin", *statements, "commit")))
    if APPLY.long in arguments:
        with _connect(arguments) as driver:
            driver.execute(statements)
            _terminal.write(f"-- applied to {driver.place}\n")
    if not grant.revoke_public:
        _terminal.tell(EVERYBODY)
    return 0


def _needed(arguments: Arguments, option: Option, more: str = "") -> str:
    value = arguments.one(option.long)
    if not value:
        hint = f"write {option.long} {option.value}{more}"
        raise UsageError(f"grant needs {option.long}", hint=hint)
    return value


def _connect(arguments: Arguments) -> "SQLDriver":
    string = arguments.one(CONNECTION.long, os.environ.get(VARIABLE, ""))
    try:
        from postrender.storage._postgres.driver import SQLDriver  # 150 ms with psycopg
    except ImportError as error:
        hint = "install postrender[sql]"
        raise ConfigError("needs psycopg, which is not installed", hint=hint) from error
    try:
        return SQLDriver.connect(string)
    except StorageUnavailable as error:
        if string:
            raise
        hint = f"name the database with {VARIABLE} or {CONNECTION.long}"
        raise StorageUnavailable(error.message, location=error.location, hint=hint) from None


COMMANDS: Final[Mapping[str, Callable[[Sequence[str]], int]]] = MappingProxyType(
    {"grant": _grant, "init": _init}
)
