"""The tree of a simple document, read by lines: some four times faster than from libyaml's events.

This package is a shortcut and can be deleted: `tree` gives the same nodes for every document. A
document is *simple* when each of its lines is complete by itself: a key, a key with a scalar, a
list item, a block scalar with its lines. What takes a parser to understand (anchors, tags, complex
keys, tabs between tokens) makes it not simple, and the events decide. What is called simple here is
valid YAML with the same tree; `tests/yaml/test_lines.py` holds it against the events.
"""

from postrender._yaml.lines.build import NotSimple, expand, root
from postrender._yaml.lines.rules import is_simple

__all__ = ["NotSimple", "expand", "is_simple", "root"]
