"""The lines of a document's text that a place in it takes."""

from postrender._yaml.document import Document
from postrender._yaml.nodes import Scalar
from postrender._yaml.paths import Path


def span(document: Document, path: Path, line: int = 0) -> tuple[int, int]:
    """Return the first and the last line, from 1, of the key or item at *path* with its scalar.

    :param line: one of the scalar's text, from 1, which a literal block has as it is.
    """
    if not path:
        first = _line(document, getattr(document.root, "start", 0))
        return first, first
    first, _ = document.locate(path)
    node = getattr(document.holder(path), "old", None)
    if type(node) is not Scalar:
        return first, first
    last = _line(document, max(node.start, len(document.text[: node.end].rstrip())))
    if line and node.style == "|":
        first = last = min(last, _line(document, node.start) + line)
    return first, last


def _line(document: Document, offset: int) -> int:
    return document.text.count("\n", 0, offset) + 1
