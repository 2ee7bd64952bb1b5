"""The connections of a login, as the `kubernetes` package makes and keeps them."""

import re
import ssl
import warnings
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from postrender._errors import ConfigError

if TYPE_CHECKING:
    from kubernetes.client import Configuration
    from urllib3 import PoolManager

_SIZE: Final = 64  #: connections kept open, for as many threads


def manager_of(configuration: "Configuration") -> "PoolManager":
    """Return what makes and keeps connections, as the package makes it.

    :raises ConfigError: when it cannot speak to such a proxy.
    """
    from kubernetes.client.rest import RESTClientObject

    configuration.connection_pool_maxsize = _SIZE
    # So that a gateway does not forget a connection, and the next write breaks on it.
    configuration.keep_alive = True
    try:
        manager: PoolManager = RESTClientObject(configuration).pool_manager
    except ImportError:
        message, hint = "a SOCKS proxy needs the package PySocks", "install PySocks"
        raise ConfigError(message, hint=hint) from None
    server = urlsplit(configuration.host)
    if server.scheme == "https":
        manager.connection_pool_kw["ssl_context"] = _context(configuration)
        if not configuration.verify_ssl:
            _allow_unverified(server.hostname or "")
    return manager


def _allow_unverified(host: str) -> None:
    """Keep each request from a warning, or an error, where the user wants no proof of a server."""
    from urllib3.exceptions import InsecureRequestWarning

    said = f"Unverified HTTPS request is being made to host '{re.escape(host)}'"
    warnings.filterwarnings("ignore", said, InsecureRequestWarning)


def _context(configuration: "Configuration") -> ssl.SSLContext:
    """Return what decides whether a server is trusted, as strictly as Helm is and no more.

    Python 3.13 began to refuse authorities that have no identifier of their key.
    """
    from urllib3.util import create_urllib3_context

    verify = ssl.CERT_REQUIRED if configuration.verify_ssl else ssl.CERT_NONE
    context = create_urllib3_context(cert_reqs=verify)
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if configuration.verify_ssl and not configuration.ssl_ca_cert:
        context.load_default_certs()
    return context
