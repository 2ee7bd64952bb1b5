"""Which lines two texts have in common: long ones that differ in few lines, in linear time.

The shortest script of insertions and deletions is looked for as Myers does it ("An O(ND) Difference
Algorithm and Its Variations", 1986), but no further than a number of steps. Texts that differ in
more are cut at lines that stand in each of them once, and looked at again between these.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

FAR: Final = 200  #: steps; the time of a search grows with their square


class Run(NamedTuple):
    """Lines that are the same in both texts: where they start, from 0, and how many they are."""

    old: int
    new: int
    size: int


class _Area(NamedTuple):
    """Lines of both texts that are looked at together; the ends are not among them."""

    old: int
    old_end: int
    new: int
    new_end: int


def common(old: Sequence[Hashable], new: Sequence[Hashable], far: int = FAR) -> list[Run]:
    """Return the runs of lines that stay, in order; no two of them touch in both texts.

    :param far: how many insertions and deletions a search is worth.
    """
    runs: list[Run] = []
    areas = [_Area(0, len(old), 0, len(new))]
    while areas:
        area = _trim(old, new, areas.pop(), runs)
        if area.old == area.old_end or area.new == area.new_end:
            continue
        found = _search(old, new, area, far)
        if found is None:
            found = _anchors(old, new, area)
            areas += _between(found, area) if found else ()
        runs += found
    return list(_joined(sorted(runs)))


def _trim(old: Sequence[Hashable], new: Sequence[Hashable], area: _Area, runs: list[Run]) -> _Area:
    """Return *area* without the lines at its ends that are the same, which go to *runs*."""
    start, old_end, other, new_end = area
    while start < old_end and other < new_end and old[start] == new[other]:
        start += 1
        other += 1
    runs.append(Run(area.old, area.new, start - area.old))
    while start < old_end and other < new_end and old[old_end - 1] == new[new_end - 1]:
        old_end -= 1
        new_end -= 1
    runs.append(Run(old_end, new_end, area.old_end - old_end))
    return _Area(start, old_end, other, new_end)


def _search(
    old: Sequence[Hashable], new: Sequence[Hashable], area: _Area, far: int
) -> list[Run] | None:
    """Return the runs of the shortest script, None if it has more than *far* steps."""
    height, width = area.old_end - area.old, area.new_end - area.new
    ends = {1: 0}  # on each diagonal, the line of the old text that was reached
    trail: list[dict[int, int]] = []
    for steps in range(min(far, height + width) + 1):
        trail.append(ends.copy())
        for diagonal in range(-steps, steps + 1, 2):
            at = _start(ends, diagonal, steps)
            other = at - diagonal
            while at < height and other < width and old[area.old + at] == new[area.new + other]:
                at += 1
                other += 1
            ends[diagonal] = at
            if at == height and other == width:
                return list(_back(trail, area))
    return None


def _start(ends: dict[int, int], diagonal: int, steps: int) -> int:
    """Return the line of the old text from which step number *steps* goes on."""
    if diagonal == -steps or (diagonal != steps and ends[diagonal - 1] < ends[diagonal + 1]):
        return ends[diagonal + 1]  # a line of the new text is inserted
    return ends[diagonal - 1] + 1  # a line of the old text is deleted


def _back(trail: list[dict[int, int]], area: _Area) -> Iterator[Run]:
    """Yield the runs on the way that the search found, from its end."""
    at, other = area.old_end - area.old, area.new_end - area.new
    for steps in range(len(trail) - 1, -1, -1):
        diagonal = at - other
        start = _start(trail[steps], diagonal, steps)
        yield Run(area.old + start, area.new + start - diagonal, at - start)
        inserted = start == trail[steps].get(diagonal + 1) and diagonal != steps
        at = start if inserted else start - 1
        other = start - diagonal - (1 if inserted else 0)


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], area: _Area) -> list[Run]:
    """Return lines that stand in each of the texts once, as many as are in the same order."""
    places = _unique(old, area.old, area.old_end)
    others = _unique(new, area.new, area.new_end)
    pairs = [(at, others[line]) for line, at in places.items() if line in others]
    lasts: list[int] = []  # of the shortest chains to the longest, where each ends
    chains: list[tuple[int, int, int]] = []  # old, new, index of the one before
    tips: list[int] = []
    for at, other in pairs:
        length = bisect_left(lasts, other)
        chains.append((at, other, tips[length - 1] if length else -1))
        lasts[length:] = [other, *lasts[length + 1 :]]
        tips[length:] = [len(chains) - 1, *tips[length + 1 :]]
    found = []
    index = tips[-1] if tips else -1
    while index >= 0:
        at, other, index = chains[index]
        found.append(Run(at, other, 1))
    return found[::-1]


def _unique(lines: Sequence[Hashable], start: int, end: int) -> dict[Hashable, int]:
    """Return where the lines are that stand there once, in order."""
    places: dict[Hashable, int] = {}
    again = set()
    for index in range(start, end):
        line = lines[index]
        if line in places:
            again.add(line)
        places[line] = index
    return {line: at for line, at in places.items() if line not in again}


def _between(anchors: Sequence[Run], area: _Area) -> Iterator[_Area]:
    """Yield what lies before, between and behind *anchors*."""
    first, last = Run(area.old - 1, area.new - 1, 1), Run(area.old_end, area.new_end, 0)
    for before, behind in pairwise([first, *anchors, last]):
        yield _Area(before.old + 1, behind.old, before.new + 1, behind.new)


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield runs that touch as one, and none that are empty."""
    whole = Run(0, 0, 0)
    for run in runs:
        if run.size and (run.old, run.new) == (whole.old + whole.size, whole.new + whole.size):
            whole = whole._replace(size=whole.size + run.size)
        elif run.size:
            if whole.size:
                yield whole
            whole = run
    if whole.size:
        yield whole
