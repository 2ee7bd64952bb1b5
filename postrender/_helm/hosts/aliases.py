"""Aliases that Helm 4 cannot follow: of what another item of a `List` holds, and for metadata."""

from collections.abc import Iterator
from typing import Any

from postrender._errors import RefusedError
from postrender._yaml import Document
from postrender._yaml.nodes import Alias, Mapping, Sequence


def refuse_foreign_aliases(document: Document) -> None:
    """Refuse a list of which one item has an alias of what stands outside of that item.

    Helm 4 hands the item over without the anchor, and nothing can read it any more.

    :raises RefusedError: then.
    """
    items = document.root.find("items") if isinstance(document.root, Mapping) else None
    for item in _children(items.value) if items else ():
        first = _start(item)
        for alias in _aliases(item):
            if _start(alias.target) < first:
                message = "YAML parse error: unknown anchor"
                message += ", since an item of the list refers to what stands outside of it"
                raise RefusedError(message, hint="write the value out in each item")


def refuse_alias(document: Document) -> None:
    """Refuse metadata that are an alias, of which no annotation can be set.

    :raises RefusedError: then.
    """
    entry = document.root.find("metadata") if isinstance(document.root, Mapping) else None
    if entry and type(entry.value) is Alias:
        raise RefusedError("wrong node kind: expected MappingNode but got AliasNode")


def _aliases(node: Any) -> Iterator[Alias]:
    stack = [node]
    while stack:
        each = stack.pop()
        if type(each) is Alias:
            yield each
        stack += _children(each)


def _children(node: Any) -> list[Any]:
    if isinstance(node, Mapping):
        return [entry.value for entry in node.entries]
    return [item.value for item in node.items] if isinstance(node, Sequence) else []


def _start(node: Any) -> int:
    start: int = node.start
    return start
