"""Records as objects: what is written, what is kept, and what others have put there."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from servers.kubernetes import Cluster
from servers.storage_kube import KubeDriver, empty, path, running_store, settings
from storage.contract import BODY, places, record

from postrender._errors import (
    RecordCorrupt,
    RecordTooLarge,
    ReleaseConflict,
    ReleaseExists,
    ReleaseNotFound,
    StorageError,
)
from postrender.storage._driver import Bodies
from postrender.storage._kube import ConfigMapDriver, SecretDriver
from postrender.storage._kube._connection import Connection
from postrender.storage._record import Body

KEY = "sh.helm.release.v1.web.v1"
LABELS = {"name": "web", "owner": "helm", "status": "deployed", "version": "1"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_store(tmp_path_factory.mktemp("store")) as cluster:
        yield cluster


@pytest.fixture(params=[SecretDriver, ConfigMapDriver], ids=["secret", "configmap"])
def driver(request: pytest.FixtureRequest, store: Cluster) -> Iterator[KubeDriver]:
    """Both drivers, on an empty store."""
    empty(store)
    with request.param.connect(settings(store)) as driver:
        yield driver


@pytest.fixture
def secrets(store: Cluster) -> Iterator[SecretDriver]:
    empty(store)
    with SecretDriver.connect(settings(store)) as driver:
        yield driver


def made(
    store: Cluster,
    kind: str,
    labels: dict[str, str],
    data: dict[str, str] | None = None,
    **fields: Any,
) -> None:
    """Make an object as others do it; its data is encoded where it must be."""
    metadata = {"name": fields.pop("name", KEY), "labels": labels} | fields.pop("metadata", {})
    text = {"release": BODY.decode()} if data is None else data
    if kind == "Secret":
        text = {key: b64encode(value.encode()).decode() for key, value in text.items()}
    store.create(path(kind, "shop"), {"metadata": metadata, "data": text} | fields)


def test_an_object_is_as_helm_writes_it(driver: KubeDriver, store: Cluster) -> None:
    created = driver.create(record(team="payments"))

    found = store.get(path(driver.name, "shop", KEY))
    assert found["metadata"]["labels"] == {
        "createdAt": str(created.created_at),
        "name": "web",
        "owner": "helm",
        "status": "deployed",
        "team": "payments",
        "version": "1",
    }
    assert found["metadata"].keys() == {
        "name", "namespace", "labels", "creationTimestamp", "managedFields", "resourceVersion",
        "uid",
    }  # fmt: skip
    text = found["data"].pop("release")
    assert found["data"] == {}
    assert (b64decode(text) if driver.name == "Secret" else text.encode()) == BODY
    assert found.get("type") == ("helm.sh/release.v1" if driver.name == "Secret" else None)


def test_helms_labels_win_over_the_users(driver: KubeDriver, store: Cluster) -> None:
    driver.create(record(name="web", version=1)._replace(labels={"owner": "me", "a": "b"}))

    found = store.get(path(driver.name, "shop", KEY))

    assert (found["metadata"]["labels"]["owner"], driver.get("shop", KEY).labels) == (
        "helm",
        {"a": "b"},
    )


def test_an_update_keeps_what_is_not_the_records(driver: KubeDriver, store: Cluster) -> None:
    owner = store.create(path("ConfigMap", "shop"), {"metadata": {"generateName": "owner-"}})
    reference = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
    }
    metadata = {
        "annotations": {"example.com/backup": "yes"},
        "finalizers": ["example.com/hold"],
        "ownerReferences": [reference],
    }
    made(store, driver.name, LABELS | {"old": "x"}, metadata=metadata)

    driver.update(record(status="failed", text=b"new", team="payments"))

    found = store.get(path(driver.name, "shop", KEY))
    kept = {key: found["metadata"][key] for key in metadata}
    labels = found["metadata"]["labels"]
    assert kept == metadata
    assert labels.pop("modifiedAt").isdecimal()
    assert labels == LABELS | {"status": "failed", "team": "payments"}
    assert driver.get("shop", KEY).body.text() == b"new"
    store.merge(path(driver.name, "shop", KEY), {"metadata": {"finalizers": None}})


def test_what_is_held_by_a_finalizer_goes_when_that_is_done(
    driver: KubeDriver, store: Cluster
) -> None:
    made(store, driver.name, LABELS, metadata={"finalizers": ["example.com/hold"]})

    deleted = driver.delete("shop", KEY)

    assert deleted.body.text() == BODY
    assert driver.get("shop", KEY).token != deleted.token
    store.merge(path(driver.name, "shop", KEY), {"metadata": {"finalizers": None}})
    with pytest.raises(ReleaseNotFound):
        driver.get("shop", KEY)


def test_an_immutable_object_is_not_changed(driver: KubeDriver, store: Cluster) -> None:
    made(store, driver.name, LABELS, immutable=True)

    with pytest.raises(StorageError, match="field is immutable when `immutable` is set"):
        driver.update(record(text=b"new"))

    assert driver.get("shop", KEY).body.text() == BODY


def test_a_lost_update_is_a_conflict_also_of_labels(driver: KubeDriver, store: Cluster) -> None:
    created = driver.create(record())
    store.merge(path(driver.name, "shop", KEY), {"metadata": {"labels": {"by": "them"}}})

    with pytest.raises(ReleaseConflict):
        driver.update(created._replace(status="failed"))

    got = driver.get("shop", KEY)
    assert (got.status, got.labels) == ("deployed", {"by": "them"})


# Sizes


def test_the_largest_body_is_kept_and_a_larger_one_refused(driver: KubeDriver) -> None:
    driver.create(record(text=b"x" * 1_048_576))

    for write in (driver.update, driver.create):
        with pytest.raises(RecordTooLarge) as caught:
            write(record(version=2, text=b"x" * 1_048_577))
        assert str(caught.value) == (
            f"shop/sh.helm.release.v1.web.v2: has 1048577 bytes, and a {driver.name} takes "
            "1048576; keep large files out of the chart by its .helmignore, or store releases in "
            "SQL"
        )

    assert [len(each.body.text()) for each in driver.list()] == [1_048_576]


def test_a_body_that_is_no_text_needs_a_secret(driver: KubeDriver) -> None:
    if driver.name == "Secret":
        driver.create(record(text=b"\xff\0"))
        assert driver.get("shop", KEY).body.text() == b"\xff\0"
    else:
        with pytest.raises(StorageError, match="a ConfigMap takes text only"):
            driver.create(record(text=b"\xff\0"))
        assert [*driver.list()] == []


# Names and namespaces


def test_a_namespace_that_is_not_there_is_no_absent_record(driver: KubeDriver) -> None:
    with pytest.raises(StorageError) as caught:
        driver.create(record(namespace="nowhere"))

    assert str(caught.value) == (
        "nowhere/sh.helm.release.v1.web.v1: there is no namespace nowhere; create it first"
    )
    assert not isinstance(caught.value, LookupError)
    with pytest.raises(ReleaseNotFound):
        driver.get("nowhere", KEY)
    assert [*driver.list("nowhere")] == []


def test_a_namespace_that_is_being_deleted_takes_no_record(
    driver: KubeDriver, store: Cluster
) -> None:
    name = f"ending-{driver.name.lower()}"
    store.create("/api/v1/namespaces", {"metadata": {"name": name}})
    store.delete(f"/api/v1/namespaces/{name}")  # which no controller ends

    with pytest.raises(StorageError, match=f"the namespace {name} is being deleted"):
        driver.create(record(namespace=name))


def test_what_cannot_be_a_name_or_a_label_is_refused(driver: KubeDriver) -> None:
    with pytest.raises(StorageError, match=r"metadata\.name: Invalid value"):
        driver.create(record("Web"))
    with pytest.raises(StorageError, match=r"metadata\.labels: Invalid value"):
        driver.create(record(team="two words"))

    assert [*driver.list()] == []


# What others have put there


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        (LABELS | {"version": "one"}, "has the label version=one, which is no number"),
        (LABELS | {"version": "2"}, "has the labels name=web and version=2"),
        (LABELS | {"name": "api"}, "has the labels name=api and version=1"),
        ({"owner": "helm"}, "has no label name"),
        ({"owner": "helm", "name": "web", "version": "1"}, "has no label status"),
        ({"owner": "helm", "name": "web", "status": "deployed"}, "has no label version"),
        (LABELS | {"createdAt": "yesterday"}, ""),
    ],
)
def test_odd_labels_are_a_problem_that_hides_nothing(
    labels: dict[str, str], problem: str, driver: KubeDriver, store: Cluster
) -> None:
    made(store, driver.name, labels)

    for found in (*driver.list(), *driver.list(newest=True), driver.get("shop", KEY)):
        assert (found.key, found.problem) == (KEY, problem)
        assert (found.name, found.version) == (
            labels.get("name", "web"),
            2 if labels.get("version") == "2" else 1,
        )
        assert found.body.text() == BODY

    driver.update(record())
    assert driver.get("shop", KEY).problem == ""


def test_a_record_without_labels_is_found_by_its_key(driver: KubeDriver, store: Cluster) -> None:
    made(store, driver.name, {})

    assert [*driver.list()] == []
    assert driver.get("shop", KEY).problem == "has no label name"
    with pytest.raises(ReleaseExists):
        driver.create(record())
    assert driver.delete("shop", KEY).body.text() == BODY


@pytest.mark.parametrize("bodies", Bodies)
def test_an_entry_that_is_missing_is_damage(
    bodies: Bodies, driver: KubeDriver, store: Cluster
) -> None:
    made(store, driver.name, LABELS, {"other": "x"})

    for newest in (False, True):
        (found,) = driver.list(newest=newest, bodies=bodies)
        assert (found.name, found.problem) == ("web", "")
        with pytest.raises(RecordCorrupt, match=r"has no entry data\.release"):
            found.body.text()
    with pytest.raises(RecordCorrupt):
        driver.get("shop", KEY).body.text()
    assert driver.delete("shop", KEY).key == KEY
    assert [*driver.list()] == []


def test_an_object_without_data_is_damage_too(driver: KubeDriver, store: Cluster) -> None:
    made(store, driver.name, LABELS, {})

    with pytest.raises(RecordCorrupt, match=r"has no entry data\.release"):
        driver.get("shop", KEY).body.text()
    driver.update(record())

    assert driver.get("shop", KEY).body.text() == BODY


@pytest.mark.parametrize("labels", [{"owner": "helm"}, {"owner": "helm", "name": "web"}, {}])
def test_a_strangers_object_is_no_record(
    labels: dict[str, str], driver: KubeDriver, store: Cluster
) -> None:
    name = f"mine-{len(labels)}.v1"
    made(store, driver.name, labels, name=name)

    assert [*driver.list(), *driver.list(newest=True), *driver.query({}), *driver.names()] == []
    for use in (driver.get, driver.delete):
        with pytest.raises(ReleaseNotFound):
            use("shop", name)
    with pytest.raises(ReleaseNotFound):
        driver.update(record()._replace(key=name))
    assert store.get(path(driver.name, "shop", name))["metadata"].get("labels", {}) == labels
    store.delete(path(driver.name, "shop", name))


def test_an_opaque_secret_is_read_and_stays_opaque(secrets: SecretDriver, store: Cluster) -> None:
    made(store, "Secret", LABELS, type="Opaque")

    assert [each.body.text() for each in secrets.list()] == [BODY]
    secrets.update(record(text=b"new"))

    assert store.get(path("Secret", "shop", KEY))["type"] == "Opaque"
    assert secrets.get("shop", KEY).body.text() == b"new"


def test_a_record_of_a_later_format_is_neither_listed_nor_touched(
    driver: KubeDriver, store: Cluster
) -> None:
    if driver.name == "Secret":
        made(store, "Secret", LABELS, type="helm.sh/release.v2")
    else:
        made(store, "ConfigMap", LABELS | {"helm.sh/release-version": "v2"})
    driver.create(record(version=2))
    before = store.get(path(driver.name, "shop", KEY))

    for listed in (driver.list(), driver.list(newest=True), driver.query({"name": "web"})):
        assert places(listed) == [("shop", "web", 2)]
    uses: list[Callable[[], object]] = [
        lambda: driver.get("shop", KEY),
        lambda: driver.delete("shop", KEY),
        lambda: driver.update(record()),
    ]
    for use in uses:
        with pytest.raises(RecordCorrupt) as caught:
            use()
        assert str(caught.value) == (
            f"shop/{KEY}: is in the format helm.sh/release.v2, which this version cannot read"
        )
    with pytest.raises(ReleaseExists):
        driver.create(record())
    assert store.get(path(driver.name, "shop", KEY)) == before


def test_the_two_stores_are_apart(driver: KubeDriver, store: Cluster) -> None:
    other = ConfigMapDriver if driver.name == "Secret" else SecretDriver

    driver.create(record())

    with other.connect(settings(store)) as second:
        assert [*second.list()] == []


# How much is asked for


def requests(store: Cluster) -> int:
    """Return how many requests for Secrets the server has had."""
    metrics = store.get("/metrics").splitlines()
    return sum(
        int(float(line.rpartition(" ")[2]))
        for line in metrics
        if line.startswith("apiserver_request_total{") and 'resource="secrets"' in line
    )


def test_a_large_store_is_listed_in_few_requests(secrets: SecretDriver, store: Cluster) -> None:
    def fill(number: int) -> None:
        name, version = divmod(number, 10)
        status = "deployed" if version == 9 else "superseded"
        secrets.create(record(f"web-{name:03}", version + 1, status=status))

    with ThreadPoolExecutor(8) as pool:
        [*pool.map(fill, range(1_200))]

    counts = {}
    listings: list[tuple[str, Callable[[], Iterator[object]]]] = [
        ("names", secrets.names),
        ("newest", lambda: secrets.list(newest=True)),
        ("newest, no bodies", lambda: secrets.list(newest=True, bodies=Bodies.NONE)),
        ("all", secrets.list),
        ("one release", lambda: secrets.query({"name": "web-007", "owner": "helm"})),
    ]
    for what, listing in listings:
        before = requests(store)
        found = len([*listing()])
        counts[what] = (found, requests(store) - before)

    assert counts == {
        "names": (120, 3),
        "newest": (120, 4),
        "newest, no bodies": (120, 3),
        "all": (1_200, 6),
        "one release": (10, 1),
    }


def test_whole_bodies_come_in_pages_that_fit_into_memory(
    secrets: SecretDriver, store: Cluster
) -> None:
    for version in range(1, 25):
        secrets.create(record(version=version, text=b"x" * 1_000_000))
    before = requests(store)

    sizes = {len(each.body.text()) for each in secrets.list(bodies=Bodies.WHOLE)}

    assert sizes == {1_000_000}
    assert requests(store) - before == 3  # two pages of bodies, and one of metadata


def test_pages_of_bodies_that_suddenly_are_large_still_fit_into_memory(
    secrets: SecretDriver, store: Cluster
) -> None:
    for version in range(10, 60):
        secrets.create(record(version=version, text=b"x" * (1_000_000 if version > 25 else 10)))

    listing = secrets.list(bodies=Bodies.WHOLE)
    found = [(each.body.is_whole, len(each.body.text())) for each in listing]

    assert found[:16] == [(True, 10)] * 16
    assert found[16:33] == [(True, 1_000_000)] * 17
    assert found[33:] == [(False, 1_000_000)] * 17  # fetched when they are read


def test_few_bodies_wait_for_their_turn(secrets: SecretDriver, store: Cluster) -> None:
    for version in range(1, 61):
        secrets.create(record("web-a", version, text=b"x" * 1_000_000))
    for version in (1, 2):
        secrets.create(record("web", version, text=b"y"))  # behind web-a for the server
    before = requests(store)

    listing = secrets.list(bodies=Bodies.WHOLE)
    first = [next(listing).body.text() for _ in range(2)]

    assert first == [b"y", b"y"]
    # Pages of 16, 16 and 16 bodies, one of metadata, and each of these two by itself.
    assert requests(store) - before == 6
    assert [each.version for each in listing] == [*range(1, 61)]


# Writes while a listing is at it


def test_the_newest_of_a_listing_is_the_newest_by_then(driver: KubeDriver) -> None:
    for name in ("api", "upgraded", "shrunk", "deleted"):
        driver.create(record(name, status="deployed" if name == "api" else "superseded"))
    driver.create(record("shrunk", 2, status="superseded"))
    listing = driver.list(newest=True)
    assert places([next(listing)]) == [("shop", "api", 1)]

    driver.create(record("upgraded", 2))
    driver.delete("shop", "sh.helm.release.v1.shrunk.v2")
    driver.delete("shop", "sh.helm.release.v1.deleted.v1")

    assert places(listing) == [("shop", "shrunk", 1), ("shop", "upgraded", 2)]


def test_a_body_from_a_listing_is_fetched_when_it_is_read(
    secrets: SecretDriver, store: Cluster
) -> None:
    lazy = Body(b"abc", lambda: b"abcdef")
    secrets.create(record()._replace(body=lazy))
    before = requests(store)

    (found,) = secrets.list()

    assert found.body.text() == b"abcdef"
    assert requests(store) - before == 1


def test_a_connection_can_be_shared_by_both_drivers(store: Cluster) -> None:
    empty(store)
    connection = Connection.open(settings(store))
    secrets, maps = SecretDriver(connection), ConfigMapDriver(connection)

    secrets.create(record())
    maps.create(record("api"))

    assert (places(secrets.list()), places(maps.list())) == (
        [("shop", "web", 1)],
        [("shop", "api", 1)],
    )
