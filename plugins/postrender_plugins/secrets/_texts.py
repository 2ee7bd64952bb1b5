"""Many texts as one, so that one search tells in which of them a word stands."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_BATCH: Final = 1_000_000  #: characters, which the caches of a processor hold


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Part *texts* into lists, none much longer than a search is fast for."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    yield batch


class Texts:
    """Texts, or the parts of them that an expression matches, one behind the other."""

    def __init__(self, texts: Sequence[str], part: re.Pattern[str] | None = None) -> None:
        """Join *texts*, or the matches of *part* in them, of which most are alike."""
        self._joined = "\0".join(texts)
        self._starts = _starts_of(texts)
        self._owners: Sequence[Sequence[int]] = [(index,) for index in range(len(texts))]
        if part is not None:
            owners: dict[str, list[int]] = {}
            for match in part.finditer(self._joined):
                index = bisect_right(self._starts, match.start()) - 1
                owners.setdefault(match[0], []).append(index)
            self._joined = "\0".join(owners)
            self._starts = _starts_of([*owners])
            self._owners = [*owners.values()]

    def holding(self, word: str) -> Iterator[int]:
        """Give the indexes of the texts in which *word* stands, perhaps more than once."""
        at = self._joined.find(word)
        while at >= 0:
            index = bisect_right(self._starts, at)
            yield from self._owners[index - 1]
            at = self._joined.find(word, self._starts[index]) if index < len(self._starts) else -1


def _starts_of(texts: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    return starts
