"""The stream behind a view: its documents in order, its edits, and its bytes."""

import io
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from postrender._checks import check_object
from postrender._edits import Edit
from postrender._errors import EditError, Location, StreamError
from postrender._findings import Notice
from postrender._identity import FILENAME, FILENAME_PATH, HOOK
from postrender._manifest import Manifest
from postrender._origin import HELM3, HELM4, SOURCE, find_source, last_file, name_added
from postrender._unit import WANTED, Unit
from postrender._yaml import Document, Outline, Part, YamlError, dump, plain_value, split

#: How many characters of text have their trees in memory; beyond them the oldest are let go.
AWAKE = 2_800_000


class Stream:
    """Every document of a stream, and what was done to it."""

    def __init__(self) -> None:
        """Start empty."""
        self.units: list[Unit] = []
        self.edits: list[Edit] = []
        self.notices: list[Notice] = []
        self.step = ""
        self.sent: set[bool] = set()  #: whether the objects that came are hooks
        self.host = ""  #: `helm3` or `helm4`, as far as the stream tells
        self.is_rearranged = False  #: whether a step changed the order, or added documents
        self._added = 0
        self._last = ""
        self._awake: deque[Unit] = deque()
        self._awake_size = 0
        self._is_slow = False

    @classmethod
    def parse(cls, data: bytes) -> "Stream":
        """Read the documents of *data*; raises `StreamError`."""
        stream = cls()
        line = 1
        try:
            for position, part in enumerate(split(data), 1):
                stream._take(position, part, line)
                line += part.head.count(b"\n") + part.body.count(b"\n")
        except YamlError as error:
            hint = "a line that begins with --- separates documents; only a comment may follow"
            raise StreamError(f"line {error.line}: {error.message}", hint=hint) from None
        stream.host = stream._find_host(data)
        return stream

    def _find_host(self, data: bytes) -> str:
        """Tell who names the files of documents, and how; `""` where nobody does."""
        if FILENAME.encode() in data and any(unit.is_annotated() for unit in self.units):
            return HELM4
        commented = SOURCE.encode() in data and any(unit.source for unit in self.units)
        return HELM3 if commented else ""

    def watch(self, unit: Unit) -> None:
        """Count a unit that has its tree in memory, and let the oldest ones rest."""
        self._awake.append(unit)
        self._awake_size += unit.size
        while self._awake_size > AWAKE and len(self._awake) > 1:
            oldest = self._awake.popleft()
            self._awake_size -= oldest.size
            oldest.rest()

    def ordered(self) -> Iterator[Unit]:
        """Yield the documents as they stand, without those that were removed."""
        return (unit for unit in self._every() if not unit.is_removed)

    def _every(self) -> Iterator[Unit]:
        """Yield the documents as they stand, those that were removed too."""
        stack = self.units[::-1]
        while stack:
            unit = stack.pop()
            yield unit
            stack.extend(reversed(unit.added))

    def manifests(self) -> list[Manifest]:
        """Return the objects of all documents in order."""
        units = self.ordered()
        return [each for unit in units for each in unit.manifests if not each.is_removed]

    def record(
        self, op: str, position: int, manifest: str, path: tuple[str | int, ...], old: Any, new: Any
    ) -> None:
        """Remember an edit."""
        self.edits.append(Edit(self.step, manifest, position, op, path, old, new))

    def add(self, object: "Mapping[str, Any] | Manifest", near: Manifest | None) -> Manifest:
        """Put a new document behind the one of *near*, or last."""
        if isinstance(object, Manifest):
            text = object.text()
        else:
            try:
                text = dump(plain_value(object))
            except TypeError as error:
                raise EditError(f"the object cannot be added: {error}") from None
        file = self._file_beside(near) if self.host else ""
        if self.host == HELM3 and not find_source(text):
            text = f"{SOURCE}{file}\n{text}"
        unit = Unit(self, 0, b"---\n", _single(text))
        manifest = Manifest(unit)
        check_object(manifest, EditError)
        unit.manifests.append(manifest)
        if self.host == HELM4 and not unit.is_annotated():
            unit.document.put(FILENAME_PATH, file, create=True)
        (self.units if near is None else self._unit(near).added).append(unit)
        self.is_rearranged = True
        self.watch(unit)
        unit.record("add", str(manifest), (), None, manifest.to_dict())
        return manifest

    def _file_beside(self, near: Manifest | None) -> str:
        """Return the name of the file that a new document behind *near* is said to be in."""
        self._added += 1
        file = near.source if near else ""
        return name_added(file or self._last_file(), self._added)

    def _last_file(self) -> str:
        """Return a name behind those of all files, which is worked out once."""
        if not self._last:
            sources = (each.source for unit in self.units for each in unit.manifests)
            self._last = last_file(next(filter(None, sources), ""))
        return self._last

    def _unit(self, manifest: Manifest) -> Unit:
        """Return the document of a manifest of this stream."""
        unit = manifest.unit
        if not isinstance(unit, Unit) or unit.stream is not self:
            raise ValueError(f"{manifest} is in another stream")
        return unit

    def arrange(self, manifests: Sequence[Manifest]) -> None:
        """Order the documents like *manifests*; others stay before what they precede."""
        units = list(self._every())
        order = list(dict.fromkeys(id(self._unit(each)) for each in manifests))
        groups: dict[int, list[Unit]] = {}
        waiting: list[Unit] = []
        for unit in units:
            waiting.append(unit)
            if unit.manifests and not unit.is_removed:
                groups[id(unit)] = waiting
                waiting = []
        if set(order) != set(groups):
            raise ValueError("the order has to name every manifest of the stream")
        self.is_rearranged = True
        for unit in units:
            unit.added = []
        self.units = [unit for key in order for unit in groups[key]] + waiting

    def absorb(self, other: "Stream") -> None:
        """Take the documents of *other* behind the own ones; it is of no further use."""
        before = len(self.units)
        for unit in other.units:
            unit.stream = self
            unit.position += before
            self.watch(unit)
        self.units += other.units
        for notice in other.notices:
            place = notice.location
            moved = place._replace(document=place.document + before) if place.document else place
            self.notices.append(notice._replace(location=moved))

    def to_bytes(self) -> bytes:
        """Return the stream with every edit written into the text of its document."""
        stream = io.BytesIO()
        for _, piece in self.pieces():
            stream.write(piece)
        return stream.getvalue()

    def pieces(self, text: Callable[[Unit], str] = Unit.text) -> Iterator[tuple[Unit, bytes]]:
        """Yield the documents that are left, each with its share of the stream's bytes.

        :param text: what the text of a document is.
        """
        last: Unit | None = None
        piece = b""
        for unit in self.ordered():
            body = text(unit).encode()
            head = unit.head
            # Of JSON objects without a separator Helm 4 would read the first alone.
            follows = unit.follows is last and self.host != HELM4
            if last is not None:
                if not head.startswith(b"---") and not follows:
                    head = b"---\n" + head
                if head.startswith(b"---") and not piece.endswith(b"\n"):
                    piece += b"\n"
                yield last, piece
            last, piece = unit, head + body
        if last is not None:
            yield last, piece

    def _take(self, position: int, part: Part, line: int) -> None:
        """Read one document of the stream, which starts at *line*."""
        line += part.head.count(b"\n")
        try:
            document = Document(part.body.decode(), WANTED)
        except UnicodeDecodeError as error:
            line += part.body.count(b"\n", 0, error.start)
            message = f"line {line}: invalid UTF-8 (byte 0x{part.body[error.start]:02x})"
            before = find_source(part.body[: error.start].decode())
            hint = "manifests are UTF-8; convert the file"
            raise StreamError(message, location=Location(position, before), hint=hint) from None
        except YamlError as error:
            place = f"line {line + error.line - 1}, column {error.column}: " if error.line else ""
            location = Location(position, find_source(part.body.decode()))
            raise StreamError(place + error.message, location=location) from None
        unit = Unit(self, position, part.head, document)
        unit.line = line
        if not part.head and self.units:
            unit.follows = self.units[-1]
        unit.adopt()
        if unit.manifests:
            is_hook = HOOK.encode() in part.body and any(each.hook for each in unit.manifests)
            self.sent.add(is_hook)
            if is_hook:
                self._notice_late(unit)
        self.units.append(unit)
        self.watch(unit)
        self._notice(unit, document.outline)

    def _notice_late(self, unit: Unit) -> None:
        """Tell what Helm installs, though the API server will not have it when its time comes."""
        for manifest, path, what in unit.late_faults():
            message = f"{what}, not a string; the hook is refused when it runs"
            self.notices.append(Notice("", message, manifest.at(path)))

    def _notice(self, unit: Unit, outline: Outline) -> None:
        """Tell what reading a document brought to light."""
        if outline.is_slow and not self._is_slow:
            self._is_slow = True
            message = "PyYAML has no libyaml here, so some documents take thirty times as long"
            self.notices.append(Notice("", message))
        if outline.trailing is not None and outline.text[outline.trailing :].strip():
            message = "what follows the line ... is no part of the document for Kubernetes"
            self.notices.append(Notice("", message, Location(unit.position, unit.source)))


def _single(text: str) -> Document:
    """Read a text that is to hold one document; what follows the line `...` would be lost."""
    document = Document(text)
    end = document.outline.trailing
    return Document(text[:end]) if end is not None and text[end:].strip() else document
