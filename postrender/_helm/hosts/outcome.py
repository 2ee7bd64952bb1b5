"""What a host does with a post-renderer: what it handed over, and what it made of the answer."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from postrender._helm.hosts.entries import Entry
from postrender._helm.hosts.first import documents


class Call(NamedTuple):
    """One stream that the host hands over: `group` is `hooks` or `manifests` where it has two."""

    group: str
    entries: Sequence[Entry]
    stream: bytes


#: Answers a stream of manifests with another one, or raises.
Renderer = Callable[[Call], bytes]


class Lost(NamedTuple):
    """A document that the host drops without a word."""

    entry: Entry
    reason: str


def overlooked(file: str, text: str) -> list[Lost]:
    """Return the documents of a *text* behind the end of another one, where nobody looks."""
    reason = "stands behind the end of a document, without a line --- of its own"
    return [Lost(Entry(file, part, value), reason) for part, value in documents(text)]


class Warned(NamedTuple):
    """Something that the host accepts, and that will not do what it looks like."""

    entry: Entry
    message: str


class Outcome(NamedTuple):
    """The release that the host makes, in its order."""

    manifests: Sequence[Entry]
    hooks: Sequence[Entry]
    text: str  #: as `helm template` prints it: manifests, then hooks
    lost: Sequence[Lost] = ()
    warned: Sequence[Warned] = ()
    errors: Sequence[str] = ()  #: what fails when the objects are built for the cluster


def stored(entries: Iterable[Entry]) -> str:
    """Return documents as Helm stores them, each below the name of its file."""
    return "".join(f"---\n# Source: {entry.file}\n{entry.text}\n" for entry in entries)


def printed(manifests: Iterable[Entry], hooks: Iterable[Entry]) -> str:
    """Return a release as `helm template` prints it."""
    return f"{stored(manifests).strip()}\n{stored(hooks)}"
