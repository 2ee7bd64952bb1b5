"""Dry runs with the chain: what would be done is shown, and nothing is done."""

import time

import pytest
from helm.hosts import CHAIN, CHARTS, SHOP, Helm
from helm.observed import labelled, objects, record
from servers.kubernetes import Cluster

from postrender import Manifests

# How many objects of the chart are handed to a post-renderer: on Helm 4 hooks and tests too.
RENDERED = {3: 15, 4: 21}


@pytest.fixture(autouse=True)
def chain(host: Helm) -> None:
    host.chain(CHAIN)


@pytest.fixture(autouse=True)
def known(cluster: Cluster) -> None:
    """Let the API server know the chart's own kind: a dry run does not install crds/."""
    served = "/apis/shop.example/v1"
    if cluster.get(served):
        return
    (definition,) = Manifests.parse((CHARTS / "shop" / "crds" / "widgets.yaml").read_bytes())
    definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    cluster.create(definitions, definition.to_dict())
    deadline = time.monotonic() + 20
    while not cluster.get(served):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("where", ["client", "server"])
def test_an_installation(host: Helm, cluster: Cluster, namespace: str, where: str) -> None:
    command = ("install", "shop", SHOP, "-n", namespace, f"--dry-run={where}")

    done = host(*command, *host.flags)

    # Helm 4 warns of crds/ on stderr.
    assert (done.code, done.stderr) == (0, host(*command).stderr)
    assert done.stdout.count('"#payments"') == RENDERED[host.major]
    assert objects(cluster, namespace) == {}
    assert record(cluster, namespace, 1) is None


def test_an_upgrade(host: Helm, cluster: Cluster, namespace: str) -> None:
    command = ("upgrade", "shop", SHOP, "-n", namespace)
    host(*command, "--install")
    before = objects(cluster, namespace)

    done = host(*command, "--set", "greeting=bye", "--dry-run=server", *host.flags)

    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.count('"#payments"') == RENDERED[host.major]
    assert labelled(before) == []
    assert objects(cluster, namespace) == before
    assert record(cluster, namespace, 2) is None


def test_a_secret_can_be_hidden(host: Helm, namespace: str) -> None:
    command = ("install", "shop", SHOP, "-n", namespace, "--dry-run=server", "--hide-secret")

    done = host(*command, *host.flags)

    assert done.code == 0
    assert "# HIDDEN: The Secret output has been suppressed" in done.stdout
    assert "not-a-real-password" not in done.stdout
