"""The splice that puts a new value in the place of an old one, in block context."""

from typing import Any

from postrender._yaml import emit
from postrender._yaml.emit import Style
from postrender._yaml.flow import Splice
from postrender._yaml.layout import is_json
from postrender._yaml.nodes import Entry, Item, Mapping, Scalar, Sequence, Skipped
from postrender._yaml.places import Awkward, Places


def replacement(
    holder: Entry | Item, value: Any, after: int, column: int, places: Places, style: Style
) -> Splice:
    """Return the splice that gives *holder* a plain *value*.

    It stands behind the colon of a key, or the dash of an item, at the offset *after*; *column* is
    that of the key or dash. A comment behind an old scalar or a key stays. Raises `Awkward`.
    """
    old: Any = holder.old
    if _is_inline(old):
        return _inline(after, old, _body(holder, value, column, style), places, style)
    header = places.text[after : places.line_stop(after)].strip()
    if type(old) is Scalar:
        header = header.lstrip("|>+-0123456789 ")  # a block scalar's
    is_tied = getattr(old, "anchor", None) or getattr(old, "tag", None)
    comment = header if header.startswith("#") and not is_tied else ""
    body = _with_comment(_body(holder, value, column, style), comment, style)
    return Splice(after, places.line_end(places.line_after(old)), body)


def _body(holder: Entry | Item, value: Any, column: int, style: Style) -> str:
    """Return what stands behind the colon or the dash, written like the old value."""
    old: Any = holder.old
    if value and _is_filled_flow(old):
        return " " + emit.flow(value, style._replace(json=style.json or is_json(old)))
    if type(old) is Scalar and old.style in ("'", '"') and type(value) is str:
        return " " + emit.restyled(value, old.style)
    if isinstance(holder, Entry):
        return emit.after_key(value, column, style)
    return emit.item(value, column, style)[1:]


def _inline(after: int, old: Any, body: str, places: Places, style: Style) -> Splice:
    """Write *body* over a scalar or a flow collection."""
    if style.eol not in body:
        if old.start == old.end:
            return Splice(after, after, body)
        return Splice(old.start, old.end, body if old.start == after else body[1:])
    stop = places.line_stop(old.end)
    rest = places.text[old.end : stop].strip()
    if rest and not rest.startswith("#"):
        raise Awkward
    return Splice(after, stop, _with_comment(body, rest, style))


def _with_comment(body: str, comment: str, style: Style) -> str:
    """Put a comment behind the first line of *body*."""
    if not comment:
        return body
    first, eol, rest = body.partition(style.eol)
    return f"{first} {comment}{eol}{rest}"


def _is_inline(node: Any) -> bool:
    """Tell whether a node of the text is a scalar or a flow collection, not a block."""
    if type(node) in (Mapping, Sequence, Skipped):
        return bool(node.flow)
    return getattr(node, "style", "") not in ("|", ">")


def _is_filled_flow(node: Any) -> bool:
    """Tell whether a node of the text is a flow collection that is not empty."""
    if type(node) is Mapping:
        return bool(node.flow and node.entries)
    if type(node) is Sequence:
        return bool(node.flow and node.items)
    return type(node) is Skipped and node.flow
