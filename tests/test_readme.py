"""The README's examples run: its commands, its configs, its plugin, its Python."""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from readme import PLAIN_COMMANDS, ROOT, TEST, TRY, blocks, fill, in_path

from postrender import Pipeline

PLUGIN, PLUGIN_TEST, EMBEDDED, RELEASES = blocks("python")
INSTALL = "python3 -m venv .venv && .venv/bin/pip install -q . && "


def shell(command: str, cwd: Path) -> str:
    """Return what a command prints; a program of it that fails is a failure."""
    env = {**os.environ, "PATH": in_path(cwd), "XDG_STATE_HOME": str(cwd / "state")}
    script = ["bash", "-euo", "pipefail", "-c", command]
    done = subprocess.run(script, cwd=cwd, env=env, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder as the README's reader has one."""
    fill(tmp_path)
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


@pytest.mark.parametrize("command", PLAIN_COMMANDS)
def test_commands_run(command: str, folder: Path) -> None:
    # `postrender report` tells of a run before it, and there of one that failed.
    shell("postrender --step 'lables: {}' < manifests.yaml || true", folder)

    printed = shell(command, folder)

    written = "".join(
        path.read_text() for path in (*folder.glob("l*.yaml"), *folder.glob("*.json"))
    )
    assert printed or written


@pytest.mark.parametrize("config", blocks("yaml"))
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


def test_the_releases_example_runs(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data.yaml").write_text(
        "- {name: web, namespace: shop, version: 3, info: {status: failed, description: quota}}\n"
        "- {name: api, namespace: shop, version: 1, info: {status: deployed}}\n"
    )
    monkeypatch.setenv("HELM_DRIVER", "memory")
    monkeypatch.setenv("HELM_MEMORY_DRIVER_DATA", str(folder / "data.yaml"))

    exec(RELEASES, {})

    assert capsys.readouterr().out == "shop web 3 quota\n"
