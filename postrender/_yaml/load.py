"""The value of a text: by its lines where it is simple, else from libyaml's events."""

from typing import Any

from postrender._yaml import lines
from postrender._yaml.errors import YamlError
from postrender._yaml.plain import plain


def load(text: str, *, alone: bool = False) -> Any:
    """Return the value of the first document of *text*, None when there is none.

    Mappings are dicts with str keys, sequences lists, scalars str, int, float, bool or None.
    Raises `YamlError` for all that Go's library refuses, and when the document has to be *alone*
    for what follows it.
    """
    if lines.is_simple(text):
        try:
            return plain(lines.root(text, None))
        except lines.NotSimple:
            pass
    from postrender._yaml.tree import Builder  # imports PyYAML: 20 ms

    builder = Builder(text)
    root = builder.read(None)
    if alone and root is not None and not builder.read_behind():
        raise YamlError("expected a single document")
    return None if root is None else plain(root)
