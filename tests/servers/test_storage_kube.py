"""Records in Secrets and ConfigMaps: the contract of all drivers, on a real API server."""

from collections.abc import Iterator
from typing import ClassVar

import pytest
from servers.kubernetes import Cluster
from servers.storage_kube import KubeDriver, empty, path, running_store, settings
from storage.contract import Damage, DriverContract

from postrender.storage._kube import ConfigMapDriver, SecretDriver
from postrender.storage._kube._connection import Connection
from postrender.storage._record import Record


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_store(tmp_path_factory.mktemp("store")) as cluster:
        yield cluster


class KubeContract(DriverContract):
    """The contract, on the driver of a kind and with pages of a size."""

    DRIVER: ClassVar[type[KubeDriver]]
    PAGE: ClassVar[int] = 500

    @pytest.fixture
    def driver(self, store: Cluster) -> Iterator[KubeDriver]:
        empty(store)
        with self.DRIVER(Connection.open(settings(store)), page=self.PAGE) as driver:
            yield driver

    @pytest.fixture
    def other(self, store: Cluster) -> Iterator[KubeDriver]:
        with self.DRIVER.connect(settings(store)) as driver:
            yield driver

    @pytest.fixture
    def damage(self, store: Cluster) -> Damage:
        def damage(stored: Record) -> None:
            place = path(self.NAME, stored.namespace, stored.key)
            store.merge(place, {"metadata": {"labels": {"version": "three"}}})

        return damage


class TestSecrets(KubeContract):
    NAME = "Secret"
    DRIVER = SecretDriver


class TestSecretsInSmallPages(KubeContract):
    NAME = "Secret"
    DRIVER = SecretDriver
    PAGE = 2
    MANY = 30


class TestConfigMaps(KubeContract):
    NAME = "ConfigMap"
    DRIVER = ConfigMapDriver
