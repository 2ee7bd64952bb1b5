"""A Kubernetes API server with etcd: objects are stored, and no controller looks at them."""

import json
import secrets
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import real
from servers.process import Command, Server, free_ports, running


class Cluster(NamedTuple):
    """Where an API server is, and who is allowed everything there."""

    url: str
    token: str
    certificate: Path
    kubeconfig: Path
    etcd: str  #: its address
    #: `apiserver` and `etcd`, for tests that break them
    servers: Mapping[str, Server] = {}

    def get(self, path: str) -> Any:
        """Return what is at *path*, such as /api/v1/namespaces; None where nothing is."""
        return self._call("GET", path)

    def create(self, path: str, body: object) -> Any:
        """Create an object in the collection *path*, and return it."""
        return self._call("POST", path, body)

    def merge(self, path: str, patch: object) -> Any:
        """Patch the object at *path* (RFC 7386), and return it."""
        return self._call("PATCH", path, patch)

    def delete(self, path: str) -> None:
        """Delete the object at *path*, or those of a collection that a query selects."""
        self._call("DELETE", path)

    def _call(self, method: str, path: str, body: object = None) -> Any:
        kind = "merge-patch+json" if method == "PATCH" else "json"
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": f"application/{kind}",
        }
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, headers, method=method)
        status, text = self._answer(request)
        # It is ready before all its caches are, and then asks to come again.
        while status == 429:
            time.sleep(0.1)
            status, text = self._answer(request)
        if method == "GET" and status == 404:
            return None
        if status >= 400:
            raise RuntimeError(text.decode())
        return json.loads(text) if text.startswith(b"{") else text.decode()

    def _answer(self, request: Request) -> tuple[int, bytes]:
        try:
            with urlopen(request, context=_trusting(self.certificate), timeout=30) as response:
                return response.status, response.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()


@contextmanager
def running_cluster(folder: Path, *arguments: str) -> Iterator[Cluster]:
    """Run an API server in an empty *folder*; skip the test where the programs are not there.

    More *arguments* are those of kube-apiserver.
    """
    # Both first: what is missing is to be told before anything is started.
    apiserver, etcd = real.kube_apiserver(), real.etcd()
    etcd_port, peer_port, port = free_ports(3)
    with (
        _etcd(etcd, folder, etcd_port, peer_port) as (storage, keeper),
        _apiserver([apiserver, *arguments], folder, storage, port) as (cluster, server),
    ):
        yield cluster._replace(servers={"apiserver": server, "etcd": keeper})


@contextmanager
def _etcd(program: str, folder: Path, port: int, peer_port: int) -> Iterator[tuple[str, Server]]:
    url, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
    command: Command = [
        program, "--data-dir", folder / "etcd", "--unsafe-no-fsync",
        "--listen-client-urls", url, "--advertise-client-urls", url,
        "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
        "--initial-cluster", f"default={peer}",
    ]  # fmt: skip
    ready = Request(f"{url}/health")
    with running(command, folder / "etcd.log", lambda: _answers(ready)) as server:
        yield url, server


@contextmanager
def _apiserver(
    program: list[str], folder: Path, storage: str, port: int
) -> Iterator[tuple[Cluster, Server]]:
    keys, tokens, certificates = folder / "sa.key", folder / "tokens.csv", folder / "certificates"
    cluster = Cluster(
        f"https://127.0.0.1:{port}", secrets.token_hex(), certificates / "apiserver.crt",
        folder / "kubeconfig", storage,
    )  # fmt: skip
    keys.write_text(_private_key())
    tokens.write_text(f'{cluster.token},admin,1,"system:masters"\n')
    command = [
        *program, f"--etcd-servers={storage}", f"--secure-port={port}",
        f"--cert-dir={certificates}",
        "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={keys}", f"--service-account-signing-key-file={keys}",
        f"--token-auth-file={tokens}", "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/24", "--allow-privileged=true",
        # It would wait for service accounts that no controller makes.
        "--disable-admission-plugins=ServiceAccount",
    ]  # fmt: skip
    ready = Request(f"{cluster.url}/readyz", headers={"Authorization": f"Bearer {cluster.token}"})
    with running(
        command, folder / "kube-apiserver.log", lambda: _answers(ready, cluster.certificate)
    ) as server:
        cluster.kubeconfig.write_text(_kubeconfig(cluster))
        yield cluster, server


def _private_key() -> str:
    """Return a new key on the curve P-256 (RFC 5915), which needs nothing but a random number."""
    # A sequence of version 1, the number's 32 bytes, and the curve's name.
    der = bytes.fromhex("303102010104 20") + secrets.token_bytes(32)
    der += bytes.fromhex("a00a06082a8648ce3d030107")
    return (
        f"-----BEGIN EC PRIVATE KEY-----\n{b64encode(der).decode()}\n-----END EC PRIVATE KEY-----\n"
    )


def _answers(request: Request, certificate: Path | None = None) -> bool:
    try:
        context = _trusting(certificate) if certificate else None
        with urlopen(request, context=context, timeout=10) as response:
            return bool(response.status == 200)
    except (OSError, HTTPException):  # not yet there, not yet ready, no certificate yet
        return False


def _trusting(certificate: Path) -> ssl.SSLContext:
    """Trust the certificate that the server made for itself."""
    context = ssl.create_default_context(cafile=certificate)
    # It has no identifier of its authority's key, which Python 3.13 and later insist on.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _kubeconfig(cluster: Cluster) -> str:
    name = "test"
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": name,
                    "cluster": {
                        "server": cluster.url,
                        "certificate-authority": str(cluster.certificate),
                    },
                }
            ],
            "users": [{"name": name, "user": {"token": cluster.token}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
        }
    )
