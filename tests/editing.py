"""Edits of a document in one line, for tests of the text that they give."""

from typing import Any

from fuzz.edits import Edit

from postrender._yaml import Document, Path, written


def put(path: str | tuple[str, ...], value: Any) -> Edit:
    """Make *value* the value at *path*, `a/0/b` for `("a", 0, "b")`."""
    return Edit("put", keys(path), value)


def create(path: str, value: Any) -> Edit:
    """Make *value* the value at *path*, and the maps on the way that are missing."""
    return Edit("create", keys(path), value)


def insert(path: str, value: Any) -> Edit:
    """Insert *value* before the item at *path*."""
    return Edit("insert", keys(path), value)


def remove(path: str) -> Edit:
    """Remove what stands at *path*."""
    return Edit("remove", keys(path))


def keys(path: str | tuple[str, ...]) -> Path:
    """Return the keys and indexes of a path."""
    if isinstance(path, tuple):
        return path
    names = path.split("/") if path else []
    return tuple(int(name) if name.isdigit() else name for name in names)


def edited(text: str, *edits: Edit) -> str:
    """Return *text* with the edits made."""
    document = Document(text)
    for edit in edits:
        edit.apply(document)
    return written(document)
