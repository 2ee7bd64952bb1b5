"""A finding as all formats take it, from the data that a report has of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

ERROR, WARNING, INFO = SEVERITIES = ("error", "warning", "info")
LEVELS: Final = ("critical", "high", "medium", "low", "")
RENDERED: Final = "rendered.yaml"  #: stands for a stream that came from no file


class Item(NamedTuple):
    """One finding; what is not known is empty."""

    check: str  #: the step that found it
    rule: str
    severity: str  #: `error` if it refuses the stream, else `warning` or `info`
    message: str
    allowed: str  #: the reason of the exception that allows it
    title: str  #: what the rule is about
    page: str  #: the address of a page about it
    level: str  #: `critical`, `high`, `medium` or `low`
    confidence: str
    fingerprint: str
    file: str  #: from which its manifest was read
    source: str  #: the chart's file
    document: int
    line: int
    end_line: int
    api_version: str
    object: str  #: as in `Deployment shop/web`
    path: str  #: a JSON Pointer
    field: str  #: the same, with items of lists by their names

    @property
    def artifact(self) -> str:
        """The file to mend: the chart's, else the one that was read."""
        return self.source or self.file or RENDERED

    @property
    def spot(self) -> tuple[str, int]:
        """A file to open, and the line there, 0 where it is not known.

        Of a stream, that is the chart's file, whose lines are others than the stream's.
        """
        if self.source and not self.file:
            return self.source, 0
        return self.file or RENDERED, self.line

    @property
    def names(self) -> tuple[str, str, str]:
        """Kind, namespace and name of the object."""
        kind, _, name = self.object.partition(" ")
        namespace, slash, rest = name.partition("/")
        return (kind, namespace, rest) if slash else (kind, "", name)


def items_of(steps: Iterable[tuple[str, Iterable[Mapping[str, Any]]]]) -> list[Item]:
    """Return the findings of *steps*, the worst first, those of one kind in the stream's order.

    :param steps: title and findings of each, as a report has them.
    :raises LookupError, TypeError: if a report does not have them so.
    """
    items = [_item(title, data) for title, findings in steps for data in findings]
    return sorted(items, key=_rank)


def _item(check: str, data: Mapping[str, Any]) -> Item:
    place: Mapping[str, Any] = data["location"] or {}
    about: Mapping[str, Any] = data.get("about") or {}  # which earlier versions do not have
    level = about.get("level", "")
    return Item(
        check=check,
        rule=data["rule"],
        severity=data["severity"],
        message=data["message"],
        allowed=data.get("allowed", ""),
        title=about.get("title", ""),
        page=about.get("page", ""),
        level=level if level in LEVELS else "",
        confidence=about.get("confidence", ""),
        fingerprint=about.get("fingerprint", ""),
        file=place.get("file", ""),
        source=place.get("source", ""),
        document=place.get("document", 0),
        line=place.get("line", 0),
        end_line=place.get("endLine", 0),
        api_version=place.get("apiVersion", ""),
        object=place.get("object", ""),
        path=place.get("path", ""),
        field=place.get("field", ""),
    )


def _rank(item: Item) -> tuple[object, ...]:
    return (
        SEVERITIES.index(item.severity),
        LEVELS.index(item.level),
        item.file,
        item.document,
        item.line,
        item.path,
        item.rule,
    )


def counted(count: int, what: str) -> str:
    """Return a number with its noun, as in `1 error` and `2 errors`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def told(items: Sequence[Item]) -> list[Item]:
    """Return those that no exception allows."""
    return [item for item in items if not item.allowed]
