"""Arguments of the command line, read by a table of options as GNU programs read them.

argparse would do, but takes 5 ms to import and set up, a tenth of an ordinary run.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from postrender._errors import UsageError
from postrender._nearest import did_you_mean


class Option(NamedTuple):
    """One option that a command has."""

    long: str  #: as in `--config`
    help: str
    short: str = ""  #: as in `-c`
    value: str = ""  #: what its argument is called; "" if it takes none
    repeats: bool = False


DEBUG: Final = Option("--debug", "show the traceback of an error")
HELP: Final = Option("--help", "show this help", "-h")


class Arguments:
    """The options that were given, with their values in order."""

    def __init__(self) -> None:
        """Start with none."""
        self._given: dict[str, list[str]] = {}

    def add(self, option: Option, value: str) -> None:
        """Take one more value of *option*, "" where it has none.

        :raises UsageError: if it may be given only once.
        """
        values = self._given.setdefault(option.long, [])
        if values and option.value and not option.repeats:
            raise UsageError(f"{option.long} is given twice")
        values.append(value)

    def __contains__(self, long: str) -> bool:
        """Tell whether the option was given."""
        return long in self._given

    def one(self, long: str, default: str = "") -> str:
        """Return the value of an option."""
        return self._given.get(long, [default])[0]

    def all(self, long: str) -> list[str]:
        """Return all values of an option that repeats."""
        return self._given.get(long, [])


def parse(
    options: Sequence[Option], argv: Sequence[str], operands: list[str] | None = None
) -> Arguments:
    """Return what *argv* gives of *options*; `--help` and `--debug` are known everywhere.

    :param operands: takes the words that are no options; without it there must be none.
    :raises UsageError: if it gives anything else.
    """
    known = {option.long: option for option in (*options, DEBUG, HELP)}
    known |= {option.short: option for option in known.values() if option.short}
    arguments = Arguments()
    words = iter(argv)
    for word in words:
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            _take(arguments, known, name, value if equals else None, words)
        elif word.startswith("-") and word != "-":
            _cluster(arguments, known, word, words)
        elif operands is not None:
            operands.append(word)
        else:
            is_file = "--filename" in known and os.path.isfile(word)
            hint = f"read it with -f {word}" if is_file else "options begin with a dash"
            raise UsageError(f"unknown argument `{word}`", hint=hint)
    return arguments


def _cluster(
    arguments: Arguments, known: dict[str, Option], word: str, words: Iterator[str]
) -> None:
    """Take short options: `-q`, `-qc FILE`, `-cFILE`, and `-c=FILE` as Helm has it."""
    for index in range(1, len(word)):
        name, rest = f"-{word[index]}", word[index + 1 :]
        if name in known and known[name].value and rest:
            _take(arguments, known, name, rest.removeprefix("="), words)
            return
        _take(arguments, known, name, None, words)


def _take(
    arguments: Arguments,
    known: dict[str, Option],
    name: str,
    value: str | None,
    words: Iterator[str],
) -> None:
    """Take one option, whose value is the next word where it needs one and *value* is None."""
    option = known.get(name)
    if option is None:
        hint = did_you_mean(name, [long for long in known if long.startswith("--")])
        raise UsageError(f"unknown option `{name}`", hint=hint)
    if option.value and value is None:
        value = next(words, None)
        if value is None:
            raise UsageError(f"{name} needs a value", hint=f"write {name} {option.value}")
    if not option.value and value is not None:
        raise UsageError(f"{name} takes no value")
    arguments.add(option, value or "")


def usage(name: str, options: Sequence[Option], description: str, more: str = "") -> str:
    """Return the help of a command."""
    rows = [(_left(option), option.help) for option in (*options, DEBUG, HELP)]
    width = max(len(left) for left, _ in rows)
    lines = [f"  {left.ljust(width)}  {text}" for left, text in rows]
    parts = (f"usage: {name} [options]", description, "options:\n" + "\n".join(lines), more)
    return "\n\n".join(part for part in parts if part) + "\n"


def _left(option: Option) -> str:
    short = f"{option.short}, " if option.short else "    "
    return f"{short}{option.long} {option.value}".rstrip()
