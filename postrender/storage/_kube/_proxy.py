"""Which proxy leads to an API server, as Helm chooses it.

Versions of the `kubernetes` package differ in this, and none logs in to a proxy by its address.
"""

from base64 import b64encode
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies_environment

from postrender._errors import ConfigError

if TYPE_CHECKING:
    from kubernetes.client import Configuration

_SCHEMES = {"http", "https", "socks5", "socks5h"}


def choose_proxy(named: str, configuration: "Configuration") -> None:
    """Choose the proxy that a kubeconfig names, else that of the environment.

    :raises ConfigError: when it is none that can be reached.
    """
    server = urlsplit(configuration.host)
    variables = {} if named or _is_here(server) else getproxies_environment()
    configuration.proxy = None
    configuration.no_proxy = variables.get("no", "")
    if proxy := named or variables.get(server.scheme):
        address = proxy if "://" in proxy else f"http://{proxy}"
        parts = split_address(address, _SCHEMES, "the proxy")
        configuration.proxy = address
        configuration.proxy_headers = _authorization(parts)


def split_address(address: str, schemes: set[str], what: str) -> SplitResult:
    """Return the parts of an address.

    :raises ConfigError: when it is none; it is not shown, as it may have a password.
    """
    try:
        parts = urlsplit(address)
        if parts.scheme in schemes and parts.hostname and parts.port != 0:
            return parts
    except ValueError:  # a port that is none, a bracket without its other one
        pass
    raise ConfigError(f"the address of {what} is none that can be reached")


def _is_here(server: SplitResult) -> bool:
    """Tell whether a server is on this machine, which no variable puts behind a proxy."""
    host = server.hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _authorization(proxy: SplitResult) -> dict[str, str] | None:
    """Return the headers that log in to a proxy, which a SOCKS proxy does by its address."""
    if proxy.username is None or not proxy.scheme.startswith("http"):
        return None
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(login.encode()).decode()}"}
