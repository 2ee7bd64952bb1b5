"""Each version of Helm, with our program, alone and before an API server."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import real
from helm.hosts import Helm, console_script, installed
from servers.build import HELM
from servers.kubernetes import Cluster
from servers.process import Command


@pytest.fixture
def helm() -> Callable[[str], str]:
    """Find a version of Helm, such as 4.3.1; a test without it is skipped."""
    return real.helm


@pytest.fixture(scope="module", params=HELM)
def version(request: pytest.FixtureRequest) -> str:
    """Each version of Helm in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of Helm's plugins that our program has been installed into."""
    folder = tmp_path_factory.mktemp("plugins")
    program = console_script(folder / "bin") / "postrender"
    command: Command = [program, "helm", "install-plugin", "--plugins-dir", folder]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def offline(version: str, tmp_path: Path, plugins: Path) -> Helm:
    """A version of Helm with our program and no cluster."""
    return installed(version, real.helm(version), tmp_path, plugins)


@pytest.fixture
def host(version: str, tmp_path: Path, plugins: Path, cluster: Cluster) -> Helm:
    """A version of Helm with our program, and the cluster."""
    return installed(version, real.helm(version), tmp_path, plugins, cluster.kubeconfig)
