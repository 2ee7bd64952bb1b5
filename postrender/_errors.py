"""The error tree, with the exit code on each class.

    PostrenderError                3
    ├── RefusedError               1  the manifests were refused
    │   ├── StreamError            1  the stream cannot be read as manifests
    │   ├── EditError              1  an edit cannot be made at its path
    │   ├── ExpectError            1  a step matched too few or too many objects
    │   └── CheckError             1  a check found an error
    ├── UsageError                 2  the command line asks for what there is not
    │   └── ConfigError            2  the configuration is wrong
    ├── PluginError                3  a plugin failed in a way it did not foresee
    └── StorageError               1  a release cannot be read or written
        ├── ReleaseNotFound        1  there is no such release (also a LookupError)
        │   └── NoDeployedRelease  1  of all revisions of a release none is deployed
        ├── ReleaseExists          1  there is such a record already
        ├── ReleaseConflict        1  somebody else changed the record meanwhile
        ├── RecordCorrupt          1  a record cannot be read
        ├── RecordTooLarge         1  a record is larger than its store takes
        ├── StorageForbidden       4  the cluster or the database forbids it
        └── StorageUnavailable     4  the cluster or the database cannot be reached

A message says what is wrong, in lower case and without a full stop; where it is wrong is a
`Location`, what to do about it the hint, and the step is added by the chain.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple


def pointer(path: Sequence[str | int]) -> str:
    """Write a path of keys and indexes as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


class Location(NamedTuple):
    """A place in the stream; what is not known is left empty."""

    document: int = 0  #: number of the document in the stream, from 1
    source: str = ""  #: the chart's file, from `# Source:` or Helm 4's annotation
    object: str = ""  #: kind, namespace and name, as in `Deployment shop/web`
    path: Sequence[str | int] = ()  #: keys and indexes, from the object's root
    line: int = 0  #: of the text at the path, from 1, where it is about one of many

    def __str__(self) -> str:
        """Name the place as a person reads it, the widest part first."""
        document = f"document {self.document}" if self.document else ""
        if document and self.source:
            document += f" ({self.source})"
        parts = (document, self.object, pointer(self.path))
        return ", ".join(part for part in parts if part)


class PostrenderError(Exception):
    """Anything that ends a run; `exit_code` says how."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, location: Location | str = "", hint: str = "") -> None:
        """Say what is wrong, where, and what to do about it."""
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint
        self.step = ""  #: the step that failed, set by the chain

    def __str__(self) -> str:
        """Return step, place, message and hint on one line."""
        step = f"step {self.step}" if self.step else ""
        text = ": ".join(part for part in (step, str(self.location), self.message) if part)
        return f"{text}; {self.hint}" if self.hint else text


class RefusedError(PostrenderError):
    """The manifests were refused."""

    exit_code = 1


class StreamError(RefusedError):
    """The stream cannot be read as manifests."""


class EditError(RefusedError):
    """An edit cannot be made at its path."""


class ExpectError(RefusedError):
    """A step matched fewer or more objects than its `expect` allows."""


class CheckError(RefusedError):
    """A check reported a finding of severity error."""


class UsageError(PostrenderError):
    """The command line asks for what there is not."""

    exit_code = 2


class ConfigError(UsageError):
    """The configuration is wrong; raised before stdin is read."""


class PluginError(PostrenderError):
    """A plugin failed in a way it did not foresee."""


class StorageError(PostrenderError):
    """A release cannot be read or written."""

    exit_code = 1


class ReleaseNotFound(StorageError, LookupError):
    """There is no such release: the store answered, and shows all that it has."""


class NoDeployedRelease(ReleaseNotFound):
    """A release has revisions, or had them, and none of them is deployed."""


class ReleaseExists(StorageError):
    """There is a record of this key already."""


class ReleaseConflict(StorageError):
    """Somebody else changed the record since it was read; read it again."""


class RecordCorrupt(StorageError):
    """A record is there and cannot be read; the message gives the reason, never the body."""


class RecordTooLarge(StorageError):
    """A record is larger than its store takes; found before anything was sent."""


class StorageForbidden(StorageError):
    """The store answers, and forbids it: RBAC, row security, grants."""

    exit_code = 4


class StorageUnavailable(StorageError):
    """The store cannot be reached, or went away before it was done."""

    exit_code = 4
