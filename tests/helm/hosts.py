"""Helm as a user has it: one version, a home and a working folder, and our program installed."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from support import Done

CHARTS = Path(__file__).parent / "charts"
SHOP = str(CHARTS / "shop")

HEADER = "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\nsteps:\n"

# Labels, annotations and a program: what the matrix runs.
CHAIN = """\
- labels: {set: {team: payments}}
- annotations: {set: {example.com/on-call: "#payments"}}
- exec: {command: [sed, "s/registry.example/mirror.example/"]}
"""

PLUGIN = """\
apiVersion: v1
name: {name}
version: 0.1.0
type: postrenderer/v1
runtime: subprocess
runtimeConfig:
  platformCommand:
  - command: {command}
"""

FAILING = '- name: mirrors\n  exec: {command: [sh, -c, "echo out of mirrors >&2; exit 7"]}\n'

# Helm 4's client logs it when the end of a watch for hooks and the end of Helm meet.
OF_A_WATCH = re.compile(r"^[IWE]\d{4} \S+ +\d+ reflector\.go:.*\n", re.MULTILINE)

# What a user's own environment would add to the test.
FOREIGN = ("HELM_", "KUBE", "POSTRENDER_", "XDG_")


class Helm(NamedTuple):
    """One version of Helm, in a working folder."""

    version: str
    program: str
    folder: Path
    environment: Mapping[str, str]
    flags: tuple[str, ...]

    @property
    def major(self) -> int:
        """Return 3 or 4."""
        return int(self.version[0])

    def __call__(self, *arguments: str, **environment: str) -> Done:
        """Run Helm to its end."""
        with self.start(*arguments, **environment) as process:
            stdout, stderr = process.communicate()
        return Done(process.returncode, stdout, OF_A_WATCH.sub("", stderr))

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Start Helm, with its output in pipes."""
        return subprocess.Popen(
            [self.program, *arguments],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def chain(self, steps: str) -> None:
        """Make *steps* the configuration of the working folder, where Helm is called."""
        (self.folder / "postrender.yaml").write_text(HEADER + steps)

    def renderer(self, name: str, command: str) -> tuple[str, str]:
        """Make a program a post-renderer, as a plugin on Helm 4, and return the flag for it."""
        if self.major == 3:
            return ("--post-renderer", command)
        folder = self.folder.parent / "plugins" / name
        folder.mkdir(parents=True)
        (folder / "plugin.yaml").write_text(PLUGIN.format(name=name, command=command))
        return ("--post-renderer", name)

    def files(self) -> list[str]:
        """Return all files in the working, home and temporary folders, but for Helm's own cache."""
        root = self.folder.parent
        found = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
        return sorted(str(path) for path in found if path.parts[0] != "cache")


def installed(
    version: str, program: str, root: Path, plugins: Path, kubeconfig: Path | None = None
) -> Helm:
    """Return a version of Helm with our program and an empty working folder, all in *root*.

    *plugins* is a folder in which `postrender helm install-plugin` has been.
    """
    folder, home, temporary, own = (root / name for name in ("work", "home", "tmp", "plugins"))
    for each in (folder, home, temporary):
        each.mkdir()
    bin_ = console_script(root / "bin")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)},
        "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "KUBECACHEDIR": str(root / "cache"),
        "KUBECONFIG": str(kubeconfig or root / "no-kubeconfig"),
        "POSTRENDER_TTY": "off",  # else a failure is told to whoever runs the tests
    }
    if version.startswith("4"):  # Helm 3 complains of plugins that it does not know
        environment["HELM_PLUGINS"] = f"{own}{os.pathsep}{plugins}"
    return Helm(version, program, folder, environment, ("--post-renderer", "postrender"))


def console_script(folder: Path) -> Path:
    """Put the program into a new folder for PATH; without its script, start the modules."""
    script = Path(sys.executable).with_name("postrender")
    command = [str(script)] if script.exists() else [sys.executable, "-P", "-m", "postrender"]
    folder.mkdir()
    path = folder / "postrender"
    path.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    path.chmod(0o755)
    return folder
