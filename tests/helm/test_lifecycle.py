"""A release from its installation to its end, through the chain, on each version of Helm."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import real
from helm.hosts import CHAIN, SHOP, Helm, installed
from helm.observed import Objects, authored, labelled, new_namespace, objects, record
from servers.kubernetes import Cluster
from support import Done

from postrender import Manifests

PLAIN = [
    "ConfigMap/shop-anchors",
    "ConfigMap/shop-crlf",
    "ConfigMap/shop-crlf-too",
    "ConfigMap/shop-duplicate",
    "ConfigMap/shop-json",
    "ConfigMap/shop-list-one",
    "ConfigMap/shop-list-two",
    "ConfigMap/shop-settings",
    "Deployment/shop-web",
    "Role/shop",
    "Secret/shop-login",
    "Service/shop-web",
    "ServiceAccount/shop",
    "StatefulSet/shop-cache",
    "Widget/shop",
]
HOOKS = [
    "ConfigMap/shop-after",
    "ConfigMap/shop-first",
    "ConfigMap/shop-second",
    "ConfigMap/shop-warm",
]
# Helm 3 hands no hooks to a post-renderer.
RENDERED = {3: PLAIN, 4: sorted(PLAIN + HOOKS)}


class Moment(NamedTuple):
    """What a command did, and what the cluster holds after it."""

    done: Done
    objects: Objects
    record: Any


class Life(NamedTuple):
    """A release, after each command."""

    major: int
    bare: Moment  # another release, installed without the renderer
    installed: Moment
    upgraded: Moment
    unrendered: Moment
    rolled_back: Moment
    uninstalled: Moment


@pytest.fixture(scope="module")
def life(
    version: str, tmp_path_factory: pytest.TempPathFactory, plugins: Path, cluster: Cluster
) -> Life:
    root = tmp_path_factory.mktemp("life")
    helm = installed(version, real.helm(version), root, plugins, cluster.kubeconfig)
    helm.chain(CHAIN)
    return live(helm, cluster, new_namespace(cluster), new_namespace(cluster))


def live(helm: Helm, cluster: Cluster, namespace: str, other: str) -> Life:
    def after(revision: int, *command: str, **environment: str) -> Moment:
        done = helm(*command, "-n", namespace, **environment)
        return Moment(done, objects(cluster, namespace), record(cluster, namespace, revision))

    bare = helm("install", "shop", SHOP, "-n", other)
    bye = ("upgrade", "shop", SHOP, "--set", "greeting=bye,replicas=4")
    return Life(
        helm.major,
        Moment(bare, objects(cluster, other), record(cluster, other, 1)),
        after(1, "install", "shop", SHOP, *helm.flags),
        after(2, *bye, *helm.flags),
        after(3, *bye),
        # No renderer is there: what was stored is used again.
        after(4, "rollback", "shop", "2", PATH="/nonexistent", HELM_PLUGINS="/nonexistent"),
        after(4, "uninstall", "shop"),
    )


def test_every_command_succeeds_and_says_nothing_of_us(life: Life) -> None:
    outcomes = [moment.done for moment in life[1:]]

    assert [done.code for done in outcomes] == [0, 0, 0, 0, 0, 0]
    assert [done.stderr for done in outcomes] == ["", "", "", "", "", ""]
    assert "shop says hello.\n" in life.installed.done.stdout


def test_the_cluster_holds_what_it_holds_without_us(life: Life) -> None:
    assert sorted(life.installed.objects) == sorted(PLAIN + HOOKS)
    assert authored(life.installed.objects) == authored(life.bare.objects)


def test_the_chain_reaches_every_object_that_helm_hands_over(life: Life) -> None:
    assert labelled(life.installed.objects) == RENDERED[life.major]
    assert images(life.installed.objects) == {
        "Deployment/shop-web": ["mirror.example/shop:2.0"],
        "StatefulSet/shop-cache": ["mirror.example/cache:7"],
    }


def test_text_of_every_style_arrives_as_the_chart_means_it(life: Life) -> None:
    data = {name: item.get("data") for name, item in life.installed.objects.items()}

    assert data["ConfigMap/shop-settings"] == {
        "clip": "hello\ntwo\n",
        "folded": "one long line that goes on\nand on\n",
        "keep": "one\n\n",
        "last": "final newline\n",
        "octal": "0755",
        "strip": "--- no separator ----\none",
        "switch": "on",
    }
    assert data["ConfigMap/shop-json"] == {"text": "café\n", "yes": "y"}
    assert data["ConfigMap/shop-crlf"] == {"text": "one\ntwo\n"}
    assert data["ConfigMap/shop-anchors"] == {"instance": "shop"}
    assert data["ConfigMap/shop-duplicate"] == {"key": "the last one wins", "other": "1"}
    assert life.installed.objects["Widget/shop"]["spec"] == {"colour": "7", "size": 16}


def test_nothing_of_the_host_reaches_the_cluster_or_the_record(life: Life) -> None:
    for moment in life[2:6]:
        assert "postrenderer.helm.sh" not in json.dumps(moment.objects)
        assert "postrenderer.helm.sh" not in json.dumps(moment.record["manifest"])
        assert "postrenderer.helm.sh" not in json.dumps(moment.record["hooks"])


def test_the_record_holds_what_was_applied(life: Life) -> None:
    manifests = recorded(life.installed.record)
    hooks = life.installed.record["hooks"]

    assert list(manifests) == [
        "ServiceAccount/shop",
        "Secret/shop-login",
        "ConfigMap/shop-crlf",
        "ConfigMap/shop-crlf-too",
        "ConfigMap/shop-duplicate",
        "ConfigMap/shop-json",
        *(["ConfigMap/shop-list-one", "ConfigMap/shop-list-two"] if life.major == 4 else []),
        "ConfigMap/shop-settings",
        "ConfigMap/shop-anchors",
        "Role/shop",
        "Service/shop-web",
        "Deployment/shop-web",
        "StatefulSet/shop-cache",
        # Helm 4 takes a List apart before we see it.
        *(["ConfigMap/shop-list-one", "ConfigMap/shop-list-two"] if life.major == 3 else []),
        "Widget/shop",
    ]
    assert labelled(manifests) == PLAIN
    assert sorted(hook["name"] for hook in hooks) == [
        "shop-after", "shop-answers", "shop-first", "shop-passing", "shop-second", "shop-warm",
    ]  # fmt: skip
    assert ["team: payments" in hook["manifest"] for hook in hooks] == [life.major == 4] * 6
    assert life.installed.record["info"]["status"] == "deployed"


def test_the_record_names_the_template_of_each_document(life: Life) -> None:
    sources = [
        line.removeprefix("# Source: shop/")
        for line in life.installed.record["manifest"].splitlines()
        if line.startswith("# Source: ")
    ]

    assert sorted(set(sources)) == [
        "charts/cache/templates/cache.yaml",
        "templates/crlf.yaml",
        "templates/deployment.yaml",
        "templates/duplicate.yaml",
        "templates/json.yaml",
        "templates/list.yaml",
        "templates/secret.yaml",
        "templates/services.yaml",
        "templates/settings.yaml",
        "templates/widget.yaml",
    ]


def test_an_upgrade_changes_the_chart_and_keeps_the_chain(life: Life) -> None:
    assert life.upgraded.objects["ConfigMap/shop-settings"]["data"]["clip"] == "bye\ntwo\n"
    assert life.upgraded.objects["Deployment/shop-web"]["spec"]["replicas"] == 4
    assert life.upgraded.objects["ConfigMap/shop-after"]["data"] == {"revision": "2"}
    assert labelled(life.upgraded.objects) == RENDERED[life.major]


def test_an_upgrade_without_the_flag_loses_what_the_chain_added(life: Life) -> None:
    # The one hook that an upgrade does not make anew stays as it was.
    assert labelled(life.unrendered.objects) == {3: [], 4: ["ConfigMap/shop-warm"]}[life.major]
    assert images(life.unrendered.objects)["Deployment/shop-web"] == ["registry.example/shop:2.0"]


def test_a_rollback_brings_it_back_without_the_renderer(life: Life) -> None:
    hooks = {3: [], 4: ["ConfigMap/shop-first", "ConfigMap/shop-warm"]}[life.major]

    assert labelled(life.rolled_back.objects) == sorted(PLAIN + hooks)
    assert life.rolled_back.record["manifest"] == life.upgraded.record["manifest"]
    assert life.rolled_back.objects["Deployment/shop-web"]["spec"]["replicas"] == 4


def test_uninstalling_leaves_the_hooks_alone(life: Life) -> None:
    assert sorted(life.uninstalled.objects) == HOOKS
    assert life.uninstalled.record is None


def images(found: Objects) -> dict[str, list[str]]:
    """Return the images in the pod templates."""
    return {
        name: [each["image"] for each in item["spec"]["template"]["spec"]["containers"]]
        for name, item in found.items()
        if "template" in item.get("spec", {})
    }


def recorded(release: Mapping[str, Any]) -> Objects:
    """Return the objects in the manifest of a record, in its order."""
    manifests = Manifests.parse(release["manifest"].encode())
    return {f"{each.kind}/{each.name}": each.to_dict() for each in manifests}
