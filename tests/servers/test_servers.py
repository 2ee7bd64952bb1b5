"""The servers start, answer, and end with whoever started them."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from servers.kubernetes import running_cluster
from servers.postgresql import running_postgresql
from servers.process import GUARD, free_ports, running

MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}


def test_an_api_server_keeps_objects(tmp_path: Path) -> None:
    with running_cluster(tmp_path) as cluster:
        maps = "/api/v1/namespaces/default/configmaps"
        cluster.create(maps, MAP)
        cluster.merge(f"{maps}/a", {"data": {"b": "c"}})

        assert cluster.get("/version")["gitVersion"] == "v1.36.3"
        assert cluster.get(f"{maps}/a")["data"] == {"b": "c"}
        assert cluster.get(f"{maps}/z") is None
        with pytest.raises(RuntimeError, match='"reason":"AlreadyExists"'):
            cluster.create(maps, MAP)


def test_postgresql_answers() -> None:
    with running_postgresql() as database:
        assert database.query("select 1") == "1"


def test_a_server_that_does_not_start_is_told_with_what_it_said(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo no; exit 1"]

    with (
        pytest.raises(RuntimeError, match="sh does not start: no"),
        running(command, tmp_path / "log", lambda: False),
    ):
        pass


def test_a_server_ends_with_tests_that_are_killed() -> None:
    (port,) = free_ports(1)
    server = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]
    tests = f"""
import subprocess, time
guard = subprocess.Popen({[sys.executable, str(GUARD), *server]}, stdin=subprocess.PIPE)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", tests], stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: listens(port))
        process.kill()

    wait_until(lambda: not listens(port))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
    except ConnectionRefusedError:
        return False
    return True
