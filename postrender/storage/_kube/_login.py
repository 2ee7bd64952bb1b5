"""Where a cluster is and who is asking, once that is known."""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from postrender._errors import StorageUnavailable

if TYPE_CHECKING:
    from kubernetes.client import Configuration

_LONGEST = 300  # characters of what a credential plugin says


class Login:
    """A configuration of the `kubernetes` package, and headers that it knows nothing of."""

    def __init__(
        self,
        configuration: "Configuration",
        credentials: "Configuration",
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Hold them.

        :param credentials: another configuration, which refreshes its token when it is asked for,
            and then is all that its file says again.
        :param headers: one may come more than once, as that of a group does.
        """
        self.configuration = configuration
        self._credentials = credentials
        self._headers = tuple(headers)

    @property
    def server(self) -> str:
        """The address, without a password that it may have."""
        parts = urlsplit(self.configuration.host)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def headers(self) -> list[tuple[str, str]]:
        """Return the headers that say who is asking; a token that expires is fetched anew.

        :raises StorageUnavailable: when it cannot be fetched.
        """
        with hearing() as heard:
            try:
                said = self._credentials.auth_settings().get("BearerToken")
            except Exception as error:  # of a file, of a provider of identities, of the package
                heard.append(type(error).__name__)
        if heard:
            raise no_credentials(heard) from None
        token = ((said and said["value"]) or "").strip()  # files end with a line break
        if not (token.isascii() and token.isprintable()):
            raise no_credentials(["the token is none"])
        return [*([("Authorization", token)] if token else []), *self._headers]

    def is_as(self, other: "Login") -> bool:
        """Tell whether two logins have the same credentials; see `headers` for what it raises."""
        certificates = [each.configuration.cert_file for each in (self, other)]
        return certificates[0] == certificates[1] and self.headers() == other.headers()


@contextmanager
def hearing() -> Iterator[list[str]]:
    """Hear what the package logs in this thread where it does not raise an error.

    Without any handler, it would also set up logging for the whole process.
    """
    heard: list[str] = []
    thread = threading.get_ident()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == thread and record.module == "kube_config":
                heard.append(record.getMessage())

    ear = Ear(logging.ERROR)
    logging.getLogger().addHandler(ear)
    try:
        yield heard
    finally:
        logging.getLogger().removeHandler(ear)


def no_credentials(heard: Sequence[str]) -> StorageUnavailable:
    """Return the error for a login that failed, with what was heard."""
    said = heard[0].strip().partition("\n")[0][:_LONGEST]
    return StorageUnavailable(
        f"there are no credentials for the cluster: {said}",
        hint="look at the user of the kubeconfig's context",
    )
