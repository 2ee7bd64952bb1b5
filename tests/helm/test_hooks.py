"""Hooks through the chain: in which streams they are, and what becomes of them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from helm.hosts import CHAIN, CHARTS, SHOP, Helm
from helm.observed import labelled, objects, path, record
from servers.kubernetes import Cluster

COMPLETE = {
    "status": {
        "startTime": "2026-01-01T00:00:00Z",
        "completionTime": "2026-01-01T00:00:01Z",
        "succeeded": 1,
        "conditions": [
            {"type": "SuccessCriteriaMet", "status": "True"},
            {"type": "Complete", "status": "True"},
        ],
    }
}
SUCCEEDED = {"status": {"phase": "Succeeded"}}

ADDING = """\
- exec: {command: [sh, -c, "cat; cat added.yaml"]}
- labels: {set: {team: payments}}
- annotations: {set: {example.com/on-call: "#payments"}}
"""
ADDED = """\

---
apiVersion: v1
kind: ConfigMap
metadata:
  name: added
  annotations: {note: ours}
"""


def test_a_job_runs_before_the_installation_and_a_test_after_it(
    host: Helm, cluster: Cluster, namespace: str
) -> None:
    host.chain(CHAIN)
    command = ("install", "shop", SHOP, "--set", "migrate=true", "-n", namespace, *host.flags)

    with finishing(cluster, path("Job", namespace, "shop-migrate"), COMPLETE) as seen:
        installed = host(*command, "--timeout", "60s")
    job = seen[0]
    with finishing(cluster, path("Pod", namespace, "shop-answers"), SUCCEEDED) as seen:
        tested = host("test", "shop", "-n", namespace, "--timeout", "60s")
    pod = seen[0]

    team, mirror = {3: (None, "registry"), 4: ("payments", "mirror")}[host.major]
    assert (installed.code, installed.stderr) == (0, "")
    assert job["metadata"].get("labels", {}).get("team") == team
    assert (
        job["spec"]["template"]["spec"]["containers"][0]["image"] == f"{mirror}.example/migrate:1"
    )
    assert (tested.code, tested.stderr) == (0, "")
    assert pod["metadata"].get("labels", {}).get("team") == team
    assert pod["spec"]["containers"][0]["image"] == f"{mirror}.example/curl:8"


def test_a_chart_of_hooks_alone(host: Helm, cluster: Cluster, namespace: str) -> None:
    host.chain(CHAIN)
    chart = str(CHARTS / "hooks-only")

    installed = host("install", "shop", chart, "-n", namespace, *host.flags)
    found = objects(cluster, namespace)
    uninstalled = host("uninstall", "shop", "-n", namespace)

    assert (installed.code, installed.stderr) == (0, "")
    assert list(found) == ["ConfigMap/shop-before"]
    assert labelled(found) == {3: [], 4: ["ConfigMap/shop-before"]}[host.major]
    assert (uninstalled.code, uninstalled.stderr) == (0, "")
    assert list(objects(cluster, namespace)) == ["ConfigMap/shop-before"]


def test_a_chart_of_nothing(host: Helm, cluster: Cluster, namespace: str) -> None:
    host.chain(CHAIN)
    chart = str(CHARTS / "nothing")

    installed = host("install", "shop", chart, "-n", namespace, *host.flags)
    nothing = objects(cluster, namespace)
    upgraded = host("upgrade", "shop", chart, "--set=enabled=true", "-n", namespace, *host.flags)

    assert (installed.code, installed.stderr, nothing) == (0, "", {})
    assert (upgraded.code, upgraded.stderr) == (0, "")
    assert labelled(objects(cluster, namespace)) == ["ConfigMap/shop"]


def test_a_step_can_leave_the_hooks_out_or_take_them_alone(
    host: Helm, cluster: Cluster, namespace: str
) -> None:
    host.chain(
        "- hooks: exclude\n  labels: {set: {part: plain}}\n"
        "- hooks: only\n  labels: {set: {part: hook}}\n"
    )

    host("install", "shop", SHOP, "-n", namespace, *host.flags)

    parts = {
        name: item["metadata"].get("labels", {}).get("part")
        for name, item in objects(cluster, namespace).items()
    }
    hooks = {name for name, part in parts.items() if part != "plain"}
    assert len(parts) == 19
    assert hooks == {
        "ConfigMap/shop-after",
        "ConfigMap/shop-first",
        "ConfigMap/shop-second",
        "ConfigMap/shop-warm",
    }
    assert {parts[name] for name in hooks} == {{3: None, 4: "hook"}[host.major]}


def test_an_object_that_the_chain_adds_belongs_to_the_release(
    host: Helm, cluster: Cluster, namespace: str
) -> None:
    host.chain(ADDING)
    (host.folder / "added.yaml").write_text(ADDED)

    done = host("install", "shop", SHOP, "-n", namespace, *host.flags)
    found = objects(cluster, namespace)
    host("uninstall", "shop", "-n", namespace)

    assert (done.code, done.stderr) == (0, "")
    assert "ConfigMap/added" in labelled(found)
    assert (
        found["ConfigMap/added"]["metadata"]["annotations"]["meta.helm.sh/release-name"] == "shop"
    )
    assert "ConfigMap/added" not in objects(cluster, namespace)


def test_an_object_that_the_chain_adds_as_a_hook_is_one_on_helm_4_alone(
    host: Helm, cluster: Cluster, namespace: str
) -> None:
    host.chain(ADDING)
    (host.folder / "added.yaml").write_text(
        ADDED.replace("note: ours", "helm.sh/hook: post-install")
    )

    done = host("install", "shop", SHOP, "-n", namespace, *host.flags)
    hooks = [hook["name"] for hook in record(cluster, namespace, 1)["hooks"]]
    found = objects(cluster, namespace)
    host("uninstall", "shop", "-n", namespace)

    assert (done.code, done.stderr) == (0, "")
    assert "ConfigMap/added" in labelled(found)
    assert ("added" in hooks) == {3: False, 4: True}[host.major]
    # Helm 3 has installed a plain object, and takes it for a hook when it uninstalls.
    assert "ConfigMap/added" in objects(cluster, namespace)


@contextmanager
def finishing(cluster: Cluster, where: str, status: Any) -> Iterator[list[Any]]:
    """Give an object a status once it is there, as a controller would; collect what it was."""
    seen: list[Any] = []
    ended = threading.Event()

    def finish() -> None:
        while not ended.is_set():
            found = cluster.get(where)
            if found:
                seen.append(found)
                cluster.merge(f"{where}/status", status)
                return
            time.sleep(0.05)

    thread = threading.Thread(target=finish)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()
