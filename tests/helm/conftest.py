"""Each version of Helm, with our program, alone and before an API server."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import real
from helm.hosts import Helm, console_script, installed
from helm.observed import new_namespace
from helm.releases import BACKENDS, Store
from servers.build import HELM
from servers.kubernetes import Cluster
from servers.postgresql import Database, running_postgresql
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


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """A database that all tests of this process share, with a namespace for each."""
    with running_postgresql() as database:
        yield database


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each of Helm's drivers that keep releases, in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def store(
    version: str,
    backend: str,
    tmp_path_factory: pytest.TempPathFactory,
    plugins: Path,
    cluster: Cluster,
    database: Database,
) -> Store:
    """A version of Helm, and a namespace of a store for it and us."""
    root = tmp_path_factory.mktemp("store")
    helm = installed(version, real.helm(version), root, plugins, cluster.kubeconfig)
    variables = {
        "KUBECONFIG": str(cluster.kubeconfig),
        "HELM_DRIVER_SQL_CONNECTION_STRING": database.url,
    }
    store = Store(helm, new_namespace(cluster), variables, backend)
    store.run("list")  # makes the tables of a database
    return store
