"""JSON patches with a choice of what else they may do than RFC 6902 says."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from postrender import EditError, Manifest
from postrender_plugins._merge.choices import Choices

_MISSING: Final = object()


def apply_operations(
    manifest: Manifest, operations: Sequence[Mapping[str, Any]], choices: Choices
) -> None:
    """Apply a JSON Patch; one that does not apply leaves the run without a result.

    :raises EditError: where it does not apply, with the number of the operation.
    """
    if not (choices.create_parents or choices.ignore_missing or choices.lenient):
        manifest.patch(operations)
        return
    for number, operation in enumerate(operations, 1):
        try:
            for each in _adapted(manifest, operation, choices):
                manifest.patch([each])
        except EditError as error:
            _, _, rest = error.message.partition("operation 1 ")
            error.message = f"operation {number} {rest}"
            raise


def _adapted(
    manifest: Manifest, operation: Mapping[str, Any], choices: Choices
) -> list[Mapping[str, Any]]:
    """Return the operations that an operation means under these choices."""
    op, pointer = operation["op"], operation["path"]
    if op == "remove" and choices.ignore_missing and _value(manifest, pointer) is _MISSING:
        return []
    if op == "test" and choices.lenient and operation["value"] is None:
        return [] if _value(manifest, pointer) is _MISSING else [operation]
    if op == "replace" and choices.lenient and _value(manifest, pointer) is _MISSING:
        op = "add"
    parents: list[Mapping[str, Any]] = []
    if op == "add" and choices.create_parents:
        parents = [
            {"op": "add", "path": parent, "value": {}}
            for parent in _parents(pointer)
            if _value(manifest, parent) in (None, _MISSING)
        ]
    return [*parents, {**operation, "op": op}]


def _parents(pointer: str) -> list[str]:
    """Return the pointers to what *pointer* stands in, from the root; a list is never made."""
    parts = pointer.split("/")
    parents = ["/".join(parts[:end]) for end in range(2, len(parts))]
    return [] if "-" in parts[2:] else parents


def _value(manifest: Manifest, pointer: str) -> Any:
    """Return what stands at a pointer, `_MISSING` if nothing does."""
    path: list[str | int] = []
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        is_index = manifest.kind_at(path) is list and name.isdecimal()
        path.append(int(name) if is_index else name)
    return manifest.get(path, _MISSING)
