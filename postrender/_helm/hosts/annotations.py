"""Annotations as Helm 4's YAML library sets them: on the nodes of a tree, whatever they mean.

Of keys that are there twice the first one counts; merge keys are not looked into; an anchored map
changes for its aliases too; and annotations that are an alias are overwritten.
"""

from postrender._yaml.document import Document
from postrender._yaml.nodes import Alias, Entry, Fresh, Mapping, Node, Scalar


def find_annotation(document: Document, key: str) -> str:
    """Return the text of an annotation, "" where there is none."""
    entry = _entry(_annotations(document), key)
    if entry and isinstance(entry.value, Scalar) and entry.value.value is not None:
        return entry.value.text
    return ""


def set_annotation(document: Document, key: str, value: str) -> None:
    """Set an annotation; metadata and annotations that are missing are made.

    What is there and no map has been taken out by `clear_empty`.
    """
    root, metadata, annotations = document.root, _metadata(document), _annotations(document)
    if not isinstance(root, Mapping):
        return
    entry = _entry(annotations, key)
    if entry:
        entry.value = Fresh(value)
    elif annotations is not None:
        annotations.add(key, value)
    elif metadata is not None:
        metadata.add("annotations", {key: value})
    else:
        root.add("metadata", {"annotations": {key: value}})
    _touch(document)


def clear_annotation(document: Document, key: str) -> None:
    """Take an annotation out, where it is there."""
    entry = _entry(_annotations(document), key)
    if entry:
        entry.gone = True
        _touch(document)


def clear_empty(document: Document) -> None:
    """Take annotations and metadata out where they are empty, or annotations that are no map."""
    for holder, name in ((_metadata(document), "annotations"), (document.root, "metadata")):
        entry = _entry(holder, name)
        if isinstance(holder, Mapping) and entry and _is_empty(entry.value):
            _touch(document)
            entry.gone = True


def _is_empty(node: Node | Fresh) -> bool:
    if isinstance(node, Mapping):
        return not node.live()
    return isinstance(node, Scalar | Alias) or not getattr(node, "items", True)


def _metadata(document: Document) -> Mapping | None:
    return _mapping(document.root, "metadata")


def _annotations(document: Document) -> Mapping | None:
    return _mapping(_metadata(document), "annotations")


def _mapping(holder: object, name: str) -> Mapping | None:
    entry = _entry(holder, name)
    return entry.value if entry and isinstance(entry.value, Mapping) else None


def _entry(holder: object, name: str) -> Entry | None:
    entries = holder.live() if isinstance(holder, Mapping) else []
    return next((entry for entry in entries if entry.name == name), None)


def _touch(document: Document) -> None:
    """Mark what is on the way to the annotations, so that it is written."""
    document.changed = True
    for node in (document.root, _metadata(document), _annotations(document)):
        if isinstance(node, Mapping):
            node.touched = True
