"""One Kubernetes object of the stream: what it holds, and how it is edited."""

from collections.abc import Mapping, Sequence
from typing import Any

from postrender._edits import Path
from postrender._errors import EditError
from postrender._identity import Identity
from postrender._yaml import MISSING, PathError, copied, differences, dump, plain_value, same


class Manifest(Identity):
    """A Kubernetes object in the stream.

    Reading gives plain values in Helm's dialect; an edit is remembered and written into the text
    when the stream is. Paths are sequences of keys and indexes, as in
    `("metadata", "labels", "app.kubernetes.io/name")`.
    """

    __slots__ = ()

    # -- what it holds ----------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return the whole object as a plain dict of its own."""
        value: dict[str, Any] = self.unit.document.get(self._full(()))
        return value

    # -- edits ------------------------------------------------------------------------------------

    def set(self, path: Path, value: Any, *, before: str | None = None) -> None:
        """Make *value* the value at *path*; an equal one is left as it is written.

        A key that is not there yet goes in front of the key *before* of the same map, and last
        where that is not there either. Maps that are missing or null on the way are made, lists
        never. Raises `EditError` where that cannot be, and for a value that YAML cannot say.
        """
        value = self._plain(path, value)
        old = self.unit.document.get(self._full(path))
        if old is MISSING or not same(old, value):
            self._put(path, old, value, before)

    def delete(self, path: Path) -> bool:
        """Remove what stands at *path*; tell whether there was anything."""
        old = self.unit.document.get(self._full(path))
        if old is MISSING:
            return False
        self._drop(path, old)
        return True

    def merge(self, patch: Mapping[str, Any]) -> None:
        """Apply a JSON Merge Patch (RFC 7386): null removes, maps merge, the rest replaces."""
        stack: list[tuple[tuple[str | int, ...], Mapping[str, Any]]] = [((), patch)]
        while stack:
            path, part = stack.pop()
            for name, value in part.items():
                below = (*path, name)
                if value is None:
                    self.delete(below)
                elif not isinstance(value, Mapping):
                    self.set(below, value)
                else:
                    if type(self.get(below)) is not dict:
                        self.set(below, {})
                    stack.append((below, value))

    def patch(self, operations: Sequence[Mapping[str, Any]]) -> None:
        """Apply a JSON Patch (RFC 6902), all of it or nothing.

        Raises `EditError` for an operation that is malformed or does not apply.
        """
        from postrender._patch import apply_patch  # imports jsonpatch: 10 ms

        apply_patch(self, operations)

    def replace(self, object: Mapping[str, Any]) -> None:
        """Make it *object*, by the smallest edits of its text."""
        new = self._plain((), object)
        for operation in differences(self.to_dict(), new):
            if operation.op == "remove":
                self.delete(operation.path)
            elif operation.op == "add" and type(operation.path[-1]) is int:
                self.insert(operation.path, operation.value)
            else:
                self.set(operation.path, operation.value)

    def insert(self, path: Path, value: Any) -> None:
        """Insert *value* into the list at `path[:-1]` before index `path[-1]`.

        The list's length as the index appends. Raises `EditError` where there is no such list.
        """
        value = self._plain(path, value)
        try:
            self.unit.document.insert(self._full(path), value)
        except PathError as error:
            raise self._failure(path, error) from None
        self._record("add", path, None, value)

    def text(self) -> str:
        """Return its text with all edits, an item of a list as a document of its own."""
        return self.unit.text() if self.index is None else dump(self.to_dict())

    def kind_at(self, path: Path) -> type | None:
        """Return `dict` or `list` for a collection at *path*, None for anything else."""
        return self.unit.document.kind(self._full(path))

    def length_at(self, path: Path) -> int:
        """Return how many members the collection at *path* has, 0 for anything else."""
        return self.unit.document.length(self._full(path))

    def remove(self) -> None:
        """Drop it from the stream."""
        if not self.is_removed:
            self._record("remove", (), self.to_dict(), None)
            self.is_removed = True

    # -- plumbing ---------------------------------------------------------------------------------

    def _plain(self, path: Path, value: Any) -> Any:
        """Return *value* as a plain value of its own."""
        try:
            return plain_value(value)
        except TypeError as error:
            raise EditError(str(error), location=self.at(path)) from None

    def _put(self, path: Path, old: Any, value: Any, before: str | None) -> None:
        """Set a value, whose maps are made; a new key goes in front of *before*."""
        self._keep_title(path)
        try:
            self.unit.document.put(self._full(path), value, create=True, before=before)
        except PathError as error:
            raise self._failure(path, error) from None
        if old is MISSING:
            self._record("add", path, None, value)
        else:
            self._record("replace", path, old, value)

    def _drop(self, path: Path, old: Any) -> None:
        """Remove a value that exists."""
        if not path:
            raise EditError(
                "the whole object cannot be deleted at a path",
                location=self.location,
                hint="use remove()",
            )
        self._keep_title(path)
        self.unit.document.remove(self._full(path))
        self._record("remove", path, old, None)

    def _keep_title(self, path: Path) -> None:
        """Work out the name that the object has, before an edit that may change it."""
        if _is_identity(tuple(path)):
            str(self)

    def _record(self, op: str, path: Path, old: Any, new: Any) -> None:
        """Remember an edit, under the name that the object had before."""
        path = tuple(path)
        self.unit.record(op, str(self), path, old, copied(new))
        if _is_identity(path):
            self._title, self._type = "", None
            self.unit.is_doubtful = True
        elif path[:1] == ("metadata",) and not _is_textual(new):
            self.unit.is_doubtful = True  # it may be a label

    def _failure(self, path: Path, error: PathError) -> EditError:
        """Return the error for a path that ends early, naming the longest part that exists."""
        depth = error.depth if self.index is None else error.depth - 2
        return EditError(error.message, location=self.at(path[: depth + 1]))


def _is_identity(path: tuple[str | int, ...]) -> bool:
    """Tell whether a change at *path* may make another object, or none at all."""
    if path[:1] == ("metadata",):
        return len(path) == 1 or path[1] in ("name", "namespace", "generateName")
    return path[:1] in ((), ("apiVersion",), ("kind",))


def _is_textual(value: Any) -> bool:
    """Tell whether *value* is a string or nothing, or a map of these."""
    if type(value) is dict:
        return all(each is None or type(each) is str for each in value.values())
    return value is None or type(value) is str
