"""Findings in the formats that other programs read: JSON, SARIF, JUnit, GitHub's annotations."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

from postrender._formats.items import Item, counted, items_of

__all__ = ["FORMATS", "Item", "counted", "format_of", "formatted", "items_of"]

#: The module of each format, which has a function `render`.
_MODULES: Final = {
    "text": "text",
    "json": "data",
    "sarif": "sarif",
    "junit": "junit",
    "github": "github",
}
FORMATS: Final = tuple(_MODULES)
_ENDINGS: Final = {".sarif": "sarif", ".sarif.json": "sarif", ".json": "json", ".xml": "junit"}


def format_of(file: str, default: str) -> str:
    """Return the format that the name of a file asks for, *default* if it asks for none."""
    fitting = [ending for ending in _ENDINGS if file.lower().endswith(ending)]
    return _ENDINGS[max(fitting, key=len)] if fitting else default


def formatted(name: str, items: Sequence[Item], version: str) -> str:
    """Return *items* in the format called *name*, lines with their ends.

    :param version: of postrender.
    """
    # Each has imports that the others have no use for.
    module = import_module(f"postrender._formats.{_MODULES[name]}")
    render: Callable[[Sequence[Item], str], str] = module.render
    return render(items, version)
