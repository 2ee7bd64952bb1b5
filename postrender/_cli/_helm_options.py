"""What the commands about the plugin share: its name, what it reads, which Helm it is for."""

import os
import sys
from typing import Final

from postrender._cli._arguments import Arguments, Option
from postrender._helm.plugin.folders import folders
from postrender._helm.plugin.metadata import check_name
from postrender._helm.plugin.program import Helm, find_helm
from postrender._pipeline import Pipeline

DEFAULT: Final = "postrender"

NAME: Final = Option("--name", "what the plugin is called (default: postrender)", "", "NAME")
CONFIG: Final = Option("--config", "let the plugin read steps from FILE", "-c", "FILE", True)
PLUGINS: Final = Option("--plugins-dir", "a folder of plugins, instead of Helm's", "", "DIR")

#: what whoever has Helm 3 is told of it
NO_PLUGINS: Final = "which needs no plugin, and loads none of its own any more beside one of Helm 4"


def plugin_name(arguments: Arguments) -> str:
    """Return what the plugin is called.

    :raises UsageError: if Helm would refuse that.
    """
    name = arguments.one(NAME.long, DEFAULT)
    check_name(name)
    return name


def configs(arguments: Arguments) -> list[str]:
    """Return the configurations, which can be used: a mistake is told now and not in a release.

    :raises PostrenderError: if one cannot be used.
    """
    paths = arguments.all(CONFIG.long)
    for path in paths:
        Pipeline.load(path)
    return paths


def plugins_folder(arguments: Arguments) -> str:
    """Return the folder of plugins that is stated, or the first of Helm's.

    :raises UsageError: if Helm has none.
    """
    return arguments.one(PLUGINS.long) or folders(os.environ, sys.platform).paths[0]


def helm_3() -> Helm | None:
    """Return the Helm in PATH if it is a Helm 3."""
    found = find_helm(os.environ.get("PATH", ""))
    return found if found and found.major == "3" else None
