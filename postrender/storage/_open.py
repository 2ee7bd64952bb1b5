"""Which driver is opened: what the environment says to Helm, or what a caller says instead."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypedDict

from postrender._errors import ConfigError
from postrender.storage._driver import Driver
from postrender.storage._memory import MemoryDriver
from postrender.storage._settings import EnvSettings


class Where(TypedDict, total=False):
    """Where the records are; what is not given, or None, is as the environment says to Helm."""

    connection_string: str | None  #: of PostgreSQL, as HELM_DRIVER_SQL_CONNECTION_STRING
    kubeconfig: str | os.PathLike[str] | None  #: one file, instead of KUBECONFIG
    context: str | None  #: of the kubeconfig, instead of HELM_KUBECONTEXT
    environ: Mapping[str, str] | None  #: instead of the environment of this process


def settings_of(where: Where) -> EnvSettings:
    """Return the settings of the environment, with what is given instead.

    :raises ConfigError: when there is no file at *kubeconfig*.
    """
    changes: dict[str, Any] = {}
    if (text := where.get("connection_string")) is not None:
        changes["driver_sql_connection_string"] = text
    if (context := where.get("context")) is not None:
        changes["kube_context"] = context
    if (kubeconfig := where.get("kubeconfig")) is not None:
        path = os.fspath(kubeconfig)
        if not os.path.exists(path):
            raise ConfigError("there is no such kubeconfig", location=path)
        changes["kubeconfig_files"] = (path,)
    return replace(EnvSettings.from_environ(where.get("environ")), **changes)


def open_driver(word: str | None, settings: EnvSettings) -> Driver:
    """Open a driver.

    :param word: as HELM_DRIVER has it: `secret`, `secrets`, `configmap`, `configmaps`, `sql`,
        `memory`, or "" for `secret`; None is what the settings say. Case counts.
    :raises ConfigError: when there is no such driver, or what it needs is not installed.
    :raises StorageError: when its store cannot be used.
    """
    name = settings.driver if word is None else word
    if name not in _DRIVERS:
        raise ConfigError(f"there is no driver `{name}`", hint=_known(name))
    return _DRIVERS[name](settings)


def _secret(settings: EnvSettings) -> Driver:
    from postrender.storage._kube import SecretDriver  # 350 ms with its client

    return SecretDriver.connect(settings)


def _configmap(settings: EnvSettings) -> Driver:
    from postrender.storage._kube import ConfigMapDriver  # 350 ms with its client

    return ConfigMapDriver.connect(settings)


def _sql(settings: EnvSettings) -> Driver:
    try:
        from postrender.storage._postgres import SQLDriver  # 150 ms with its client
    except ImportError as error:
        message, hint = "PostgreSQL needs the package psycopg", "install postrender[sql]"
        raise ConfigError(message, hint=hint) from error
    return SQLDriver.connect(settings.driver_sql_connection_string)


def _memory(settings: EnvSettings) -> Driver:
    # By colons on every platform, as Helm splits it.
    return MemoryDriver.load(path for path in settings.memory_driver_data.split(":") if path)


_DRIVERS: Final[Mapping[str, Callable[[EnvSettings], Driver]]] = {
    "": _secret,
    "secret": _secret,
    "secrets": _secret,
    "configmap": _configmap,
    "configmaps": _configmap,
    "sql": _sql,
    "memory": _memory,
}


def _known(word: str) -> str:
    from difflib import get_close_matches  # only a run that fails needs it

    words = [name for name in _DRIVERS if name]
    near = get_close_matches(word.lower(), words, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known are {', '.join(words)}"
