"""Members that were added to a block collection: which stand together, and their lines."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from postrender._yaml import emit
from postrender._yaml.emit import Style
from postrender._yaml.nodes import Item


def runs(live: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Yield the added ones among the members *live* that stand together, in order.

    With them comes the member of the text that they follow, None in front of all.
    """
    before = None
    for is_added, members in groupby(live, _is_added):
        if is_added:
            yield before, list(members)
        else:
            *_, before = members


def _is_added(member: Any) -> bool:
    """Tell a member that was added from one of the text."""
    return member.old is None if type(member) is Item else member.key is None


def lines(members: list[Any], column: int, style_for: Callable[[Any], Style]) -> list[str]:
    """Return the lines of each member at *column*: the first of them without indentation."""
    return [_written(each, each.value.value, column, style_for) for each in members]


def _written(member: Any, value: Any, column: int, style_for: Callable[[Any], Style]) -> str:
    if type(member) is Item:
        return emit.item(value, column, style_for(value))
    return emit.entry(member.name, value, column, style_for(value))
