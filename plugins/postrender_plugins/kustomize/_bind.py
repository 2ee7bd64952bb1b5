"""A value of a kustomization file read into a dataclass, by its type hints."""

import dataclasses
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

from postrender import ConfigError, Location

Path = tuple[str | int, ...]
_Class = TypeVar("_Class")

_NAMES: Final = {str: "text", bool: "true or false", int: "a whole number"}


def bind(cls: type[_Class], value: Any, path: Path = ()) -> _Class:
    """Return the *cls* that *value* means; keys are its fields in camelCase, null is left out.

    :raises ConfigError: if it means none; the path of its location leads to the fault.
    """
    if not isinstance(value, Mapping):
        raise _refuse("the value is no mapping", path)
    hints = get_type_hints(cls)
    fields, required = _fields(cls)
    read = {}
    for key, each in value.items():
        if key not in fields:
            raise _refuse("unknown field", (*path, str(key)), _did_you_mean(str(key), list(fields)))
        if each is not None:
            read[fields[key]] = _read(hints[fields[key]], each, (*path, key))
    for key in required:
        if fields[key] not in read:
            raise _refuse(f"the field `{key}` is missing", path)
    try:
        return cls(**read)
    except ConfigError as error:
        inner = error.location.path if isinstance(error.location, Location) else ()
        error.location = Location(path=(*path, *inner))
        raise


def _fields(cls: Any) -> tuple[dict[str, str], list[str]]:
    """Return the names of the fields by their keys, and the keys that cannot be left out."""
    fields = [field for field in dataclasses.fields(cls) if field.init]
    required = [
        camel_case(field.name)
        for field in fields
        if field.default is field.default_factory is dataclasses.MISSING
    ]
    return {camel_case(field.name): field.name for field in fields}, required


def camel_case(name: str) -> str:
    """Return the key for the field *name*, as `namePrefix` for `name_prefix`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _read(hint: Any, value: Any, path: Path) -> Any:
    if hint in _NAMES:
        return _scalar(hint, value, path)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        return _read(next(each for each in arguments if each is not NoneType), value, path)
    if origin in _CONTAINERS:
        return _CONTAINERS[origin](arguments, value, path)
    return value if hint is Any else bind(hint, value, path)


def _scalar(hint: Any, value: Any, path: Path) -> Any:
    if type(value) is not hint:
        quote = hint is str and isinstance(value, (bool, int, float))
        raise _refuse(f"the value is not {_NAMES[hint]}", path, "quote it" if quote else "")
    return value


def _literal(known: Any, value: Any, path: Path) -> Any:
    if value not in known:
        raise _refuse("the value is none of " + ", ".join(known), path)
    return value


def _tuple(items: Any, value: Any, path: Path) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _refuse("the value is no list", path)
    return tuple(_read(items[0], item, (*path, index)) for index, item in enumerate(value))


def _dict(items: Any, value: Any, path: Path) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _refuse("the value is no mapping", path)
    for key in value:
        if key in ("true", "false"):
            raise _refuse(f"a key such as `on` or `n` means `{key}`", path, "quote it")
    return {key: _read(items[1], item, (*path, key)) for key, item in value.items()}


_CONTAINERS: Final[dict[Any, Callable[[Any, Any, Path], Any]]] = {
    Literal: _literal,
    tuple: _tuple,
    dict: _dict,
}


def _refuse(message: str, path: Path, hint: str = "") -> ConfigError:
    return ConfigError(message, location=Location(path=path), hint=hint)


def _did_you_mean(word: str, known: list[str]) -> str:
    from difflib import get_close_matches  # only a run that fails needs it

    near = get_close_matches(word, known, n=1)
    return f"did you mean `{near[0]}`?" if near else "kustomize knows no such field"
