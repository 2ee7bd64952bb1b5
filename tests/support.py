"""Types of what conftest gives to tests, and the names of the built-in plugins."""

from pkgutil import iter_modules
from typing import NamedTuple, Protocol

import postrender_plugins

BUILTIN = sorted(
    module.name
    for module in iter_modules(postrender_plugins.__path__)
    if not module.name.startswith("_")
)


#: what is told of a run that finds no steps
UNCONFIGURED = (
    "postrender: no configuration: postrender.yaml is not in this folder, so nothing is changed;"
    " name one with --config\n"
)


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
