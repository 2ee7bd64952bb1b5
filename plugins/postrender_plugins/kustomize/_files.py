"""Files of a kustomization: only local ones, and only below the folder that was allowed."""

import os
import re
from typing import Final

from postrender import ConfigError

NAMES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
STDIN: Final = ("-", "/dev/stdin")  #: entries that a script writes for what it reads
_REMOTE: Final = re.compile(r"^(?:[a-z+]+://|git::|git@|github\.com/)|\.git(?:[/?]|$)|\?ref=")


class Folder:
    """A folder that relative paths start from."""

    def __init__(self, path: str, limit: str | None, name: str = "") -> None:
        """Take the folder *path*.

        :param limit: the folder that no file may be outside of, None for any.
        :param name: what messages call the folder, "" for the configuration's own.
        """
        self.path = path
        self.limit = os.path.realpath(limit) if limit is not None else None
        self.name = name

    @property
    def real(self) -> str:
        """Return the folder's one path, whatever links lead to it."""
        return os.path.realpath(self.path)

    def named(self, path: str) -> str:
        """Return what messages call *path*."""
        return os.path.normpath(os.path.join(self.name, path))

    def full(self, path: str) -> str:
        """Return the whole path of *path*.

        :raises ConfigError: if it is remote, or outside of what is allowed.
        """
        if _REMOTE.search(path):
            raise ConfigError(
                f"{path} is remote, and nothing is fetched",
                location=self.name,
                hint="keep a copy beside the configuration",
            )
        full = os.path.join(self.path, path)
        if self.limit is not None:
            real = os.path.realpath(full)
            if os.path.commonpath([real, self.limit]) != self.limit:
                raise ConfigError(
                    f"{path} is outside of the configuration's folder",
                    location=self.name,
                    hint="say `allowOutside: true` if that is meant",
                )
        return full

    def folder(self, path: str) -> "Folder | None":
        """Return the folder *path*, None if there is none."""
        full = self.full(path)
        name = self.named(path)
        return (
            Folder(full, self.limit, "" if name == "." else name) if os.path.isdir(full) else None
        )

    def has(self, path: str) -> bool:
        """Tell whether there is a file *path*."""
        return os.path.isfile(self.full(path))

    def read(self, path: str) -> bytes:
        """Return what the file *path* holds.

        :raises ConfigError: if it cannot be read.
        """
        try:
            with open(self.full(path), "rb") as file:
                return file.read()
        except OSError as error:
            what = (error.strerror or str(error)).lower()
            raise ConfigError(f"cannot read {path}: {what}", location=self.name) from None

    def read_text(self, path: str) -> str:
        """Return the text that the file *path* holds.

        :raises ConfigError: if it cannot be read, or is no UTF-8.
        """
        try:
            return self.read(path).decode()
        except UnicodeDecodeError:
            raise ConfigError(f"{path} is no UTF-8 text", location=self.name) from None

    def kustomization(self) -> str:
        """Return the name of the kustomization file in the folder.

        :raises ConfigError: if there is none, or more than one.
        """
        found = [name for name in NAMES if self.has(name)]
        if len(found) != 1:
            what = "no kustomization file" if not found else "more than one kustomization file"
            raise ConfigError(f"there is {what}", location=self.name, hint=", ".join(NAMES))
        return found[0]
