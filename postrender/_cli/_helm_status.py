"""`postrender helm status`: our plugins, the folders they are in, and the Helm that is there."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import postrender
from postrender._cli import _inputs, _terminal
from postrender._cli._arguments import HELP, Arguments, Option, parse, usage
from postrender._helm.plugin import command
from postrender._helm.plugin.folders import Folders, folders
from postrender._helm.plugin.metadata import semantic
from postrender._helm.plugin.program import Helm, find_helm
from postrender._helm.plugin.status import State, fault, states

OPTIONS: Final = (
    Option("--name", "only the plugin of this name", "", "NAME"),
    Option("--plugins-dir", "a folder of plugins, instead of Helm's", "", "DIR"),
    Option("--json", "print JSON"),
)
DESCRIPTION: Final = """\
Tell which plugins of ours Helm 4 finds, whether they can be started and their
configurations read, and which Helm is in PATH. The exit code is 0 if what
there is works, and 1 if there is nothing that does, or something is broken."""
#: what is read where no configuration is stated
UNSTATED: Final = f"POSTRENDER_CONFIG, or {_inputs.CONFIG} in the folder that helm runs in"


class Report(NamedTuple):
    """All that there is to tell."""

    folders: Folders
    helm: Helm | None
    program: str  #: the `postrender` in PATH, "" if there is none
    here: Sequence[tuple[str, str]]  #: configurations that are read here unasked, as a state's
    states: Sequence[State]

    @property
    def is_helm3(self) -> bool:
        """Tell whether the Helm that is there needs no plugin."""
        return self.helm is not None and self.helm.major == "3"

    @property
    def ways(self) -> list[str]:
        """Return what can be given to `--post-renderer`."""
        if self.is_helm3:
            return [command.PROGRAM] if self.program else []
        return [state.plugin.name for state in self.states if state.is_usable]

    @property
    def is_fine(self) -> bool:
        """Tell whether something can be used, and nothing is broken."""
        return bool(self.ways) and all(state.is_usable for state in self.states)


def status(argv: Sequence[str]) -> int:
    """Print the state of the plugins."""
    arguments = parse(OPTIONS, argv)
    if HELP.long in arguments:
        _terminal.write(usage("postrender helm status", OPTIONS, DESCRIPTION))
        return 0
    chosen = arguments.one("--plugins-dir")
    where = Folders((chosen,), "--plugins-dir") if chosen else folders(os.environ, sys.platform)
    name = arguments.one("--name")
    all_states = states(where.paths, command.system(sys.platform))
    report = Report(
        where,
        find_helm(os.environ.get("PATH", "")),
        shutil.which(command.PROGRAM) or "",
        [(path, fault(path)) for path in _inputs.configs(Arguments())],
        [state for state in all_states if name in {"", state.plugin.name}],
    )
    if "--json" in arguments:
        import json  # 3 ms that only this needs

        _terminal.write(json.dumps(_object(report), indent=2) + "\n")
    else:
        _terminal.write("".join(f"{line}\n" for line in _lines(report)))
    return 0 if report.is_fine else 1


def _lines(report: Report) -> Iterator[str]:
    yield f"postrender {postrender.__version__}"
    for path in report.folders.paths:
        yield f"plugins folder: {path} ({report.folders.reason})"
    helm = report.helm
    yield f"helm: {helm.version or 'of unknown version'} ({helm.path})" if helm else "helm: none"
    for state in report.states:
        yield from ("", *_plugin_lines(state, report))
    yield ""
    for way in report.ways:
        yield f"use: helm install RELEASE CHART --post-renderer {way}"
    if not report.ways and report.is_helm3:
        yield "nothing to use; Helm 3 needs postrender in PATH"
    elif not report.ways:
        yield "nothing to use; install the plugin with: postrender helm install-plugin"


def _plugin_lines(state: State, report: Report) -> Iterator[str]:
    plugin = state.plugin
    yield f"{plugin.name or 'plugin'} {plugin.version}".rstrip()
    yield f"  folder: {plugin.folder}"
    yield f"  by: {plugin.writer}"
    if state.command:
        version = f" ({state.version})" if state.version else ""
        yield f"  starts: {shlex.join(state.command)}{version}"
    for path, error in state.configs:
        yield f"  config: {error or path}"
    if state.command and not state.configs:
        found = (
            " and ".join(error or path for path, error in report.here)
            or "none, which changes nothing"
        )
        yield f"  config: {UNSTATED}; here: {found}"
    yield from (f"  note: {note}" for note in _notes(state, report))
    for problem in state.problems:
        yield f"  problem: {problem}"


def _notes(state: State, report: Report) -> Iterator[str]:
    """Give what does not keep the plugin from working, but may surprise."""
    ours = postrender.__version__
    if report.is_helm3:
        yield "Helm 3 loads none of its plugins because of this one"
    if state.plugin.version not in {"", semantic(ours)}:
        yield f"its plugin.yaml was written by another postrender than this one ({ours})"
    if state.version not in {"", ours}:
        yield f"it starts another postrender than this one ({ours})"


def _object(report: Report) -> dict[str, Any]:
    helm = report.helm
    return {
        "version": postrender.__version__,
        "folders": list(report.folders.paths),
        "reason": report.folders.reason,
        "helm": {"path": helm.path, "version": helm.version} if helm else None,
        "usable": report.ways,
        "here": _configs_object(report.here),
        "plugins": [_plugin_object(state, report) for state in report.states],
    }


def _configs_object(configs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"path": path, "error": error} for path, error in configs]


def _plugin_object(state: State, report: Report) -> dict[str, Any]:
    plugin = state.plugin
    return {
        "name": plugin.name,
        "version": plugin.version,
        "folder": plugin.folder,
        "writer": plugin.writer,
        "command": list(state.command),
        "runs": state.version,
        "configs": _configs_object(state.configs),
        "notes": [*_notes(state, report)],
        "problems": list(state.problems),
    }
