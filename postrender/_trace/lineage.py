"""The lineage of a text's lines: which step wrote each of them, and which took others away."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from postrender._trace.lines import Run, common


class Owned(NamedTuple):
    """A line that a step removed or added."""

    line: str  #: with its line ending, where it has one
    step: str


class Replacement(NamedTuple):
    """Neighbouring lines of the first text, and those that stand for them in the last."""

    old: int  #: how many lines of the first text are before it
    new: int  #: how many lines of the last text are before it
    removed: Sequence[Owned]
    added: Sequence[Owned]


class Lineage:
    """A text that one step after the other changes."""

    def __init__(self, text: str) -> None:
        """Start with the text before the first step."""
        self._first = self._lines = split_lines(text)
        self._origins: list[int | str] = list(range(len(self._first)))  # a first line, or a step
        self._removers: dict[int, str] = {}

    def advance(self, text: str, step: str) -> None:
        """Take what *step* made of the text."""
        lines = split_lines(text)
        origins: list[int | str] = []
        at = 0
        for run in common(self._lines, lines):
            self._remove(at, run.old, step)
            origins += [step] * (run.new - len(origins))
            at = run.old + run.size
            origins += self._origins[run.old : at]
        self._remove(at, len(self._lines), step)
        origins += [step] * (len(lines) - len(origins))
        self._lines, self._origins = lines, origins

    def _remove(self, start: int, end: int, step: str) -> None:
        for origin in self._origins[start:end]:
            if isinstance(origin, int):
                self._removers[origin] = step

    @property
    def lines(self) -> Sequence[str]:
        """The lines of the last text."""
        return self._lines

    def replacements(self) -> Iterator[Replacement]:
        """Yield in order what differs between the first text and the last."""
        old = new = 0
        for index, origin in enumerate(self._origins):
            if isinstance(origin, str):
                continue
            if origin != old or index != new:
                yield from self._replaced(range(old, origin), range(new, index))
            old, new = origin + 1, index + 1
        yield from self._replaced(range(old, len(self._first)), range(new, len(self._lines)))

    def _replaced(self, olds: range, news: range) -> Iterator[Replacement]:
        """Yield what differs between two lines that are kept.

        What one step took away and another one put back is kept after all.
        """
        removed = [Owned(self._first[index], self._removers[index]) for index in olds]
        added = [Owned(self._lines[index], str(self._origins[index])) for index in news]
        old = new = 0
        runs = common([each.line for each in removed], [each.line for each in added])
        for run in (*runs, Run(len(removed), len(added), 0)):
            if (old, new) != (run.old, run.new):
                start, other = olds.start + old, news.start + new
                yield Replacement(start, other, removed[old : run.old], added[new : run.new])
            old, new = run.old + run.size, run.new + run.size


def split_lines(text: str) -> list[str]:
    """Return the lines of *text* with their endings, which a line feed alone ends."""
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])
