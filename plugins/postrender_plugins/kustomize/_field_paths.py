"""Field paths of replacements, such as `spec.containers.[name=app].image`, in an object."""

import re
from collections.abc import Iterator
from typing import Any, Final

from postrender import ConfigError, Manifest
from postrender_plugins.kustomize._paths import Path

_MISSING: Final = object()
EACH: Final = "*"


class FieldPath:
    """A field path, ready to be looked for in many objects."""

    def __init__(self, text: str) -> None:
        """Cut *text* into its parts.

        :raises ConfigError: for an expression that is none.
        """
        self.text = text
        self.parts = _split(text)
        self.is_loose = False  #: whether kustomize would have found more, as it anchors nothing
        try:
            self._tests = {
                part: re.compile(part.strip("[]").partition("=")[2])
                for part in self.parts
                if part.startswith("[")
            }
        except re.error as error:
            message = f"there is no such expression: {error}"
            raise ConfigError(message, location=text) from None

    def find(self, manifest: Manifest, base: Path = ()) -> Iterator[tuple[Path, list[str]]]:
        """Yield the paths that it leads to from *base*, each with the parts left at its end.

        Some are left where a part names nothing that is there, or leads into a scalar.
        """
        yield from self.follow(manifest, self.parts, base)

    def follow(
        self, manifest: Manifest, parts: list[str], base: Path
    ) -> Iterator[tuple[Path, list[str]]]:
        """Yield the paths that *parts* of it lead to."""
        if not parts:
            yield base, []
            return
        part, kind = parts[0], manifest.kind_at(base)
        found: list[Path] = []
        if kind is list:
            found = [(*base, index) for index in self._indexes(manifest.get(base), part)]
        elif kind is dict and part == EACH:
            found = [(*base, key) for key in manifest.get(base)]
        elif kind is dict and manifest.get((*base, part), _MISSING) is not _MISSING:
            found = [(*base, part)]
        if not found:
            yield base, parts
        for path in found:
            yield from self.follow(manifest, parts[1:], path)

    def _indexes(self, items: list[Any], part: str) -> list[int]:
        if part == EACH:
            return list(range(len(items)))
        if part == "-":
            return [len(items) - 1] if items else []
        if part.isdecimal():
            return [int(part)] if int(part) < len(items) else []
        test = self._tests.get(part)
        if test is None:
            return []
        key = part.strip("[]").partition("=")[0]
        texts = [_text(item, key) for item in items]
        exact = [index for index, text in enumerate(texts) if text and test.fullmatch(text)]
        loose = [index for index, text in enumerate(texts) if text and test.search(text)]
        self.is_loose |= exact != loose
        return exact


def _split(path: str) -> list[str]:
    r"""Return the parts of *path*.

    A dot ends a part, except behind a backslash and between brackets; brackets without a `=` only
    hold a key together, as in `metadata.annotations.[a.b/c]`.
    """
    parts: list[str] = []
    pieces = path.replace("\\.", "\0").split(".")
    while pieces:
        part = pieces.pop(0)
        if part.startswith("["):
            while not part.endswith("]") and pieces:
                part += "." + pieces.pop(0)
            if "=" not in part:
                part = part.strip("[]")
        parts.append(part.replace("\0", "."))
    return [part for part in parts if part.strip()]


def _text(item: Any, key: str) -> str | None:
    """Return the text that a part such as `[name=app]` compares, None for an item without it."""
    if not key:
        return as_text(item)
    return as_text(item[key]) if isinstance(item, dict) and key in item else None


def as_text(value: Any) -> str | None:
    """Return a scalar as YAML has it, None for a map or a list."""
    if isinstance(value, (dict, list)):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)


def create(manifest: Manifest, base: Path, parts: list[str]) -> Path | None:
    """Make what leads to *parts* from *base* but for the last; None where that cannot be.

    Maps are made as they are needed; an item such as `[name=app]` is made at the end of a list,
    and so is one whose index is the list's length.
    """
    for position, part in enumerate(parts):
        is_last = position == len(parts) - 1
        kind = manifest.kind_at(base)
        if part.startswith("[") or part.isdecimal():
            count = manifest.length_at(base) if kind is list else 0
            key, _, value = part.strip("[]").partition("=")
            if kind is dict or (part.isdecimal() and int(part) != count):
                return None
            if kind is None:
                manifest.set(base, [])
            if part.startswith("["):
                manifest.insert((*base, count), {key: value} if key else value)
            else:
                manifest.insert((*base, count), None if is_last else {})
            base = (*base, count)
        else:
            if kind is list or part == EACH:
                return None
            base = (*base, part)
    return base
