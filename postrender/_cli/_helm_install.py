"""`postrender helm install-plugin`: the plugin in the folder where Helm looks."""

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from typing import Final

import postrender
from postrender._cli import _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
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
from postrender._cli._helm_status import UNSTATED
from postrender._errors import PostrenderError, UsageError
from postrender._helm.plugin import command, install, metadata
from postrender._helm.plugin.metadata import Plugin
from postrender._helm.plugin.named import missing_programs
from postrender._pipeline import Pipeline

FORCE: Final = Option("--force", "install it though the helm in PATH is Helm 3")

DESCRIPTION: Final = """\
Write a plugin that starts this installation of postrender into the first
folder of HELM_PLUGINS, or where Helm has its plugins by default. Without -c,
each run reads POSTRENDER_CONFIG, or postrender.yaml in the folder that helm
runs in. -c may be repeated. A second run changes nothing; without -c, the
plugin keeps what it reads until it is uninstalled."""

MORE: Final = """\
several pipelines, side by side:
  postrender helm install-plugin --name shop-prod -c deploy/prod.yaml
  helm upgrade shop ./shop --post-renderer shop-prod"""


def install_plugin(argv: Sequence[str]) -> int:
    """Write the plugin into a folder of plugins, and say what it reads and what to do next."""
    options = (NAME, CONFIG, PLUGINS, FORCE)
    arguments = parse(options, argv)
    if HELP.long in arguments:
        name = "postrender helm install-plugin"
        _terminal.write(usage(name, options, DESCRIPTION, MORE))
        return 0
    name, folder = plugin_name(arguments), plugins_folder(arguments)
    notices = [*_of_helm_3(arguments)]
    had = install.installed(folder, name)
    here = command.system(sys.platform)
    reads = [os.path.abspath(each) for each in configs(arguments)] or _kept(had, here)
    commands = command.of_installation(_python(here), here, reads)
    done = install.install(folder, name, postrender.__version__, commands)
    lines = [
        f"{done}: {os.path.join(folder, name, metadata.FILE)}",
        *(_changes(had, here) if had else ()),
        *(f"reads: {each}" for each in reads or [UNSTATED]),
        *_next(arguments, folder, name),
    ]
    _terminal.write("".join(f"{line}\n" for line in lines))
    for notice in (*notices, *_of_programs(reads)):
        _terminal.tell(notice)
    return 0


def _of_helm_3(arguments: Arguments) -> Iterator[str]:
    """Give what is to be told if the Helm in PATH is a Helm 3.

    :raises UsageError: if it is one, and nobody has said that the plugin is for another.
    """
    found = helm_3()
    if found is None:
        return
    if FORCE.long not in arguments and PLUGINS.long not in arguments:
        hint = (
            "use --post-renderer postrender as it is; for a Helm 4 beside it, name a folder that"
            " its HELM_PLUGINS names with --plugins-dir, or share this one with --force"
        )
        message = f"is Helm {found.version}, {NO_PLUGINS}"
        raise UsageError(message, location=found.path, hint=hint)
    yield f"{found.path} is Helm {found.version}, {NO_PLUGINS}"


def _of_programs(reads: Sequence[str]) -> Iterator[str]:
    """Give what is to be told of configurations whose programs are not there, yet perhaps."""
    for path in reads:
        if missing := missing_programs(path):
            yield f"{path} names what is not there: {', '.join(missing)}"


def _kept(had: Plugin | None, here: str) -> list[str]:
    """Return the configurations that the plugin reads already.

    :raises UsageError: if one cannot be used any more.
    """
    paths = had.configs(here) if had else []
    for path in paths:
        try:
            Pipeline.load(path)
        except PostrenderError as error:
            hint = "name others with -c, or uninstall the plugin first"
            raise UsageError(f"what the plugin reads cannot be used: {error}", hint=hint) from error
    return paths


def _changes(had: Plugin, here: str) -> Iterator[str]:
    """Say how the plugin differs from what it was."""
    now = metadata.read(had.folder) or had
    starts = [shlex.join(each.words(here)) for each in (had, now)]
    for what, before, after in (("version", had.version, now.version), ("starts", *starts)):
        if before != after:
            yield f"{what}: {after} (before: {before or 'nothing'})"


def _next(arguments: Arguments, folder: str, name: str) -> Iterator[str]:
    """Say what to type next."""
    where = f", with HELM_PLUGINS={folder}" if PLUGINS.long in arguments else ""
    yield f"next{where}: helm install RELEASE CHART --post-renderer {name}"
    yield "if that fails, Helm 4 does not show why: postrender report"


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
