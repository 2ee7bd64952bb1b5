"""The text of a patch: which kind of patch it holds, found out and checked before any object."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from postrender import ConfigError, Location, load_documents

#: The operations of RFC 6902, and the members that each needs.
OPERATIONS: Final = {
    "add": ("path", "value"),
    "copy": ("from", "path"),
    "move": ("from", "path"),
    "remove": ("path",),
    "replace": ("path", "value"),
    "test": ("path", "value"),
}
_POINTER: Final = re.compile(r"(?:/(?:[^~/]|~[01])*)*")


class JsonPatch(NamedTuple):
    """A JSON Patch (RFC 6902)."""

    operations: Sequence[Mapping[str, Any]]


class MergePatch(NamedTuple):
    """A strategic merge patch, or a JSON Merge Patch (RFC 7386): a part of an object."""

    value: Mapping[str, Any]


Patch: TypeAlias = JsonPatch | MergePatch


def parse(text: str, kind: str = "auto") -> list[Patch]:
    """Return the patches that a text of YAML or JSON holds.

    :param kind: `auto`, or what they have to be: `json`, `strategic` or `merge`.
    :raises ConfigError: if they are none; its location's path leads into the value.
    """
    # `patch: |-` takes the last newline away, which a block in the text would then lack too.
    text = text if text.endswith("\n") else text + "\n"
    return [patch for value in load_documents(text) for patch in _patches(value, kind)]


def of_value(value: Any, kind: str = "auto") -> list[Patch]:
    """Return the patches that a value is; otherwise like `parse`."""
    return _patches(value, kind)


def _patches(value: Any, kind: str) -> list[Patch]:
    if isinstance(value, (list, tuple)):
        if kind not in ("auto", "json"):
            raise ConfigError(f"a patch of type {kind} is a mapping, and this one a list")
        check_operations(value)
        return [JsonPatch(value)]
    if not isinstance(value, Mapping):
        raise ConfigError(
            "the patch is neither a list nor a mapping",
            hint="a JSON patch is a list of operations, a strategic merge a part of an object",
        )
    if kind == "json" or (value.keys() >= {"op", "path"} and "kind" not in value):
        raise ConfigError("a JSON patch is a list of operations", hint="write `- ` before `op`")
    if value.get("kind") == "List" and isinstance(value.get("items"), list):
        return [patch for item in value["items"] for patch in _patches(item, kind)]
    return [MergePatch(value)]


def check_operations(operations: Sequence[Any]) -> None:
    """Refuse what is no JSON Patch.

    :raises ConfigError: with a location whose path leads to the fault.
    """
    for index, operation in enumerate(operations):
        if not isinstance(operation, Mapping):
            raise _wrong(index, "is no mapping", "")
        op = operation.get("op")
        if op not in OPERATIONS:
            what = "has no `op`" if op is None else f"has the unknown op `{op}`"
            raise _wrong(index, what, f"there are {', '.join(OPERATIONS)}")
        for member in OPERATIONS[op]:
            if member not in operation:
                raise _wrong(index, f"({op}) has no `{member}`", _slip(member, operation))
        for member in ("path", "from"):
            if member in OPERATIONS[op]:
                _check_pointer(index, member, operation[member])


def _check_pointer(index: int, member: str, value: Any) -> None:
    if not isinstance(value, str) or not _POINTER.fullmatch(value):
        what = f"has a `{member}` that is no JSON Pointer"
        if isinstance(value, str):
            what += f": {value}"
        starts = isinstance(value, str) and not value.startswith("/")
        hint = f"it begins with a slash: /{value}" if starts else "~ stands in it as ~0, / as ~1"
        raise _wrong(index, what, hint, member)


def _slip(member: str, operation: Mapping[str, Any]) -> str:
    """Return a hint for a member that may be there under another name."""
    from difflib import get_close_matches  # only a run that fails needs it

    others = [str(key) for key in operation if key not in ("op", "path", "from", "value")]
    near = get_close_matches(member, others, n=1)
    return f"there is `{near[0]}`" if near else ""


def _wrong(index: int, what: str, hint: str, *path: str) -> ConfigError:
    message = f"operation {index + 1} {what}"
    return ConfigError(message, location=Location(path=(index, *path)), hint=hint)
