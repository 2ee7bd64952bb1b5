"""What the tests share: the command line in this process, plugins, and a real API server."""

import io
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helm.observed import new_namespace
from hypothesis import settings
from servers.kubernetes import Cluster, running_cluster
from support import Command, Done, Install

from postrender._cli import main

# Generated examples are the same ones in every run of CI, and no test depends on the time.
settings.register_profile("postrender", deadline=None)
settings.register_profile("postrender-ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("postrender-ci" if os.environ.get("CI") == "true" else "postrender")

#: our variables that say where diagnostics go
OURS = ("POSTRENDER_REPORT", "POSTRENDER_STATE")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write golden files")


@pytest.fixture
def update(pytestconfig: pytest.Config) -> bool:
    """Whether golden files are to be written instead of compared."""
    return bool(pytestconfig.getoption("--update"))


@pytest.fixture(scope="session", autouse=True)
def _away_from_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep every run of every test out of the user's state folder, and off the terminal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("POSTRENDER_TTY", "off")
        for name in os.environ.keys() & {"HELM_PLUGIN_NAME", "HELM_PLUGIN_DIR", *OURS}:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Have the signals that tests send taken as usual, by us and the programs that tests start.

    A shell's background job ignores interrupts, and nohup hangups; programs inherit that.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def folder(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An empty working folder, with none of our variables in the environment."""
    for name in (
        "POSTRENDER_CONFIG",
        "POSTRENDER_RELEASE_NAME",
        "POSTRENDER_KUBE_VERSION",
        "HELM_NAMESPACE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
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


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """An API server that all tests of this process share."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def namespace(cluster: Cluster) -> str:
    """A namespace of the test's own."""
    return new_namespace(cluster)
