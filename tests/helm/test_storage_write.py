"""What we write into each store, each version of Helm goes on with."""

import json

import pytest
from helm.releases import BACKENDS, NOTHING, Store, list_row

from postrender.storage import (
    Bodies,
    Release,
    ReleaseConflict,
    ReleaseNotFound,
    Status,
    Storage,
    Time,
)

MANIFEST = """\
---
# Source: ours/templates/map.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: made
data: {by: us}
"""
BUSY = "another operation (install/upgrade/rollback) is in progress"


def states(storage: Storage, name: str) -> list[tuple[int, str]]:
    """Return the revisions of a release with their statuses, in order."""
    return sorted((each.version, each.status.value) for each in storage.history(name))


def test_a_release_that_we_make_is_one_of_helms(store: Store) -> None:
    made = Release.new(
        "made",
        namespace=store.namespace,
        status=Status.DEPLOYED,
        description="made é <&>",
        first_deployed=Time.now(),
        last_deployed=Time.now(),
        chart={"metadata": {"name": "ours", "version": "1.2.3", "appVersion": "4.5"}},
        manifest=MANIFEST,
        config={"by": "us"},
        labels={"team": "payments"},
    )
    with store.open() as storage:
        stored = storage.create(made)

        assert store.listed("--filter", "^made$") == [list_row(stored)]
        assert store.listed("--selector", "team=payments") == [list_row(stored)]
        assert store.json("get", "values", "made") == {"by": "us"}
        assert store.run("get", "manifest", "made") == f"{MANIFEST}\n"
        (revision,) = store.json("history", "made")
        assert (revision["description"], revision["status"]) == ("made é <&>", "deployed")

        store.run("upgrade", "made", NOTHING, "--set", "enabled=true")
        store.run("rollback", "made", "1")

        assert states(storage, "made") == [(1, "superseded"), (2, "superseded"), (3, "deployed")]
        last = storage.last("made")
        assert (last.manifest, last.config) == (MANIFEST, {"by": "us"})
        assert (last.description, last.labels) == ("Rollback to 1", {"team": "payments"})
        assert last.first_deployed == made.first_deployed

        store.run("uninstall", "made")

        with pytest.raises(ReleaseNotFound):
            storage.last("made")


def test_what_we_change_helm_shows(store: Store) -> None:
    store.run("install", "changed", NOTHING, "--labels", "team=payments")
    with store.open() as storage:
        release = storage.last("changed")
        changed = release.replace(
            status=Status.FAILED,
            description="by us: é <&>",
            notes="look here\n",
            labels={"team": "platform", "tier": "gold"},
        )

        stored = storage.update(changed)

        assert store.listed("--selector", "team=platform,tier=gold") == [list_row(stored)]
        assert store.listed("--selector", "team=payments", "--filter", "^changed$") == []
        (revision,) = store.json("history", "changed")
        assert (revision["description"], revision["status"]) == ("by us: é <&>", "failed")
        assert store.run("get", "notes", "changed") == "NOTES:\nlook here\n\n"

        store.run("upgrade", "changed", NOTHING)

        assert states(storage, "changed") == [(1, "superseded"), (2, "deployed")]
        assert storage.last("changed").labels == {"team": "platform", "tier": "gold"}


def test_what_helm_does_not_know_stays_until_it_writes_the_record_itself(store: Store) -> None:
    store.run("install", "unknown", NOTHING)
    with store.open() as storage:
        release = storage.last("unknown")
        fields = {**release.to_dict(), "apply_method": "csa", "future": {"a": [1, "é"]}}
        storage.update(Release.from_dict(fields))

        again = storage.update(storage.last("unknown").replace(description="ours"))
        assert again.to_dict()["future"] == {"a": [1, "é"]}

        store.run("upgrade", "unknown", NOTHING)

        rewritten = storage.get("unknown", 1).to_dict()
    assert "future" not in rewritten
    assert rewritten["info"]["description"] == "ours"
    # Helm 3 does not know how Helm 4 applied it.
    assert rewritten.get("apply_method") == {3: None, 4: "csa"}[store.helm.major]


def test_a_release_that_we_move_goes_on_in_the_other_store(store: Store) -> None:
    store.run("install", "moved", NOTHING, "--labels", "team=payments", "--set", "enabled=true")
    store.run("upgrade", "moved", NOTHING, "--set", "enabled=true", "--description", "é <&>")
    other = store._replace(backend=BACKENDS[BACKENDS.index(store.backend) - 1])
    assert other.listed("--filter", "^moved$") == []
    before = store.json("history", "moved")
    with store.open() as source, other.open() as target:
        own = {"name": "moved", "owner": "helm"}
        records = list(source.driver.query(own, store.namespace, bodies=Bodies.WHOLE))
        for record in records:
            target.driver.create(record)
        moved = list(target.driver.query(own, store.namespace, bodies=Bodies.WHOLE))

        assert [each.body.text() for each in moved] == [each.body.text() for each in records]
        assert [each.labels for each in moved] == [{"team": "payments"}] * 2
        assert other.json("history", "moved") == before

        for record in records:
            source.driver.delete(record.namespace, record.key)
        other.run("upgrade", "moved", NOTHING)
        other.run("rollback", "moved", "2")

        assert states(target, "moved") == [
            (1, "superseded"),
            (2, "superseded"),
            (3, "superseded"),
            (4, "deployed"),
        ]
        assert target.last("moved").labels == {"team": "payments"}

        other.run("uninstall", "moved")

        assert list(target.driver.query(own, store.namespace)) == []


def test_pruning_leaves_what_helm_would_leave(store: Store) -> None:
    store.run("install", "pruned", NOTHING)
    store.run("upgrade", "pruned", NOTHING)
    assert store("upgrade", "pruned", NOTHING, "--version", "1", "--set", "a=b").code == 0
    with store.open() as storage:
        pruning = Storage(storage.driver, store.namespace, max_history=2)
        last = pruning.last("pruned")

        pruning.create(last.replace(version=4, status=Status.FAILED))

        assert states(storage, "pruned") == [(3, "deployed"), (4, "failed")]
        assert [row["revision"] for row in store.json("history", "pruned")] == [3, 4]
        store.run("upgrade", "pruned", NOTHING, "--history-max", "2")
        assert states(storage, "pruned") == [(3, "superseded"), (5, "deployed")]


def test_a_pending_record_stops_helm_until_it_is_mended(store: Store) -> None:
    store.run("install", "stuck", NOTHING)
    with store.open() as storage:
        release = storage.last("stuck")
        stuck = storage.create(release.replace(version=2, status=Status.PENDING_UPGRADE))

        refused = store("upgrade", "stuck", NOTHING)
        assert refused.code == 1
        assert BUSY in refused.stderr
        assert [each.name for each in storage.list(statuses=[Status.PENDING_UPGRADE])] == ["stuck"]

        storage.update(stuck.replace(status=Status.FAILED, description="mended"))

        store.run("upgrade", "stuck", NOTHING)
        assert states(storage, "stuck") == [(1, "superseded"), (2, "failed"), (3, "deployed")]


def test_of_two_deployed_revisions_both_take_the_higher(store: Store) -> None:
    store.run("install", "double", NOTHING)
    store.run("upgrade", "double", NOTHING)
    with store.open() as storage:
        storage.update(storage.get("double", 1).replace(status=Status.DEPLOYED))

        assert storage.deployed("double").version == 2
        assert sorted(each.version for each in storage.deployed_all("double")) == [1, 2]
        assert [row["revision"] for row in store.listed("--filter", "^double$")] == ["2"]

        store.run("rollback", "double", "1")

        assert states(storage, "double") == [(1, "superseded"), (2, "superseded"), (3, "deployed")]


def test_what_helm_wrote_meanwhile_is_not_overwritten(store: Store) -> None:
    store.run("install", "raced", NOTHING)
    with store.open() as storage:
        read = storage.last("raced")
        store.run("upgrade", "raced", NOTHING)
        theirs = storage.get("raced", 1)

        with pytest.raises(ReleaseConflict):
            storage.update(read.replace(description="late"))

        assert storage.get("raced", 1).json() == theirs.json()
        assert json.loads(theirs.json())["info"]["status"] == "superseded"


def test_helm_sees_what_we_delete(store: Store) -> None:
    store.run("install", "cut", NOTHING)
    store.run("upgrade", "cut", NOTHING)
    with store.open() as storage:
        storage.delete("cut", 2)

    assert [row["revision"] for row in store.json("history", "cut")] == [1]
    assert [row["status"] for row in store.listed("--filter", "^cut$")] == ["superseded"]
