"""The JSON Schema of the configuration, with the options of the plugins that it may name."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

from postrender._catalog import Entry
from postrender._config import API_VERSION, HOOKS, KIND
from postrender._options import Option, options_of
from postrender._select import ATTRIBUTES, Selector

Schema = dict[str, Any]

DRAFT: Final = "http://json-schema.org/draft-07/schema#"  # what editors understand best

_SCALARS: Final[dict[Any, Schema]] = {
    Any: {},
    object: {},
    None: {"type": "null"},
    NoneType: {"type": "null"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
}


def schema(entries: Iterable[Entry]) -> Schema:
    """Return the schema of a configuration that may name the plugins *entries*."""
    usable = [entry for entry in entries if not entry.error]
    types = Types()
    plugins = {entry.name: types.of_plugin(entry) for entry in usable}
    return {
        "$schema": DRAFT,
        "title": "A postrender pipeline",
        "type": "object",
        "required": ["apiVersion", "kind", "steps"],
        "additionalProperties": False,
        "properties": {
            "apiVersion": {"const": API_VERSION},
            "kind": {"const": KIND},
            "steps": {"type": "array", "items": {"$ref": "#/definitions/step"}},
        },
        "definitions": {
            "step": _step(plugins),
            "selector": _selector(),
            "patterns": _PATTERNS,
            "labels": _LABELS,
            **types.definitions,
        },
    }


def _step(plugins: Mapping[str, Schema]) -> Schema:
    count = {"type": "integer", "minimum": 0}
    expect = {
        "description": "how many objects the step must select",
        "anyOf": [
            count,
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {"min": count, "max": count},
            },
        ],
    }
    words = {
        "name": {"type": "string", "description": "the step's name in messages"},
        "where": {
            "description": "which objects the step is for",
            "anyOf": [{"$ref": "#/definitions/selector"}, {"type": "null"}],
        },
        "hooks": {"enum": list(HOOKS), "description": "what to do with Helm's hooks"},
        "expect": expect,
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {**words, **plugins},
        "oneOf": [{"required": [name]} for name in plugins],
    }


_STRINGS: Final[Schema] = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_PATTERNS: Final[Schema] = {
    "description": "a glob, a regular expression between slashes, or a list of these (any of)",
    "anyOf": [{"type": "string"}, _STRINGS],
}
_LABELS: Final[Schema] = {
    "description": "a Kubernetes label selector, a list of these (any of), or keys with patterns",
    "anyOf": [
        {"type": "string"},
        _STRINGS,
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"$ref": "#/definitions/patterns"},
        },
    ],
}


def _selector() -> Schema:
    patterns = {"$ref": "#/definitions/patterns"}
    labels = {"$ref": "#/definitions/labels"}
    this = _beside({"$ref": "#/definitions/selector"}, minProperties=1)
    return {
        "description": "conditions that must all hold",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(ATTRIBUTES, patterns),
            "hook": {"anyOf": [{"type": "boolean"}, patterns]},
            "labels": labels,
            "annotations": labels,
            "not": {"anyOf": [this, {"type": "array", "items": this, "minItems": 1}]},
        },
    }


def _beside(of_type: Schema, **more: Any) -> Schema:
    """Return a schema with more to it; beside a reference, draft 7 would not see that."""
    if more and "$ref" in of_type:
        return {**more, "allOf": [of_type]}
    return {**more, **of_type}


class Types:
    """The schemas of options; classes that they are made of become definitions."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def of_plugin(self, entry: Entry) -> Schema:
        """Return the schema of a plugin's options, which may be left out if none is required."""
        of_class = self.of(entry.options_class or dict)
        if not any(option.required for option in entry.options):
            of_class = {"anyOf": [of_class, {"type": "null"}]}
        return _beside(of_class, description=entry.summary)

    def of(self, hint: Any) -> Schema:
        """Return the schema of a type hint that options may have."""
        if hint in _SCALARS:
            return _SCALARS[hint]
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (Union, UnionType):
            return {"anyOf": [self.of(each) for each in arguments]}
        if origin is Literal:
            return {"enum": list(arguments)}
        return self._object(origin or hint, arguments)

    def _object(self, container: type, arguments: Sequence[Any]) -> Schema:
        if issubclass(container, Enum):
            return {"enum": [member.value for member in container]}
        if issubclass(container, Mapping):
            values = self.of(arguments[1]) if arguments else {}
            return {"type": "object", "additionalProperties": values}
        if issubclass(container, Sequence):
            return {"type": "array", "items": self.of(arguments[0]) if arguments else {}}
        return self._class(container)

    def _class(self, cls: type) -> Schema:
        if cls is Selector:
            return {"$ref": "#/definitions/selector"}
        if hasattr(cls, "from_config"):
            return {}  # it alone knows
        name = f"{cls.__module__}.{cls.__qualname__}"
        if name not in self.definitions:
            self.definitions[name] = {}  # a class may hold itself
            self.definitions[name] = self._dataclass(cls)
        return {"$ref": f"#/definitions/{name}"}

    def _dataclass(self, cls: type) -> Schema:
        options = {option.key: option for option in options_of(cls)}
        of_class: Schema = {
            "type": "object",
            "additionalProperties": False,
            "required": [key for key, option in options.items() if option.required],
            "properties": {key: self._option(option) for key, option in options.items()},
        }
        shorthand = getattr(cls, "shorthand", "")
        return {"anyOf": [of_class, self._option(options[shorthand])]} if shorthand else of_class

    def _option(self, option: Option) -> Schema:
        more: Schema = {"description": option.description} if option.description else {}
        if isinstance(option.default, (str, bool, int, float)):
            more["default"] = option.default
        return _beside(self.of(option.hint), **more)
