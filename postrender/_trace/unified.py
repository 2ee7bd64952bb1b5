"""A unified diff of documents, with the steps at each hunk."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from postrender._trace.changes import Change
from postrender._trace.lineage import Replacement
from postrender._trace.words import name_step

HEADER: Final = "header"
HUNK: Final = "hunk"
REMOVED: Final = "-"
ADDED: Final = "+"
KEPT: Final = " "
NOTE: Final = "note"  #: what a program that applies the diff passes over

_NO_NEWLINE: Final = "\\ No newline at end of file"


class Line(NamedTuple):
    """A line of the diff."""

    style: str  #: one of the above
    text: str  #: without line ending


def unified(change: Change, context: int) -> Iterator[Line]:
    """Yield the lines of the diff of one document.

    The numbers in a hunk are those of lines in the two streams, not in the document, so that an
    editor finds them. The hunks of all documents together are a patch of the stream that came,
    where nothing is hidden, no document has moved, and none shares a line with another.

    :param context: how many lines to show before and behind what has changed.
    """
    yield Line(HEADER, f"--- {change.before or '/dev/null'}")
    yield Line(HEADER, f"+++ {change.after or '/dev/null'}")
    for note in change.notes:
        yield Line(NOTE, note)
    for hunk in _hunks(change.replacements, context):
        yield from _hunk(change, hunk, context)


def _hunks(replacements: Sequence[Replacement], context: int) -> Iterator[list[Replacement]]:
    """Yield what stands so near together that it shares a hunk."""
    hunk: list[Replacement] = []
    end = 0
    for each in replacements:
        if hunk and each.new - end > 2 * context:
            yield hunk
            hunk = []
        hunk.append(each)
        end = each.new + len(each.added)
    if hunk:
        yield hunk


def _hunk(change: Change, hunk: Sequence[Replacement], context: int) -> Iterator[Line]:
    start = at = max(hunk[0].new - context, 0)
    lines: list[Line] = []
    for each in hunk:
        lines += _rows(KEPT, change.lines[at : each.new])
        lines += _rows(REMOVED, [owned.line for owned in each.removed])
        lines += _rows(ADDED, [owned.line for owned in each.added])
        at = each.new + len(each.added)
    end = min(at + context, len(change.lines))
    lines += _rows(KEPT, change.lines[at:end])
    removed = sum(len(each.removed) for each in hunk)
    added = sum(len(each.added) for each in hunk)
    old = change.old_line + hunk[0].old - (hunk[0].new - start)
    ranges = (
        _range(old, end - start - added + removed),
        _range(change.new_line + start, end - start),
    )
    yield Line(HUNK, f"@@ -{ranges[0]} +{ranges[1]} @@ {_steps(hunk)}")
    yield from lines


def _rows(sign: str, lines: Sequence[str]) -> Iterator[Line]:
    for line in lines:
        yield Line(sign, sign + line.removesuffix("\n"))
        if not line.endswith("\n"):
            yield Line(NOTE, _NO_NEWLINE)


def _range(before: int, count: int) -> str:
    """Return first line and number of lines, as in `12,6`; *before* are the lines before it."""
    first = before + 1 if count else before
    return str(first) if count == 1 else f"{first},{count}"


def _steps(hunk: Sequence[Replacement]) -> str:
    """Return the steps that had a hand in a hunk, in the order in which they ran."""
    steps = {owned.step for each in hunk for owned in (*each.removed, *each.added)}
    return ", ".join(map(name_step, sorted(steps, key=_number)))


def _number(title: str) -> tuple[bool, int]:
    """Return what steps are sorted by; what is done for the host comes behind all of them."""
    number = title.partition(" ")[0]
    return (False, int(number)) if number.isdigit() else (True, 0)
