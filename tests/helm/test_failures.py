"""What fails, or is killed, while a release is made: nothing of ours is left half done."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from helm.hosts import CHAIN, FAILING, SHOP, Helm
from helm.observed import labelled, objects, record
from servers.kubernetes import Cluster

MESSAGE = "postrender: error: step 1 (mirrors: exec): sh exited with code 7: out of mirrors\n"
BY_HELM_4 = 'failed to invoke post-renderer plugin "postrender": plugin "postrender" exited with'

# The program tells its own number and that of who started it, and never ends.
WAITING = """\
- exec: {command: [sh, -c, "echo $$ $PPID > pids.new; mv pids.new pids; exec sleep 600"]}
"""


def test_a_failing_step_leaves_no_trace_of_an_installation(
    host: Helm, cluster: Cluster, namespace: str
) -> None:
    host.chain(FAILING)

    done = host("install", "shop", SHOP, "-n", namespace, *host.flags)

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: INSTALLATION FAILED: error while running post render on")
    assert {3: MESSAGE, 4: BY_HELM_4}[host.major] in done.stderr
    assert objects(cluster, namespace) == {}
    assert record(cluster, namespace, 1) is None


def test_a_failing_step_leaves_a_release_as_it_is(
    host: Helm, cluster: Cluster, namespace: str
) -> None:
    host.chain(CHAIN)
    command = ("upgrade", "shop", SHOP, "-n", namespace, *host.flags)
    host(*command, "--install")
    before = objects(cluster, namespace), record(cluster, namespace, 1)
    host.chain(FAILING)

    done = host(*command, "--set", "greeting=bye")

    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: UPGRADE FAILED: error while running post render on files")
    assert {3: MESSAGE, 4: BY_HELM_4}[host.major] in done.stderr
    assert (objects(cluster, namespace), record(cluster, namespace, 1)) == before
    assert record(cluster, namespace, 2) is None

    host.chain(CHAIN)
    assert host(*command, "--set", "greeting=bye").code == 0
    assert record(cluster, namespace, 2)["info"]["status"] == "deployed"


def test_what_the_server_refuses_fails_as_it_does_without_us(
    host: Helm, cluster: Cluster, namespace: str
) -> None:
    host.chain(CHAIN)

    done = host("install", "shop", SHOP, "-n", namespace, "--set", "broken=true", *host.flags)

    assert done.code == 1
    assert '"Not_A_Name"' in done.stderr
    assert record(cluster, namespace, 1)["info"]["status"] == "failed"
    assert "team: payments" in record(cluster, namespace, 1)["manifest"]
    assert "ConfigMap/shop-settings" in labelled(objects(cluster, namespace))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
def test_a_renderer_that_is_killed_makes_helm_fail_and_leaves_no_file(
    host: Helm, cluster: Cluster, namespace: str, number: signal.Signals
) -> None:
    host.chain(WAITING)
    before = host.files()
    pids = host.folder / "pids"

    command = ("install", "shop", SHOP, "-n", namespace, *host.flags)
    with host.start(*command, POSTRENDER_STATE="off") as helm:
        program, postrender = wait_for(pids)
        os.kill(postrender, number)
        stdout, stderr = helm.communicate(timeout=20)
    pids.unlink()

    assert (helm.returncode, stdout) == (1, "")
    assert stderr.startswith("Error: INSTALLATION FAILED: error while running post render on files")
    assert host.files() == before
    assert objects(cluster, namespace) == {}
    assert record(cluster, namespace, 1) is None
    # Its own program goes with it, unless nobody was left to end that.
    assert stop(program) is (number == signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
def test_a_killed_run_leaves_no_half_a_report(host: Helm, number: signal.Signals) -> None:
    host.chain(WAITING)

    with host.start("template", "shop", SHOP, *host.flags) as helm:
        program, postrender = wait_for(host.folder / "pids")
        os.kill(postrender, number)
        helm.communicate(timeout=20)
    stop(program)

    reports = [path for path in host.files() if "/reports/" in path]
    assert all(path.endswith(".json") for path in reports)
    shown = subprocess.run(
        [host.folder.parent / "bin" / "postrender", "report", "--list"],
        env=host.environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in shown.stderr


def wait_for(path: Path) -> list[int]:
    """Return the numbers in a file, once it is there."""
    deadline = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [int(word) for word in path.read_text().split()]


def stop(program: int) -> bool:
    """End a process; return whether it was still there."""
    try:
        os.kill(program, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
