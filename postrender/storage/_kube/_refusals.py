"""What an answer that is no success means: the error of the storage for it."""

from typing import Final, NamedTuple

from postrender._errors import (
    RecordTooLarge,
    ReleaseConflict,
    ReleaseExists,
    ReleaseNotFound,
    StorageError,
    StorageForbidden,
    StorageUnavailable,
)
from postrender.storage._kube._status import Status

_LONGEST: Final = 500  #: of what a server says, which an admission webhook may have written


class Action(NamedTuple):
    """What is asked of the API server."""

    verb: str  #: as RBAC calls it: `get`, `list`, `create`, `update`, `delete`
    plural: str
    namespace: str = ""
    key: str = ""

    @property
    def place(self) -> str:
        """Where: a record, a namespace, or nothing for all of them."""
        return f"{self.namespace}/{self.key}" if self.key else self.namespace

    @property
    def writes(self) -> bool:
        """Whether it changes the store."""
        return self.verb not in {"get", "list"}

    def unavailable(self, message: str, *, sent: bool = True, hint: str = "") -> StorageUnavailable:
        """Return the error for a store that does not answer, or breaks off.

        :param sent: whether the request may have got there.
        """
        if self.writes and sent:
            message += f": the {self.verb} may have been made"
            hint = hint or "read the record to see"
        return StorageUnavailable(message, location=self.place, hint=hint)


class Expired(StorageUnavailable):
    """A list was read too slowly, and the server has forgotten the state that it began with."""

    def __init__(self, action: Action, more: str) -> None:
        """Hold where the list can go on with the state of now; "" if only from its beginning."""
        super().__init__("the list took too long to read", location=action.place)
        self.more = more


def refusal(action: Action, code: int, status: Status | None) -> StorageError:
    """Return the error for an answer of a code.

    :param status: what the API server says about it, None where it was not the one to answer.
    """
    if status is None:
        return action.unavailable(
            f"the answer {code} is not one of the Kubernetes API",
            hint="look at the address of the server, and at proxies on the way",
        )
    known = _BY_REASON.get(status.reason)
    if known:
        return known(action, status)
    said = status.message[:_LONGEST] or f"the API server answers {code} {status.reason}".rstrip()
    if code == 429 or code >= 500:  # noqa: PLR2004 (codes of HTTP)
        return action.unavailable(said, sent=code != 429)  # noqa: PLR2004
    return StorageError(said, location=action.place)


def _exists(action: Action, _: Status) -> StorageError:
    return ReleaseExists("there is a record of this key already", location=action.place)


def _conflict(action: Action, _: Status) -> StorageError:
    return ReleaseConflict(
        "was changed by somebody else", location=action.place, hint="read it again"
    )


def _not_found(action: Action, status: Status) -> StorageError:
    if status.kind == "namespaces":
        return StorageError(
            f"there is no namespace {action.namespace}",
            location=action.place,
            hint="create it first",
        )
    if status.kind != action.plural or not action.key:  # no such path, rather than no such object
        return action.unavailable(
            f"the server has no {action.plural}", hint="look at its address, which is no cluster's"
        )
    return ReleaseNotFound("there is no such record", location=action.place)


def _forbidden(action: Action, status: Status) -> StorageError:
    if "NamespaceTerminating" in status.causes:
        return StorageError(
            f"the namespace {action.namespace} is being deleted", location=action.place
        )
    where = f"in namespace {action.namespace}" if action.namespace else "in all namespaces"
    # A quota forbids too, and admission webhooks do.
    hint = f"a role must allow to {action.verb} {action.plural} {where}"
    return StorageForbidden(
        status.message[:_LONGEST],
        location=action.place,
        hint=hint if f" cannot {action.verb} " in status.message else "",
    )


def _unauthorized(action: Action, _: Status) -> StorageError:
    return StorageForbidden(
        "the API server does not take the credentials",
        location=action.place,
        hint="log in again, or look at the user of the kubeconfig's context",
    )


def _expired(action: Action, status: Status) -> StorageError:
    return Expired(action, status.more)


def _too_large(action: Action, _: Status) -> StorageError:
    return RecordTooLarge("is larger than the API server takes", location=action.place)


_BY_REASON: Final = {
    "AlreadyExists": _exists,
    "Conflict": _conflict,
    "Expired": _expired,
    "Forbidden": _forbidden,
    "Gone": _expired,
    "NotFound": _not_found,
    "RequestEntityTooLarge": _too_large,
    "Unauthorized": _unauthorized,
}
