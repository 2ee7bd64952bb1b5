"""The text of an edited document: three ways to write it, each result read back before it counts.

1. Splices, with a node written anew where that loses no comment (`splice`).
2. Splices with nodes written anew whatever they hold, or ruamel.yaml's round trip of the document
   (`roundtrip`), which lays it out anew: whichever keeps more comments, the splices if both do.
3. The whole document from its value.
"""

import re
from functools import lru_cache
from typing import Any

from postrender._yaml import emit
from postrender._yaml.document import Document
from postrender._yaml.errors import YamlError
from postrender._yaml.load import load
from postrender._yaml.nodes import Entry, Fresh
from postrender._yaml.places import Awkward
from postrender._yaml.plain import same
from postrender._yaml.roundtrip import rewrite
from postrender._yaml.splice import Region, Splicer, apply

_SHORT = 2000  # characters
_COMMENT = re.compile(r"(?:^|\s)#")


class UnwritableError(ValueError):
    """A value that no way of writing gives back."""


def written(document: Document) -> str:
    """Return the text of *document* with its edits; raises `UnwritableError`."""
    if not document.changed:
        return document.text
    try:
        return _written(document)
    except RecursionError:
        raise UnwritableError("is nested too deep to be edited there") from None


def _written(document: Document) -> str:
    text = _spliced(document)
    if text is None:
        texts = [_spliced_at_any_cost(document), _round_tripped(document)]
        text = max((each for each in texts if each is not None), key=_comments, default=None)
    if text is None:
        text = _anew(document)
    if text is None:
        raise UnwritableError("reads back as another value, however it is written")
    return text


def _comments(text: str) -> int:
    """Count what looks like a comment."""
    return len(_COMMENT.findall(text))


def _spliced(document: Document) -> str | None:
    text = _splice(document, lossy=False)
    # A literal block would take the comments behind it for its own, where they stand deep enough.
    return _splice(document, lossy=False, literal=False) if text is None else text


def _spliced_at_any_cost(document: Document) -> str | None:
    return _splice(document, lossy=True)


def _splice(document: Document, *, lossy: bool, literal: bool = True) -> str | None:
    """Return the text with splices, None when they cannot be made or mean something else."""
    root = document.root
    if root is None or type(root) is Fresh or root is not document.outline.tree:
        return None
    splicer = Splicer(document, lossy=lossy, literal=literal)
    try:
        covered = splicer.root(root) and not document.outline.is_odd
        text = apply(document.text, splicer.splices)
        if covered:
            return text if all(_reads_back(document, each) for each in splicer.regions) else None
    except Awkward:
        return None
    return text if _means(text, document.get(()), alone=document.outline.trailing is None) else None


def _reads_back(document: Document, region: Region) -> bool:
    """Tell whether a region of the new text means what it must."""
    text = apply(document.text, region.splices, region.start, region.end)
    read = _read if len(text) < _SHORT else load
    try:
        value = read(text, alone=True)
    except YamlError:
        return False
    meant: Any = [_value(document, each.value) for each in region.members]
    if isinstance(region.members[0], Entry):
        meant = {each.name: one for each, one in zip(region.members, meant, strict=True)}
    # What is written many times is spelt alike, and compared as text in a third of the time.
    return repr(value) == repr(meant) or same(value, meant)


def _value(document: Document, node: Any) -> Any:
    """Return the value of a node, which is not to be changed."""
    return node.value if type(node) is Fresh else document.value(node)


@lru_cache(maxsize=256)
def _read(text: str, *, alone: bool) -> Any:
    """Read a short piece of text, such as a label or a container that every document gets."""
    return load(text, alone=alone)


def _means(text: str, value: Any, *, alone: bool = True) -> bool:
    """Tell whether *text* is one document with this value."""
    try:
        return same(load(text, alone=alone), value)
    except YamlError:
        return False


def _round_tripped(document: Document) -> str | None:
    """Return the text as ruamel.yaml writes it, None where it has no comment to save."""
    old, value = load(document.text), document.get(())
    if "#" not in document.text or type(old) is not type(value):
        return None
    try:
        text = rewrite(document.text, old, value)
    except ValueError:
        return None
    return text if _means(text, value, alone=document.outline.trailing is None) else None


def _anew(document: Document) -> str | None:
    """Return the document from its value, under the comments that stood above it."""
    value = document.get(())
    tree = document.outline.tree
    head = document.text[: tree.start] if tree is not None else document.text
    head = head[: head.rfind("\n") + 1]
    text = head + emit.block(value)
    return text if _means(text, value) else None
