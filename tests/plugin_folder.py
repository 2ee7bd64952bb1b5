"""A folder of plugins for tests, and what is put into it and beside it."""

from pathlib import Path

import pytest

CONFIG = (
    "apiVersion: postrender.dev/v1alpha1\nkind: Pipeline\n"
    "steps:\n- labels: {set: {team: payments}}\n"
)
PROGRAMS = """\
apiVersion: postrender.dev/v1alpha1
kind: Pipeline
steps:
- exec: ./there.sh
- exec: bin/add.sh
- exec: {command: [../up.sh, ./there.sh]}
- exec: {command: /bin/cat}
- exec: cat
"""
STRANGER = "apiVersion: v1\nname: postrender\nversion: 1.0.0\ntype: cli/v1\nruntime: subprocess\n"


def without_helm(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return what is Helm's folder of plugins now; in PATH are no Helm and no `postrender`."""
    for name in ("HELM_DATA_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HELM_PLUGINS", str(home / "plugins"))
    monkeypatch.setenv("PATH", str(home / "bin"))
    (home / "bin").mkdir()
    return home / "plugins"


def program(path: Path, text: str) -> None:
    """Write a program for the shell."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def listed(folder: Path) -> list[str]:
    """Return every file below *folder*."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
