"""A record as a store holds it: what selects it, and the encoded release as its body."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from postrender._errors import RecordCorrupt, ReleaseConflict

#: What Helm puts in front of the name of a release; it names the way of storing, not the schema.
PREFIX: Final = "sh.helm.release.v1."
#: The labels that belong to Helm; whoever installs a release cannot give labels of these names.
SYSTEM_LABELS: Final = ("name", "owner", "status", "version", "createdAt", "modifiedAt")

_KEY = re.compile(r"(?:sh\.helm\.release\.v1\.)?(?P<name>.+)\.v(?P<version>\d+)", re.DOTALL)


def record_key(name: str, version: int) -> str:
    """Return the key of a revision, such as `sh.helm.release.v1.web.v3`."""
    return f"{PREFIX}{name}.v{version}"


def parse_key(key: str) -> tuple[str, int] | None:
    """Return the name and the revision that a key says, with or without the prefix."""
    match = _KEY.fullmatch(key)
    return (match["name"], int(match["version"])) if match else None


class Body:
    """The encoded text of a release, of which only the beginning may be here yet.

    The text is base64 of (mostly gzipped) JSON, the same in every store (`helm.sh/release.v1`).
    """

    __slots__ = ("_head", "_load", "_problem")

    def __init__(
        self, head: bytes, load: Callable[[], bytes] | None = None, *, problem: str = ""
    ) -> None:
        """Hold the beginning of a text.

        :param head: the text from its first byte; all of it without *load*.
        :param load: fetches the whole text; raises what `Driver.get` raises.
        :param problem: why there is no text, as in `has no entry data.release`.
        """
        self._head = head
        self._load = load
        self._problem = problem

    @property
    def head(self) -> bytes:
        """The beginning of the text that is here without asking the store; b"" if none is.

        :raises RecordCorrupt: when the record has no text.
        """
        if self._problem:
            raise RecordCorrupt(self._problem)
        return self._head

    @property
    def is_whole(self) -> bool:
        """Whether all of the text is here."""
        return self._load is None

    def text(self) -> bytes:
        """Return the whole text, from the store if it is not here.

        :raises RecordCorrupt: when the record has no text.
        :raises ReleaseConflict: when the record was changed since its beginning was read.
        :raises StorageError: what `Driver.get` raises.
        """
        head = self.head
        load = self._load  # which another thread may be done with in the meantime
        if load is not None:
            text = load()
            if not text.startswith(head):
                raise ReleaseConflict("was changed while it was read", hint="read it again")
            self._head, self._load = text, None
        return self._head


class Record(NamedTuple):
    """One record: a revision of a release, in a namespace.

    The columns select a record; what is shown of a release comes from its body, which may
    disagree with them (reference: Helm's drivers select by labels and show bodies).
    """

    namespace: str
    key: str  #: `sh.helm.release.v1.NAME.vREVISION`; a store takes it as opaque text
    name: str
    version: int  #: the revision, from 1
    status: str
    body: Body
    labels: Mapping[str, str] = {}  #: those of the user, without Helm's own
    owner: str = "helm"
    created_at: int = 0  #: Unix seconds, 0 if unknown
    modified_at: int = 0  #: Unix seconds, 0 if never
    token: str = ""  #: names this state of the record in its store; "" when not from a store
    problem: str = ""  #: why the columns cannot be trusted, "" if they can

    def __repr__(self) -> str:
        """Name the record without its body, which holds the values of a release."""
        return f"<Record {self.place}>"

    @property
    def place(self) -> str:
        """Namespace and key, as in `shop/sh.helm.release.v1.web.v3`."""
        return f"{self.namespace}/{self.key}"

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether the record has all of *labels*, Helm's own and the user's alike."""
        own = self.system_labels()
        return all(own.get(key, self.labels.get(key)) == value for key, value in labels.items())

    def system_labels(self) -> dict[str, str]:
        """Return Helm's own labels, as a store that has labels keeps them."""
        labels = {
            "name": self.name,
            "owner": self.owner,
            "status": self.status,
            "version": str(self.version),
        }
        if self.created_at:
            labels["createdAt"] = str(self.created_at)
        if self.modified_at:
            labels["modifiedAt"] = str(self.modified_at)
        return labels
