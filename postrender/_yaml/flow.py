"""Splices within a flow collection, in the style that it is written in."""

from typing import Any, NamedTuple

from postrender._yaml import emit
from postrender._yaml.emit import Style
from postrender._yaml.layout import is_json
from postrender._yaml.nodes import Entry, Item, Mapping, Sequence
from postrender._yaml.places import Awkward, Places


class Splice(NamedTuple):
    """Replace `text[start:end]` by `new`."""

    start: int
    end: int
    new: str


def flow_splices(node: Mapping | Sequence, places: Places, style: Style) -> list[Splice]:
    """Return the splices for the changes of a flow collection and of all below it.

    Raises `Awkward` where there is no place for one.
    """
    style = style._replace(json=style.json or is_json(node))
    holders: list[Any] = list(node.entries if isinstance(node, Mapping) else node.items)
    staying = [index for index, holder in enumerate(holders) if not holder.gone]
    written = {
        index: ", ".join(_member(holder, style) for holder in run)
        for index, run in _runs(node).items()
    }
    if (written or len(staying) < len(holders)) and _is_pair(node, places):
        raise Awkward
    if not staying:
        opening = places.text.index("{" if isinstance(node, Mapping) else "[", node.start) + 1
        return [Splice(opening, node.end - 1, written.get(-1, ""))]
    splices = [
        splice for index in staying for splice in _value_splices(holders[index], places, style)
    ]
    spans = [(_start(holder), holder.old.end) for holder in holders]
    splices += _cuts(holders, spans, staying[0])
    for index, new in written.items():
        start, end = spans[index if index >= 0 else staying[0]]
        if index < 0:
            splices.append(Splice(start, start, new + _glue(places, start, style)))
        else:
            splices.append(Splice(end, end, _glue(places, start, style) + new))
    return splices


def _cuts(holders: list[Any], spans: list[tuple[int, int]], first: int) -> list[Splice]:
    """Return the splices that cut the members that are gone, each with one comma.

    Those before the *first* that stays go with the comma behind them.
    """
    gone = [index for index, holder in enumerate(holders) if holder.gone]
    return [
        Splice(spans[index][0], spans[index + 1][0], "")
        if index < first
        else Splice(spans[index - 1][1], spans[index][1], "")
        for index in gone
    ]


def _is_pair(node: Mapping | Sequence, places: Places) -> bool:
    """Tell whether a flow mapping is one pair without braces, as `[a: b]` has it."""
    is_bare = node.anchor is None and node.tag is None
    return is_bare and places.text[node.start] not in "{["


def _value_splices(holder: Entry | Item, places: Places, style: Style) -> list[Splice]:
    """Return the splices for the change of one member's value."""
    value, old = holder.value, holder.old
    if value is old:
        if isinstance(value, Mapping | Sequence) and value.touched:
            return flow_splices(value, places, style)
        return []
    assert old is not None
    if old.start == old.end:
        raise Awkward
    new = emit.flow(value.value, style)
    before = places.text[old.start - 1]
    return [Splice(old.start, old.end, " " + new if before == ":" else new)]


def _glue(places: Places, start: int, style: Style) -> str:
    """Return what separates a new member from the one at *start*: a line, if that had one."""
    line = places.line_start(start)
    before = places.text[line:start]
    return ", " if before.strip() or line == 0 else "," + style.eol + before


def _start(holder: Any) -> int:
    """Return where a member starts."""
    start: int = holder.place.start if isinstance(holder, Entry) else holder.old.start
    return start


def _member(holder: Any, style: Style) -> str:
    """Return the text of an added member."""
    value = holder.value.value
    if isinstance(holder, Entry):
        return emit.flow_entry(holder.name or "", value, style)
    return emit.flow(value, style)


def _runs(node: Mapping | Sequence) -> dict[int, list[Any]]:
    """Return the added members by the index of the member of the text that they follow.

    Those in front of every member that stays, or in a collection where none stays, are under -1.
    """
    old: list[Any] = list(node.entries if isinstance(node, Mapping) else node.items)
    live: list[Any] = node.live() if isinstance(node, Mapping) else node.live
    positions = {id(member): index for index, member in enumerate(old)}
    runs: dict[int, list[Any]] = {}
    at = -1
    for member in live:
        if id(member) in positions:
            at = positions[id(member)]
        else:
            runs.setdefault(at, []).append(member)
    return runs
