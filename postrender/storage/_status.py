"""The status of a release, and which status Helm gives it next."""

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """What a release is or is becoming."""

    UNKNOWN = "unknown"
    DEPLOYED = "deployed"
    UNINSTALLED = "uninstalled"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    UNINSTALLING = "uninstalling"
    PENDING_INSTALL = "pending-install"
    PENDING_UPGRADE = "pending-upgrade"
    PENDING_ROLLBACK = "pending-rollback"

    @classmethod
    def of(cls, word: str) -> "Status":
        """Return the status of a word in a record; `UNKNOWN` for one that Helm does not have."""
        return _BY_WORD.get(word, cls.UNKNOWN)

    @property
    def is_pending(self) -> bool:
        """Whether an operation is under way, or was ended in the middle: it blocks others."""
        return self in _PENDING

    def may_become(self, other: "Status") -> bool:
        """Tell whether Helm ever changes a record of this status to *other*."""
        return other is self or other in _NEXT[self]


_BY_WORD: Final = {str(status): status for status in Status}
_PENDING: Final = frozenset(
    {Status.PENDING_INSTALL, Status.PENDING_UPGRADE, Status.PENDING_ROLLBACK}
)

# Any revision may be the last one, and so be uninstalled, or be superseded when a rollback from it
# fails; an uninstalled one is when its name is installed again.
_ENDED: Final = frozenset({Status.SUPERSEDED, Status.UNINSTALLING})
_NEXT: Final = {
    Status.UNKNOWN: _ENDED,
    Status.DEPLOYED: _ENDED,
    Status.UNINSTALLED: frozenset({Status.SUPERSEDED}),
    Status.SUPERSEDED: _ENDED,
    Status.FAILED: _ENDED,
    Status.UNINSTALLING: frozenset({Status.UNINSTALLED, Status.SUPERSEDED}),
    **dict.fromkeys(_PENDING, _ENDED | {Status.DEPLOYED, Status.FAILED}),
}
