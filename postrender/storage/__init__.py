"""Helm's release records, read and written in Secrets, ConfigMaps, PostgreSQL and memory."""

from typing import TYPE_CHECKING

from postrender._errors import (
    NoDeployedRelease,
    RecordCorrupt,
    RecordTooLarge,
    ReleaseConflict,
    ReleaseExists,
    ReleaseNotFound,
    StorageError,
    StorageForbidden,
    StorageUnavailable,
)
from postrender.storage._changes import Changes
from postrender.storage._chart import Chart, Dependency, File, Lock, Maintainer, Metadata
from postrender.storage._driver import Bodies, Driver
from postrender.storage._hook import Execution, Hook
from postrender.storage._info import Dialect, Info
from postrender.storage._listing import Listing
from postrender.storage._memory import MemoryDriver
from postrender.storage._open import Where
from postrender.storage._record import Body, Record, record_key
from postrender.storage._release import Release
from postrender.storage._settings import EnvSettings
from postrender.storage._status import Status
from postrender.storage._storage import Storage
from postrender.storage._times import Time

if TYPE_CHECKING:
    from postrender.storage._kube import ConfigMapDriver, SecretDriver
    from postrender.storage._postgres import SQLDriver
else:  # which a type checker would take for a promise of any name

    def __getattr__(name: str) -> type:
        """Import a driver when it is used: its client costs 150 to 350 ms."""
        if name in {"ConfigMapDriver", "SecretDriver"}:
            from postrender.storage import _kube

            return getattr(_kube, name)
        if name == "SQLDriver":
            from postrender.storage._postgres import SQLDriver

            return SQLDriver
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Bodies",
    "Body",
    "Changes",
    "Chart",
    "ConfigMapDriver",
    "Dependency",
    "Dialect",
    "Driver",
    "EnvSettings",
    "Execution",
    "File",
    "Hook",
    "Info",
    "Listing",
    "Lock",
    "Maintainer",
    "MemoryDriver",
    "Metadata",
    "NoDeployedRelease",
    "Record",
    "RecordCorrupt",
    "RecordTooLarge",
    "Release",
    "ReleaseConflict",
    "ReleaseExists",
    "ReleaseNotFound",
    "SQLDriver",
    "SecretDriver",
    "Status",
    "Storage",
    "StorageError",
    "StorageForbidden",
    "StorageUnavailable",
    "Time",
    "Where",
    "record_key",
]
