"""Options: a value of the configuration read into a plugin's dataclass, by its type hints."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from postrender._errors import ConfigError, PluginError
from postrender._nearest import did_you_mean
from postrender._source import Path, at, path_of


class Option(NamedTuple):
    """One key that a step's options may have."""

    key: str  #: as the configuration writes it
    name: str  #: the field of the dataclass
    hint: Any  #: its type
    required: bool
    default: Any  #: None where it is required, or made anew each time
    description: str


def options_of(cls: type) -> list[Option]:
    """Return the keys that the dataclass *cls* is read from.

    :raises PluginError: if *cls* is no dataclass, or its types cannot be evaluated.
    """
    if not dataclasses.is_dataclass(cls):
        raise PluginError(f"the options class `{cls.__name__}` is no dataclass")
    try:
        hints = get_type_hints(cls)
    except NameError as error:
        raise PluginError(f"the types of `{cls.__name__}` cannot be evaluated: {error}") from error
    return [_option(field, hints[field.name]) for field in dataclasses.fields(cls) if field.init]


def _option(field: "dataclasses.Field[Any]", hint: Any) -> Option:
    missing = dataclasses.MISSING
    return Option(
        key=_camel_case(field.name),
        name=field.name,
        hint=hint,
        required=field.default is missing and field.default_factory is missing,
        default=None if field.default is missing else field.default,
        description=field.metadata.get("description", ""),
    )


def _camel_case(name: str) -> str:
    first, *rest = name.strip("_").split("_")  # `from_` is the key `from`
    return first + "".join(word.capitalize() for word in rest)


def bind(cls: type, value: object) -> Any:
    """Return the *cls* that *value* means; None stands for no options at all.

    :raises ConfigError: if it means none; the path of its location leads from *value* to the fault.
    :raises PluginError: if *cls* is nothing that options can be read into.
    """
    return _read(cls, {} if value is None else value, ())


def _read(hint: Any, value: object, path: Path) -> Any:
    if hint in _SCALARS:
        return _SCALARS[hint](value, path)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _union(arguments, value, path)
    if origin is Literal:
        return _choice(arguments, value, path)
    if not isinstance(origin or hint, type):
        raise PluginError(f"options cannot be of the type `{hint}`")
    return _object(origin or hint, arguments, value, path)


def _object(container: Any, arguments: Sequence[Any], value: object, path: Path) -> Any:
    """Return what *value* is as an instance of a class, which may be generic."""
    if hasattr(container, "from_config"):
        return _call(container.from_config, value, path)
    if issubclass(container, Enum):
        return container(_choice([member.value for member in container], value, path))
    if issubclass(container, Mapping):
        return _mapping(arguments, value, path)
    if issubclass(container, Sequence):
        return _sequence(container, arguments, value, path)
    return _dataclass(container, value, path)


def _any(value: object, path: Path) -> object:
    return value


def _none(value: object, path: Path) -> None:
    if value is not None:
        raise _mismatch(value, path, "null")


def _text(value: object, path: Path) -> str:
    if not isinstance(value, str):
        raise _mismatch(value, path, "text")
    return value


def _boolean(value: object, path: Path) -> bool:
    if not isinstance(value, bool):
        raise _mismatch(value, path, "true or false")
    return value


def _integer(value: object, path: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _mismatch(value, path, "a whole number")
    return value


def _number(value: object, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _mismatch(value, path, "a number")
    return float(value)


_SCALARS: dict[Any, Callable[[object, Path], object]] = {
    Any: _any,
    object: _any,
    None: _none,
    NoneType: _none,
    str: _text,
    bool: _boolean,
    int: _integer,
    float: _number,
}


def _union(members: Sequence[Any], value: object, path: Path) -> Any:
    fitting = members if value is None else [each for each in members if each is not NoneType]
    failures = []
    for member in fitting:
        try:
            return _read(member, value, path)
        except ConfigError as error:
            failures.append(error)
    # The one that got deepest into the value is of the member that was meant.
    raise max(failures, key=lambda error: len(path_of(error)))


def _choice(known: Sequence[Any], value: object, path: Path) -> object:
    for choice in known:
        if type(choice) is type(value) and choice == value:
            return choice
    words = [str(choice) for choice in known]
    hint = did_you_mean(value, words) if isinstance(value, str) else ""
    raise ConfigError(f"the value is none of {', '.join(words)}", location=at(*path), hint=hint)


def _sequence(container: type, items: Sequence[Any], value: object, path: Path) -> Any:
    if not isinstance(value, (list, tuple)):
        raise _mismatch(value, path, "a list")
    hint = items[0] if items else Any
    if container is tuple and items and items[1:] != (Ellipsis,):
        raise PluginError("options cannot be of the type `tuple` but as `tuple[..., ...]`")
    read = [_read(hint, item, (*path, index)) for index, item in enumerate(value)]
    return read if container is list else tuple(read)


def _mapping(items: Sequence[Any], value: object, path: Path) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _mismatch(value, path, "a mapping")
    hint = items[1] if items else Any
    return {key: _read(hint, item, (*path, key)) for key, item in value.items()}


def _dataclass(cls: type, value: object, path: Path) -> Any:
    options = options_of(cls)
    shorthand = "" if isinstance(value, Mapping) else getattr(cls, "shorthand", "")
    if not isinstance(value, Mapping):
        if not shorthand:
            raise _mismatch(value, path, "a mapping")
        value = {shorthand: value}
    known = {option.key: option for option in options}
    for key in value:
        if key not in known:
            hint = did_you_mean(str(key), known)
            raise ConfigError("unknown option", location=at(*path, key), hint=hint)
    for option in options:
        if option.required and option.key not in value:
            raise ConfigError(f"the option `{option.key}` is missing", location=at(*path))
    # What a shorthand stands for is written at the place of the whole.
    places = {key: path if key == shorthand else (*path, key) for key in value}
    read = {known[k].name: _read(known[k].hint, v, places[k]) for k, v in value.items()}
    return _call(lambda _: cls(**read), value, path)


def _call(make: Callable[[object], Any], value: object, path: Path) -> Any:
    """Call code of the plugin, and say where in the options what it raises belongs."""
    try:
        return make(value)
    except ConfigError as error:
        error.location = at(*path, *path_of(error))
        raise
    except (TypeError, ValueError) as error:
        raise ConfigError(str(error), location=at(*path)) from error


def _mismatch(value: object, path: Path, wanted: str) -> ConfigError:
    """Return the error for a value of the wrong type; a text is not shown, it may be a secret."""
    what = describe(value)
    if wanted == "text" and isinstance(value, (bool, int, float)):
        return ConfigError(what, location=at(*path), hint="quote it")
    return ConfigError(f"{what}, not {wanted}", location=at(*path))


def describe(value: object) -> str:
    """Say what a value is, as in `value 8 is a number`."""
    if isinstance(value, bool):
        return f"value {str(value).lower()} is a boolean"
    if isinstance(value, (int, float)):
        return f"value {value} is a number"
    if value is None:
        return "value is null"
    if isinstance(value, str):
        return "value is text"
    return "value is a mapping" if isinstance(value, Mapping) else "value is a list"
