"""What every driver does: one suite, which the tests of each driver inherit.

A suite for a driver is a subclass named `Test…` with the fixtures `driver` (an open driver of an
empty store, which has the namespaces of `NAMESPACES`), `other` (another driver of the same store,
which may be the same) and `damage` (see there), and with its own limits in the class. Tests may
close the driver. What has a counterpart among Helm's own tests names it.
"""

import os
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest

from postrender._errors import (
    ReleaseConflict,
    ReleaseExists,
    ReleaseNotFound,
    StorageError,
    StorageUnavailable,
)
from postrender.storage._driver import Bodies, Driver
from postrender.storage._record import Body, Record, record_key

LONGEST = "n" * 63
#: all that a store must have, in order
NAMESPACES = ("default", LONGEST, "shop", "shop-2", "staging")

BODY = b"H4sIAAAAAAAC/6pWKkotLlGyUlAqSCwuVqoFAAAA//8="

#: makes the version of a stored record untrustworthy, as only a hand in the store does it
Damage = Callable[[Record], None]


def record(
    name: str = "web",
    version: int = 1,
    *,
    namespace: str = "shop",
    status: str = "deployed",
    text: bytes = BODY,
    **labels: str,
) -> Record:
    """Make a record that is not in a store."""
    return Record(namespace, record_key(name, version), name, version, status, Body(text), labels)


def columns(stored: Record) -> tuple[object, ...]:
    """Return what a test compares of a record; neither times, token nor body."""
    return (
        stored.namespace,
        stored.key,
        stored.name,
        stored.version,
        stored.status,
        dict(stored.labels),
        stored.owner,
        stored.problem,
    )


def places(records: Iterable[Record]) -> list[tuple[str, str, int]]:
    """Return namespace, name and version of each record."""
    return [(each.namespace, each.name, each.version) for each in records]


def fill(driver: Driver, *records: Record) -> list[Record]:
    """Store records, and return them as they are stored."""
    return [driver.create(each) for each in records]


class DriverContract:
    """The tests; a subclass says what its driver is called, and its limits."""

    NAME: ClassVar[str]
    #: the largest body that every test may store, in bytes
    LARGE: ClassVar[int] = 1_000_000
    #: the longest name of a release that may have labels
    LONGEST_LABELLED: ClassVar[int] = 53
    #: how many records are more than a page
    MANY: ClassVar[int] = 1_200

    # The driver

    def test_it_is_a_driver_and_has_helms_name(self, driver: Driver) -> None:
        """Helm's TestSecretName, TestConfigMapName, TestSQLName, TestMemoryName."""
        assert isinstance(driver, Driver)
        assert driver.name == self.NAME

    def test_an_empty_store_gives_nothing(self, driver: Driver) -> None:
        assert [*driver.list()] == []
        assert [*driver.list("shop", newest=True)] == []
        assert [*driver.query({"owner": "helm"})] == []
        assert [*driver.names()] == []
        assert [*driver.namespaces()] == []

    def test_it_can_be_closed_twice(self, driver: Driver) -> None:
        driver.close()
        driver.close()

    def test_a_block_closes_it(self, driver: Driver) -> None:
        with driver as opened:
            opened.create(record())

        assert opened is driver
        with pytest.raises(StorageUnavailable):
            driver.get("shop", record_key("web", 1))

    @pytest.mark.parametrize(
        "use",
        [
            lambda driver: driver.create(record()),
            lambda driver: driver.update(record()),
            lambda driver: driver.delete("shop", record_key("web", 1)),
            lambda driver: driver.get("shop", record_key("web", 1)),
            lambda driver: [*driver.list()],
            lambda driver: [*driver.query({"owner": "helm"})],
            lambda driver: [*driver.names()],
            lambda driver: [*driver.namespaces()],
        ],
        ids=["create", "update", "delete", "get", "list", "query", "names", "namespaces"],
    )
    def test_a_closed_one_says_so(self, use: Callable[[Driver], object], driver: Driver) -> None:
        driver.close()

        with pytest.raises(StorageUnavailable, match="closed"):
            use(driver)

    # Create and get

    def test_what_was_created_is_got_back(self, driver: Driver) -> None:
        """Helm's TestSecretGet, …Create and their like: the user's labels without Helm's own."""
        driver.create(record(team="payments", tier="gold"))

        got = driver.get("shop", "sh.helm.release.v1.web.v1")

        assert columns(got) == (
            "shop",
            "sh.helm.release.v1.web.v1",
            "web",
            1,
            "deployed",
            {"team": "payments", "tier": "gold"},
            "helm",
            "",
        )
        assert got.body.is_whole
        assert got.body.text() == BODY

    def test_create_returns_what_get_does(self, driver: Driver) -> None:
        created = driver.create(record(team="payments"))

        got = driver.get("shop", created.key)
        assert columns(created) == columns(got)
        assert created.token == got.token != ""
        assert created.created_at == got.created_at > 1_700_000_000
        assert created.modified_at == got.modified_at == 0
        assert created.body.text() == BODY

    def test_times_that_are_given_are_kept(self, driver: Driver) -> None:
        given = record()._replace(created_at=1_700_000_000, modified_at=1_700_000_100)

        driver.create(given)

        got = driver.get("shop", given.key)
        assert (got.created_at, got.modified_at) == (1_700_000_000, 1_700_000_100)

    @pytest.mark.parametrize(
        "text",
        [b"", b"{}", b'{"name": "not base64",\r\n"\xc3\xa9": "\\u0000%"}\n', b"H4sI====", b"    "],
    )
    def test_a_body_is_kept_as_it_is(self, text: bytes, driver: Driver) -> None:
        driver.create(record(text=text))

        assert driver.get("shop", record_key("web", 1)).body.text() == text

    def test_a_large_body_is_kept_as_it_is(self, driver: Driver) -> None:
        text = (b"0123456789abcdef" * (self.LARGE // 16 + 1))[: self.LARGE]

        driver.create(record(text=text))

        assert driver.get("shop", record_key("web", 1)).body.text() == text

    def test_a_body_from_another_store_is_fetched_whole(self, driver: Driver) -> None:
        lazy = Body(BODY[:8], lambda: BODY)

        driver.create(record()._replace(body=lazy))
        driver.create(record("api", text=b"old"))
        driver.update(record("api")._replace(body=Body(BODY[:8], lambda: BODY)))

        assert driver.get("shop", record_key("web", 1)).body.text() == BODY
        assert driver.get("shop", record_key("api", 1)).body.text() == BODY

    def test_a_second_of_the_same_key_is_refused(self, driver: Driver) -> None:
        """Helm's TestSqlCreateAlreadyExists, TestMemoryCreate."""
        driver.create(record(team="payments"))

        with pytest.raises(ReleaseExists, match=r"shop/sh\.helm\.release\.v1\.web\.v1"):
            driver.create(record(text=b"another", team="search"))

        got = driver.get("shop", record_key("web", 1))
        assert got.body.text() == BODY
        assert got.labels == {"team": "payments"}

    def test_a_key_belongs_to_its_namespace(self, driver: Driver) -> None:
        """Helm's TestMemoryCreate, TestMemoryGet: namespaces are apart."""
        fill(driver, record(text=b"one"), record(namespace="staging", text=b"two"))

        assert driver.get("shop", record_key("web", 1)).body.text() == b"one"
        assert driver.get("staging", record_key("web", 1)).body.text() == b"two"
        with pytest.raises(ReleaseNotFound):
            driver.get("default", record_key("web", 1))

    def test_what_is_absent_is_not_found(self, driver: Driver) -> None:
        with pytest.raises(ReleaseNotFound, match=r"shop/sh\.helm\.release\.v1\.web\.v1"):
            driver.get("shop", record_key("web", 1))
        with pytest.raises(LookupError):
            driver.get("shop", record_key("web", 1))

    def test_a_key_is_opaque(self, driver: Driver) -> None:
        """Helm's fixtures have keys without the prefix."""
        given = record("smug-pigeon")._replace(key="smug-pigeon.v1")
        driver.create(given)
        driver.create(record("smug-pigeon"))

        assert columns(driver.get("shop", "smug-pigeon.v1")) == columns(given)
        assert driver.delete("shop", "smug-pigeon.v1").key == "smug-pigeon.v1"
        assert places(driver.list()) == [("shop", "smug-pigeon", 1)]

    def test_a_name_may_look_like_a_version(self, driver: Driver) -> None:
        """Helm's memory driver can neither get nor delete such a release."""
        fill(driver, record("my.vault"), record("my"), record("my.v1", 2))

        assert driver.get("shop", record_key("my.vault", 1)).name == "my.vault"
        assert places(driver.list()) == [
            ("shop", "my", 1),
            ("shop", "my.v1", 2),
            ("shop", "my.vault", 1),
        ]
        assert places(driver.query({"name": "my"})) == [("shop", "my", 1)]
        assert driver.delete("shop", record_key("my.vault", 1)).name == "my.vault"

    def test_values_at_their_limits_are_kept(self, driver: Driver) -> None:
        key = "k" * 240 + ".example.com/" + "n" * 63
        given = record("n" * 42, 9, namespace=LONGEST, status="s" * 63)
        given = given._replace(labels={key: "v" * 63, "a": ""})
        long = record("n" * 53, 1_999_999_999, namespace=LONGEST)

        fill(driver, given, long)

        assert columns(driver.get(LONGEST, given.key)) == columns(given)
        assert columns(driver.get(LONGEST, long.key)) == columns(long)

    def test_the_longest_name_with_labels_is_kept(self, driver: Driver) -> None:
        given = record("n" * self.LONGEST_LABELLED, 9, team="payments")

        driver.create(given)

        assert columns(driver.get("shop", given.key)) == columns(given)

    # Update

    def test_update_replaces_body_columns_and_labels(self, driver: Driver) -> None:
        """Helm's TestSecretUpdate, …; SQL of Helm's forgets the labels."""
        driver.create(record(team="payments", tier="gold"))

        driver.update(record(status="failed", text=b"new", tier="silver"))

        got = driver.get("shop", record_key("web", 1))
        assert got.status == "failed"
        assert got.body.text() == b"new"
        assert got.labels == {"tier": "silver"}
        assert [*driver.query({"team": "payments"})] == []
        assert places(driver.query({"tier": "silver"})) == [("shop", "web", 1)]
        assert [*driver.query({"status": "deployed"})] == []

    def test_update_returns_what_get_does(self, driver: Driver) -> None:
        created = driver.create(record())

        updated = driver.update(record(text=b"new"))

        got = driver.get("shop", created.key)
        assert columns(updated) == columns(got)
        assert created.token != updated.token == got.token
        assert updated.modified_at == got.modified_at >= created.created_at
        assert updated.body.text() == b"new"

    def test_update_keeps_when_the_record_was_created(self, driver: Driver) -> None:
        """Helm's Secrets lose it (helm/helm#32404)."""
        driver.create(record()._replace(created_at=1_700_000_000))

        driver.update(record(status="failed")._replace(created_at=1_800_000_000, modified_at=1))

        got = driver.get("shop", record_key("web", 1))
        assert got.created_at == 1_700_000_000
        assert got.modified_at > 1_700_000_000

    def test_an_update_of_what_is_absent_is_not_found(self, driver: Driver) -> None:
        """Helm's TestMemoryUpdate; SQL of Helm's writes nothing and says nothing."""
        with pytest.raises(ReleaseNotFound, match=r"shop/sh\.helm\.release\.v1\.web\.v1"):
            driver.update(record())
        with pytest.raises(ReleaseNotFound):
            driver.update(record()._replace(token="1"))

        assert [*driver.list()] == []

    def test_a_lost_update_is_a_conflict(self, driver: Driver, other: Driver) -> None:
        driver.create(record())
        read = driver.get("shop", record_key("web", 1))
        other.update(record(status="failed", text=b"theirs", by="them"))

        with pytest.raises(ReleaseConflict, match=r"shop/sh\.helm\.release\.v1\.web\.v1"):
            driver.update(read._replace(status="superseded", labels={"by": "us"}))

        got = driver.get("shop", record_key("web", 1))
        assert (got.status, got.body.text(), got.labels) == ("failed", b"theirs", {"by": "them"})

    def test_an_update_with_its_token_is_done(self, driver: Driver) -> None:
        created = driver.create(record())

        first = driver.update(created._replace(status="failed"))
        driver.update(first._replace(status="superseded"))

        assert driver.get("shop", created.key).status == "superseded"

    def test_an_update_without_a_token_replaces_what_is_there(
        self, driver: Driver, other: Driver
    ) -> None:
        driver.create(record())
        other.update(record(status="failed"))

        driver.update(record(status="superseded"))

        assert driver.get("shop", record_key("web", 1)).status == "superseded"

    # Delete

    def test_delete_returns_what_was_there(self, driver: Driver) -> None:
        """Helm's TestSecretDelete, TestConfigMapDelete, TestSqlDelete, TestMemoryDelete."""
        driver.create(record(team="payments"))

        deleted = driver.delete("shop", record_key("web", 1))

        assert columns(deleted) == columns(record(team="payments"))
        assert deleted.body.is_whole
        assert deleted.body.text() == BODY
        with pytest.raises(ReleaseNotFound):
            driver.get("shop", record_key("web", 1))

    def test_delete_takes_the_labels_along(self, driver: Driver) -> None:
        driver.create(record(team="payments"))
        driver.delete("shop", record_key("web", 1))

        driver.create(record())

        assert driver.get("shop", record_key("web", 1)).labels == {}
        assert [*driver.query({"team": "payments"})] == []

    def test_delete_leaves_other_records_alone(self, driver: Driver) -> None:
        """Helm's TestMemoryDelete: not in the wrong namespace."""
        fill(driver, record(), record(version=2, a="b"), record(namespace="staging", a="b"))

        driver.delete("shop", record_key("web", 1))

        assert places(driver.query({"a": "b"})) == [("shop", "web", 2), ("staging", "web", 1)]

    def test_a_delete_of_what_is_absent_is_not_found(self, driver: Driver) -> None:
        driver.create(record())

        with pytest.raises(ReleaseNotFound, match=r"staging/sh\.helm\.release\.v1\.web\.v1"):
            driver.delete("staging", record_key("web", 1))
        with pytest.raises(ReleaseNotFound):
            driver.delete("shop", record_key("web", 2))

        assert places(driver.list()) == [("shop", "web", 1)]

    # List

    def test_a_listing_is_in_the_order_of_namespace_name_and_version(self, driver: Driver) -> None:
        names = ["b", "a-b", "a.b", "a", "ab", "a0"]
        fill(driver, *(record(each, namespace="shop") for each in names))
        fill(driver, *(record("web", each, namespace="shop-2") for each in (10, 9, 2, 11, 100)))
        fill(driver, record("a", namespace="staging"), record("a", namespace="default"))

        assert places(driver.list()) == [
            ("default", "a", 1),
            ("shop", "a", 1),
            ("shop", "a-b", 1),
            ("shop", "a.b", 1),
            ("shop", "a0", 1),
            ("shop", "ab", 1),
            ("shop", "b", 1),
            ("shop-2", "web", 2),
            ("shop-2", "web", 9),
            ("shop-2", "web", 10),
            ("shop-2", "web", 11),
            ("shop-2", "web", 100),
            ("staging", "a", 1),
        ]

    def test_a_listing_has_all_that_a_record_has(self, driver: Driver) -> None:
        """Helm's TestSecretList, …; its labels here are the user's alone, as those of get."""
        created = driver.create(record(team="payments"))

        (listed,) = driver.list()

        assert columns(listed) == columns(created)
        assert (listed.token, listed.created_at) == (created.token, created.created_at)

    def test_a_namespace_is_listed_alone(self, driver: Driver) -> None:
        fill(driver, record(), record(namespace="shop-2"), record(namespace="staging"))

        assert places(driver.list("shop")) == [("shop", "web", 1)]
        assert [*driver.list("default")] == []

    @pytest.mark.parametrize("newest", [False, True])
    @pytest.mark.parametrize("bodies", Bodies)
    def test_a_listing_has_as_much_of_the_bodies_as_is_asked_for(
        self, bodies: Bodies, newest: bool, driver: Driver
    ) -> None:
        text = b"0123456789abcdef" * 6_000
        fill(driver, record("a", text=text), record("b", text=b""), record("c"))

        listed = [each.body for each in driver.list(newest=newest, bodies=bodies)]

        long = listed[0]
        assert text.startswith(long.head)
        if bodies is Bodies.NONE:
            assert not long.is_whole
        if bodies is Bodies.HEAD:
            assert len(long.head) >= 4096
        if bodies is Bodies.WHOLE:
            assert all(each.is_whole for each in listed)
        assert [each.text() for each in listed] == [text, b"", BODY]
        assert all(each.is_whole for each in listed)

    def test_a_body_that_was_changed_meanwhile_is_a_conflict(
        self, driver: Driver, other: Driver
    ) -> None:
        text = b"0123456789abcdef" * 6_000
        driver.create(record(text=text))
        (heads,) = driver.list()
        (nothing,) = driver.list(bodies=Bodies.NONE)
        other.update(record(text=text + b"changed far beyond the head"))

        with pytest.raises(ReleaseConflict, match="changed"):
            heads.body.text()
        with pytest.raises(ReleaseConflict, match="changed"):
            nothing.body.text()

    def test_a_body_that_was_deleted_meanwhile_is_not_found(
        self, driver: Driver, other: Driver
    ) -> None:
        driver.create(record(text=b"0123456789abcdef" * 6_000))
        (listed,) = driver.list()
        other.delete("shop", record_key("web", 1))

        with pytest.raises(ReleaseNotFound, match=r"shop/sh\.helm\.release\.v1\.web\.v1"):
            listed.body.text()

    def test_a_body_cannot_be_fetched_from_a_closed_driver(self, driver: Driver) -> None:
        driver.create(record(text=b"0123456789abcdef" * 6_000))
        (listed,) = driver.list()
        driver.close()

        with pytest.raises(StorageUnavailable):
            listed.body.text()

    def test_more_records_than_a_page_are_listed_each_once(self, driver: Driver) -> None:
        expected = [("shop", f"web-{i:05}", v) for i in range(self.MANY // 3) for v in (1, 2, 3)]
        with ThreadPoolExecutor(8) as pool:
            [
                *pool.map(
                    driver.create, (record(name, v, even=f"{v % 2}") for _, name, v in expected)
                )
            ]

        assert places(driver.list()) == expected
        assert places(driver.list("shop", bodies=Bodies.NONE)) == expected
        assert places(driver.list(newest=True)) == expected[2::3]
        assert places(driver.query({"even": "0"})) == expected[1::3]
        assert [*driver.names()] == [place[:2] for place in expected[::3]]

    def test_records_can_be_deleted_while_they_are_listed(self, driver: Driver) -> None:
        fill(driver, *(record(version=each + 1) for each in range(20)))

        for each in driver.list():
            driver.delete(each.namespace, each.key)

        assert [*driver.list()] == []

    def test_a_listing_may_be_left_half_read(self, driver: Driver) -> None:
        fill(driver, *(record(version=each + 1) for each in range(20)))
        listing = driver.list()
        first = next(listing)

        second = driver.update(first._replace(status="failed"))

        del listing
        assert driver.get("shop", first.key).token == second.token

    def test_records_of_others_are_not_listed(self, driver: Driver) -> None:
        fill(driver, record("ours"), record("theirs")._replace(owner="tiller"))

        assert places(driver.list()) == [("shop", "ours", 1)]
        assert places(driver.list(newest=True)) == [("shop", "ours", 1)]
        assert [*driver.names()] == [("shop", "ours")]
        assert driver.get("shop", record_key("theirs", 1)).owner == "tiller"
        assert places(driver.query({"owner": "tiller"})) == [("shop", "theirs", 1)]

    # The newest

    def test_the_newest_is_the_highest_version_of_each_release(self, driver: Driver) -> None:
        fill(driver, *(record("web", each) for each in (9, 10, 1)))
        fill(driver, record("web", 3, namespace="staging"), record("api", 2))

        listed = [*driver.list(newest=True)]

        assert places(listed) == [("shop", "api", 2), ("shop", "web", 10), ("staging", "web", 3)]
        assert [each.body.text() for each in listed] == [BODY] * 3
        assert places(driver.list("shop", newest=True)) == [("shop", "api", 2), ("shop", "web", 10)]

    @pytest.mark.parametrize("status", ["superseded", "failed", "uninstalled", "pending-upgrade"])
    def test_the_newest_is_so_whatever_its_status(self, status: str, driver: Driver) -> None:
        fill(driver, record(version=1), record(version=2, status=status))

        assert places(driver.list(newest=True)) == [("shop", "web", 2)]

    def test_the_newest_does_not_depend_on_when_it_was_created(self, driver: Driver) -> None:
        fill(driver, record(version=2), record(version=1))

        assert places(driver.list(newest=True)) == [("shop", "web", 2)]

    def test_a_damaged_body_does_not_hide_the_newest(self, driver: Driver) -> None:
        """Helm skips it, and shows the revision before as the current one."""
        fill(driver, record(version=1), record(version=2, text=b"\x7f not base64"))

        assert places(driver.list(newest=True)) == [("shop", "web", 2)]

    def test_damaged_columns_do_not_hide_a_record(self, driver: Driver, damage: Damage) -> None:
        fill(driver, record(version=1), record("api"))
        third = driver.create(record(version=3))

        damage(third)

        listed = {each.key: bool(each.problem) for each in driver.list()}
        newest = {each.key: bool(each.problem) for each in driver.list(newest=True)}
        assert listed == {
            record_key("api", 1): False,
            record_key("web", 1): False,
            third.key: True,
        }
        assert newest[third.key]
        assert driver.get("shop", third.key).problem
        assert driver.delete("shop", third.key).body.text() == BODY

    # Query

    @pytest.mark.parametrize(
        ("labels", "found"),
        [
            ({"status": "deployed"}, ["api.v2", "web.v2"]),
            ({"name": "web"}, ["web.v1", "web.v2"]),
            ({"name": "web", "owner": "helm", "status": "deployed"}, ["web.v2"]),
            ({"version": "2"}, ["api.v2", "web.v2"]),
            ({"team": "payments"}, ["web.v1", "web.v2"]),
            ({"team": "payments", "status": "superseded"}, ["web.v1"]),
            ({"team": "payments", "tier": "gold"}, ["web.v2"]),
            ({"tier": ""}, ["api.v2"]),
            ({"Name": "web"}, ["api.v2"]),
            ({}, ["api.v2", "web.v1", "web.v2"]),
        ],
    )
    def test_a_query_selects_by_all_labels(
        self, labels: dict[str, str], found: list[str], driver: Driver
    ) -> None:
        """Helm's TestSecretQuery, TestSqlQuery, TestMemoryQuery, TestLabelsMatch.

        Only Helm's own labels work in its SQL and memory; names are compared exactly, so
        TestIsSystemLabel: `Name` is the user's.
        """
        fill(
            driver,
            record("web", 1, status="superseded", team="payments"),
            record("web", 2, team="payments", tier="gold"),
            record("api", 2, team="search", tier="", Name="web"),
        )

        keys = [each.key for each in driver.query(labels)]

        assert keys == [f"sh.helm.release.v1.{each}" for each in found]

    @pytest.mark.parametrize(
        "labels",
        [
            {"status": "failed"},
            {"team": "search", "name": "nothing"},
            {"absent": ""},
            {"owner": "Helm"},
            {"version": "02"},
            {"version": "99999999999999999999"},
            {"version": "two"},
            {"created": "1"},
        ],
    )
    def test_a_query_that_nothing_matches_gives_nothing(
        self, labels: dict[str, str], driver: Driver
    ) -> None:
        """Helm calls it not found, in all of its drivers."""
        driver.create(record(version=2, team="search"))

        assert [*driver.query(labels)] == []

    def test_a_query_is_for_one_namespace_or_all(self, driver: Driver) -> None:
        """Helm's SQL finds no custom labels across namespaces (helm/helm#32394)."""
        fill(
            driver, record(team="a"), record(namespace="staging", team="a"), record("api", team="b")
        )

        assert places(driver.query({"team": "a"})) == [("shop", "web", 1), ("staging", "web", 1)]
        assert places(driver.query({"team": "a"}, "staging")) == [("staging", "web", 1)]
        assert [*driver.query({"team": "a"}, "default")] == []

    def test_a_query_gives_whole_records_in_order(self, driver: Driver) -> None:
        fill(driver, *(record(version=each, team="a", tier="b") for each in (10, 9)))

        found = [*driver.query({"team": "a"}, bodies=Bodies.WHOLE)]

        assert places(found) == [("shop", "web", 9), ("shop", "web", 10)]
        assert [dict(each.labels) for each in found] == [{"team": "a", "tier": "b"}] * 2
        assert [each.body.is_whole for each in found] == [True, True]
        assert [each.body.text() for each in found] == [BODY, BODY]

    def test_a_query_can_do_without_bodies(self, driver: Driver) -> None:
        fill(driver, record(text=b"0123456789abcdef" * 6_000))

        (none,) = driver.query({"name": "web"}, bodies=Bodies.NONE)
        (head,) = driver.query({"name": "web"}, bodies=Bodies.HEAD)

        assert not none.body.is_whole
        assert len(head.body.head) >= 4096
        assert none.body.text() == head.body.text() == b"0123456789abcdef" * 6_000

    def test_a_query_by_the_times_of_a_record_finds_it(self, driver: Driver) -> None:
        driver.create(record()._replace(created_at=1_700_000_000))

        assert places(driver.query({"createdAt": "1700000000"})) == [("shop", "web", 1)]
        assert [*driver.query({"createdAt": "1700000001"})] == []

    @pytest.mark.parametrize(
        "labels",
        [
            {"team": "two words"},
            {"team": "-"},
            {"team": "v" * 64},
            {"team": "a,owner=tiller"},
            {"status": "deployed\n"},
            {"": "a"},
            {"two words": "a"},
            {"team in (a),tier": "gold"},
            {"Example.com/team": "a"},
            {"/team": "a"},
        ],
    )
    def test_what_cannot_be_a_label_is_no_query(
        self, labels: dict[str, str], driver: Driver
    ) -> None:
        with pytest.raises(ValueError, match="label"):
            [*driver.query(labels)]

    # Names

    def test_names_and_namespaces_are_given_once_and_in_order(self, driver: Driver) -> None:
        fill(driver, *(record("web", each) for each in (1, 2, 10)))
        fill(driver, record("api"), record("web", namespace="default"))

        assert [*driver.names()] == [("default", "web"), ("shop", "api"), ("shop", "web")]
        assert [*driver.names("shop")] == [("shop", "api"), ("shop", "web")]
        assert [*driver.names("staging")] == []
        assert [*driver.namespaces()] == ["default", "shop"]

    # At once

    def test_threads_share_a_driver(self, driver: Driver) -> None:
        def work(number: int) -> list[str]:
            name = f"web-{number}"
            for version in range(1, 6):
                created = driver.create(record(name, version, team=name))
                driver.update(created._replace(status="superseded"))
            driver.delete("shop", record_key(name, 1))
            return [each.key for each in driver.query({"team": name, "status": "superseded"})]

        with ThreadPoolExecutor(8) as pool:
            found = [*pool.map(work, range(8))]

        assert found == [[record_key(f"web-{n}", v) for v in range(2, 6)] for n in range(8)]
        assert len([*driver.list()]) == 32

    def test_of_threads_that_create_one_record_one_succeeds(self, driver: Driver) -> None:
        def work(number: int) -> str:
            try:
                return driver.create(record(by=f"{number}")).labels["by"]
            except ReleaseExists:
                return "exists"

        with ThreadPoolExecutor(8) as pool:
            done = [*pool.map(work, range(8))]

        assert done.count("exists") == 7
        assert driver.get("shop", record_key("web", 1)).labels["by"] in done

    def test_of_threads_that_update_one_state_one_succeeds(self, driver: Driver) -> None:
        created = driver.create(record())

        def work(number: int) -> str:
            try:
                return driver.update(created._replace(labels={"by": f"{number}"})).labels["by"]
            except ReleaseConflict:
                return "conflict"

        with ThreadPoolExecutor(8) as pool:
            done = [*pool.map(work, range(8))]

        assert done.count("conflict") == 7
        assert driver.get("shop", record_key("web", 1)).labels["by"] in done

    def test_of_threads_that_delete_one_record_one_succeeds(self, driver: Driver) -> None:
        created = driver.create(record())

        def work(_: int) -> bool:
            try:
                driver.delete("shop", created.key)
            except ReleaseNotFound:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            done = [*pool.map(work, range(8))]

        assert done.count(True) == 1
        assert [*driver.list()] == []

    def test_a_child_and_its_parent_use_a_driver_after_a_fork(self, driver: Driver) -> None:
        driver.create(record())
        key = record_key("web", 1)

        children = [_in_child(lambda: driver.get("shop", key).body.text() == BODY) for _ in "ab"]
        mine = driver.get("shop", key)

        assert [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in children] == [0, 0]
        assert driver.get("shop", key).token == mine.token
        driver.update(mine._replace(status="failed"))

    # Messages

    def test_an_error_does_not_show_the_body(self, driver: Driver) -> None:
        secret = record(text=b"a-secret-value")
        driver.create(secret)

        with pytest.raises(StorageError) as caught:
            driver.create(secret)

        assert "a-secret-value" not in f"{caught.value} {caught.value!r} {secret!r}"
        assert f"{secret!r}" == "<Record shop/sh.helm.release.v1.web.v1>"


def _in_child(check: Callable[[], bool]) -> int:
    """Run a check in a child, and return its process id; it exits with 0 if the check holds."""
    with warnings.catch_warnings():
        # Other threads of a test runner are no concern of the child, which uses none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if check() else 2
        finally:
            os._exit(code)
    return child
