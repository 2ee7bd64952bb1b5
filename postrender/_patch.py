"""A JSON Patch (RFC 6902) on one manifest: strict, and all of it or nothing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from postrender._edits import Path
from postrender._errors import EditError, Location, pointer
from postrender._yaml import MISSING, Document, copied, plain_value, same

_Keys = tuple[str | int, ...]

#: The operations, and the member that each has beside `op` and `path`.
_MEMBER: Final = {
    "add": "value",
    "copy": "from",
    "move": "from",
    "remove": "path",
    "replace": "value",
    "test": "value",
}
_POINTER: Final = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_INDEX: Final = re.compile(r"0|[1-9][0-9]*", re.ASCII)


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
    read = [_Operation(manifest, each, number) for number, each in enumerate(operations, 1)]
    if len(read) > 1 or (read and read[0].op == "move"):
        draft = _Draft(manifest)
        for operation in read:
            operation.apply(draft)
    for operation in read:
        operation.apply(manifest)


class _Draft:
    """A copy of an object, to try a patch on: one that fails must not have begun."""

    def __init__(self, manifest: Patchable) -> None:
        document = Document("")
        document.put((), manifest.get(()))
        self.at = manifest.at
        self.kind_at, self.length_at = document.kind, document.length
        self.document = document

    def get(self, path: Path, default: Any = None) -> Any:
        value = self.document.get(path)
        return default if value is MISSING else value

    def set(self, path: Path, value: Any) -> None:
        self.document.put(path, copied(value))

    def insert(self, path: Path, value: Any) -> None:
        self.document.insert(path, copied(value))

    def delete(self, path: Path) -> bool:
        self.document.remove(path)
        return True

    def replace(self, object: Mapping[str, Any]) -> None:
        self.document.put((), object)

    def remove(self) -> None:
        self.document.put((), None)


class _Operation:
    """One operation of a patch, read but not applied."""

    def __init__(self, manifest: Patchable, operation: Mapping[str, Any], number: int) -> None:
        self.manifest = manifest
        self.number = number
        self.members = operation
        if not isinstance(operation, Mapping):
            raise self.failure((), "is not a map")
        self.op = operation.get("op")
        member = _MEMBER.get(self.op) if type(self.op) is str else None
        if not member or member not in operation or not _is_pointer(operation.get("path")):
            raise self.malformed()
        if member == "from" and not _is_pointer(operation["from"]):
            raise self.failure((), "the member 'from' is no JSON Pointer")
        try:
            self.value = plain_value(operation["value"]) if member == "value" else None
        except TypeError as error:
            raise self.failure((), str(error)) from None

    def malformed(self) -> EditError:
        """Return the error for what is no operation, in jsonpatch's words where it has some."""
        from jsonpatch import JsonPatch, JsonPatchException  # 10 ms, for a run that fails
        from jsonpointer import JsonPointerException

        if type(self.op) is str and self.op not in _MEMBER:
            known = ", ".join(_MEMBER)
            return self.failure((), "there is no such operation", f"there are {known}")
        try:
            JsonPatch([dict(self.members)])
        except (JsonPatchException, JsonPointerException) as error:
            message = str(error)
            return self.failure((), message[0].lower() + message[1:])
        return self.failure((), f"the member {_MEMBER[str(self.op)]!r} is missing")

    def failure(self, path: _Keys, message: str, hint: str = "") -> EditError:
        """Return an error that names the operation."""
        name = str(self.number)
        if isinstance(self.members, Mapping):
            name += f" ({self.members.get('op', '?')} {self.members.get('path', '?')})"
        text = f"operation {name}: {message}"
        return EditError(text, location=self.manifest.at(path), hint=hint)

    def apply(self, manifest: Patchable) -> None:
        """Make the change; only a `move` can fail when it has begun."""
        path = self.keys(manifest, "path")
        if self.op in ("add", "replace"):
            self.write(manifest, path, self.value, inserts=self.op == "add")
        elif self.op == "remove":
            self.take(manifest, path)
        elif self.op == "test":
            if not same(self.existing(manifest, path), self.value):
                raise self.failure(path, "the value is another")
        else:
            source = self.keys(manifest, "from")
            value = self.existing(manifest, source)
            if self.op == "move":
                if path[: len(source)] == source and path != source:
                    raise self.failure(path, "a value cannot move into itself")
                self.take(manifest, source)
                path = self.keys(manifest, "path")
            self.write(manifest, path, value, inserts=True)

    def write(self, manifest: Patchable, path: _Keys, value: Any, *, inserts: bool) -> None:
        """Add or replace a value."""
        if not path:
            if not isinstance(value, Mapping) or manifest.kind_at(()) is not dict:
                raise self.failure(path, "the whole object can only become an object")
            manifest.replace(value)
            return
        parent = manifest.kind_at(path[:-1])
        if parent is None:
            raise self.failure(
                path, f"the parent does not exist, or holds nothing; {self.reach(manifest, path)}"
            )
        if parent is list and inserts:
            length = manifest.length_at(path[:-1])
            if int(path[-1]) > length:
                raise self.failure(path, f"the list has {length} items")
            manifest.insert(path, value)
            return
        if not inserts and manifest.get(path, MISSING) is MISSING:
            raise self.failure(path, f"there is nothing to replace; {self.reach(manifest, path)}")
        manifest.set(path, value)

    def take(self, manifest: Patchable, path: _Keys) -> None:
        """Remove a value that exists; the empty pointer removes the object."""
        self.existing(manifest, path)
        if path:
            manifest.delete(path)
        else:
            manifest.remove()

    def existing(self, manifest: Patchable, path: _Keys) -> Any:
        """Return the value at *path*, which must exist."""
        value = manifest.get(path, MISSING)
        if value is MISSING:
            raise self.failure(path, f"does not exist; {self.reach(manifest, path)}")
        return value

    def reach(self, manifest: Patchable, path: _Keys) -> str:
        """Say how far *path* leads, and what stands there."""
        end = len(path) - 1
        while end and manifest.get(path[:end], MISSING) is MISSING:
            end -= 1
        place, kind = pointer(path[:end]) or "the object", manifest.kind_at(path[:end])
        if kind is list:
            count = manifest.length_at(path[:end])
            return f"{place} has {count} item" + ("s" if count != 1 else "")
        return f"{place} has no `{path[end]}`" if kind else f"{place} is no map and no list"

    def keys(self, manifest: Patchable, member: str) -> _Keys:
        """Return a pointer as keys of maps and indexes of lists."""
        parts = self.members[member].split("/")[1:]
        if "~" in self.members[member]:
            parts = [part.replace("~1", "/").replace("~0", "~") for part in parts]
        has_index = any(part == "-" or part[:1].isdigit() for part in parts)
        if not has_index and manifest.kind_at(parts[:-1]) is not list:
            return tuple(parts)  # no look at each container, as there is no list to complain of
        keys: list[str | int] = []
        for part in parts:
            container = manifest.kind_at(keys)
            if container is not list:
                keys.append(part)
            elif part == "-" and member == "path" and self.op in ("add", "move", "copy"):
                keys.append(manifest.length_at(keys))
            elif _INDEX.fullmatch(part):
                keys.append(int(part))
            else:
                raise self.failure(tuple(keys), f"{part!r} is no index of a list")
        return tuple(keys)


def _is_pointer(value: object) -> bool:
    return isinstance(value, str) and bool(_POINTER.fullmatch(value))
