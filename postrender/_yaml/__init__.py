"""YAML text and its tree; this package has never heard of Kubernetes."""

from postrender._yaml.diff import differences
from postrender._yaml.document import Document
from postrender._yaml.emit import block as dump
from postrender._yaml.errors import YamlError
from postrender._yaml.load import load
from postrender._yaml.outline import Outline
from postrender._yaml.paths import MISSING, Path, PathError
from postrender._yaml.plain import copied, plain_value, same
from postrender._yaml.stream import Part, split
from postrender._yaml.where import span
from postrender._yaml.write import UnwritableError, written

__all__ = [
    "MISSING",
    "Document",
    "Outline",
    "Part",
    "Path",
    "PathError",
    "UnwritableError",
    "YamlError",
    "copied",
    "differences",
    "dump",
    "load",
    "locate",
    "plain_value",
    "same",
    "span",
    "split",
    "written",
]


def locate(text: str, path: Path) -> tuple[int, int]:
    """Return line and column, from 1, of the key or item at *path*, or of what exists of it."""
    return Document(text).locate(path)
