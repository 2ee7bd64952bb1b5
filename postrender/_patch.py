"""A JSON Patch (RFC 6902) on one manifest: strict, and all of it or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import jsonpatch
import jsonpointer

from postrender._edits import Path
from postrender._errors import EditError, Location
from postrender._yaml import MISSING, Document, plain_value, same

_Keys = tuple[str | int, ...]

#: The operations, and the member that each has beside `op` and `path`.
_MEMBER = {
    "add": "value",
    "copy": "from",
    "move": "from",
    "remove": "path",
    "replace": "value",
    "test": "value",
}


class Patchable(Protocol):
    """What a patch is applied to; `Manifest` is one."""

    def at(self, path: Path) -> Location:
        """Return the location of *path*."""

    def get(self, path: Path, default: Any = None) -> Any:
        """Return a copy of the value at *path*."""

    def kind_at(self, path: Path) -> type | None:
        """Return `dict` or `list` for a collection at *path*."""

    def length_at(self, path: Path) -> int:
        """Return how many members the collection at *path* has."""

    def set(self, path: Path, value: Any) -> None:
        """Make *value* the value at *path*."""

    def insert(self, path: Path, value: Any) -> None:
        """Insert *value* into a list."""

    def delete(self, path: Path) -> bool:
        """Remove what stands at *path*."""

    def replace(self, object: Mapping[str, Any]) -> None:
        """Become *object*."""

    def remove(self) -> None:
        """Drop it from the stream."""


def apply_patch(manifest: Patchable, operations: Sequence[Mapping[str, Any]]) -> None:
    """Apply *operations* in order; after an `EditError` the manifest is as it was before."""
    count = len(operations)
    if count > 1 or (count == 1 and _Operation(manifest, operations[0], 1).op == "move"):
        _apply(_Draft(manifest), operations)
    _apply(manifest, operations)


def _apply(manifest: Patchable, operations: Sequence[Mapping[str, Any]]) -> None:
    """Apply *operations* up to the first that fails."""
    for number, operation in enumerate(operations, 1):
        _Operation(manifest, operation, number).apply()


class _Draft:
    """A copy of an object, to try a patch on: one that fails must not have begun."""

    def __init__(self, manifest: Patchable) -> None:
        document = Document("")
        document.put((), manifest.get(()))
        self.at = manifest.at
        self.kind_at, self.length_at = document.kind, document.length
        self.set, self.insert = document.put, document.insert
        self.document = document

    def get(self, path: Path, default: Any = None) -> Any:
        value = self.document.get(path)
        return default if value is MISSING else value

    def delete(self, path: Path) -> bool:
        self.document.remove(path)
        return True

    def replace(self, object: Mapping[str, Any]) -> None:
        self.document.put((), object)

    def remove(self) -> None:
        self.document.put((), None)


class _Operation:
    """One operation of a patch."""

    def __init__(self, manifest: Patchable, operation: Mapping[str, Any], number: int) -> None:
        self.manifest = manifest
        self.name = str(number)
        if not isinstance(operation, Mapping):
            raise self.failure((), "is not a map")
        self.name += f" ({operation.get('op', '?')} {operation.get('path', '?')})"
        self.op = operation.get("op")
        if type(self.op) is str and self.op not in _MEMBER:
            raise self.failure((), "there is no such operation", f"there are {', '.join(_MEMBER)}")
        try:
            jsonpatch.JsonPatch([dict(operation)])
            self.operation: dict[str, Any] = plain_value(operation)
        except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException) as error:
            message = str(error)
            raise self.failure((), message[0].lower() + message[1:]) from None
        except TypeError as error:
            raise self.failure((), str(error)) from None
        member = _MEMBER[operation["op"]]
        if member not in operation:
            raise self.failure((), f"the member {member!r} is missing")

    def failure(self, path: _Keys, message: str, hint: str = "") -> EditError:
        """Return an error that names the operation."""
        text = f"operation {self.name}: {message}"
        return EditError(text, location=self.manifest.at(path), hint=hint)

    def apply(self) -> None:
        """Make the change; only a `move` can fail when it has begun."""
        path = self.keys("path")
        if self.op in ("add", "replace"):
            self.write(path, self.operation["value"], inserts=self.op == "add")
        elif self.op == "remove":
            self.take(path)
        elif self.op == "test":
            if not same(self.existing(path), self.operation["value"]):
                raise self.failure(path, "the value is another")
        else:
            source = self.keys("from")
            value = self.existing(source)
            if self.op == "move":
                if path[: len(source)] == source and path != source:
                    raise self.failure(path, "a value cannot move into itself")
                self.take(source)
                path = self.keys("path")
            self.write(path, value, inserts=True)

    def write(self, path: _Keys, value: Any, *, inserts: bool) -> None:
        """Add or replace a value."""
        manifest = self.manifest
        if not path:
            if not isinstance(value, Mapping) or manifest.kind_at(()) is not dict:
                raise self.failure(path, "the whole object can only become an object")
            manifest.replace(value)
            return
        parent = manifest.kind_at(path[:-1])
        if parent is None:
            raise self.failure(path, "the parent does not exist, or holds nothing")
        if parent is list and inserts:
            length = manifest.length_at(path[:-1])
            if int(path[-1]) > length:
                raise self.failure(path, f"the list has {length} items")
            manifest.insert(path, value)
            return
        if not inserts and manifest.get(path, MISSING) is MISSING:
            raise self.failure(path, "there is nothing to replace")
        manifest.set(path, value)

    def take(self, path: _Keys) -> None:
        """Remove a value that exists; the empty pointer removes the object."""
        self.existing(path)
        if path:
            self.manifest.delete(path)
        else:
            self.manifest.remove()

    def existing(self, path: _Keys) -> Any:
        """Return the value at *path*, which must exist."""
        value = self.manifest.get(path, MISSING)
        if value is MISSING:
            raise self.failure(path, "does not exist")
        return value

    def keys(self, member: str) -> _Keys:
        """Return a pointer as keys of maps and indexes of lists."""
        keys: list[str | int] = []
        for part in self.parts(member):
            container = self.manifest.kind_at(keys)
            if container is not list:
                keys.append(part)
            elif part == "-" and member == "path" and self.op in ("add", "move", "copy"):
                keys.append(self.manifest.length_at(keys))
            elif part.isdecimal() and part.isascii() and (part == "0" or part[0] != "0"):
                keys.append(int(part))
            else:
                raise self.failure(tuple(keys), f"{part!r} is no index of a list")
        return tuple(keys)

    def parts(self, member: str) -> list[str]:
        """Return what a pointer consists of."""
        try:
            return list(jsonpointer.JsonPointer(self.operation[member]).parts)
        except (TypeError, jsonpointer.JsonPointerException):
            raise self.failure((), f"the member {member!r} is no JSON Pointer") from None
