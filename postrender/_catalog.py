"""The catalog: every plugin that a step may name, where it comes from, and its options."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from postrender import _plugins
from postrender._errors import PostrenderError
from postrender._options import Option, options_of


class Entry(NamedTuple):
    """One plugin."""

    name: str
    origin: str  #: `built-in`, or name and version of a distribution
    summary: str  #: the first line of its documentation
    options_class: type | None
    options: list[Option]
    error: str  #: why it cannot be used, "" if it can


def catalog() -> list[Entry]:
    """Return all plugins, the built-in ones first, each group by name."""
    return [_entry(name, origin, load) for name, origin, load in _all()]


def _all() -> Iterator[tuple[str, str, Callable[[], object]]]:
    for name in _plugins.builtin_names():
        yield name, "built-in", partial(_plugins.find, name)
    for each in sorted(_plugins.entry_points()):
        origin = _plugins.distribution(each)
        yield each.name, origin, partial(_plugins.load, each.name, each)


def _options(cls: type | None) -> list[Option]:
    """Return the options that are known by name; a class that reads itself keeps them to itself."""
    if cls is None or hasattr(cls, "from_config") or issubclass(cls, Mapping):
        return []
    return options_of(cls)


def _entry(name: str, origin: str, load: Callable[[], object]) -> Entry:
    manager = _plugins.Manager()
    try:
        plugin = load()
        manager.register(name, plugin)
        cls = manager.options_class(plugin)
        options = _options(cls)
    except PostrenderError as error:
        return Entry(name, origin, "", None, [], str(error))
    summary, *_ = (inspect.getdoc(plugin) or "").splitlines() or [""]
    return Entry(name, origin, summary, cls, options, "")
