"""How Helm's settings lead to a cluster, as the `kubernetes` package reads its files for us."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from postrender._errors import ConfigError, PostrenderError
from postrender.storage._kube._login import Login, hearing, no_credentials
from postrender.storage._kube._proxy import choose_proxy, split_address

if TYPE_CHECKING:
    from kubernetes.client import Configuration

    from postrender.storage._settings import EnvSettings


class _Found(NamedTuple):
    """What a kubeconfig says of a context."""

    cluster: Mapping[str, Any] = {}
    user: Mapping[str, Any] = {}


def log_in(settings: "EnvSettings") -> Login:
    """Return how Helm logs in with these settings: by a kubeconfig, a pod's token, variables.

    A credential plugin is run.

    :raises ConfigError: when there is no cluster, or the kubeconfig cannot be used.
    :raises StorageUnavailable: when a credential plugin fails.
    """
    try:
        from kubernetes.client import Configuration  # a quarter of a second
    except ImportError:
        raise ConfigError(
            "Secrets and ConfigMaps need the package kubernetes",
            hint="install postrender[kubernetes]",
        ) from None
    credentials = Configuration()
    found = _from_files(settings, credentials)
    if found is None and not _from_pod(settings, credentials) and not settings.kube_api_server:
        raise ConfigError(
            "there is no kubeconfig, and this is no pod of a cluster",
            hint="set KUBECONFIG, or HELM_KUBEAPISERVER and HELM_KUBETOKEN",
        )
    if settings.kube_token:
        credentials.refresh_api_key_hook = None
        credentials.api_key = {"authorization": f"Bearer {settings.kube_token}"}
    configuration = deepcopy(credentials)
    cluster, user = found or _Found()
    _override(settings, configuration)
    choose_proxy(cluster.get("proxy-url") or "", configuration)
    headers = [(name, _encoded(value)) for name, value in _impersonation(settings, user)]
    return Login(configuration, credentials, headers)


def _from_files(settings: "EnvSettings", configuration: "Configuration") -> _Found | None:
    """Load the kubeconfig; None where there is nothing to load."""
    try:
        with hearing() as heard:
            found = _load(settings, configuration)
    except PostrenderError:
        raise
    except Exception as error:  # of the package, of YAML, of what else a malformed file gives
        raise _malformed(error) from None
    if heard and not settings.kube_token:
        raise no_credentials(heard)
    return found


def _load(settings: "EnvSettings", configuration: "Configuration") -> _Found | None:
    package: Any = import_module("kubernetes.config.kube_config")
    merged = package.KubeConfigMerger(os.pathsep.join(settings.kubeconfig_files))
    # As client-go has it, the first file that says something wins; the package takes the last.
    context = settings.kube_context or _current(merged.config_files.values())
    if not context:
        return None
    if merged.config is None:
        raise ConfigError(f"there is no kubeconfig with the context {context}")
    loader = package.KubeConfigLoader(
        merged.config,
        active_context=context,
        config_base_path=None,  # paths are relative to the file that has them
        config_persister=merged.save_changes,
    )
    loader.load_and_set(configuration)
    chosen = loader.current_context["context"]
    cluster = merged.config["clusters"].get_with_name(chosen["cluster"]).value["cluster"]
    user = merged.config["users"].get_with_name(chosen.get("user"), safe=True)
    return _Found(cluster, (user.value["user"] if user else None) or {})


def _current(files: Iterable[Mapping[str, Any]]) -> str:
    return next((name for file in files if (name := file.get("current-context"))), "")


def _from_pod(settings: "EnvSettings", configuration: "Configuration") -> bool:
    """Load what a pod has, and tell whether this is one."""
    pod = settings.in_cluster
    if pod is None or not pod.is_possible:
        return False
    package: Any = import_module("kubernetes.config.incluster_config")
    try:
        package.InClusterConfigLoader(
            token_filename=str(pod.service_account / "token"),
            cert_filename=str(pod.service_account / "ca.crt"),
        ).load_and_set(configuration)
    except package.ConfigException as error:
        raise ConfigError(
            f"this pod cannot log in: {error}".rstrip("."), location=str(pod.service_account)
        ) from None
    return True


def _override(settings: "EnvSettings", configuration: "Configuration") -> None:
    if settings.kube_api_server or settings.kube_tls_server_name:
        # The name of one server is not that of another.
        configuration.tls_server_name = settings.kube_tls_server_name or None
    if settings.kube_ca_file:
        configuration.ssl_ca_cert = settings.kube_ca_file
    if settings.kube_insecure_skip_tls_verify:
        configuration.verify_ssl = False
    files = (configuration.ssl_ca_cert, configuration.cert_file, configuration.key_file)
    for file in filter(None, files):
        if not os.access(file, os.R_OK):
            raise ConfigError("cannot be read", location=file)
    secure = any(files) or not configuration.verify_ssl
    configuration.host = _address(settings.kube_api_server or configuration.host, secure)


def _address(server: str, secure: bool) -> str:
    """Return the address of a server, which as in client-go need not have a scheme."""
    address = server if "://" in server else f"{'https' if secure else 'http'}://{server}"
    split_address(address, {"http", "https"}, "the API server")
    return address.rstrip("/")


def _impersonation(settings: "EnvSettings", user: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the headers of whom to act as, which the package does not read from a kubeconfig."""
    name = settings.kube_as_user or user.get("as")
    if name:
        yield "Impersonate-User", name
    if user.get("as-uid"):
        yield "Impersonate-Uid", user["as-uid"]
    for group in settings.kube_as_groups or user.get("as-groups") or ():
        yield "Impersonate-Group", group
    for key, values in (user.get("as-user-extra") or {}).items():
        for value in values:
            yield f"Impersonate-Extra-{quote(key, safe='')}", value


def _encoded(value: object) -> str:
    """Return what a header has for a text, which the transport takes byte by byte."""
    text = str(value)
    if not text.isprintable():
        raise ConfigError("what to act as cannot be named in a request")
    return text.encode().decode("latin-1")


def _malformed(error: Exception) -> ConfigError:
    """Return the error of a kubeconfig that cannot be used, without a text that shows it."""
    if isinstance(error, OSError) and error.filename:
        return ConfigError(f"cannot be read: {error.strerror}", location=str(error.filename))
    said = type(error).__name__
    if said == "ConfigException":
        # It names a place in the kubeconfig by all that stands there, tokens too.
        said = re.split(r"/?[{\n]", str(error))[0].rstrip(". ")
    return ConfigError(f"the kubeconfig cannot be used: {said}")
