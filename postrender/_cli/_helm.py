"""`postrender helm`: the plugin by which Helm 4 finds us."""

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import postrender
from postrender._cli import _files, _terminal
from postrender._cli._arguments import HELP, Option, parse, usage
from postrender._cli._helm_install import install_plugin
from postrender._cli._helm_options import (
    CONFIG,
    NAME,
    NO_PLUGINS,
    PLUGINS,
    configs,
    helm_3,
    plugin_name,
    plugins_folder,
)
from postrender._cli._helm_status import status
from postrender._errors import UsageError
from postrender._helm.plugin import install, metadata, package
from postrender._helm.plugin.named import left_behind
from postrender._nearest import did_you_mean

OUTPUT: Final = Option("--output", "the plugin's folder", "-o", "DIR")

DESCRIPTION: Final = """\
Be a plugin of Helm 4, which takes the name of a plugin where Helm 3 takes
a program. Helm 3 needs none of this: --post-renderer postrender is enough.
It loads none of its plugins where one of Helm 4 is among them."""

COMMANDS_HELP: Final = """\
commands, each with its own --help:
  postrender helm install-plugin    write the plugin into Helm's folder of plugins
  postrender helm uninstall-plugin  remove it
  postrender helm status            tell what is installed, and whether it works
  postrender helm package-plugin    write it as a folder for `helm plugin install`"""

UNINSTALL: Final = """\
Remove what install-plugin wrote, or the link by which Helm has installed what
package-plugin wrote, and nothing else."""

PACKAGE: Final = """\
Write the plugin as a folder, to be put into git and given to
`helm plugin install`. It finds postrender in PATH. Each FILE of -c is copied
into the folder; what it names by a relative path has to be there, too. From
git, `helm plugin install` wants --verify=false, since nobody signs it there."""


def helm(argv: Sequence[str]) -> int:
    """Run the command that *argv* begins with."""
    if argv and not argv[0].startswith("-"):
        return _command(argv[0])(argv[1:])
    if HELP.long not in parse((), argv):
        hint = "see postrender helm --help"
        raise UsageError("helm needs a command", hint=hint)
    _terminal.write(usage("postrender helm COMMAND", (), DESCRIPTION, COMMANDS_HELP))
    return 0


def _command(name: str) -> Callable[[Sequence[str]], int]:
    if name not in COMMANDS:
        raise UsageError(f"unknown command `helm {name}`", hint=did_you_mean(name, COMMANDS))
    return COMMANDS[name]


def _uninstall(argv: Sequence[str]) -> int:
    options = (NAME, PLUGINS)
    arguments = parse(options, argv)
    if HELP.long in arguments:
        _terminal.write(usage("postrender helm uninstall-plugin", options, UNINSTALL))
        return 0
    name, folder = plugin_name(arguments), plugins_folder(arguments)
    _terminal.write(f"{install.uninstall(folder, name)}\n")
    return 0


def _package(argv: Sequence[str]) -> int:
    options = (OUTPUT, NAME, CONFIG)
    arguments = parse(options, argv)
    if HELP.long in arguments:
        _terminal.write(usage("postrender helm package-plugin", options, PACKAGE))
        return 0
    if not (folder := arguments.one(OUTPUT.long)):
        raise UsageError("package-plugin needs a folder to write to", hint="name one with -o DIR")
    name, folder = plugin_name(arguments), os.path.normpath(folder)
    copied = {path: _files.read([path]) for path in configs(arguments)}
    done = package.package(folder, name, postrender.__version__, copied)
    _terminal.write(
        f"{done}: {os.path.join(folder, metadata.FILE)}\n"
        f"next: helm plugin install {shlex.quote(folder)}\n"
        "or, from git: helm plugin install URL --verify=false\n"
        f"then: helm install RELEASE CHART --post-renderer {name}\n"
    )
    for path in copied:
        if names := left_behind(path, folder):
            _terminal.tell(f"{path} names what {folder} does not hold: {', '.join(names)}")
    if found := helm_3():
        _terminal.tell(f"{found.path} is Helm {found.version}, {NO_PLUGINS}; install it on Helm 4")
    return 0


COMMANDS: Final[Mapping[str, Callable[[Sequence[str]], int]]] = MappingProxyType(
    {
        "install-plugin": install_plugin,
        "package-plugin": _package,
        "status": status,
        "uninstall-plugin": _uninstall,
    }
)
