"""Releases in YAML files, such as HELM_MEMORY_DRIVER_DATA names for the memory driver."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from postrender._errors import ConfigError, RecordCorrupt
from postrender.storage._record import Record
from postrender.storage._release import Release

_DIGITS: Final = r"[0-9](?:_?[0-9])*"
#: Numbers as Helm's YAML has them, which are neither sexagesimal nor dates.
_INT: Final = re.compile(rf"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|{_DIGITS})\Z")
_FLOAT: Final = re.compile(
    rf"(?:[-+]?(?:\.{_DIGITS}|{_DIGITS}(?:\.(?:{_DIGITS})?)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z"
)


def load_records(path: Path) -> Iterator[Record]:
    """Read a list of releases, whose fields are Helm's, in any case of their names.

    :raises ConfigError: when the file cannot be read, or an item is no release; it says which.
    """
    items = _load(path)
    if not isinstance(items, list):
        raise ConfigError("is not a list of releases", location=str(path))
    for number, item in enumerate(items, 1):
        location = f"{path}: item {number}"
        if not isinstance(item, dict):
            raise ConfigError("is not a release", location=location)
        try:
            yield Release.from_dict(_json(item)).record
        except RecordCorrupt as error:
            raise ConfigError(error.message, location=location) from None
        except (TypeError, ValueError):
            # Their text shows the value.
            raise ConfigError("has a value that JSON does not have", location=location) from None


def _load(path: Path) -> Any:
    import yaml  # 20 ms, and only who names files needs it

    try:
        return yaml.load(path.read_bytes(), _loader()) or []
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", location=str(path)) from error
    except (yaml.YAMLError, ValueError):
        # Their text shows lines of the file.
        raise ConfigError("is not YAML", location=str(path)) from None


@cache
def _loader() -> type[Any]:
    """Return PyYAML's safe loader, with plain scalars that mean what Helm says they mean."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """It has resolvers of its own, and constructors of the other one."""

        yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {  # noqa: RUF012
            first: [
                (tag, pattern)
                for tag, pattern in resolvers
                if tag.rpartition(":")[2] in {"bool", "merge", "null"}
            ]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    Loader.add_implicit_resolver("tag:yaml.org,2002:int", _INT, [*"-+0123456789"])
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, [*"-+.0123456789"])
    return Loader


def _json(value: Any) -> Any:
    """Return a value of YAML with the keys of JSON, which are text."""
    if isinstance(value, dict):
        return {_key(key): _json(item) for key, item in value.items()}
    return [_json(item) for item in value] if isinstance(value, list) else value


def _key(key: object) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    return "null" if key is None else str(key)
