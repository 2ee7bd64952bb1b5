"""What the tests share: the command line in this process, and plugins installed for a test."""

import io
import sys
from pathlib import Path

import pytest
from support import Command, Done, Install

from postrender._cli import main


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write golden files")


@pytest.fixture
def update(pytestconfig: pytest.Config) -> bool:
    """Whether golden files are to be written instead of compared."""
    return bool(pytestconfig.getoption("--update"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with none of our variables in the environment."""
    for name in ("POSTRENDER_CONFIG", "POSTRENDER_RELEASE_NAME", "HELM_NAMESPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def postrender(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Command:
    """Run the command line in this process."""

    def run(*arguments: str, stdin: str | bytes = "") -> Done:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        code = main(arguments)
        stdout, stderr = capfdbinary.readouterr()
        return Done(code, stdout.decode(), stderr.decode())

    return run


@pytest.fixture
def install(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install plugins of strangers."""

    def into_path(name: str, module: str, attribute: str = "") -> None:
        site = tmp_path_factory.mktemp("site")
        module_name = f"{name.replace('-', '_')}_plugin"
        (site / f"{module_name}.py").write_text(module)
        info = site / f"{name}_plugins-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}-plugins\nVersion: 1.2\n"
        )
        target = f"{module_name}:{attribute}" if attribute else module_name
        (info / "entry_points.txt").write_text(f"[postrender]\n{name} = {target}\n")
        monkeypatch.syspath_prepend(site)
        monkeypatch.delitem(sys.modules, module_name, raising=False)

    return into_path
