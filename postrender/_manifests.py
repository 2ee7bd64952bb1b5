"""A view on the stream: all manifests, or those that a step selected."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from postrender._edits import Edit
from postrender._findings import Notice
from postrender._manifest import Manifest
from postrender._origin import HELM4
from postrender._stream import Stream
from postrender._unit import Unit


class Manifests:
    """Manifests of one stream, in its order; a removed one is no longer among them."""

    def __init__(self, stream: Stream, members: list[Manifest] | None = None) -> None:
        """See *members* of *stream*, or all; `parse` makes the first view."""
        self._stream = stream
        self._members = stream.manifests() if members is None else members

    @classmethod
    def parse(cls, stream: bytes) -> "Manifests":
        """Read a stream of YAML or JSON documents; raises `StreamError`.

        Documents are split as Kubernetes does, `kind: List` stands for its items, and documents
        without content keep their place in the stream.
        """
        return cls(Stream.parse(stream))

    @classmethod
    def join(cls, parts: Iterable["Manifests"]) -> "Manifests":
        """Put streams that were read apart behind each other; *parts* are of no further use.

        Documents are numbered on, and lines are those of the part that a document came with.
        """
        stream = Stream()
        for part in parts:
            stream.absorb(part._stream)
        return cls(stream)

    def __iter__(self) -> Iterator[Manifest]:
        """Iterate over the manifests that are still there."""
        return (each for each in self._members if not each.is_removed)

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(1 for _ in self)

    def __getitem__(self, index: int) -> Manifest:
        """Return one by its index in this view."""
        return list(self)[index]

    @property
    def documents(self) -> int:
        """How many documents came with the stream, those without content too."""
        return len(self._stream.units)

    @property
    def all(self) -> "Manifests":
        """Every manifest of the stream, whatever was selected."""
        return Manifests(self._stream)

    def filter(self, predicate: Callable[[Manifest], bool]) -> "Manifests":
        """Return a narrower view on the same stream."""
        return Manifests(self._stream, [each for each in self if predicate(each)])

    def add(self, object: Mapping[str, Any] | Manifest, near: Manifest | None = None) -> Manifest:
        """Add a document behind that of *near*, at the end without one.

        The manifest of another stream keeps its text. Raises `EditError` for what is no object.
        """
        return self._stream.add(object, near)

    def arrange(self, manifests: Sequence[Manifest]) -> None:
        """Put the stream's documents into the order of *manifests*, which names all of them.

        Raises `ValueError` when one is missing or foreign.
        """
        self._stream.arrange(manifests)

    def to_bytes(self) -> bytes:
        """Return the whole stream, every edit written into its text.

        Raises `EditError` for an edit that cannot be written.
        """
        return self._stream.to_bytes()

    def pieces(self, text: Callable[[Unit], str] = Unit.text) -> Iterator[tuple[Unit, bytes]]:
        """Yield the stream's documents, each with its share of the bytes, as *text* has it."""
        return self._stream.pieces(text)

    @property
    def edits(self) -> list[Edit]:
        """Every edit so far, in the order that they were made."""
        return self._stream.edits

    @property
    def notices(self) -> list[Notice]:
        """What reading the stream, and steps, had to tell."""
        return self._stream.notices

    @property
    def host(self) -> str:
        """Who made the stream: `helm4`, `helm3` (or `helm template`), `""` if it does not tell."""
        return self._stream.host

    @host.setter
    def host(self, host: str) -> None:
        self._stream.host = host

    @property
    def strategy(self) -> str:
        """How Helm 4 sends hooks: `combined` with the others, `separate` without, `""` unknown."""
        if self.host != HELM4 or True not in self._stream.sent:
            return ""
        return "combined" if False in self._stream.sent else "separate"

    @property
    def is_rearranged(self) -> bool:
        """Whether a step put a document where it was not, or added one."""
        return self._stream.is_rearranged

    @property
    def step(self) -> str:
        """The name that edits carry from now on; the chain sets it."""
        return self._stream.step

    @step.setter
    def step(self, name: str) -> None:
        self._stream.step = name
