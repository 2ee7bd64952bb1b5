"""`postrender helm`: the plugin by which Helm 4 finds us."""

import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import postrender
from postrender._cli import _files, _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
from postrender._cli._helm_status import status
from postrender._errors import UsageError
from postrender._helm.plugin import command, install, metadata, package
from postrender._helm.plugin.folders import folders
from postrender._helm.plugin.program import find_helm
from postrender._nearest import did_you_mean
from postrender._pipeline import Pipeline

DEFAULT: Final = "postrender"

NAME: Final = Option("--name", "what the plugin is called (default: postrender)", "", "NAME")
CONFIG: Final = Option("--config", "let the plugin read steps from FILE", "-c", "FILE", True)
PLUGINS: Final = Option("--plugins-dir", "a folder of plugins, instead of Helm's", "", "DIR")
OUTPUT: Final = Option("--output", "the plugin's folder", "-o", "DIR")

DESCRIPTION: Final = """\
Be a plugin of Helm 4, which takes the name of a plugin where Helm 3 takes
a program. Helm 3 needs none of this: --post-renderer postrender is enough."""

COMMANDS_HELP: Final = """\
commands, each with its own --help:
  postrender helm install-plugin    write the plugin into Helm's folder of plugins
  postrender helm uninstall-plugin  remove it
  postrender helm status            tell what is installed, and whether it works
  postrender helm package-plugin    write it as a folder for `helm plugin install`"""

INSTALL: Final = """\
Write a plugin that starts this installation of postrender into the first
folder of HELM_PLUGINS, or where Helm has its plugins by default. Without -c,
each run reads POSTRENDER_CONFIG, or postrender.yaml in the folder that helm
runs in. A second run changes nothing. -c may be repeated."""

INSTALL_MORE: Final = """\
several pipelines, side by side:
  postrender helm install-plugin --name shop-prod -c deploy/prod.yaml
  helm upgrade shop ./shop --post-renderer shop-prod"""

UNINSTALL: Final = "Remove what install-plugin wrote, and nothing else."

PACKAGE: Final = """\
Write the plugin as a folder, to be put into git and given to
`helm plugin install`. It finds postrender in PATH. Each FILE of -c is copied
into the folder; what it names by a relative path has to be there, too."""


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


def _install(argv: Sequence[str]) -> int:
    options = (NAME, CONFIG, PLUGINS)
    arguments = parse(options, argv)
    if HELP.long in arguments:
        name = "postrender helm install-plugin"
        _terminal.write(usage(name, options, INSTALL, INSTALL_MORE))
        return 0
    name, folder = _name(arguments), _plugins_folder(arguments)
    configs = [os.path.abspath(each) for each in _configs(arguments)]
    here = command.system(sys.platform)
    commands = command.of_installation(_python(here), here, configs)
    done = install.install(folder, name, postrender.__version__, commands)
    file = os.path.join(folder, name, metadata.FILE)
    _terminal.write(f"{done}: {file}\n{_next(arguments, folder, name)}")
    _tell_of_helm_3()
    return 0


def _next(arguments: Arguments, folder: str, name: str) -> str:
    """Say what to type next."""
    where = f", with HELM_PLUGINS={folder}" if PLUGINS.long in arguments else ""
    return (
        f"next{where}: helm install RELEASE CHART --post-renderer {name}\n"
        "if that fails, Helm 4 does not show why: postrender report\n"
    )


def _uninstall(argv: Sequence[str]) -> int:
    options = (NAME, PLUGINS)
    arguments = parse(options, argv)
    if HELP.long in arguments:
        _terminal.write(usage("postrender helm uninstall-plugin", options, UNINSTALL))
        return 0
    name, folder = _name(arguments), _plugins_folder(arguments)
    done = "uninstalled" if install.uninstall(folder, name) else "is not installed"
    _terminal.write(f"{done}: {os.path.join(folder, name)}\n")
    return 0


def _package(argv: Sequence[str]) -> int:
    options = (OUTPUT, NAME, CONFIG)
    arguments = parse(options, argv)
    if HELP.long in arguments:
        _terminal.write(usage("postrender helm package-plugin", options, PACKAGE))
        return 0
    if not (folder := arguments.one(OUTPUT.long)):
        raise UsageError("package-plugin needs a folder to write to", hint="name one with -o DIR")
    name, folder = _name(arguments), os.path.normpath(folder)
    configs = {path: _files.read([path]) for path in _configs(arguments)}
    done = package.package(folder, name, postrender.__version__, configs)
    _terminal.write(
        f"{done}: {os.path.join(folder, metadata.FILE)}\n"
        f"next: helm plugin install {shlex.quote(folder)}\n"
        f"then: helm install RELEASE CHART --post-renderer {name}\n"
    )
    return 0


def _name(arguments: Arguments) -> str:
    name = arguments.one(NAME.long, DEFAULT)
    metadata.check_name(name)
    return name


def _configs(arguments: Arguments) -> list[str]:
    """Return the configurations, which can be used: a mistake is told now and not in a release."""
    paths = arguments.all(CONFIG.long)
    for path in paths:
        Pipeline.load(path)
    return paths


def _plugins_folder(arguments: Arguments) -> str:
    return arguments.one(PLUGINS.long) or folders(os.environ, sys.platform).paths[0]


def _python(here: str) -> str:
    """Return the interpreter that the plugin starts, "" if it has to be what is in PATH."""
    python = sys.executable or ""
    if command.is_writable(python, here):
        return python
    import shutil  # for a rare case alone

    found = shutil.which(command.PROGRAM)
    if not found:
        hint = "put the postrender of this installation into PATH"
        raise UsageError("Helm cannot be given this path", location=python, hint=hint)
    _terminal.tell(f"Helm cannot be given the path {python}, so the plugin starts {found}, by PATH")
    return ""


def _tell_of_helm_3() -> None:
    found = find_helm(os.environ.get("PATH", ""))
    if found and found.major == "3":
        _terminal.tell(
            f"{found.path} is Helm {found.version}, which takes --post-renderer postrender without"
            " a plugin, and complains of plugins of Helm 4 on stderr, but works"
        )


COMMANDS: Final[Mapping[str, Callable[[Sequence[str]], int]]] = MappingProxyType(
    {
        "install-plugin": _install,
        "package-plugin": _package,
        "status": status,
        "uninstall-plugin": _uninstall,
    }
)
