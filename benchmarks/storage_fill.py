"""Servers filled with release records, which Helm and we find by the same environment."""

import argparse
import json
import os
import ssl
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPSConnection
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from threading import local
from typing import Any, Final
from urllib.parse import urlsplit

sys.path.append(str(Path(__file__).parents[1]))  # behind what is installed
sys.path.append(str(Path(__file__).parents[1] / "tests"))

import real
from servers.kubernetes import Cluster, running_cluster
from servers.postgresql import running_postgresql

from benchmarks.storage_rows import NAMESPACES, Row, Shape, release

FOREIGN: Final = ("HELM_", "KUBE", "PG")
HELM: Final = "4.3.1"  # makes the tables of a database
WRITERS: Final = 4
#: Kubernetes' paths and what Helm makes of the body there
KINDS: Final[dict[str, Callable[[str], dict[str, object]]]] = {
    "secrets": lambda body: {
        "type": "helm.sh/release.v1",
        "data": {"release": b64encode(body.encode()).decode()},
    },
    "configmaps": lambda body: {"data": {"release": body}},
}


@contextmanager
def filled(driver: str, shape: Shape) -> Iterator[Cluster]:
    """Run servers with records, and let the environment name them, for Helm as for us."""
    # Helm asks the API server whether it is there with any driver.
    with tempfile.TemporaryDirectory() as folder, running_cluster(Path(folder)) as cluster:
        variables = {
            "HELM_DRIVER": driver,
            "KUBECONFIG": str(cluster.kubeconfig),
            "KUBECACHEDIR": folder,
            **{f"HELM_{name}_HOME": folder for name in ("CACHE", "CONFIG", "DATA")},
        }
        if driver != "sql":
            with environment(variables):
                fill(shape)
                yield cluster
            return
        with running_postgresql() as database:
            connection = {"HELM_DRIVER_SQL_CONNECTION_STRING": database.url}
            with environment({**variables, **connection}):
                # Any command of Helm makes the tables.
                subprocess.run([real.helm(HELM), "version"], check=True, capture_output=True)
                fill(shape)
                yield cluster


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Change the environment of what is started, until the end of the block."""
    before = dict(os.environ)
    for name in [each for each in before if each.startswith(FOREIGN)]:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def fill(shape: Shape) -> None:
    """Make the records, in a process of its own to keep this one small.

    A process that is forked from a large one counts the large one's memory as its own peak.
    """
    given = [f"--{name}={value}" for name, value in shape._asdict().items()]
    subprocess.run([sys.executable, "-P", __file__, *given], check=True)


def main() -> None:
    """Make the records, with a process for each processor, and store them."""
    parser = argparse.ArgumentParser(description="Fill the store that the environment names.")
    parser.add_argument("--releases", type=int, required=True)
    parser.add_argument("--revisions", type=int, required=True)
    parser.add_argument("--size", required=True)
    shape = Shape(**vars(parser.parse_args()))
    driver = os.environ["HELM_DRIVER"]
    # Not forked: connections to a server would go along.
    with get_context("spawn").Pool() as pool:
        made = pool.imap(partial(release, shape), range(shape.releases), chunksize=4)
        rows = (row for rows in made for row in rows)
        copy(rows) if driver == "sql" else post(f"{driver}s", rows)


def copy(rows: Iterable[Row]) -> None:
    """Put rows into the table of a database, which Helm has made."""
    import psycopg

    columns = "namespace, key, name, version, status, createdat, body, type, owner"
    url = os.environ["HELM_DRIVER_SQL_CONNECTION_STRING"]
    with psycopg.connect(url) as connection:
        with connection.cursor().copy(f"COPY releases_v1 ({columns}) FROM STDIN") as target:
            for row in rows:
                target.write_row((*row, "helm.sh/release.v1", "helm"))
        connection.commit()
        connection.autocommit = True
        # As a database that has been there for a while, and not at a moment of its own.
        connection.execute("VACUUM ANALYZE releases_v1")


def post(plural: str, rows: Iterable[Row]) -> None:
    """Create a Secret or a ConfigMap for each row, through the API server."""
    server = _Server(Path(os.environ["KUBECONFIG"]))
    for number in range(NAMESPACES):
        server.create("/api/v1/namespaces", {"metadata": {"name": f"team-{number}"}})
    with ThreadPoolExecutor(WRITERS) as pool:
        # In portions, as a pool takes in all that it is told at once.
        while portion := list(islice(rows, 200)):
            for _ in pool.map(partial(_post, server, plural), portion):
                pass


def _post(server: "_Server", plural: str, row: Row) -> None:
    labels = {
        "name": row.name,
        "owner": "helm",
        "status": row.status,
        "version": str(row.version),
        "modifiedAt": str(row.created),
    }
    metadata = {"name": row.key, "namespace": row.namespace, "labels": labels}
    body = {"metadata": metadata, **KINDS[plural](row.body)}
    server.create(f"/api/v1/namespaces/{row.namespace}/{plural}", body)


class _Server:
    """An API server, with a connection for each thread."""

    def __init__(self, kubeconfig: Path) -> None:
        config = json.loads(kubeconfig.read_text())
        cluster = config["clusters"][0]["cluster"]
        self._host = urlsplit(cluster["server"]).netloc
        self._token = config["users"][0]["user"]["token"]
        self._context = ssl.create_default_context(cafile=cluster["certificate-authority"])
        self._context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        self._own = local()

    def create(self, path: str, body: dict[str, Any]) -> None:
        if not hasattr(self._own, "connection"):
            self._own.connection = HTTPSConnection(self._host, context=self._context, timeout=60)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        self._own.connection.request("POST", path, json.dumps(body), headers)
        with self._own.connection.getresponse() as response:
            answer = response.read()
        if response.status != HTTPStatus.CREATED:
            raise RuntimeError(answer.decode())


if __name__ == "__main__":
    main()
