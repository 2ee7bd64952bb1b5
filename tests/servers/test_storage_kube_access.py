"""Who may read and write records in a cluster, and the ways to get there."""

import json
import os
import stat
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from servers.kubernetes import Cluster
from servers.proxy import running_proxy
from servers.storage_kube import running_store, settings
from storage.contract import BODY, places, record

from postrender._errors import (
    ConfigError,
    StorageForbidden,
    StorageUnavailable,
)
from postrender.storage._driver import Bodies
from postrender.storage._kube import SecretDriver
from postrender.storage._settings import EnvSettings

KEY = "sh.helm.release.v1.web.v1"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
READ = ("get", "list")
WRITE = (*READ, "create", "update", "delete")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster with a record in each of two namespaces."""
    with running_store(tmp_path_factory.mktemp("store")) as cluster:
        with SecretDriver.connect(settings(cluster)) as driver:
            driver.create(record())
            driver.create(record(namespace="staging"))
        yield cluster


def allow(store: Cluster, user: str, verbs: tuple[str, ...], namespace: str = "") -> SecretDriver:
    """Allow a user some verbs on Secrets, in a namespace or in all; return a driver of theirs."""
    kind = "Role" if namespace else "ClusterRole"
    where = f"{RBAC}/namespaces/{namespace}" if namespace else RBAC
    rules = [{"apiGroups": [""], "resources": ["secrets"], "verbs": verbs}]
    store.create(f"{where}/{kind.lower()}s", {"metadata": {"name": user}, "rules": rules})
    binding = {
        "metadata": {"name": user},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": user},
        "subjects": [{"kind": "User", "name": user}],
    }
    store.create(f"{where}/{kind.lower()}bindings", binding)
    return SecretDriver.connect(settings(store, kube_as_user=user))


USES: dict[str, Callable[[SecretDriver, str], object]] = {
    "get": lambda driver, namespace: driver.get(namespace, KEY),
    "list": lambda driver, namespace: [*driver.list(namespace)],
    "create": lambda driver, namespace: driver.create(record("new", namespace=namespace)),
    "update": lambda driver, namespace: driver.update(record(namespace=namespace)),
    "delete": lambda driver, namespace: driver.delete(namespace, KEY),
}


@pytest.mark.parametrize("verb", USES)
def test_who_may_nothing_is_forbidden_everything(verb: str, store: Cluster) -> None:
    needed = "get" if verb in {"update", "delete"} else verb  # they read first
    with (
        SecretDriver.connect(settings(store, kube_as_user="nobody")) as driver,
        pytest.raises(StorageForbidden) as caught,
    ):
        USES[verb](driver, "shop")

    assert not isinstance(caught.value, LookupError)
    place = (
        "shop"
        if verb == "list"
        else "shop/" + (KEY if verb != "create" else "sh.helm.release.v1.new.v1")
    )
    assert str(caught.value).startswith(f"{place}: secrets ")
    assert f'User "nobody" cannot {needed} resource "secrets" in API group ""' in str(caught.value)
    assert str(caught.value).endswith(f"; a role must allow to {needed} secrets in namespace shop")
    assert caught.value.exit_code == 4
    assert _as_before(store)


@pytest.mark.parametrize("verb", ["create", "update", "delete"])
def test_who_may_only_read_cannot_write(verb: str, store: Cluster) -> None:
    with allow(store, f"reader-{verb}", READ, "shop") as driver:
        assert driver.get("shop", KEY).body.text() == BODY
        assert places(driver.list("shop", newest=True)) == [("shop", "web", 1)]

        with pytest.raises(StorageForbidden, match=f"a role must allow to {verb} secrets in name"):
            USES[verb](driver, "shop")

    assert _as_before(store)


def test_who_has_one_namespace_has_no_other(store: Cluster) -> None:
    with allow(store, "shopkeeper", WRITE, "shop") as driver:
        driver.create(record("theirs"))
        driver.update(record("theirs", status="failed"))
        driver.delete("shop", "sh.helm.release.v1.theirs.v1")

        with pytest.raises(StorageForbidden, match="list secrets in all namespaces"):
            [*driver.list(bodies=Bodies.NONE)]
        with pytest.raises(StorageForbidden, match="get secrets in namespace staging"):
            driver.get("staging", KEY)

    assert _as_before(store)


def test_who_may_list_but_not_get_has_listings(store: Cluster) -> None:
    with (
        allow(store, "lister", ("list",)) as driver,
        SecretDriver.connect(settings(store)) as admin,
    ):
        admin.update(record(status="superseded"))
        assert places(driver.list(newest=True)) == [("shop", "web", 1), ("staging", "web", 1)]
        admin.update(record())
        with pytest.raises(StorageForbidden):
            driver.get("shop", KEY)


def test_groups_are_acted_as(store: Cluster) -> None:
    acting = settings(store, kube_as_user="nobody", kube_as_groups=("a", "system:masters"))

    with SecretDriver.connect(acting) as driver:
        assert driver.get("shop", KEY).name == "web"


def test_who_may_not_act_as_others_is_forbidden(store: Cluster, tmp_path: Path) -> None:
    issued = "/api/v1/namespaces/default/serviceaccounts"
    store.create(issued, {"metadata": {"name": "robot"}})
    token = store.create(f"{issued}/robot/token", {"spec": {}})["status"]["token"]

    with (
        SecretDriver.connect(settings(store, kube_token=token)) as driver,
        pytest.raises(StorageForbidden, match="system:serviceaccount:default:robot"),
    ):
        driver.get("shop", KEY)
    with (
        SecretDriver.connect(settings(store, kube_token=token, kube_as_user="x")) as driver,
        pytest.raises(StorageForbidden, match="cannot impersonate") as caught,
    ):
        driver.get("shop", KEY)
    assert "role must allow" not in str(caught.value)


def test_a_token_that_is_not_taken_is_not_shown(store: Cluster) -> None:
    with (
        SecretDriver.connect(settings(store, kube_token="a-wrong-token")) as driver,
        pytest.raises(StorageForbidden, match="does not take the credentials") as caught,
    ):
        driver.get("shop", KEY)

    assert "a-wrong-token" not in "".join(traceback.format_exception(caught.value))


# Ways to the cluster


def config(store: Cluster, folder: Path, **changes: Any) -> EnvSettings:
    """Return settings with a kubeconfig that differs from the cluster's in some fields."""
    given = json.loads(store.kubeconfig.read_text())
    given["clusters"][0]["cluster"] |= changes.pop("cluster", {})
    given["users"][0]["user"] = changes.pop("user", given["users"][0]["user"])
    file = folder / "kubeconfig"
    file.write_text(json.dumps(given))
    return EnvSettings(kubeconfig_files=(str(file),), **changes)


def works(settings: EnvSettings) -> bool:
    with SecretDriver.connect(settings) as driver:
        return driver.get("shop", KEY).body.text() == BODY


def test_a_credential_plugin_gives_the_token(store: Cluster, tmp_path: Path) -> None:
    script = tmp_path / "plugin"
    credential = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": store.token},
    }
    script.write_text(f"#!/bin/sh\necho '{json.dumps(credential)}'\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    plugin = {"apiVersion": credential["apiVersion"], "command": "./plugin"}
    user = {"exec": plugin | {"interactiveMode": "Never"}}

    assert works(config(store, tmp_path, user=user))


def test_a_server_whose_authority_is_unknown_is_not_trusted(store: Cluster, tmp_path: Path) -> None:
    settings = config(store, tmp_path, cluster={"certificate-authority": ""})
    bundle = json.loads(Path(settings.kubeconfig_files[0]).read_text())
    del bundle["clusters"][0]["cluster"]["certificate-authority"]
    Path(settings.kubeconfig_files[0]).write_text(json.dumps(bundle))

    for use in ("get", "create"):
        with (
            SecretDriver.connect(settings) as driver,
            pytest.raises(StorageUnavailable, match=r"cannot be trusted: self.signed") as caught,
        ):
            USES[use](driver, "shop")
        assert "may have been made" not in str(caught.value)


def test_an_authority_is_named_by_a_variable(store: Cluster, tmp_path: Path) -> None:
    other = config(store, tmp_path, kube_ca_file=str(store.certificate))

    assert works(other)
    with pytest.raises(ConfigError, match="cannot be read"):
        works(config(store, tmp_path, kube_ca_file=str(tmp_path / "absent")))


def test_a_server_of_another_name_is_trusted_by_its_name(store: Cluster, tmp_path: Path) -> None:
    url = store.url.replace("127.0.0.1", "127.1")  # which is not in the certificate
    with pytest.raises(StorageUnavailable, match="cannot be trusted: Hostname mismatch"):
        works(config(store, tmp_path, kube_api_server=url))

    named = {"cluster": {"server": url, "tls-server-name": "kubernetes.default.svc"}}

    assert works(config(store, tmp_path, kube_api_server=url, kube_tls_server_name="kubernetes"))
    assert works(config(store, tmp_path, **named))


def test_a_server_may_be_trusted_without_proof(store: Cluster, tmp_path: Path) -> None:
    url = store.url.replace("127.0.0.1", "127.1")

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # as `python -W error`
        assert works(
            config(store, tmp_path, kube_api_server=url, kube_insecure_skip_tls_verify=True)
        )


def test_variables_alone_lead_to_the_cluster(store: Cluster, tmp_path: Path) -> None:
    environ = {
        "HOME": str(tmp_path),
        "HELM_KUBEAPISERVER": store.url,
        "HELM_KUBETOKEN": store.token,
        "HELM_KUBECAFILE": str(store.certificate),
    }

    assert works(EnvSettings.from_environ(environ))


def test_a_pod_reaches_its_cluster(
    store: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text(store.token)
    (tmp_path / "ca.crt").write_bytes(store.certificate.read_bytes())
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", store.url.rpartition(":")[2])
    environ = {**os.environ, "KUBECONFIG": str(tmp_path / "absent")}

    assert works(EnvSettings.from_environ(environ, service_account=tmp_path))


def test_a_path_before_the_api_is_kept(store: Cluster, tmp_path: Path) -> None:
    settings = config(store, tmp_path, kube_api_server=f"{store.url}/clusters/a/")

    with pytest.raises(StorageUnavailable, match="the answer 404 is not one of the Kubernetes API"):
        works(settings)


def test_another_port_is_another_server(store: Cluster, tmp_path: Path) -> None:
    with running_proxy(int(store.url.rpartition(":")[2])) as proxy:
        assert works(config(store, tmp_path, kube_api_server=f"https://127.0.0.1:{proxy.port}"))
        assert proxy.connections == 1


def _as_before(store: Cluster) -> bool:
    with SecretDriver.connect(settings(store)) as driver:
        found = [(each.namespace, each.key, each.status) for each in driver.list()]
    return found == [("shop", KEY, "deployed"), ("staging", KEY, "deployed")]
