"""What each version of Helm writes into each store, we read as Helm itself reads it."""

import json
from typing import NamedTuple

import pytest
from helm.hosts import SHOP
from helm.observed import new_namespace
from helm.releases import (
    HOOKS,
    NOTHING,
    Store,
    history_row,
    hooks,
    list_row,
    notes,
)
from servers.kubernetes import Cluster

NAMES = ["broken", "gone", "hooks", "many", "web"]


class Story(NamedTuple):
    """A store, after many commands of Helm, and another namespace of it."""

    store: Store
    other: str


@pytest.fixture(scope="module")
def story(store: Store, cluster: Cluster) -> Story:
    other = store._replace(namespace=new_namespace(cluster))
    store.run("install", "web", SHOP, "--labels", "team=payments,tier=gold")
    store.run(
        "upgrade", "web", SHOP, "--set", "greeting=é <&>",
        "--labels", "tier=null,mine=yes", "--description", "greet: é <&>",
    )  # fmt: skip
    store.run("rollback", "web", "1")
    assert store("install", "broken", SHOP, "--set", "broken=true").code == 1
    store.run("install", "gone", NOTHING)
    store.run("uninstall", "gone", "--keep-history", "--description", "bye")
    store.run("install", "hooks", HOOKS)
    store.run("install", "many", NOTHING)
    for _ in range(12):
        store.run("upgrade", "many", NOTHING, "--history-max", "10")
    other.run("install", "web", NOTHING, "--labels", "team=other", TZ="Asia/Kolkata")
    return Story(store, other.namespace)


def test_the_list_is_helms(story: Story) -> None:
    with story.store.open() as storage:
        releases = storage.list()
        ours = [list_row(release) for release in releases]

    assert releases.damaged == []
    assert [row["name"] for row in ours] == NAMES
    assert ours == story.store.listed()


def test_the_list_of_all_namespaces_is_helms(story: Story) -> None:
    with story.store.open("") as storage:
        ours = [list_row(release) for release in storage.list()]
        namespaces = list(storage.namespaces())

    assert {story.store.namespace, story.other} <= set(namespaces)
    assert ours == story.store.listed("--all-namespaces", "--max", "0")


def test_the_states_are_helms(story: Story) -> None:
    with story.store.open() as storage:
        ours = {release.name: release.status.value for release in storage.list()}

    assert ours == {
        "broken": "failed",
        "gone": "uninstalled",
        "hooks": "deployed",
        "many": "deployed",
        "web": "deployed",
    }


def test_a_label_selects_the_same_releases(story: Story) -> None:
    with story.store.open() as storage:
        ours = [list_row(each) for each in storage.list(labels={"team": "payments"})]

    assert [row["name"] for row in ours] == ["web"]
    assert ours == story.store.listed("--selector", "team=payments")


def test_labels_are_there_across_namespaces_too(story: Story) -> None:
    # Of a database, Helm itself finds none: https://github.com/helm/helm/issues/32394
    with story.store.open("") as storage:
        ours = [
            (release.namespace, release.labels)
            for release in storage.list()
            if release.name == "web" and release.namespace in (story.store.namespace, story.other)
        ]

    assert sorted(ours) == sorted(
        [
            (story.store.namespace, {"team": "payments", "tier": "gold"}),
            (story.other, {"team": "other"}),
        ]
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_history_is_helms(name: str, story: Story) -> None:
    with story.store.open() as storage:
        ours = [history_row(release) for release in storage.history(name)]

    theirs = story.store.json("history", name)
    assert sorted(ours, key=lambda row: row["revision"]) == theirs


def test_revisions_are_in_the_order_of_numbers(story: Story) -> None:
    with story.store.open() as storage:
        revisions = [release.version for release in storage.history("many")]
        last = storage.last("many").version

    assert sorted(revisions) == list(range(4, 14))
    assert last == 13


def test_labels_are_those_of_each_revision(story: Story) -> None:
    with story.store.open() as storage:
        ours = {release.version: release.labels for release in storage.history("web")}

    assert ours == {
        1: {"team": "payments", "tier": "gold"},
        2: {"team": "payments", "mine": "yes"},
        3: {"team": "payments", "tier": "gold"},
    }


@pytest.mark.parametrize("name", NAMES)
def test_what_a_release_holds_is_what_helm_gets(name: str, story: Story) -> None:
    got = story.store.run
    with story.store.open() as storage:
        release = storage.last(name)

        # Without values Helm prints null.
        assert (release.config or None) == story.store.json("get", "values", name)
        # A pipe that is read as text has no CR LF.
        manifest = release.manifest.replace("\r\n", "\n")
        assert f"{manifest}\n" == got("get", "manifest", name)
        assert hooks(release) == got("get", "hooks", name)
        assert notes(release) == got("get", "notes", name)


@pytest.mark.parametrize("name", NAMES)
def test_the_metadata_is_helms(name: str, story: Story) -> None:
    theirs = story.store.json("get", "metadata", name)
    with story.store.open() as storage:
        release = storage.last(name)
        ours = {
            "name": release.name,
            "chart": release.chart_name,
            "version": release.chart_version,
            "appVersion": release.app_version,
            "namespace": release.namespace,
            "revision": release.version,
            "status": release.status.value,
            "deployedAt": f"{release.last_deployed.text[:19]}Z",
        }
        labels = {**release.labels, **release.record.system_labels()}

        assert {key: theirs[key] for key in ours} == ours
        if story.store.helm.major == 4:
            assert theirs["applyMethod"] == release.apply_method
            # Of Secrets and ConfigMaps Helm shows its own as well.
            assert theirs.get("labels", {}).items() <= labels.items()
            assert theirs.get("labels", {}).keys() >= release.labels.keys()


def test_hooks_tell_when_they_ran(story: Story) -> None:
    with story.store.open() as storage:
        hooks = {hook.name: hook for hook in storage.last("hooks").hooks}

    before = hooks["hooks-before"]
    assert (before.kind, before.events, before.last_run.phase) == (
        "ConfigMap",
        ("pre-install",),
        "Succeeded",
    )
    assert before.last_run.started_at <= before.last_run.completed_at
    assert not hooks["hooks-at-the-end"].last_run.started_at


def test_a_record_encoded_again_has_the_same_json(story: Story) -> None:
    with story.store.open() as storage:
        releases = [each for name in NAMES for each in storage.history(name)]

        assert len(releases) == 16
        for release in releases:
            text = release.json()
            assert json.loads(text)["name"] == release.name
            assert type(release).from_dict(release.to_dict()).json() == text


def test_what_is_deployed_is_what_helm_says(story: Story) -> None:
    with story.store.open() as storage:
        assert storage.deployed("web").version == 3
        assert storage.deployed("many").version == 13
        assert [release.version for release in storage.deployed_all("web")] == [3]
