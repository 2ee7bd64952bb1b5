"""What becomes of records when servers and connections break while a driver is at work.

Each test says the error's class, and what is in the store afterwards.
"""

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from servers.kubernetes import Cluster
from servers.proxy import Proxy, running_proxy
from servers.storage_kube import KubeDriver, empty, running_store, settings
from storage.contract import places, record

from postrender._errors import ReleaseExists, StorageUnavailable
from postrender.storage._driver import Bodies
from postrender.storage._kube import ConfigMapDriver, SecretDriver
from postrender.storage._kube._connection import Connection

KEY = "sh.helm.release.v1.web.v1"
OLD = b"old" * 50_000
NEW = b"new" * 50_000

Use = Callable[[KubeDriver], object]

WRITES: dict[str, Use] = {
    "create": lambda driver: driver.create(record("api", text=NEW)),
    "update": lambda driver: driver.update(record(status="failed", text=NEW, by="us")),
    "delete": lambda driver: driver.delete("shop", KEY),
}
READS: dict[str, Use] = {
    "get": lambda driver: driver.get("shop", KEY).body.text() == OLD,
    "list": lambda driver: places(driver.list()) == [("shop", "web", 1)],
    "newest": lambda driver: places(driver.list(newest=True)) == [("shop", "web", 1)],
    "query": lambda driver: places(driver.query({"name": "web"})) == [("shop", "web", 1)],
    "names": lambda driver: [*driver.names()] == [("shop", "web")],
}
BEFORE = {"web": ("deployed", OLD)}
AFTER = {
    "create": {"api": ("deployed", NEW), "web": ("deployed", OLD)},
    "update": {"web": ("failed", NEW)},
    "delete": {},
}
LOST = "the {} may have been made; read the record to see"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_store(tmp_path_factory.mktemp("store")) as cluster:
        yield cluster


@pytest.fixture(params=[SecretDriver, ConfigMapDriver], ids=["secret", "configmap"])
def kind(request: pytest.FixtureRequest) -> type[KubeDriver]:
    kind: type[KubeDriver] = request.param
    return kind


@contextmanager
def opened(
    store: Cluster, kind: type[KubeDriver], port: int | None = None, timeout: float = 20
) -> Iterator[KubeDriver]:
    """Open a driver, perhaps over a proxy."""
    where = {} if port is None else {"kube_api_server": f"https://127.0.0.1:{port}"}
    connection = Connection.open(settings(store, **where), timeout=timeout, patience=1)
    with kind(connection) as driver:
        yield driver


def fill(store: Cluster, kind: type[KubeDriver]) -> None:
    """Have exactly one record in the store."""
    empty(store)
    with opened(store, kind) as driver:
        driver.create(record(text=OLD))


def contents(store: Cluster, kind: type[KubeDriver]) -> dict[str, tuple[str, bytes]]:
    """Return status and body of each release in the store."""
    with opened(store, kind) as driver:
        return {each.name: (each.status, each.body.text()) for each in driver.list()}


@pytest.fixture
def proxy(store: Cluster, kind: type[KubeDriver]) -> Iterator[Proxy]:
    """A proxy to a store that has one record."""
    fill(store, kind)
    with running_proxy(int(store.url.rpartition(":")[2])) as proxy:
        yield proxy


@pytest.fixture
def driver(store: Cluster, kind: type[KubeDriver], proxy: Proxy) -> Iterator[KubeDriver]:
    """A driver with an open connection over the proxy, which waits for a second."""
    with opened(store, kind, proxy.port, timeout=1) as driver:
        driver.get("shop", KEY)
        yield driver


# Connections that are cut


@pytest.mark.parametrize("use", READS)
@pytest.mark.parametrize("count", [0, 300])
def test_a_read_whose_connection_is_cut_is_done_again(
    count: int, use: str, driver: KubeDriver, proxy: Proxy
) -> None:
    proxy.cut_after(count, "down")

    assert READS[use](driver)
    assert proxy.connections == 2


@pytest.mark.parametrize("use", READS)
def test_a_read_that_is_cut_again_is_unavailable(
    use: str, driver: KubeDriver, proxy: Proxy, store: Cluster, kind: type[KubeDriver]
) -> None:
    proxy.cut_after(0, "down", times=1_000)

    with pytest.raises(StorageUnavailable, match=r"the connection to \S+ broke") as caught:
        READS[use](driver)

    assert not isinstance(caught.value, LookupError)
    assert contents(store, kind) == BEFORE


@pytest.mark.parametrize("use", WRITES)
def test_a_write_whose_answer_is_cut_may_have_been_made(
    use: str, driver: KubeDriver, proxy: Proxy, store: Cluster, kind: type[KubeDriver]
) -> None:
    WRITES[use](driver)
    fill(store, kind)
    driver.get("shop", KEY)
    before = proxy.passed["down"]
    WRITES[use](driver)
    taken = proxy.passed["down"] - before  # by the read before the write, and the write's answer
    fill(store, kind)
    proxy.cut_after(taken - 100, "down")

    with pytest.raises(StorageUnavailable) as caught:
        WRITES[use](driver)

    assert str(caught.value).endswith(LOST.format(use))
    assert contents(store, kind) == AFTER[use]


@pytest.mark.parametrize("use", ["create", "update"])
def test_a_write_that_is_cut_on_its_way_is_not_made(
    use: str, driver: KubeDriver, proxy: Proxy, store: Cluster, kind: type[KubeDriver]
) -> None:
    proxy.cut_after(100_000, "up")

    with pytest.raises(StorageUnavailable) as caught:
        WRITES[use](driver)

    assert str(caught.value).endswith(LOST.format(use))
    assert contents(store, kind) == BEFORE


@pytest.mark.parametrize("use", WRITES)
def test_a_write_over_a_connection_that_was_cut_before_is_made(
    use: str, driver: KubeDriver, proxy: Proxy, store: Cluster, kind: type[KubeDriver]
) -> None:
    proxy.cut()

    WRITES[use](driver)

    assert contents(store, kind) == AFTER[use]


def test_a_create_that_may_have_been_made_can_be_told_by_creating_again(
    driver: KubeDriver, proxy: Proxy, store: Cluster, kind: type[KubeDriver]
) -> None:
    proxy.cut_after(0, "down")
    with pytest.raises(StorageUnavailable):
        WRITES["create"](driver)

    with pytest.raises(ReleaseExists):
        WRITES["create"](driver)

    assert contents(store, kind) == AFTER["create"]


def test_a_listing_that_is_cut_between_and_in_its_pages_is_whole(
    driver: KubeDriver, proxy: Proxy, store: Cluster, kind: type[KubeDriver]
) -> None:
    with opened(store, kind) as direct:
        for version in range(2, 21):
            direct.create(record(version=version, text=OLD))
    small = kind(
        Connection.open(settings(store, kube_api_server=f"https://127.0.0.1:{proxy.port}")), page=5
    )
    proxy.cut_after(400_000, "down")

    listed = []
    for each in small.list(bodies=Bodies.WHOLE):
        proxy.cut()
        proxy.cut_after(400_000, "down")
        listed.append(each)

    assert [each.version for each in listed] == [*range(1, 21)]
    assert all(each.body.text() == OLD for each in listed)
    small.close()


@pytest.mark.parametrize("use", READS | WRITES)
def test_a_server_that_refuses_connections_is_unavailable(
    use: str, driver: KubeDriver, proxy: Proxy, store: Cluster, kind: type[KubeDriver]
) -> None:
    proxy.refuse()

    with pytest.raises(StorageUnavailable, match="cannot be reached: connection refused") as caught:
        (READS | WRITES)[use](driver)

    assert "may have been made" not in str(caught.value)
    assert contents(store, kind) == BEFORE


# Servers that stop


@pytest.mark.parametrize("use", READS | WRITES)
def test_a_server_that_stands_still_is_unavailable_until_it_goes_on(
    use: str, driver: KubeDriver, store: Cluster, kind: type[KubeDriver]
) -> None:
    server = store.servers["apiserver"]
    server.signal(signal.SIGSTOP)
    time.sleep(0.1)  # until all of its threads have
    try:
        with pytest.raises(StorageUnavailable, match="does not answer within 1 s") as caught:
            (READS | WRITES)[use](driver)
    finally:
        server.signal(signal.SIGCONT)

    # What reads first had not come to write.
    assert ("may have been made" in str(caught.value)) == (use == "create")
    assert contents(store, kind) in (BEFORE, AFTER.get(use, BEFORE))
    assert driver.get("shop", KEY).body.text() == OLD


def test_servers_that_are_killed_are_unavailable(tmp_path: Path, kind: type[KubeDriver]) -> None:
    with running_store(tmp_path) as store:
        fill(store, kind)
        with opened(store, kind, timeout=1) as driver:
            driver.get("shop", KEY)
            store.servers["etcd"].signal(signal.SIGKILL)
            for name, use in (READS | WRITES).items():
                with pytest.raises(StorageUnavailable) as caught:
                    use(driver)
                assert not isinstance(caught.value, LookupError), name

            store.servers["apiserver"].signal(signal.SIGKILL)
            for use in (READS | WRITES).values():
                with pytest.raises(StorageUnavailable, match=r"cannot be reached|broke"):
                    use(driver)


def test_a_store_that_is_full_takes_nothing_more_and_keeps_what_it_has(
    tmp_path: Path, kind: type[KubeDriver]
) -> None:
    with running_store(tmp_path) as store, opened(store, kind) as driver:
        driver.create(record(text=OLD))
        # What etcd does to itself at its quota, which would take gigabytes to fill.
        etcd_call(store, "maintenance/alarm", {"action": "ACTIVATE", "alarm": "NOSPACE"})

        for name in ("create", "update"):
            with pytest.raises(StorageUnavailable, match="database space exceeded"):
                WRITES[name](driver)
        assert contents(store, kind) == BEFORE

        WRITES["delete"](driver)
        assert contents(store, kind) == AFTER["delete"]


# A list that the server has forgotten


def test_a_list_that_outlives_the_servers_memory_of_it_goes_on(
    tmp_path: Path, kind: type[KubeDriver]
) -> None:
    # Without it, the server would remember some minutes, which is too long for a test.
    forgetful = "--feature-gates=ListFromCacheSnapshot=false"
    with (
        running_store(tmp_path, forgetful) as store,
        kind(Connection.open(settings(store)), page=3) as driver,
    ):
        for version in range(1, 10):
            driver.create(record(version=version))
        listing = driver.list(bodies=Bodies.WHOLE)
        first = next(listing)
        driver.delete("shop", "sh.helm.release.v1.web.v8")
        driver.create(record("zebra"))
        changed = driver.update(record(version=9, status="failed"))
        compact(store, changed.token)

        found = [(each.version, each.status) for each in (first, *listing)]

        refused = [line for line in store.get("/metrics").splitlines() if 'code="410"' in line]
        assert len(refused) == 1
    assert found == [*((version, "deployed") for version in range(1, 8)), (9, "failed")]


def test_the_newest_of_a_list_that_is_forgotten_is_not_one_that_was_superseded_meanwhile(
    tmp_path: Path,
) -> None:
    forgetful = "--feature-gates=ListFromCacheSnapshot=false"
    with (
        running_store(tmp_path, forgetful) as store,
        SecretDriver(Connection.open(settings(store)), page=2) as driver,
    ):
        for name in ("a", "b", "c", "d", "web"):
            driver.create(record(name))
        listing = driver.list(newest=True)
        first = next(listing)
        driver.create(record(version=2))
        compact(store, driver.update(record(status="superseded")).token)

        found = [(each.name, each.version, each.status) for each in (first, *listing)]

    others = [(name, 1, "deployed") for name in ("a", "b", "c", "d")]
    assert found == [*others, ("web", 2, "deployed")]


def compact(store: Cluster, revision: str) -> None:
    """Have the store forget what was before a revision."""
    etcd_call(store, "kv/compaction", {"revision": revision, "physical": True})


def etcd_call(store: Cluster, method: str, arguments: object) -> None:
    """Call a method of etcd's own interface."""
    request = Request(f"{store.etcd}/v3/{method}", json.dumps(arguments).encode())
    with urlopen(request, timeout=10) as answer:
        assert answer.status == 200
