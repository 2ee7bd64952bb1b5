"""The README's examples run: its commands, its configs, its plugin, its Python."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from postrender import Pipeline

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "example"
README = (ROOT / "README.md").read_text(encoding="utf-8")
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q . && "

# What Helm 3 does with a post-renderer, for the chart of the example.
HELM = """\
renderer=cat args=
while [ $# -gt 0 ]; do
    case $1 in
        --post-renderer) renderer=$2; shift ;;
        --post-renderer-args=*) args="$args ${1#*=}" ;;
    esac
    shift
done
$renderer $args < manifests.yaml
"""


def blocks(language: str) -> list[str]:
    """Return the README's fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


CONFIGS = blocks("yaml")
TRY, TEST, *COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]
PLUGIN, PLUGIN_TEST, EMBEDDED = blocks("python")


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)


def shell(command: str, cwd: Path) -> str:
    """Return what a command prints; a program of it that fails is a failure."""
    env = {**os.environ, "PATH": f"{cwd / 'bin'}:{os.environ['PATH']}"}
    script = ["bash", "-euo", "pipefail", "-c", command]
    done = subprocess.run(script, cwd=cwd, env=env, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder as the README's reader has one."""
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    shutil.copytree(EXAMPLE, tmp_path / "docs" / "example")
    (tmp_path / "deploy").mkdir()
    shutil.copy(EXAMPLE / "postrender.yaml", tmp_path / "deploy")
    program(tmp_path / "renderer.sh", "cat\n")
    program(tmp_path / "bin" / "postrender", f'exec "{sys.executable}" -m postrender "$@"\n')
    program(tmp_path / "bin" / "helm", HELM)
    program(tmp_path / "bin" / "kubectl", "cat\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_first_command_shows_a_diff_of_added_lines(folder: Path) -> None:
    assert TRY.startswith(INSTALL)
    shutil.copytree(folder / "bin", folder / ".venv" / "bin")

    diff = shell(TRY.removeprefix(INSTALL), folder)

    changes = [line for line in diff.splitlines()[2:] if line[0] in "+-"]
    assert changes
    assert all(line.startswith("+") for line in changes)
    assert blocks("diff")[0] in diff


def test_ci_runs_both_commands() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert TRY in ci
    assert TEST in ci


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command: str, folder: Path) -> None:
    printed = shell(command, folder)

    written = "".join(
        path.read_text() for path in (*folder.glob("l*.yaml"), *folder.glob("*.json"))
    )
    assert printed or written


@pytest.mark.parametrize("config", CONFIGS)
def test_configs_run_on_the_example(config: str, folder: Path) -> None:
    path = folder / "postrender.yaml"
    path.write_text(config)

    Pipeline.load(path).run((folder / "manifests.yaml").read_bytes())


def test_the_plugin_passes_its_test(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry_points = tomllib.loads(blocks("toml")[0])["project"]["entry-points"]["postrender"]
    info = folder / "acme-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    lines = "".join(f"{name} = {module}\n" for name, module in entry_points.items())
    (info / "entry_points.txt").write_text(f"[postrender]\n{lines}")
    (folder / "acme_postrender.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(folder)

    exec(PLUGIN_TEST, {})


def test_the_python_example_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}

    exec(EMBEDDED, names)

    assert names["names"] == ["shop"]
    assert "on-call" in capsys.readouterr().out
