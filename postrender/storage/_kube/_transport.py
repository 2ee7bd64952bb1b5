"""One exchange with an API server, through the transport of the `kubernetes` package."""

import os
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BufferedReader
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from urllib.parse import urlencode

from postrender.storage._kube._login import Login
from postrender.storage._kube._pool import manager_of
from postrender.storage._kube._protobuf import Stream

if TYPE_CHECKING:
    from urllib3 import HTTPResponse, PoolManager

T = TypeVar("T")

PROTOBUF: Final = "application/vnd.kubernetes.protobuf"
JSON: Final = "application/json"

_CONNECT: Final = 10.0  #: seconds in which a connection is made
_BUFFER: Final = 65_536
_LONGEST: Final = 1_048_576  #: bytes of a refusal that are read


class Request(NamedTuple):
    """What is sent; a body is JSON."""

    method: str
    path: str
    query: Mapping[str, str] = {}
    body: bytes | None = None
    accept: str = f"{PROTOBUF}, {JSON}"

    def __repr__(self) -> str:
        """Name what is asked for without its body, which holds the values of a release."""
        return f"<Request {self.method} {self.path}>"


class Refused(Exception):
    """The server answers, and it is no success."""

    def __init__(self, code: int, data: bytes, wait: str) -> None:
        """Hold code, body, and the seconds after which the server asks to come again."""
        super().__init__(code)
        self.code = code
        self.data = data
        self.wait = float(wait) if wait.isdecimal() else None


class Broken(Exception):
    """There is no answer, or no whole one."""

    def __init__(self, message: str, *, sent: bool = True, again: bool = False) -> None:
        """Say so.

        :param sent: whether the server may have got the request.
        :param again: whether another connection may do better.
        """
        super().__init__(message)
        self.message = message
        self.sent = sent
        self.again = again


class Transport:
    """The connections of a login: several threads share them, a child after a fork does not."""

    def __init__(self, login: Login, timeout: float) -> None:
        """Connect when the first request is made.

        :param timeout: seconds without a byte after which a server is taken for gone.
        """
        self.login = login
        self._timeout = timeout
        self._pool: tuple[int, PoolManager] | None = None

    def close(self) -> None:
        """Close all connections of this process."""
        pool, self._pool = self._pool, None
        if pool and pool[0] == os.getpid():
            pool[1].clear()

    def exchange(self, request: Request, read: Callable[[Stream], T]) -> T:
        """Send a request, and return what *read* makes of the answer's body.

        :raises Refused: when the answer is no success.
        :raises Broken: when there is none, or *read* finds it to be nothing of Kubernetes'.
        :raises StorageUnavailable: when there are no credentials.
        """
        with self._telling(), self._answer(request) as answer:
            if answer.status >= 300:  # noqa: PLR2004 (a code of HTTP)
                wait = answer.headers.get("Retry-After", "")
                raise Refused(answer.status, answer.read(_LONGEST), wait)
            with BufferedReader(answer, _BUFFER) as stream:
                try:
                    return read(stream)
                except (ValueError, LookupError, TypeError, AttributeError) as error:
                    said = f"{self.login.server} answers what is not the Kubernetes API: {error}"
                    raise Broken(said) from None

    @contextmanager
    def _answer(self, request: Request) -> Iterator["HTTPResponse"]:
        from urllib3 import HTTPHeaderDict, Timeout

        headers = HTTPHeaderDict(self.login.headers())
        headers["Accept"] = request.accept
        if request.body is not None:
            headers["Content-Type"] = JSON
        query = f"?{urlencode(request.query)}" if request.query else ""
        answer: Any = self._connections().urlopen(
            request.method,
            f"{self.login.configuration.host}{request.path}{query}",
            body=request.body,
            headers=headers,
            timeout=Timeout(connect=min(self._timeout, _CONNECT), read=self._timeout),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        answer.auto_close = False  # at its end, where a buffer looks whether there is more
        try:
            yield answer
        finally:
            answer.close()  # without effect once it is read to its end

    def _connections(self) -> "PoolManager":
        pool = self._pool
        if pool is None or pool[0] != os.getpid():
            # Of two threads that come here at once each uses its own, and one is kept.
            self._pool = pool = os.getpid(), manager_of(self.login.configuration)
        return pool[1]

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Say in our words how a connection fails."""
        from urllib3 import exceptions as of

        server = self.login.server
        try:
            yield
        except (of.NewConnectionError, of.ProxyError, of.LocationValueError) as error:
            said = f"{server} cannot be reached: {_reason(error)}"
            raise Broken(said, sent=False) from error
        except of.ConnectTimeoutError as error:
            raise Broken(f"{server} does not answer", sent=False) from error
        except of.TimeoutError as error:
            said = f"{server} does not answer within {self._timeout:g} s"
            raise Broken(said) from error
        except of.HTTPError as error:
            if isinstance(_bottom(error), ssl.SSLCertVerificationError):
                said = f"{server} cannot be trusted: {_reason(error)}"
                raise Broken(said, sent=False) from error
            said = f"the connection to {server} broke: {_reason(error)}"
            raise Broken(said, again=True) from error


def _reason(error: Exception) -> str:
    """Return what the system says."""
    bottom = _bottom(error)
    if isinstance(bottom, ssl.SSLCertVerificationError):
        return bottom.verify_message
    if isinstance(bottom, OSError) and bottom.strerror:
        return bottom.strerror.lower()
    return str(bottom)


def _bottom(error: BaseException) -> BaseException:
    """Return the error at the bottom of what the library makes of it."""
    while deeper := error.__cause__ or error.__context__ or _inside(error):
        error = deeper
    return error


def _inside(error: BaseException) -> BaseException | None:
    return next((each for each in error.args if isinstance(each, BaseException)), None)
