"""A JSON Patch (RFC 6902) on one manifest: strict, and all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import jsonpatch
import jsonpointer

from postrender._edits import Path
from postrender._errors import EditError, Location
from postrender._yaml import MISSING, same

_Keys = tuple[str | int, ...]


class Patchable(Protocol):
    """What a patch is applied to; `Manifest` is one."""

    def at(self, path: Path) -> Location:
        """Return the location of *path*."""

    def get(self, path: Path, default: Any = None) -> Any:
        """Return a copy of the value at *path*."""

    def kind_at(self, path: Path) -> type | None:
        """Return `dict` or `list` for a collection at *path*."""

    def set(self, path: Path, value: Any) -> None:
        """Make *value* the value at *path*."""

    def insert(self, path: Path, value: Any) -> None:
        """Insert *value* into a list."""

    def delete(self, path: Path) -> bool:
        """Remove what stands at *path*."""

    def replace(self, object: Mapping[str, Any]) -> None:
        """Become *object*."""

    def to_dict(self) -> dict[str, Any]:
        """Return the whole object."""

    def remove(self) -> None:
        """Drop it from the stream."""


def apply_patch(manifest: Patchable, operations: Sequence[Mapping[str, Any]]) -> None:
    """Apply *operations* in order; after an `EditError` the manifest is as it was before."""
    undo: list[Callable[[], object]] = []
    try:
        for number, operation in enumerate(operations, 1):
            _Operation(manifest, operation, number).apply(undo)
    except EditError:
        for step in reversed(undo):
            step()
        raise


class _Operation:
    """One operation of a patch."""

    def __init__(self, manifest: Patchable, operation: Mapping[str, Any], number: int) -> None:
        self.manifest = manifest
        self.number = number
        self.operation = operation
        try:
            jsonpatch.JsonPatch([dict(operation)])
        except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as error:
            raise self.failure((), str(error)) from None
        self.op: str = operation["op"]
        for member in {"add": ["value"], "replace": ["value"], "test": ["value"]}.get(
            self.op, ["from"] if self.op in ("move", "copy") else []
        ):
            if member not in operation:
                raise self.failure((), f"the member {member!r} is missing")

    def failure(self, path: _Keys, message: str) -> EditError:
        """Return an error that names the operation."""
        name = self.operation.get("op", "?")
        text = f"operation {self.number} ({name} {self.operation.get('path', '?')}): {message}"
        return EditError(text, location=self.manifest.at(path))

    def apply(self, undo: list[Callable[[], object]]) -> None:
        """Make the change, and tell *undo* how to take it back."""
        path = self.keys("path")
        if self.op in ("add", "replace"):
            self.write(path, self.operation["value"], undo, inserts=self.op == "add")
        elif self.op == "remove":
            self.take(path, undo)
        elif self.op == "test":
            value = self.existing(path)
            if not same(value, self.operation["value"]):
                raise self.failure(path, "the value is another")
        else:
            source = self.keys("from")
            if self.op == "move" and path[: len(source)] == source and path != source:
                raise self.failure(path, "an object cannot move into itself")
            value = self.existing(source)
            if self.op == "move":
                self.take(source, undo)
                path = self.keys("path")
            self.write(path, value, undo, inserts=True)

    def write(
        self, path: _Keys, value: Any, undo: list[Callable[[], object]], *, inserts: bool
    ) -> None:
        """Add or replace a value."""
        manifest = self.manifest
        if not path:
            if not isinstance(value, Mapping):
                raise self.failure(path, "the whole object can only become an object")
            undo.append(_restorer(manifest, manifest.to_dict()))
            manifest.replace(value)
            return
        parent = manifest.get(path[:-1], MISSING) if len(path) > 1 else {}
        if type(parent) not in (dict, list):
            raise self.failure(path, "the parent does not exist, or holds nothing")
        if type(parent) is list and inserts:
            self.check_index(path, len(parent) + 1)
            manifest.insert(path, value)
            undo.append(lambda: manifest.delete(path))
            return
        old = manifest.get(path, MISSING)
        if old is MISSING and not inserts:
            raise self.failure(path, "there is nothing to replace")
        manifest.set(path, value)
        if old is MISSING:
            undo.append(lambda: manifest.delete(path))
        else:
            undo.append(lambda: manifest.set(path, old))

    def take(self, path: _Keys, undo: list[Callable[[], object]]) -> None:
        """Remove a value that exists; the empty pointer removes the object."""
        manifest = self.manifest
        if not path:
            manifest.remove()
            return
        old = self.existing(path)
        manifest.delete(path)
        if type(path[-1]) is int:
            undo.append(lambda: manifest.insert(path, old))
        else:
            undo.append(lambda: manifest.set(path, old))

    def existing(self, path: _Keys) -> Any:
        """Return the value at *path*, which must exist."""
        value = self.manifest.get(path, MISSING)
        if value is MISSING:
            raise self.failure(path, "does not exist")
        return value

    def check_index(self, path: _Keys, length: int) -> None:
        """Refuse an index that a list of this length does not have."""
        if type(path[-1]) is not int or path[-1] >= length:
            raise self.failure(path, f"the list has {length - 1} items")

    def keys(self, member: str) -> _Keys:
        """Return a pointer as keys of maps and indexes of lists."""
        keys: list[str | int] = []
        parts = jsonpointer.JsonPointer(self.operation[member]).parts
        for part in parts:
            container = self.manifest.kind_at(keys)
            if container is not list:
                keys.append(part)
            elif part == "-" and member == "path" and self.op in ("add", "move", "copy"):
                keys.append(len(self.manifest.get(keys)))
            elif part.isdecimal() and part.isascii() and (part == "0" or part[0] != "0"):
                keys.append(int(part))
            else:
                raise self.failure(tuple(keys), f"{part!r} is no index of a list")
        return tuple(keys)


def _restorer(manifest: Patchable, old: dict[str, Any]) -> Callable[[], object]:
    return lambda: manifest.replace(old)
