"""Types of what conftest gives to tests."""

from typing import NamedTuple, Protocol


class Done(NamedTuple):
    """What a command did."""

    code: int
    stdout: str
    stderr: str


class Command(Protocol):
    """Runs `postrender` with arguments in an empty folder."""

    def __call__(self, *arguments: str, stdin: str | bytes = "") -> Done:
        """Return what it did."""


class Install(Protocol):
    """Installs a distribution with one module that is one plugin."""

    def __call__(self, name: str, module: str, attribute: str = "") -> None:
        """Offer the source *module*, or an attribute of it, as the plugin *name*."""
