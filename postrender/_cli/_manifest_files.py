"""Files and folders of manifests, read to be looked at; what is none is left out, and told."""

import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from postrender._cli import _files
from postrender._errors import Location, PostrenderError, StreamError, UsageError
from postrender._manifests import Manifests

ENDINGS: Final = (".yaml", ".yml", ".json")

_WORDS: Final = (b"kind", b"apiVersion")
#: How lines begin in a file that is meant to be a manifest.
_MEANT: Final = tuple(re.compile(rb"(?m)^[{\s\"']?%s[\"']?\s*:" % word) for word in _WORDS)
_TEMPLATE: Final = b"{{"
#: What a file in UTF-16 begins with, as some shells write what is redirected.
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")


class ManifestFiles:
    """The manifests of files and folders."""

    def __init__(self, names: Sequence[str]) -> None:
        """Read all that *names* says; `-` is stdin.

        :raises UsageError: if a file cannot be read, or a folder holds none.
        """
        if names.count("-") > 1:
            raise UsageError("stdin can be read only once")
        self.count = 0  #: of the files that hold manifests
        self.templates: list[str] = []  #: files that only Helm can read
        self.others: list[str] = []  #: files that are something else
        self.errors: list[PostrenderError] = []  #: what is wrong with files that nobody can read
        self._streams: list[bytes] = []
        self._names: list[str] = []
        self._starts: list[int] = []  # the number of the first document of each file
        self._next = 1
        self._read_already: set[str] = set()
        parts = [part for name in names for part in self._read(name)]
        self.manifests = Manifests.join(parts)

    @property
    def stream(self) -> bytes:
        """All that was read, for a look at the values of Secrets."""
        return b"\n---\n".join(self._streams)

    def place(self, document: int) -> tuple[str, int]:
        """Return the file that a document is in, `""` for stdin, and its number there."""
        at = bisect_right(self._starts, document) - 1
        return (self._names[at], document - self._starts[at] + 1) if at >= 0 else ("", document)

    def where(self, location: Location) -> str:
        """Say where something is, with the file that it is in."""
        file, document = self.place(location.document)
        text = str(location._replace(document=document if location.document else 0))
        return ", ".join(part for part in (file if location.document else "", text) if part)

    def _read(self, name: str) -> Iterator[Manifests]:
        """Give the manifests of a file, or of each in a folder."""
        is_folder = name != "-" and os.path.isdir(name)
        before = len(self.errors)
        paths = list(self._paths(name)) if is_folder else [name]
        if not paths and len(self.errors) == before:
            raise UsageError(f"holds no file that ends in {', '.join(ENDINGS)}", location=name)
        for path in paths:
            manifests, data = None, self._data(path, is_named=not is_folder)
            if data is not None:
                manifests = self._parsed(path, data, is_named=not is_folder)
            if manifests is not None and data is not None:
                self.count += 1
                self._starts.append(self._next)
                self._next += manifests.documents
                self._names.append("" if path == "-" else _shown(path))
                self._streams.append(data)
                yield manifests

    def _data(self, path: str, *, is_named: bool) -> bytes | None:
        """Return what a file holds, None for one that was read already, or cannot be."""
        real = path if path == "-" else os.path.realpath(path)
        if real in self._read_already:
            return None
        self._read_already.add(real)
        try:
            return _files.read([path])
        except UsageError as error:
            if is_named:
                raise
            error.location = _shown(path)
            self.errors.append(error)
            return None

    def _parsed(self, name: str, data: bytes, *, is_named: bool) -> Manifests | None:
        """Return the manifests of a file, None if there is a reason to leave it out."""
        text = _narrow(data)
        if is_named or all(word in text for word in _WORDS):
            try:
                return Manifests.parse(data)
            except StreamError as error:
                failure = error
            if is_named or (all(word.search(text) for word in _MEANT) and _TEMPLATE not in text):
                self.errors.append(_blamed(failure, name, data))
                self._streams.append(data)  # the message may show what it holds
                return None
        (self.templates if _TEMPLATE in text else self.others).append(_shown(name))
        return None

    def _paths(self, folder: str) -> Iterator[str]:
        """Give the files under *folder* that may hold manifests, without hidden ones, in order."""

        def keep(error: OSError) -> None:
            message = f"cannot be read: {error.strerror}"
            self.errors.append(UsageError(message, location=_shown(error.filename)))

        for parent, folders, files in os.walk(folder, onerror=keep):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                path = os.path.join(parent, name)
                is_wanted = name.endswith(ENDINGS) and not name.startswith(".")
                # A pipe or a device may never end; a link that leads nowhere is to be told.
                if is_wanted and (os.path.isfile(path) or not os.path.exists(path)):
                    yield path


def _narrow(data: bytes) -> bytes:
    """Return what a file says, without marks of its encoding, to be looked through for words."""
    if data.startswith(_WIDE):
        return data[2:].replace(b"\0", b"")
    return data.removeprefix(_files.BOM)


def _shown(path: str) -> str:
    """Return a path from the working folder where it is below that, as reports want it."""
    path = os.path.normpath(path)
    below = os.path.relpath(path) if os.path.isabs(path) else path
    told = path if below.startswith("..") else below
    return os.fsencode(told).decode(errors="backslashreplace")  # a name may be in no encoding


def _blamed(error: StreamError, name: str, data: bytes) -> StreamError:
    """Return *error* with the file that it is about."""
    if name != "-":
        error.location = ", ".join(filter(None, (_shown(name), str(error.location))))
    if _TEMPLATE in data:
        error.hint = "a template of a chart is for Helm; look at what `helm template` prints"
    return error
