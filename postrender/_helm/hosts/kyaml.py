"""How Helm 4's YAML library reads a stream and writes it: which documents, with which annotations.

It works on the tree of a text, never on values: types, duplicate keys and comments stay. The layout
that it gives a text is not imitated.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from postrender._errors import RefusedError
from postrender._helm.hosts.aliases import refuse_alias, refuse_foreign_aliases
from postrender._helm.hosts.annotations import (
    clear_annotation,
    clear_empty,
    find_annotation,
    set_annotation,
)
from postrender._helm.hosts.first import first
from postrender._helm.hosts.folds import refold
from postrender._yaml import Document, YamlError, dump, written

_SEPARATOR: Final = re.compile(r"\n---.*\n")
_INTERNAL: Final = "internal.config.kubernetes.io/"
_INDEXES: Final = ("config.kubernetes.io/index", f"{_INTERNAL}index", f"{_INTERNAL}seqindent")
_EMPTY: Final[tuple[Any, ...]] = (None, {}, [])
_KNOWN: Final = ("name", "namespace", "labels", "annotations")
#: Annotations of which the library makes a twin.
_TWINS: Final = (
    ("config.kubernetes.io/path", f"{_INTERNAL}path"),
    ("config.k8s.io/id", f"{_INTERNAL}id"),
)


class Tree:
    """A document as the library has it."""

    __slots__ = ("document", "is_item", "rest")

    def __init__(self, document: Document, rest: str = "", *, is_item: bool = False) -> None:
        """Take *document* and the text behind it that is overlooked."""
        self.document = document
        self.rest = rest
        self.is_item = is_item  #: whether it comes out of a list

    @property
    def value(self) -> Any:
        """Return a copy of what it holds, None for an item that is null."""
        return self.document.get(())

    def annotation(self, key: str) -> str:
        """Return the text of an annotation, "" where there is none."""
        return find_annotation(self.document, key)

    def annotate(self, key: str, value: str) -> None:
        """Set an annotation; an empty map in its way is made anew.

        :raises RefusedError: if there is no place for it, as in an item that is a text.
        """
        if self.is_item and self.value is not None:
            _refuse_odd(self.value)
        clear_empty(self.document)
        set_annotation(self.document, key, value)
        self._settle()

    def clear(self, *keys: str) -> None:
        """Take annotations out."""
        for key in keys:
            clear_annotation(self.document, key)
        self._settle()

    def text(self) -> str:
        """Return the text without what the library takes out: its annotations, and empty maps."""
        self.clear(*_INDEXES)
        clear_empty(self.document)
        self._settle()
        self.document = Document(refold(self.document.text))
        text = self.document.text
        return text if text.endswith("\n") else text + "\n"

    def check_item(self) -> None:
        """Refuse an item of a list that is no object; a document may be one without all that.

        :raises RefusedError: then.
        """
        value = self.value
        if not self.is_item or value is None:
            return
        metadata = value.get("metadata") if isinstance(value, dict) else None
        known = list(map(value.get, ("apiVersion", "kind"))) if isinstance(value, dict) else []
        known += map(metadata.get, _KNOWN) if isinstance(metadata, dict) else []
        if not any(each not in _EMPTY for each in known):
            raise RefusedError("missing Resource metadata: an item of a list is no object")
        _refuse_odd(value)
        annotations = (metadata or {}).get("annotations")
        if annotations is not None and not isinstance(annotations, dict):
            raise _wrong_kind(annotations)

    def _settle(self) -> None:
        if self.document.changed:
            self.document = Document(written(self.document))

    def copy_twins(self) -> None:
        """Give each of the library's annotations its twin."""
        for pair in _TWINS:
            for key, other in (pair, pair[::-1]):
                if not self.annotation(key) and self.annotation(other):
                    self.annotate(key, self.annotation(other))


def parse(text: str) -> list[Tree]:
    """Return the documents of *text*; comments alone are none, and a lone `List` is its items.

    :raises RefusedError: for what the library refuses.
    """
    pieces = list(_pieces(text.replace("\r\n", "\n")))
    found = []
    for piece in pieces:
        tree = _tree(piece)
        if tree is None:
            continue
        if len(pieces) == 1 and _is_list(tree.value):
            refuse_foreign_aliases(tree.document)
            found += _items(tree.value.get("items"))
        else:
            tree.copy_twins()
            found.append(tree)
    return found


def _pieces(text: str) -> Iterator[str]:
    """Cut a stream at its separators; the dashes at its very start are none."""
    start = 0
    for found in _SEPARATOR.finditer(text):
        behind = found[0][4:].strip()
        if behind and not behind.startswith("#"):
            hint = "put a line break behind the dashes"
            raise RefusedError("invalid document separator: text behind the dashes", hint=hint)
        yield text[start : found.start()] + "\n"
        start = found.end()
    yield text[start:]


def _tree(piece: str) -> Tree | None:
    """Read the first document of a piece; what follows it is overlooked."""
    try:
        found = first(piece)
    except YamlError as error:
        message = f"MalformedYAMLError: line {error.line}: {error.message}"
        raise RefusedError(message) from None
    if found is None:
        return None
    refuse_alias(found.document)
    _refuse_odd(found.document.get(()))
    return Tree(*found)


def _refuse_odd(value: Any) -> None:
    """Refuse what no annotation can be set on; annotations that are a scalar are overwritten."""
    if not isinstance(value, dict):
        raise _wrong_kind(value)
    metadata = value.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise _wrong_kind(metadata)
    annotations = (metadata or {}).get("annotations")
    if annotations and isinstance(annotations, list):
        raise _wrong_kind(annotations)


def _wrong_kind(value: Any) -> RefusedError:
    kind = "SequenceNode" if isinstance(value, list) else "ScalarNode"
    return RefusedError(f"wrong node kind: expected MappingNode but got {kind}")


def _is_list(value: Mapping[str, Any]) -> bool:
    if value.get("kind") not in ("List", "ResourceList"):
        return False
    return "items" in value or "functionConfig" in value


def _items(value: Any) -> list[Tree]:
    """Return the items of a list; those of a map are its keys and values, those of a text none."""
    if isinstance(value, dict):
        value = [each for pair in value.items() for each in pair]
    items = value if isinstance(value, list) else []
    return [Tree(Document(dump(each)), is_item=True) for each in items]
