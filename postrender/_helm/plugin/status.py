"""The state of our plugins in Helm's folders, and what keeps Helm 4 from using them."""

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from postrender._errors import PostrenderError
from postrender._helm.plugin import metadata
from postrender._helm.plugin.command import CONFIG
from postrender._helm.plugin.install import is_unseen
from postrender._helm.plugin.metadata import TYPE, Plugin
from postrender._helm.plugin.named import missing_programs
from postrender._helm.plugin.program import ask_version
from postrender._pipeline import Pipeline


class State(NamedTuple):
    """One of our plugins as it is found."""

    plugin: Plugin
    command: Sequence[str]  #: what Helm starts on this system, () if nothing
    version: str  #: of the postrender that this starts, "" if it cannot be started
    configs: Sequence[tuple[str, str]]  #: path, and what is wrong with it or ""
    problems: Sequence[str]  #: why Helm cannot use it

    @property
    def is_usable(self) -> bool:
        """Tell whether `--post-renderer` with its name does what it says."""
        return not self.problems and not any(error for _, error in self.configs)


def states(folders: Sequence[str], system: str) -> list[State]:
    """Return our plugins in *folders*, in the order in which Helm looks into them.

    :param system: what Go calls the system.
    """
    found = [(folder, metadata.find(folder)) for folder in folders]
    first: dict[str, Plugin] = {}
    result = []
    for folder, plugins in found:
        doubles = [*_doubles(plugins)]
        unseen = ["Helm reads the path of the folder as a pattern, and finds nothing there"]
        for plugin in plugins:
            if plugin.type == TYPE:
                first.setdefault(plugin.name, plugin)
            if plugin.writer:
                problems = [*(unseen if is_unseen(folder) else ()), *doubles]
                result.append(_state(plugin, problems, first.get(plugin.name, plugin), system))
    return result


def _doubles(plugins: Sequence[Plugin]) -> Iterator[str]:
    """Give what is wrong where two plugins of a folder share a name, which stops all of them."""
    seen: dict[str, str] = {}
    for plugin in plugins:
        if plugin.name in seen:
            places = f"{seen[plugin.name]} and {plugin.folder}"
            yield f"two plugins are called `{plugin.name}`, which Helm 4 refuses: {places}"
        if plugin.name:
            seen[plugin.name] = plugin.folder


def _state(plugin: Plugin, problems: list[str], first: Plugin, system: str) -> State:
    if plugin.type != TYPE or not plugin.name:
        problems.append("its plugin.yaml is damaged; install it again")
    elif first.folder != plugin.folder:
        problems.append(f"Helm takes the plugin of this name that it finds first: {first.folder}")
    words = plugin.words(system)
    if not words:
        return State(plugin, (), "", (), [*problems, f"it has no command for {system}"])
    version = ""
    try:
        version = ask_version([word for word in words if not word.startswith(CONFIG)])
    except PostrenderError as error:
        problems.append(str(error))
    configs = map(os.path.normpath, plugin.configs(system))
    return State(plugin, words, version, [(path, fault(path)) for path in configs], problems)


def fault(config: str) -> str:
    """Return what is wrong with the configuration *config*, "" if it can be used."""
    try:
        Pipeline.load(config)
    except PostrenderError as error:
        return str(error)
    missing = missing_programs(config)
    return f"{config}: names what is not there: {', '.join(missing)}" if missing else ""
