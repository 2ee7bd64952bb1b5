"""What a configuration names by relative paths, and which of it is not where it would be read."""

import os
from collections.abc import Iterator, Mapping

from postrender import _config
from postrender._source import from_file


def missing_programs(config: str) -> list[str]:
    """Return the programs of `exec` steps that are not at their paths beside *config*.

    :raises ConfigError: if *config* cannot be read.
    """
    home = os.path.dirname(config)
    programs = [name for step in _steps(config) for name in _programs(step)]
    return [name for name in programs if not os.path.exists(_at(home, name))]


def left_behind(config: str, folder: str) -> list[str]:
    """Return what *config* names by a relative path and a copy of it in *folder* would not find.

    That a value is a path is known of a program of `exec`; any other that a file has, too, is taken
    for one, for whichever plugin it is.

    :raises ConfigError: if *config* cannot be read.
    """
    home = os.path.dirname(config)
    named: dict[str, None] = {}  # in order, each once
    for step in _steps(config):
        found = (text for text in _texts(step.options) if _is_there(home, text))
        named |= dict.fromkeys([*_programs(step), *found])
    return [name for name in named if not _is_inside(folder, name)]


def _steps(config: str) -> list[_config.StepConfig]:
    return _config.read([from_file(config)])


def _programs(step: _config.StepConfig) -> list[str]:
    """Return the program of a step of `exec`, where it is a relative path."""
    if step.plugin != "exec":
        return []
    options = step.options
    command = options.get("command") if isinstance(options, Mapping) else options
    program = str(command[0] if isinstance(command, list) else command)
    return [program] if "/" in program and not os.path.isabs(program) else []


def _texts(value: object) -> Iterator[str]:
    """Give each text in *value*, but no keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _is_there(home: str, text: str) -> bool:
    """Tell whether *text* is a relative path; a word that only a folder has for a name is none."""
    path = _at(home, text)
    return not os.path.isabs(text) and (
        os.path.isfile(path) or ("/" in text and os.path.exists(path))
    )


def _is_inside(folder: str, name: str) -> bool:
    path = os.path.normpath(name)
    return path.split(os.sep)[0] != os.pardir and os.path.exists(os.path.join(folder, path))


def _at(home: str, name: str) -> str:
    """Return where *name* leads, as `exec` has it: what is above a link is not where it leads."""
    return os.path.abspath(os.path.join(home, name))
