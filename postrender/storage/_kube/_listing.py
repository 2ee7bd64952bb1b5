"""Listings in the order of releases, of which the server knows nothing."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from postrender.storage._driver import HEAD, Bodies
from postrender.storage._kube._objects import Item, Page
from postrender.storage._kube._pages import Lists, Selection, place_in_order
from postrender.storage._kube._records import record_of
from postrender.storage._record import Body

#: how many bytes of bodies may wait for their turn before another page is read
_WAITING: Final = 32 * 1024 * 1024

#: fetches an object with so much of its body; None when it is not there any more
Fetch = Callable[[str, str, int | None], Item | None]


class Turn(NamedTuple):
    """When an object's turn is, in a listing."""

    namespace: str
    release: str
    version: int
    name: str  #: of the object
    trusted: bool = True  #: whether the labels that say this can be

    @property
    def place(self) -> tuple[str, str]:
        """Namespace and name of the object."""
        return self.namespace, self.name


def turn_of(item: Item) -> Turn:
    """Return when an object's turn is."""
    record = record_of(item, Body(b""))
    return Turn(item.namespace, record.name, record.version, item.name, not record.problem)


class Listing:
    """Lists objects with as much of their bodies as is asked for."""

    def __init__(self, lists: Lists, fetch: Fetch) -> None:
        """List with these requests."""
        self._lists = lists
        self._fetch = fetch

    def all(self, selection: Selection, bodies: Bodies) -> Iterator[Item]:
        """Return all objects, in order."""
        if bodies is Bodies.NONE:
            yield from sorted(self._lists.metadata(selection), key=turn_of)
            return
        keep = _kept(bodies)
        pages = self._lists.objects(selection, keep)
        first = next(pages)
        if not first.more:
            yield from sorted(first.items, key=turn_of)
            return
        turns = sorted(turn_of(item) for item in self._lists.metadata(selection))
        yield from _in_order(
            turns, chain([first], pages), lambda turn: self._fetch(*turn.place, keep)
        )

    def newest(self, selection: Selection, bodies: Bodies) -> Iterator[Item]:
        """Return of each release the highest version, and whatever cannot be trusted, in order.

        Metadata decides. Bodies then come by a list without the superseded ones, which leaves
        nine of ten out. A newest one that is not in it may not be the newest any more: the
        release is listed by itself then.
        """
        newest: dict[tuple[str, ...], tuple[Turn, Item]] = {}
        for item in self._lists.metadata(selection):
            turn = turn_of(item)
            release = turn.place if not turn.trusted else (turn.namespace, turn.release, "")
            if release not in newest or turn > newest[release][0]:
                newest[release] = turn, item
        found = sorted(newest.values(), key=lambda each: each[0])
        if bodies is Bodies.NONE:
            yield from (item for _, item in found)
        elif found:
            keep = _kept(bodies)
            pages = self._lists.objects(selection.also("status!=superseded"), keep)
            turns = [turn for turn, _ in found]
            yield from _in_order(turns, pages, lambda turn: self._now(selection, turn, keep))

    def names(self, selection: Selection) -> Iterator[tuple[str, str]]:
        """Return namespace and name of each release, once and in order."""
        turns = map(turn_of, self._lists.metadata(selection))
        yield from sorted({(turn.namespace, turn.release) for turn in turns})

    def _now(self, selection: Selection, turn: Turn, keep: int | None) -> Item | None:
        """Return the highest version that a release has now, be it another than it was."""
        if not turn.trusted:
            return self._fetch(*turn.place, keep)
        release = selection.also(f"name={turn.release}")._replace(namespace=turn.namespace)
        items = chain.from_iterable(page.items for page in self._lists.objects(release, keep))
        # One that cannot be trusted has a turn of its own.
        trusted = (each for each in items if turn_of(each).trusted)
        return max(trusted, key=turn_of, default=None)


def _in_order(
    turns: Sequence[Turn], pages: Iterator[Page], missing: Callable[[Turn], Item | None]
) -> Iterator[Item]:
    """Return the objects of these turns.

    :param missing: fetches what no page has; None if there is nothing any more.
    """
    waiting = _Waiting(pages, {turn.place for turn in turns})
    for turn in turns:
        item = waiting.take(turn) or missing(turn)
        if item is not None:
            yield item


class _Waiting:
    """Objects whose turn has not come.

    Pages are in the order of the objects' names, where v10 comes before v2 and web-a before web.
    """

    def __init__(self, pages: Iterator[Page], wanted: set[tuple[str, str]]) -> None:
        self._pages = pages
        self._wanted = wanted
        self._items: dict[tuple[str, str], Item] = {}
        self._held = 0  # bytes of bodies
        self._reached = ""

    def take(self, turn: Turn) -> Item | None:
        """Return the object whose turn it is; None if no page has it, or too many come before."""
        last = place_in_order(*turn.place)
        while turn.place not in self._items and self._reached < last and self._held < _WAITING:
            page = next(self._pages, None)
            if page is None:
                break
            self._put(page)
        self._wanted.discard(turn.place)
        item = self._items.pop(turn.place, None)
        self._held -= len(item.text or b"") if item else 0
        return item

    def _put(self, page: Page) -> None:
        for item in page.items:
            if item.place in self._wanted:
                self._items[item.place] = item
                self._held += len(item.text or b"")
            self._reached = place_in_order(*item.place)


def _kept(bodies: Bodies) -> int | None:
    return None if bodies is Bodies.WHOLE else HEAD
