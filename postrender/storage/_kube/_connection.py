"""Requests to an API server: which are made again, and what their failures are called."""

import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Self, TypeVar

from postrender._errors import ConfigError, StorageUnavailable
from postrender.storage._kube._access import log_in
from postrender.storage._kube._login import Login
from postrender.storage._kube._protobuf import Stream
from postrender.storage._kube._refusals import Action, refusal
from postrender.storage._kube._status import Status
from postrender.storage._kube._transport import Broken, Refused, Request, Transport

if TYPE_CHECKING:
    from postrender.storage._settings import EnvSettings

T = TypeVar("T")

#: seconds without a byte after which a server is taken for gone; its own limit is 60
TIMEOUT: Final = 65.0
#: seconds that a request waits in all when the server asks to come again later
PATIENCE: Final = 30.0


class Connection:
    """A cluster, as one user; several threads can use it, and so can a child after a fork."""

    def __init__(
        self, log_in: Callable[[], Login], *, timeout: float = TIMEOUT, patience: float = PATIENCE
    ) -> None:
        """Log in; nothing is sent yet.

        :param log_in: is called again when the server does not take the credentials any more.
        :param timeout: seconds without a byte after which a server is taken for gone.
        :param patience: seconds that a request waits in all when the server asks for it.
        """
        self._log_in = log_in
        self._timeout = timeout
        self._patience = patience
        self._transport = Transport(log_in(), timeout)
        self._renewing: dict[int, threading.Lock] = {}  # one of each process
        self._is_open = True

    @classmethod
    def open(
        cls, settings: "EnvSettings", *, timeout: float = TIMEOUT, patience: float = PATIENCE
    ) -> Self:
        """Log in as Helm does with these settings; see the constructor.

        :raises ConfigError: when there is no cluster, or the kubeconfig cannot be used.
        :raises StorageUnavailable: when a credential plugin fails.
        """
        return cls(lambda: log_in(settings), timeout=timeout, patience=patience)

    def close(self) -> None:
        """Close all connections of this process; closing twice is nothing."""
        self._is_open = False
        self._transport.close()

    def send(self, action: Action, request: Request, read: Callable[[Stream], T]) -> T:
        """Send a request, and return what *read* makes of the answer.

        One that reads is sent again once when its connection breaks. One that writes is sent
        again only where the server has said that it did nothing.

        :raises StorageError: what `refusal` returns for an answer that is no success;
            StorageUnavailable when there is none.
        """
        patience, breaks, renewed = self._patience, 0, False
        while True:
            if not self._is_open:
                raise StorageUnavailable("the driver was closed", hint="open another one")
            transport = self._transport
            try:
                return transport.exchange(request, read)
            except Refused as refused:
                if refused.code == 401 and not renewed and self._renew(transport):  # noqa: PLR2004
                    renewed = True
                    continue
                wait = _wait(action, refused)
                if wait is None or wait > patience:
                    status = Status.read(refused.code, refused.data)
                    raise refusal(action, refused.code, status) from None
                patience -= wait
                time.sleep(wait)
            except Broken as broken:
                breaks += 1
                if action.writes or not broken.again or breaks > 1:
                    raise action.unavailable(broken.message, sent=broken.sent) from broken.__cause__

    def _renew(self, used: Transport) -> bool:
        """Log in again, and tell whether that gave other credentials than those that were used."""
        with self._renewing.setdefault(os.getpid(), threading.Lock()):
            if used is not self._transport:  # another thread was faster
                return True
            try:
                fresh = self._log_in()
            except ConfigError:  # the way to log in has gone since
                return False
            if fresh.is_as(used.login):
                return False
            # What other threads are still at goes on with the old ones.
            self._transport = Transport(fresh, self._timeout)
            return True


def _wait(action: Action, refused: Refused) -> float | None:
    """Return after how many seconds a request is to be sent again, if it is."""
    # 429 means that nothing was done; 503 may come too late for a write.
    if refused.code == 429 or (refused.code == 503 and not action.writes):  # noqa: PLR2004
        return refused.wait
    return None
