"""Lists, page by page: each object once, also where a list outlives the server's memory of it."""

from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple, Self

from postrender.storage._kube._connection import Connection
from postrender.storage._kube._kinds import Kind, is_name
from postrender.storage._kube._objects import BUDGET, Item, Page, read_page
from postrender.storage._kube._records import is_later, is_record
from postrender.storage._kube._refusals import Action, Expired
from postrender.storage._kube._transport import JSON, PROTOBUF, Request

_ONLY: Final = "as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
METADATA: Final = f"{PROTOBUF};{_ONLY}, {JSON};{_ONLY}, {JSON}"
OBJECTS: Final = f"{PROTOBUF}, {JSON}"

#: how many objects are asked for before it is known how large they are
_FIRST: Final = 16


class Selection(NamedTuple):
    """Which records to list."""

    labels: str  #: a label selector
    namespace: str = ""  #: "" is all

    def also(self, term: str) -> Self:
        """Return those of the records that fulfil another term of a label selector."""
        return self._replace(labels=f"{self.labels},{term}")


class Lists:
    """Lists the objects of a kind that hold a record."""

    def __init__(self, connection: Connection, kind: Kind, page: int) -> None:
        """List in pages of so many objects at most."""
        self._connection = connection
        self._kind = kind
        self._page = page

    def metadata(self, selection: Selection) -> Iterator[Item]:
        """Return the objects without their data, in the order of `place_in_order`."""
        for page in self._pages(selection, METADATA, 0):
            yield from page.items

    def objects(self, selection: Selection, keep: int | None) -> Iterator[Page]:
        """Return pages of the objects, in the order of `place_in_order`.

        :param keep: how many bytes of a body to keep; None is all, in smaller pages.
        """
        return self._pages(selection, OBJECTS, keep)

    def _pages(self, selection: Selection, accept: str, keep: int | None) -> Iterator[Page]:
        if selection.namespace and not is_name(selection.namespace):
            yield Page([], "")
            return
        action = Action("list", self._kind.plural, selection.namespace)
        request = self._request(selection, accept)
        read = partial(read_page, kind=self._kind, keep=keep)
        limit = self._page if keep is not None else min(self._page, _FIRST)
        more, last, given = "", "", ""
        while True:
            query = {**request.query, "limit": str(limit)} | ({"continue": more} if more else {})
            try:
                page = self._connection.send(action, request._replace(query=query), read)
            except Expired as expired:
                if not more:
                    raise
                more = expired.more
                given = given if more else last  # it begins anew
                continue
            found = [each for each in page.items if place_in_order(*each.place) > given]
            yield page._replace(items=[each for each in found if is_ours(each)])
            if not page.more:
                return
            if found:
                last = place_in_order(*found[-1].place)
            more = page.more
            if keep is None:
                limit = self._fitting(page)

    def _request(self, selection: Selection, accept: str) -> Request:
        labels, fields = self._kind.selectors
        query = {"labelSelector": ",".join(filter(None, (selection.labels, labels)))}
        if fields:
            query["fieldSelector"] = fields
        return Request("GET", self._kind.path(selection.namespace), query, accept=accept)

    def _fitting(self, page: Page) -> int:
        """Return how many objects of the size of these are to be in memory at once."""
        size = sum(item.size for item in page.items) // max(len(page.items), 1)
        return max(1, min(self._page, BUDGET // max(size, 1)))


def is_ours(item: Item) -> bool:
    """Tell whether an object is a record that we can read, be it damaged."""
    return is_record(item) and not is_later(item)


def place_in_order(namespace: str, name: str) -> str:
    """Return by what the server orders lists."""
    return f"{namespace}/{name}"
