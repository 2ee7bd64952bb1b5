"""Releases in a namespace: history, pruning and listings, over the memory driver."""

from collections.abc import Iterable, Iterator, Mapping

import pytest
from storage.releases import DAMAGED, Failing, damaged, release

from postrender._errors import UsageError
from postrender.storage import (
    Bodies,
    Body,
    MemoryDriver,
    NoDeployedRelease,
    Record,
    RecordCorrupt,
    Release,
    ReleaseConflict,
    ReleaseExists,
    ReleaseNotFound,
    Status,
    Storage,
    StorageUnavailable,
    record_key,
)
from postrender.storage._codec import encode


@pytest.fixture
def driver() -> MemoryDriver:
    return MemoryDriver()


@pytest.fixture
def storage(driver: MemoryDriver) -> Storage:
    return Storage(driver, "shop")


def fill(storage: Storage, *releases: Release) -> None:
    for each in releases:
        storage.create(each)


def shown(releases: Iterable[Release]) -> list[tuple[str, int, str]]:
    return [(each.name, each.version, str(each.status)) for each in releases]


def test_what_was_created_is_got_back(storage: Storage) -> None:
    """Helm's TestStorageCreate."""
    created = storage.create(release(team="payments"))

    got = storage.get("web", 1)
    assert got == created == release(team="payments")
    assert got.labels == {"team": "payments"}
    assert got.record.created_at > 0


def test_a_second_of_the_same_revision_is_refused(storage: Storage) -> None:
    storage.create(release())

    with pytest.raises(ReleaseExists):
        storage.create(release(status="failed"))


def test_an_update_is_stored(storage: Storage) -> None:
    """Helm's TestStorageUpdate."""
    storage.create(release())

    updated = storage.update(storage.get("web", 1).replace(status=Status.UNINSTALLED))

    assert updated.status is Status.UNINSTALLED
    assert storage.get("web", 1).status is Status.UNINSTALLED
    assert [each.key for each in storage.driver.query({"status": "uninstalled"})] == [
        "sh.helm.release.v1.web.v1"
    ]


def test_of_two_updates_of_one_state_the_second_is_refused(storage: Storage) -> None:
    storage.create(release())
    first, second = storage.get("web", 1), storage.get("web", 1)

    storage.update(first.replace(status=Status.SUPERSEDED))

    with pytest.raises(ReleaseConflict):
        storage.update(second.replace(status=Status.FAILED))
    assert storage.get("web", 1).status is Status.SUPERSEDED


def test_a_delete_leaves_the_other_revisions(storage: Storage) -> None:
    """Helm's TestStorageDelete."""
    fill(storage, release(version=1, status="superseded"), release(version=2))

    deleted = storage.delete("web", 1)

    assert deleted == release(version=1, status="superseded")
    assert shown(storage.history("web")) == [("web", 2, "deployed")]
    with pytest.raises(ReleaseNotFound):
        storage.get("web", 1)
    with pytest.raises(ReleaseNotFound):
        storage.delete("web", 1)


def test_a_listing_shows_what_is_asked_for(storage: Storage) -> None:
    """Helm's TestStorageList."""
    fill(
        storage,
        release("a", 1, "uninstalled"),
        release("b", 1, "uninstalled"),
        release("c", 1, "deployed"),
        release("d", 1, "superseded"),
        release("d", 2, "deployed"),
    )

    assert len([*storage.list(newest=False)]) == 5
    assert shown(storage.list(statuses=["uninstalled"])) == [
        ("a", 1, "uninstalled"),
        ("b", 1, "uninstalled"),
    ]
    assert shown(storage.list(statuses={Status.DEPLOYED})) == [
        ("c", 1, "deployed"),
        ("d", 2, "deployed"),
    ]
    assert shown(storage.list(statuses=["superseded"])) == []
    assert shown(storage.list(newest=False, statuses=["superseded"])) == [("d", 1, "superseded")]
    assert shown(storage.list(statuses=[])) == []


def test_a_status_may_be_given_alone(storage: Storage) -> None:
    fill(storage, release("a", 1, "pending-install"), release("b", 1, "failed"))

    assert shown(storage.list(statuses="failed")) == [("b", 1, "failed")]
    assert shown(storage.list(statuses=Status.FAILED)) == [("b", 1, "failed")]


@pytest.mark.parametrize("statuses", ["pending", "", ["deployed", "deployd"]])
def test_a_status_that_helm_does_not_have_is_no_empty_listing(
    statuses: str | list[str], storage: Storage
) -> None:
    with pytest.raises(ValueError, match="is not a valid Status"):
        storage.list(statuses=statuses)


def test_a_listing_goes_by_the_status_that_helm_shows(storage: Storage) -> None:
    record = release(status="failed").record
    storage.driver.create(record._replace(status="deployed"))

    assert shown(storage.list(statuses=["failed"])) == [("web", 1, "failed")]
    assert shown(storage.list(statuses=["deployed"])) == []
    # What is deployed is what Helm's queries find.
    assert shown([storage.deployed("web")]) == [("web", 1, "failed")]


def test_a_status_that_helm_does_not_have_is_listed_as_unknown(storage: Storage) -> None:
    """Helm's lists never show it."""
    text = release().json().replace(b'"deployed"', b'"confused"')
    storage.driver.create(Release.from_json(text).record)

    assert shown(storage.list()) == [("web", 1, "unknown")]
    assert shown(storage.list(statuses=Status.UNKNOWN)) == [("web", 1, "unknown")]
    assert [each.status for each in storage.driver.list()] == ["confused"]


def test_labels_select_among_the_newest(storage: Storage) -> None:
    fill(storage, release(version=1, team="a"), release(version=2, team="b"), release("api"))

    assert shown(storage.list(labels={"team": "a"})) == []
    assert shown(storage.list(labels={"team": "b"})) == [("web", 2, "deployed")]
    assert shown(storage.list(labels={"team": "a"}, newest=False)) == [("web", 1, "deployed")]
    assert shown(storage.list(labels={"name": "api"})) == [("api", 1, "deployed")]


@pytest.mark.parametrize("newest", [True, False])
def test_what_cannot_be_a_label_selects_nothing(newest: bool, storage: Storage) -> None:
    with pytest.raises(ValueError, match="not the value of a label: team='two words'"):
        storage.list(labels={"team": "two words"}, newest=newest)


def test_a_namespace_is_listed_alone_and_all_with_none(driver: MemoryDriver) -> None:
    for namespace in ("shop", "staging"):
        Storage(driver, namespace).create(release(namespace=namespace, team="a"))

    shop, everywhere = Storage(driver, "shop"), Storage(driver, "")
    assert [each.namespace for each in shop.list()] == ["shop"]
    assert [each.namespace for each in everywhere.list(labels={"team": "a"})] == ["shop", "staging"]
    assert [*shop.names()] == [("shop", "web")]
    assert [*everywhere.names()] == [("shop", "web"), ("staging", "web")]
    assert [*shop.namespaces()] == ["shop", "staging"]


def test_the_last_is_the_highest_revision_whatever_its_status(storage: Storage) -> None:
    """Helm's TestStorageLast."""
    fill(
        storage,
        release(version=10, status="failed"),
        release(version=9, status="deployed"),
        release(version=1, status="superseded"),
        release("web-2", 11),
    )

    assert shown([storage.last("web")]) == [("web", 10, "failed")]


class Watched(MemoryDriver):
    """A store that notes how much of the bodies it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Bodies | str] = []

    def query(
        self, labels: Mapping[str, str], namespace: str = "", *, bodies: Bodies = Bodies.HEAD
    ) -> Iterator[Record]:
        self.asked.append(bodies)
        return super().query(labels, namespace, bodies=bodies)

    def get(self, namespace: str, key: str) -> Record:
        self.asked.append(key)
        return super().get(namespace, key)


def test_of_one_release_one_body_is_fetched_and_it_is_whole() -> None:
    driver = Watched()
    storage = Storage(driver, "shop")
    fill(storage, long("web", "superseded"), long("web", "deployed").replace(version=2))

    assert storage.last("web").record.body.is_whole
    assert driver.asked == [Bodies.NONE, "sh.helm.release.v1.web.v2"]
    assert storage.deployed("web").record.body.is_whole
    assert driver.asked[2:] == [Bodies.WHOLE]


def test_the_deployed_one_is_not_the_last_one(storage: Storage) -> None:
    """Helm's TestStorageDeployed."""
    fill(
        storage,
        release(version=1, status="superseded"),
        release(version=2, status="deployed"),
        release(version=3, status="failed"),
    )

    assert shown([storage.deployed("web")]) == [("web", 2, "deployed")]


def test_of_several_deployed_revisions_the_highest_counts(storage: Storage) -> None:
    """Helm's TestStorageDeployedWithCorruption."""
    fill(
        storage,
        release(version=1, status="superseded"),
        release(version=4, status="deployed"),
        release(version=3, status="superseded"),
        release(version=2, status="deployed"),
    )

    assert shown([storage.deployed("web")]) == [("web", 4, "deployed")]
    assert shown(storage.deployed_all("web")) == [("web", 2, "deployed"), ("web", 4, "deployed")]


def test_the_history_is_all_revisions_in_order(storage: Storage) -> None:
    """Helm's TestStorageHistory."""
    fill(storage, *(release(version=each, status="superseded") for each in (10, 2, 1)))
    fill(storage, release("web-2"))

    assert shown(storage.history("web")) == [
        ("web", 1, "superseded"),
        ("web", 2, "superseded"),
        ("web", 10, "superseded"),
    ]


def test_a_release_without_records_is_not_found(storage: Storage) -> None:
    message = "shop: there is no release `web`"
    for call in (storage.last, storage.deployed, storage.deployed_all, storage.history):
        with pytest.raises(ReleaseNotFound) as caught:
            call("web")

        assert str(caught.value) == message
        assert type(caught.value) is ReleaseNotFound


def test_a_release_of_which_nothing_is_deployed_says_so(storage: Storage) -> None:
    storage.create(release(status="failed"))

    with pytest.raises(NoDeployedRelease, match="shop: no revision of `web` is deployed"):
        storage.deployed("web")
    with pytest.raises(LookupError):
        storage.deployed_all("web")


# Damage


@pytest.mark.parametrize(
    ("deleted", "found"), [({2}, "revision 1"), ({1, 2}, "the release `web` was just deleted")]
)
def test_a_last_revision_that_is_deleted_while_it_is_read_is_the_last_no_more(
    deleted: set[int], found: str
) -> None:
    keys = {record_key("web", each) for each in deleted}

    class Deleted(MemoryDriver):
        def get(self, namespace: str, key: str) -> Record:
            if key in keys:
                keys.remove(key)
                self.delete(namespace, key)
            return super().get(namespace, key)

    storage = Storage(Deleted(), "shop")
    fill(storage, release(version=1), release(version=2))

    try:
        last = f"revision {storage.last('web').version}"
    except ReleaseNotFound as error:
        last = error.message

    assert last == found


def test_a_damaged_last_revision_is_never_the_one_before(storage: Storage) -> None:
    """Helm skips it, and takes the older one for the current one."""
    storage.create(release(version=1, status="superseded"))
    storage.driver.create(damaged(version=2))

    for call in (storage.last, storage.deployed):
        with pytest.raises(RecordCorrupt, match=r"shop/sh\.helm\.release\.v1\.web\.v2: ") as caught:
            call("web")
        assert DAMAGED.decode() not in str(caught.value)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize("key", ["sh.helm.release.v1.web.v3", "no-revision"])
def test_a_revision_of_unknown_number_may_be_the_last_one(key: str, storage: Storage) -> None:
    storage.create(release(version=2))
    odd = release(version=1).record._replace(key=key, problem="has no version")
    storage.driver.create(odd)

    with pytest.raises(RecordCorrupt, match=f"shop/{key}: has no version"):
        storage.last("web")


def test_a_damaged_old_revision_is_not_the_last_one(storage: Storage) -> None:
    storage.driver.create(damaged(version=1, status="superseded"))
    storage.driver.create(release(version=2).record._replace(version=0, problem="has no version"))
    storage.create(release(version=3))

    assert storage.last("web").version == 3


def test_damage_is_told_of_beside_what_is_listed(storage: Storage) -> None:
    fill(storage, release("a"), release("c"))
    storage.driver.create(damaged("b"))
    storage.driver.create(release("d").record._replace(problem="has no version"))

    listing = storage.list()

    assert listing.damaged == []
    assert shown(listing) == [("a", 1, "deployed"), ("c", 1, "deployed")]
    assert [str(each.location) for each in listing.damaged] == [
        "shop/sh.helm.release.v1.b.v1",
        "shop/sh.helm.release.v1.d.v1",
    ]
    assert listing.damaged[1].message == "has no version"


def test_a_strict_listing_raises_the_first_damage(storage: Storage) -> None:
    storage.create(release("a"))
    storage.driver.create(damaged("b"))

    listing = storage.list(strict=True)

    assert next(listing).name == "a"
    with pytest.raises(RecordCorrupt, match=r"shop/sh\.helm\.release\.v1\.b\.v1"):
        next(listing)


def test_the_history_tells_of_damage_too(storage: Storage) -> None:
    storage.create(release(version=2))
    storage.driver.create(damaged(version=1))

    history = storage.history("web")

    assert shown(history) == [("web", 2, "deployed")]
    assert len(history.damaged) == 1
    with pytest.raises(RecordCorrupt):
        [*storage.history("web", strict=True)]


def test_damage_behind_the_summary_is_found_where_the_whole_is_read(storage: Storage) -> None:
    whole = Release.new(
        "web",
        namespace="shop",
        status=Status.DEPLOYED,
        chart={"metadata": {"name": "web", "version": "1.2.3", "apiVersion": "v2"}},
        manifest="".join(f"{each * each}\n" for each in range(9999)),
    )
    text = whole.record.body.text()
    storage.driver.create(whole.record._replace(body=Body(text[: len(text) // 8 * 4])))

    summaries, everything = storage.list(), storage.list(whole=True)

    assert [each.chart_version for each in summaries] == ["1.2.3"]
    assert summaries.damaged == []
    assert [*everything] == []
    assert [each.message for each in everything.damaged] == ["is gzip without its end"]


def test_a_field_that_helm_could_not_read_is_damage_where_the_whole_is_read(
    storage: Storage,
) -> None:
    text = release().json().replace(b'"version"', b'"config":[],"version"')
    storage.driver.create(release().record._replace(body=Body(encode(text))))

    everything = storage.list(whole=True)

    assert shown(storage.list()) == [("web", 1, "deployed")]
    assert [*everything] == []
    assert [each.message for each in everything.damaged] == [
        "config is a list where an object belongs"
    ]


def test_a_damaged_revision_can_be_deleted(storage: Storage) -> None:
    storage.driver.create(damaged())

    with pytest.raises(RecordCorrupt):
        storage.get("web", 1)
    assert storage.delete("web", 1).version == 1
    assert [*storage.list()] == []


# A store that others change while it is read


class Changing(MemoryDriver):
    """A store in which somebody else changes what was just listed."""

    def __init__(self, records: Iterable[Record], *, after: Mapping[str, Release | None]) -> None:
        super().__init__(records)
        self.after = after

    def list(
        self, namespace: str = "", *, newest: bool = False, bodies: Bodies = Bodies.HEAD
    ) -> Iterator[Record]:
        for record in [*super().list(namespace, newest=newest, bodies=Bodies.NONE)]:
            if record.name in self.after:
                change = self.after[record.name]
                if change:
                    self.update(change.record)
                else:
                    self.delete(record.namespace, record.key)
            yield record


def long(name: str, status: str) -> Release:
    """Make a release whose body does not come with a listing."""
    notes = "".join(f"{name} {each * each}\n" for each in range(9999))
    return Release.new(name, namespace="shop", status=Status(status), notes=notes)


def test_a_release_that_is_changed_while_it_is_listed_is_read_again() -> None:
    records = [long(name, "deployed").record for name in ("a", "b", "c")]
    driver = Changing(records, after={"b": long("b", "failed"), "c": None})

    listing = Storage(driver, "shop").list(statuses=["deployed", "failed"])

    assert shown(listing) == [("a", 1, "deployed"), ("b", 1, "failed")]
    assert listing.damaged == []


def test_a_release_that_no_longer_matches_is_not_shown() -> None:
    driver = Changing([long("b", "deployed").record], after={"b": long("b", "failed")})

    assert shown(Storage(driver, "shop").list(statuses=["deployed"])) == []


# Pruning


def versions(storage: Storage, name: str = "web") -> list[int]:
    return [each.version for each in storage.history(name)]


def test_the_oldest_revisions_are_pruned(driver: MemoryDriver) -> None:
    """Helm's TestStorageRemoveLeastRecent."""
    unlimited, storage = Storage(driver, "shop"), Storage(driver, "shop", max_history=3)
    fill(unlimited, *(release(version=each, status="superseded") for each in (1, 2, 3, 4)))
    fill(unlimited, release("other", 1))

    storage.create(release(version=5, status="pending-upgrade"))

    assert versions(storage) == [3, 4, 5]
    assert versions(storage, "other") == [1]


def test_nothing_is_pruned_for_a_revision_that_is_there_already(driver: MemoryDriver) -> None:
    unlimited, storage = Storage(driver, "shop"), Storage(driver, "shop", max_history=1)
    fill(unlimited, *(release(version=each, status="superseded") for each in (1, 2, 3)))

    with pytest.raises(ReleaseExists):
        storage.create(release(version=3, status="pending-upgrade"))

    assert versions(storage) == [1, 2, 3]


def test_the_deployed_revision_is_not_pruned(driver: MemoryDriver) -> None:
    """Helm's TestStorageDoNotDeleteDeployed."""
    unlimited, storage = Storage(driver, "shop"), Storage(driver, "shop", max_history=3)
    statuses = ["superseded", "deployed", "failed", "failed"]
    fill(unlimited, *(release(version=i, status=each) for i, each in enumerate(statuses, 1)))

    storage.create(release(version=5, status="failed"))

    assert versions(storage) == [2, 4, 5]


def test_a_history_of_failures_is_pruned(driver: MemoryDriver) -> None:
    """Helm's TestUpgradeInitiallyFailedReleaseWithHistoryLimit."""
    storage = Storage(driver, "shop", max_history=4)

    fill(storage, *(release(version=each, status="failed") for each in range(1, 7)))

    assert versions(storage) == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("limit", "left"), [(1, [3, 5]), (2, [3, 5]), (5, [1, 2, 3, 4, 5]), (0, [1, 2, 3, 4, 5])]
)
def test_one_more_is_left_where_the_deployed_one_is_in_the_way(
    limit: int, left: list[int], driver: MemoryDriver
) -> None:
    """With Helm, too, a limit of 1 leaves two records."""
    statuses = ["superseded", "superseded", "deployed", "failed"]
    fill(
        Storage(driver, "shop"),
        *(release(version=i, status=each) for i, each in enumerate(statuses, 1)),
    )
    storage = Storage(driver, "shop", max_history=limit)

    storage.create(release(version=5, status="pending-upgrade"))

    assert versions(storage) == left


def test_of_several_deployed_revisions_the_lower_ones_are_pruned(driver: MemoryDriver) -> None:
    fill(Storage(driver, "shop"), *(release(version=each) for each in (1, 2, 3)))
    storage = Storage(driver, "shop", max_history=2)

    storage.create(release(version=4))

    assert versions(storage) == [3, 4]


def test_a_record_of_unknown_revision_is_not_pruned(driver: MemoryDriver) -> None:
    odd = release(version=1).record._replace(key="odd", problem="has no version")
    driver.create(odd)
    fill(Storage(driver, "shop"), release(version=2, status="failed"))
    storage = Storage(driver, "shop", max_history=1)

    storage.create(release(version=3))

    assert [each.key for each in driver.list()] == ["odd", "sh.helm.release.v1.web.v3"]


def test_nothing_is_created_when_a_revision_cannot_be_deleted() -> None:
    """Helm's TestMaxHistoryErrorHandling."""
    driver = Failing("sh.helm.release.v1.web.v1")
    storage = Storage(driver, "shop", max_history=3)
    fill(storage, *(release(version=each, status="superseded") for each in (1, 2, 3)))

    with pytest.raises(StorageUnavailable) as caught:
        storage.create(release(version=4))

    assert str(caught.value) == "shop/sh.helm.release.v1.web.v1: the connection broke"
    assert versions(storage) == [1, 2, 3]


def test_several_errors_are_told_as_one() -> None:
    driver = Failing(*(f"sh.helm.release.v1.web.v{each}" for each in (1, 3, 4)))
    fill(
        Storage(driver, "shop"),
        *(release(version=each, status="superseded") for each in (1, 2, 3, 4)),
    )
    storage = Storage(driver, "shop", max_history=1)

    with pytest.raises(StorageUnavailable) as caught:
        storage.create(release(version=5))

    assert str(caught.value) == (
        "shop/sh.helm.release.v1.web.v1: the connection broke, and 2 more could not be deleted:"
        " sh.helm.release.v1.web.v3, sh.helm.release.v1.web.v4"
    )
    assert versions(storage) == [1, 3, 4]


def test_a_revision_that_somebody_else_pruned_is_no_error() -> None:
    class Pruned(MemoryDriver):
        def delete(self, namespace: str, key: str) -> Record:
            super().delete(namespace, key)
            raise ReleaseNotFound("there is no such record", location=f"{namespace}/{key}")

    storage = Storage(Pruned(), "shop", max_history=1)
    fill(storage, release(version=1, status="failed"), release(version=2, status="failed"))

    assert versions(storage) == [2]


def test_a_history_can_be_pruned_without_a_new_revision(storage: Storage) -> None:
    statuses = ["superseded", "deployed", "failed", "failed"]
    fill(storage, *(release(version=i, status=each) for i, each in enumerate(statuses, 1)))
    fill(storage, release("other"))

    assert storage.prune("web", keep=4) == []
    assert shown(storage.prune("web", keep=2)) == [("web", 1, "superseded"), ("web", 3, "failed")]
    assert versions(storage) == [2, 4]
    assert versions(storage, "other") == [1]


def test_of_a_history_something_is_kept(storage: Storage) -> None:
    with pytest.raises(ValueError, match="keep at least 1"):
        storage.prune("web", keep=0)


# What is refused


def test_labels_of_helms_names_are_refused(storage: Storage) -> None:
    """Helm's TestContainsSystemLabels, TestInstallWithSystemLabels; names are compared exactly."""
    storage.create(release("fine", Name="web", OWNER="ada"))
    stored = storage.get("fine", 1)

    message = (
        "user supplied labels contains system reserved label name. "
        "System labels: [name owner status version createdAt modifiedAt]"
    )
    for write in (storage.create, storage.update):
        with pytest.raises(UsageError) as caught:
            write(stored.replace(labels={"team": "a", "modifiedAt": "1"}))
        assert str(caught.value) == message


def test_a_release_of_another_namespace_is_refused(storage: Storage) -> None:
    with pytest.raises(UsageError, match=r"in namespace `staging`, and .* of `shop`"):
        storage.create(release(namespace="staging"))


def test_all_namespaces_can_only_be_listed(driver: MemoryDriver) -> None:
    Storage(driver, "shop").create(release())
    everywhere = Storage(driver, "")

    calls = (
        lambda: everywhere.create(release()),
        lambda: everywhere.update(release()),
        lambda: everywhere.delete("web", 1),
        lambda: everywhere.get("web", 1),
        lambda: everywhere.last("web"),
        lambda: everywhere.deployed("web"),
        lambda: everywhere.history("web"),
        lambda: everywhere.prune("web", keep=1),
    )
    for call in calls:
        with pytest.raises(UsageError, match="a storage of all namespaces can only list; make one"):
            call()


def test_a_storage_says_what_it_is_of(driver: MemoryDriver) -> None:
    assert repr(Storage(driver, "shop")) == "<Storage Memory shop>"
    assert repr(Storage(driver, "")) == "<Storage Memory all namespaces>"


def test_a_block_closes_the_driver(driver: MemoryDriver) -> None:
    with Storage(driver, "shop") as storage:
        storage.create(release())

    with pytest.raises(StorageUnavailable):
        storage.get("web", 1)
