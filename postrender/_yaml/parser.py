"""libyaml's events: the one tokenizer that values and positions both come from.

Go's YAML library is a port of libyaml, so its C parser reads what Helm and Kubernetes read. Where
PyYAML was built without it, the pure parser does the same work about thirty times slower, and
`IS_FAST` says so.
"""

from collections.abc import Callable
from typing import Any

import yaml

from postrender._yaml.errors import YamlError

try:
    from yaml._yaml import CParser

    IS_FAST = True
except ImportError:  # pragma: no cover - PyYAML without libyaml
    IS_FAST = False

NextEvent = Callable[[], Any]

MAX_DEPTH = 10_000  #: nesting that Go's YAML library refuses to pass


def events(text: str) -> NextEvent:
    """Return a function that gives the next event of *text* (no byte order mark in front)."""
    if IS_FAST:
        return CParser(text).get_event
    return slow_events(text)  # pragma: no cover - PyYAML without libyaml


def is_too_deep(error: yaml.YAMLError) -> bool:
    """Tell whether libyaml, since 0.2.6, gave up where Go's library and the pure parser go on."""
    return getattr(error, "problem", None) == "exceeded maximum nesting depth"


def slow_events(text: str) -> NextEvent:
    """Return what `events` does, of PyYAML's pure parser."""
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class PureParser(Reader, Scanner, Parser):
        """What `yaml.Loader` is without its constructor."""

        def __init__(self, stream: str) -> None:
            Reader.__init__(self, stream)
            Scanner.__init__(self)
            Parser.__init__(self)

    try:
        return PureParser(text).get_event
    except yaml.YAMLError as error:  # a character that cannot be read
        raise failure(error, text) from error


def failure(error: yaml.YAMLError, text: str) -> YamlError:
    """Translate PyYAML's error about *text*."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return YamlError(
            getattr(error, "problem", None) or str(error), mark.line + 1, mark.column + 1
        )
    position: int = getattr(error, "position", 0)  # of a character that cannot be read
    before = text[:position]
    line = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1) + 1
    return YamlError(getattr(error, "reason", "unreadable character"), line, column)


def start(next_event: NextEvent) -> Any:
    """Return the first event of the document's root, or None when there is no document.

    Raises `YamlError` for a `%YAML` version that Go refuses.
    """
    next_event()  # the start of the stream
    event = next_event()
    if type(event) is yaml.StreamEndEvent:
        return None
    if getattr(event, "version", None) not in (None, (1, 1)):
        raise YamlError("found incompatible YAML document", 1, 1)
    return next_event()


def error_at(event: Any, message: str) -> YamlError:
    """Return an error at the start of *event*."""
    mark = event.start_mark
    return YamlError(message, mark.line + 1, mark.column + 1)
