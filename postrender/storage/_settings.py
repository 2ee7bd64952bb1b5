"""Helm's settings from the environment, as the counterpart of its `cli.EnvSettings`."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from postrender._errors import ConfigError
from postrender.storage._folders import folders, home
from postrender.storage._kubeconfig import InCluster, namespace_of_context
from postrender.storage._words import format_float, go_bool, go_float, go_int, go_list

_SERVICE_ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_COLORS: Final = ("never", "auto", "always")


@dataclass(frozen=True, kw_only=True)
class EnvSettings:
    """What the environment says to Helm; each field has its variable's name without `HELM_`.

    A set but empty variable is empty where Helm takes it so. Secrets are not in the repr.
    """

    given_namespace: str = ""  #: HELM_NAMESPACE, "" if the kubeconfig decides: see `namespace`
    kubeconfig_files: tuple[str, ...] = ()  #: KUBECONFIG, or the one in the home folder
    kube_context: str = ""
    kube_token: str = field(default="", repr=False)
    kube_as_user: str = ""
    kube_as_groups: tuple[str, ...] = ()
    kube_api_server: str = ""
    kube_ca_file: str = ""
    kube_insecure_skip_tls_verify: bool = False
    kube_tls_server_name: str = ""
    max_history: int = 10  #: 0 or less is without limit
    burst_limit: int = 100
    qps: float = 0.0
    debug: bool = False
    color: str = "auto"  #: `never`, `auto` or `always` (Helm 4)
    plugins: str = ""
    registry_config: str = ""
    repository_config: str = ""
    repository_cache: str = ""
    content_cache: str = ""  #: Helm 4
    cache_home: str = ""
    config_home: str = ""
    data_home: str = ""
    driver: str = ""  #: HELM_DRIVER, "" is Helm's default; with the next two not in `helm env`
    driver_sql_connection_string: str = field(default="", repr=False)
    memory_driver_data: str = ""
    in_cluster: InCluster | None = None  #: in a pod

    @classmethod
    def from_environ(
        cls,
        environ: Mapping[str, str] | None = None,
        *,
        platform: str = sys.platform,
        service_account: Path = _SERVICE_ACCOUNT,
    ) -> Self:
        """Read the environment of this process, or another one.

        No file is read, so a kubeconfig may be absent or broken.

        :param platform: whose folders are the default ones, as `sys.platform` names it.
        :param service_account: where a pod has its token.
        """
        env = os.environ if environ is None else environ
        where = folders(env, platform)
        pod = env.get("KUBERNETES_SERVICE_HOST") and env.get("KUBERNETES_SERVICE_PORT")
        return cls(
            given_namespace=env.get("HELM_NAMESPACE", ""),
            kubeconfig_files=_kubeconfig_files(env, platform),
            kube_context=env.get("HELM_KUBECONTEXT", ""),
            kube_token=env.get("HELM_KUBETOKEN", ""),
            kube_as_user=env.get("HELM_KUBEASUSER", ""),
            kube_as_groups=go_list(env.get("HELM_KUBEASGROUPS", "")),
            kube_api_server=env.get("HELM_KUBEAPISERVER", ""),
            kube_ca_file=env.get("HELM_KUBECAFILE", ""),
            kube_insecure_skip_tls_verify=go_bool(
                env.get("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", ""), default=False
            ),
            kube_tls_server_name=env.get("HELM_KUBETLS_SERVER_NAME", ""),
            max_history=go_int(env.get("HELM_MAX_HISTORY", ""), 10),
            burst_limit=go_int(env.get("HELM_BURST_LIMIT", ""), 100),
            qps=go_float(env.get("HELM_QPS", ""), 0.0),
            debug=go_bool(env.get("HELM_DEBUG", ""), default=False),
            color=_color(env),
            plugins=env.get("HELM_PLUGINS", where.join(where.data, "plugins")),
            registry_config=env.get(
                "HELM_REGISTRY_CONFIG", where.join(where.config, "registry", "config.json")
            ),
            repository_config=env.get(
                "HELM_REPOSITORY_CONFIG", where.join(where.config, "repositories.yaml")
            ),
            repository_cache=env.get(
                "HELM_REPOSITORY_CACHE", where.join(where.cache, "repository")
            ),
            content_cache=env.get("HELM_CONTENT_CACHE", where.join(where.cache, "content")),
            cache_home=where.cache,
            config_home=where.config,
            data_home=where.data,
            driver=env.get("HELM_DRIVER", ""),
            driver_sql_connection_string=env.get("HELM_DRIVER_SQL_CONNECTION_STRING", ""),
            memory_driver_data=env.get("HELM_MEMORY_DRIVER_DATA", ""),
            in_cluster=InCluster(service_account, env.get("POD_NAMESPACE", "")) if pod else None,
        )

    def namespace(self) -> str:
        """Return the namespace given, else that of the kubeconfig's context, else `default`.

        In a pod, where the context says none, it is the pod's.

        :raises ConfigError: when the kubeconfig cannot be read or has no such context, where Helm
            takes `default` and fails, if at all, when it connects.
        """
        if self.given_namespace:
            return self.given_namespace
        if said := namespace_of_context(self.kubeconfig_files, self.kube_context):
            return said
        pod = self.in_cluster
        return pod.namespace() if pod and pod.is_possible else "default"

    def to_env(self, major: int = 4) -> dict[str, str]:
        """Return what `helm env` prints, sorted by name, but for HELM_BIN.

        :param major: of Helm, 3 or 4.
        """
        try:
            namespace = self.namespace()
        except ConfigError:
            namespace = "default"
        only_4 = {"HELM_CONTENT_CACHE": self.content_cache} if major > 3 else {}  # noqa: PLR2004
        variables = {
            "HELM_BURST_LIMIT": str(self.burst_limit),
            "HELM_CACHE_HOME": self.cache_home,
            "HELM_CONFIG_HOME": self.config_home,
            "HELM_DATA_HOME": self.data_home,
            "HELM_DEBUG": _bool(self.debug),
            "HELM_KUBEAPISERVER": self.kube_api_server,
            "HELM_KUBEASGROUPS": ",".join(self.kube_as_groups),
            "HELM_KUBEASUSER": self.kube_as_user,
            "HELM_KUBECAFILE": self.kube_ca_file,
            "HELM_KUBECONTEXT": self.kube_context,
            "HELM_KUBEINSECURE_SKIP_TLS_VERIFY": _bool(self.kube_insecure_skip_tls_verify),
            "HELM_KUBETLS_SERVER_NAME": self.kube_tls_server_name,
            "HELM_KUBETOKEN": self.kube_token,
            "HELM_MAX_HISTORY": str(self.max_history),
            "HELM_NAMESPACE": namespace,
            "HELM_PLUGINS": self.plugins,
            "HELM_QPS": format_float(self.qps),
            "HELM_REGISTRY_CONFIG": self.registry_config,
            "HELM_REPOSITORY_CACHE": self.repository_cache,
            "HELM_REPOSITORY_CONFIG": self.repository_config,
        }
        return dict(sorted({**variables, **only_4}.items()))


def _kubeconfig_files(environ: Mapping[str, str], platform: str) -> tuple[str, ...]:
    separator = ";" if platform == "win32" else ":"
    if listed := environ.get("KUBECONFIG"):
        return tuple(file for file in listed.split(separator) if file)
    return (folders(environ, platform).join(home(environ, platform), ".kube", "config"),)


def _color(environ: Mapping[str, str]) -> str:
    if environ.get("NO_COLOR"):
        return "never"
    word = environ.get("HELM_COLOR", "").lower()
    return word if word in _COLORS else "auto"


def _bool(value: bool) -> str:
    return "true" if value else "false"
