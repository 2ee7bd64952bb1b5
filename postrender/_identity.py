"""What an object of the stream is: its kind and names, and where it stands."""

from typing import Any, Protocol

from postrender._edits import Path
from postrender._errors import Location
from postrender._yaml import MISSING, Document, span

FILENAME = "postrenderer.helm.sh/postrender-filename"  #: Helm 4's annotation for a document's file
FILENAME_PATH = ("metadata", "annotations", FILENAME)
HOOK = "helm.sh/hook"  #: the annotation that makes an object a hook


class Home(Protocol):
    """The document that an object is in, as far as the object needs it."""

    position: int
    is_doubtful: bool
    is_edited: bool
    line: int
    origin: str
    step: str

    @property
    def is_odd(self) -> bool:
        """Whether anchors and aliases tie parts of the document together."""

    @property
    def document(self) -> Document:
        """The document, with its tree."""

    @property
    def source(self) -> str:
        """The chart's file, as the stream had it."""

    def text(self) -> str:
        """Return the text with all edits."""

    def record(
        self, op: str, manifest: str, path: tuple[str | int, ...], old: Any, new: Any
    ) -> None:
        """Remember an edit."""


class Identity:
    """The object of a document, or one item of its `items`, as its metadata has it now."""

    __slots__ = ("_title", "_type", "index", "is_removed", "unit")

    def __init__(self, unit: Home, index: int | None = None) -> None:
        """Take the object of a document, or item *index* of its `items`; the stream does this."""
        self.unit = unit  #: the document that it is in
        self.index = index  #: its place among the document's `items`
        self._title = ""  # kind, namespace and name, until an edit changes them
        self._type: tuple[str, str] | None = None  # apiVersion and kind, likewise
        self.is_removed = False  #: whether a step dropped it from the stream

    @property
    def api_version(self) -> str:
        """`apiVersion`, such as `apps/v1`."""
        return self._types()[0]

    @property
    def group(self) -> str:
        """The API group, `""` for the core group."""
        group, slash, _ = self.api_version.partition("/")
        return group if slash else ""

    @property
    def version(self) -> str:
        """The version within the group, such as `v1`."""
        return self.api_version.rpartition("/")[2]

    @property
    def kind(self) -> str:
        """`kind`, such as `Deployment`."""
        return self._types()[1]

    @property
    def name(self) -> str:
        """`metadata.name`, `""` if there is none."""
        return self._text("metadata", "name")

    @property
    def generate_name(self) -> str:
        """`metadata.generateName`, `""` if there is none."""
        return self._text("metadata", "generateName")

    @property
    def namespace(self) -> str:
        """`metadata.namespace`, `""` if there is none."""
        return self._text("metadata", "namespace")

    @property
    def labels(self) -> dict[str, str]:
        """A copy of `metadata.labels`, without values that are no strings."""
        return self._texts("labels")

    @property
    def annotations(self) -> dict[str, str]:
        """A copy of `metadata.annotations`, without values that are no strings."""
        return self._texts("annotations")

    @property
    def source(self) -> str:
        """The chart's file: from Helm 4's annotation, else from `# Source:`, else `""`.

        On Helm 4 it stays known when an edit takes the annotation away.
        """
        return self._text(*FILENAME_PATH) or self.unit.source

    @property
    def hook(self) -> tuple[str, ...]:
        """The events of `helm.sh/hook`, `()` for an object that is no hook."""
        events = self._text("metadata", "annotations", HOOK)
        return tuple(event.strip() for event in events.split(",")) if events else ()

    @property
    def position(self) -> int:
        """The number of its document in the stream, from 1; 0 for one that a step added."""
        return self.unit.position

    def lines_at(self, path: Path, line: int = 0) -> tuple[int, int]:
        """Return the first and last line, from 1, that *path* has in the stream as it came.

        Where there is no such path it is the place of what exists of it, and (0, 0) in what a step
        added. Reading a line is worth it for findings, not for every object.

        :param line: one of the text at *path*, from 1, where that has several.
        """
        if not self.unit.line:
            return 0, 0
        first, last = span(self.unit.document, self._full(path), line)
        return self.unit.line + first - 1, self.unit.line + last - 1

    def text_at(self, path: Path, line: int = 0) -> tuple[list[str], int, int]:
        """Return the lines of its document, and which of them, from 0, *path* begins and ends in.

        For what is in the text and in no value: comments. The arguments are those of `lines_at`.
        """
        document = self.unit.document
        first, last = span(document, self._full(path), line)
        return document.text.split("\n"), first - 1, last - 1

    @property
    def location(self) -> Location:
        """Where it stands, for messages."""
        return Location(self.position, self.source, str(self))

    def at(self, path: Path) -> Location:
        """Return the location of *path* in it."""
        return self.location._replace(path=tuple(path))

    def __str__(self) -> str:
        """Return kind, namespace and name, as in `Deployment shop/web`."""
        if not self._title:
            name, namespace = self.name or self.generate_name, self.namespace
            self._title = f"{self.kind} {namespace}/{name}" if namespace else f"{self.kind} {name}"
        return self._title.strip()

    def __repr__(self) -> str:
        """Return the object's identity and document."""
        return f"<Manifest {self} in document {self.position}>"

    def get(self, path: Path, default: Any = None) -> Any:
        """Return a copy of the value at *path*, *default* if there is none."""
        value = self.unit.document.get(self._full(path))
        return default if value is MISSING else value

    def _full(self, path: Path) -> Path:
        """Return *path* from the document's root."""
        if isinstance(path, str):
            raise TypeError(f"a path is a sequence of keys, not the string {path!r}")
        return path if self.index is None else ("items", self.index, *path)

    def _types(self) -> tuple[str, str]:
        """Return `apiVersion` and `kind`, which are asked for often."""
        if self._type is None:
            self._type = self._text("apiVersion"), self._text("kind")
        return self._type

    def _text(self, *path: str) -> str:
        """Return the string at *path*, `""` for anything else."""
        value = self.unit.document.get(self._full(path))
        return value if type(value) is str else ""

    def _texts(self, name: str) -> dict[str, str]:
        """Return a map of strings below `metadata`."""
        value = self.get(("metadata", name))
        if type(value) is not dict:
            return {}
        return {key: each for key, each in value.items() if type(each) is str}
