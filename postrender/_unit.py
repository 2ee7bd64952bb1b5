"""A document in its stream: the separator in front, its text, and the objects that it holds."""

from typing import Any, Protocol

from postrender._checks import are_objects, check_object, check_texts, odd_texts
from postrender._edits import Path
from postrender._errors import EditError, Location, StreamError
from postrender._identity import FILENAME_PATH
from postrender._manifest import Manifest
from postrender._origin import find_source
from postrender._yaml import Document, UnwritableError, written

_META: dict[str, Any] = {"metadata": None}
#: What almost every run looks at; the rest of a document is built when a path leads there.
WANTED = {
    **_META,
    "spec": {"template": _META, "jobTemplate": {**_META, "spec": {"template": _META}}},
}


class Keeper(Protocol):
    """The stream that a unit is in, as far as the unit needs it."""

    step: str

    def watch(self, unit: "Unit") -> None:
        """Count a unit that has its tree in memory."""

    def record(
        self, op: str, position: int, manifest: str, path: tuple[str | int, ...], old: Any, new: Any
    ) -> None:
        """Remember an edit."""


class Unit:
    """A document of a stream."""

    __slots__ = (
        "_document",
        "added",
        "follows",
        "head",
        "is_doubtful",
        "is_edited",
        "line",
        "manifests",
        "origin",
        "position",
        "step",
        "stream",
    )

    def __init__(self, stream: Keeper, position: int, head: bytes, document: Document) -> None:
        """Stand at *position* (from 1, 0 if a step added it), behind the separator *head*."""
        self.stream = stream
        self.position = position
        self.head = head
        self.line = 0  #: where it begins in the stream, behind the separator; 0 if it was added
        self.follows: Unit | None = None  #: the unit that it follows without a separator
        self.manifests: list[Manifest] = []
        self.added: list[Unit] = []  #: the units that steps put behind it
        self.origin = ""  #: the file that Helm 4 said, once an edit may have taken that away
        self.step = ""  #: the step that edited it last
        self.is_edited = False
        self.is_doubtful = False  #: whether an edit may have left something that is no object
        self._document = document

    @property
    def document(self) -> Document:
        """The document, awake."""
        document = self._document
        if document.is_asleep:
            document.wake(WANTED)
            self.stream.watch(self)
        return document

    @property
    def size(self) -> int:
        """About what it takes while its tree is in memory, in characters of text."""
        return len(self._document.text) + 1000

    @property
    def source(self) -> str:
        """The chart's file: what Helm 4 said of the document, else what Helm 3's comment says."""
        if self.manifests and self.manifests[0].index is not None and self.is_annotated():
            return str(self.document.get(FILENAME_PATH))
        return self.origin or find_source(self._document.text)

    @property
    def is_odd(self) -> bool:
        """Whether anchors and aliases tie parts of the document together."""
        return self._document.outline.is_odd

    def is_annotated(self) -> bool:
        """Tell whether the document says the file that Helm 4 knows it by."""
        file = self.document.get(FILENAME_PATH)
        return type(file) is str and bool(file)

    @property
    def is_removed(self) -> bool:
        """Whether every object that it had is removed."""
        return bool(self.manifests) and all(each.is_removed for each in self.manifests)

    def record(
        self, op: str, manifest: str, path: tuple[str | int, ...], old: Any, new: Any
    ) -> None:
        """Remember an edit of one of the objects."""
        self.step = self.stream.step
        self.is_edited = True
        if not self.origin and path == FILENAME_PATH[: len(path)]:
            self.origin = _file_in(old, FILENAME_PATH[len(path) :])
        self.stream.record(op, self.position, manifest, path, old, new)

    def adopt(self) -> None:
        """Find the objects of the document: none, one, or the items of a `List`.

        Raises `StreamError` for what is no Kubernetes object.
        """
        document = self.document
        kind = document.kind(())
        if kind is not dict:
            self._refuse_value()
            return
        whole = Manifest(self)
        check_object(whole, StreamError)
        if whole.kind.endswith("List"):
            self._adopt_items(whole)
        else:
            self.manifests.append(whole)
        # What a step may mend is refused at the end only.
        if not document.is_textual(("metadata",)):
            self.is_doubtful = any(odd_texts(each) for each in self.manifests if not each.hook)

    def late_faults(self) -> list[tuple[Manifest, Path, str]]:
        """Return manifest, path and nature of what refuses a hook, though only when it runs."""
        hooks = [each for each in self.manifests if each.hook]
        return [(each, path, what) for each in hooks for path, what in odd_texts(each)]

    def _adopt_items(self, whole: Manifest) -> None:
        """Find the objects of a `List`, or of another kind of list that holds nothing else."""
        items = whole.get(("items",))
        if whole.kind != "List" and not (items and are_objects(items)):
            self.manifests.append(whole)
            return
        if items is not None and type(items) is not list:
            raise StreamError("items is not a list", location=whole.at(("items",)))
        for index, item in enumerate(items or []):
            if type(item) is not dict:
                raise StreamError("the item is not an object", location=whole.at(("items", index)))
            self.manifests.append(Manifest(self, index))
            check_object(self.manifests[-1], StreamError)

    def _refuse_value(self) -> None:
        """Raise `StreamError` for a document that has a value, which is not a map."""
        value = self.document.get(()) if self.document.root is not None else None
        if value is not None:
            what = "a list" if type(value) is list else "a scalar"
            what = "a string" if type(value) is str else what
            location = Location(self.position, self.source)
            raise StreamError(f"the document is {what}, not an object", location=location)

    def text(self) -> str:
        """Return the text with all edits; raises `EditError` when it cannot be written."""
        self._settle()
        return self._written(checks=self.is_doubtful)

    def draft(self) -> str:
        """Return the text with the edits so far, wrong as it may be: a later step may mend it.

        Raises `EditError` when it cannot be written.
        """
        self._settle()
        return self._written(checks=False)

    def _written(self, *, checks: bool) -> str:
        """Return the text with the edits at paths; what is removed from a list is still there."""
        try:
            for manifest in self.manifests if checks else ():
                if not manifest.is_removed:
                    check_object(manifest, EditError)
                    check_texts(manifest)
            return self._document.text if self._document.is_asleep else written(self._document)
        except (UnwritableError, EditError) as error:
            failure = error
        if isinstance(failure, UnwritableError):
            failure = EditError(str(failure), location=self.manifests[0].location)
        failure.step = self.step
        raise failure

    def rest(self) -> None:
        """Write the edits into the text, and let go of the tree."""
        self._document.rest(self._written(checks=False))  # a later step may mend it

    def _settle(self) -> None:
        """Take removed items out of a list; a document that has no other leaves the stream."""
        if self.is_removed or not any(each.is_removed for each in self.manifests):
            return
        for manifest in reversed(self.manifests):
            if manifest.is_removed:
                self.document.remove(("items", manifest.index or 0))
        self.manifests = [each for each in self.manifests if not each.is_removed]
        for index, manifest in enumerate(self.manifests):
            manifest.index = index


def _file_in(value: Any, path: Path) -> str:
    """Return the string at *path* in a plain value, `""` without one."""
    for key in path:
        value = value.get(key) if type(value) is dict else None
    return value if type(value) is str else ""
