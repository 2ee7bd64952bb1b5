"""Where a driver finds its cluster, and as whom it asks."""

import json
import logging
import os
import stat
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from storage.answering import Server, answering
from storage.test_kube_answers import KEY, secret

from postrender._errors import ConfigError, StorageForbidden, StorageUnavailable
from postrender.storage._kube import SecretDriver
from postrender.storage._kube._access import log_in
from postrender.storage._kubeconfig import InCluster
from postrender.storage._settings import EnvSettings


@pytest.fixture
def server() -> Iterator[Server]:
    with answering() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


def kubeconfig(path: Path, url: str = "http://127.0.0.1:9", **changes: Any) -> str:
    """Write a kubeconfig with a cluster, a user and a context `a`; return its path."""
    cluster = {"server": url} | changes.pop("cluster", {})
    user = changes.pop("user", {"token": "a-token"})
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "a",
        "clusters": [{"name": "a", "cluster": cluster}],
        "users": [{"name": "a", "user": user}],
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
    }
    path.write_text(json.dumps(config | changes))
    return str(path)


def plugin(folder: Path, body: str) -> dict[str, Any]:
    """Write a credential plugin as a script for a shell, and return the user who has it."""
    script = folder / "plugin"
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    version = "client.authentication.k8s.io/v1"
    return {"exec": {"apiVersion": version, "command": str(script), "interactiveMode": "Never"}}


def credential(**given: str) -> str:
    """Return what a credential plugin prints."""
    kind = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential"}
    return json.dumps(kind | {"status": given})


def asked_as(server: Server, settings: EnvSettings) -> dict[str, list[str]]:
    """Return the headers of a request that say who is asking."""
    server.say(200, secret())
    with SecretDriver.connect(settings) as driver:
        driver.get("shop", KEY)
    headers = server.asked[-1].headers
    return {
        name: values
        for name, values in headers.items()
        if name.startswith(("Authorization", "Impersonate"))
    }


def test_a_kubeconfig_says_where_and_who(server: Server, tmp_path: Path) -> None:
    settings = EnvSettings(kubeconfig_files=(kubeconfig(tmp_path / "config", server.url),))

    assert asked_as(server, settings) == {"Authorization": ["Bearer a-token"]}


def test_a_context_is_chosen(server: Server, tmp_path: Path) -> None:
    path = kubeconfig(
        tmp_path / "config",
        server.url,
        users=[{"name": "a", "user": {"token": "a"}}, {"name": "b", "user": {"token": "b"}}],
        contexts=[
            {"name": "a", "context": {"cluster": "a", "user": "a"}},
            {"name": "other", "context": {"cluster": "a", "user": "b"}},
        ],
    )

    by_default = asked_as(server, EnvSettings(kubeconfig_files=(path,)))
    chosen = asked_as(server, EnvSettings(kubeconfig_files=(path,), kube_context="other"))

    assert by_default["Authorization"] == ["Bearer a"]
    assert chosen["Authorization"] == ["Bearer b"]


def test_of_several_files_the_first_says_the_context(server: Server, tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.write_text("apiVersion: v1\nkind: Config\ncurrent-context: b\n")
    second = kubeconfig(
        tmp_path / "second",
        server.url,
        contexts=[
            {"name": "a", "context": {"cluster": "a", "user": "a"}},
            {"name": "b", "context": {"cluster": "a"}},
        ],
    )

    files = (str(first), str(tmp_path / "absent"), second)

    assert asked_as(server, EnvSettings(kubeconfig_files=files)) == {}


def test_variables_win_over_the_kubeconfig(server: Server, tmp_path: Path) -> None:
    path = kubeconfig(tmp_path / "config", user={"token": "theirs", "as": "them"})
    settings = EnvSettings(
        kubeconfig_files=(path,),
        kube_api_server=server.url + "/",
        kube_token="ours",
        kube_as_user="us",
        kube_as_groups=("ours", "all, of us"),
    )

    assert asked_as(server, settings) == {
        "Authorization": ["Bearer ours"],
        "Impersonate-User": ["us"],
        "Impersonate-Group": ["ours", "all, of us"],
    }


def test_variables_can_do_without_a_kubeconfig(server: Server, tmp_path: Path) -> None:
    settings = EnvSettings(
        kubeconfig_files=(str(tmp_path / "absent"),),
        kube_api_server=server.url.removeprefix("http://"),
        kube_token="ours",
    )

    assert asked_as(server, settings) == {"Authorization": ["Bearer ours"]}


def test_a_kubeconfig_may_say_whom_to_act_as(server: Server, tmp_path: Path) -> None:
    user = {
        "username": "ann",
        "password": "a-password",
        "as": "them",
        "as-uid": "42",
        "as-groups": ["a", "b"],
        "as-user-extra": {"Reason/why": ["x", "y"]},
    }
    settings = EnvSettings(
        kubeconfig_files=(kubeconfig(tmp_path / "config", server.url, user=user),)
    )

    assert asked_as(server, settings) == {
        "Authorization": ["Basic YW5uOmEtcGFzc3dvcmQ="],
        "Impersonate-User": ["them"],
        "Impersonate-Uid": ["42"],
        "Impersonate-Group": ["a", "b"],
        "Impersonate-Extra-Reason%2Fwhy".title(): ["x", "y"],
    }


def test_what_no_request_can_have_is_told_before(tmp_path: Path) -> None:
    files = (kubeconfig(tmp_path / "config"),)

    for token in ("s3c\nret", "s3crét"):
        with (
            SecretDriver.connect(EnvSettings(kubeconfig_files=files, kube_token=token)) as driver,
            pytest.raises(StorageUnavailable, match=r"for the cluster: the token is none;"),
        ):
            driver.get("shop", KEY)
    with pytest.raises(ConfigError, match="what to act as cannot be named in a request"):
        log_in(EnvSettings(kubeconfig_files=files, kube_as_user="a\nb"))


def test_names_are_sent_in_utf_8(server: Server, tmp_path: Path) -> None:
    files = (kubeconfig(tmp_path / "config", server.url),)

    headers = asked_as(server, EnvSettings(kubeconfig_files=files, kube_as_user="Zoë ✓"))

    assert headers["Impersonate-User"][0].encode("latin-1").decode() == "Zoë ✓"


# Credential plugins


def test_a_credential_plugin_is_run(server: Server, tmp_path: Path) -> None:
    user = plugin(tmp_path, f"echo '{credential(token='fresh')}'")
    path = kubeconfig(tmp_path / "config", server.url, user=user)

    headers = asked_as(server, EnvSettings(kubeconfig_files=(path,)))

    assert headers == {"Authorization": ["Bearer fresh"]}


def test_a_token_that_expires_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    count = f"echo x >> {tmp_path}/runs; n=$(wc -l < {tmp_path}/runs)"
    told = credential(token="t'$n'", expirationTimestamp="2020-01-01T00:00:00Z")
    path = kubeconfig(
        tmp_path / "config", server.url, user=plugin(tmp_path, f"{count}\necho '{told}'")
    )
    with SecretDriver.connect(EnvSettings(kubeconfig_files=(path,))) as driver:
        for _ in range(2):
            server.say(200, secret())
            driver.get("shop", KEY)

    first, second = (each.headers["Authorization"][0] for each in server.asked)
    assert first != second


def test_a_token_that_is_not_taken_any_more_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("old")
    user = {"tokenFile": "token"}
    path = kubeconfig(tmp_path / "config", server.url, user=user)
    with SecretDriver.connect(EnvSettings(kubeconfig_files=(path,))) as driver:
        (tmp_path / "token").write_text("new\n")
        server.refuse(401, "Unauthorized")
        server.say(200, secret())
        driver.get("shop", KEY)
        server.refuse(401, "Unauthorized")

        with pytest.raises(StorageForbidden):
            driver.get("shop", KEY)

    tokens = [each.headers["Authorization"] for each in server.asked]
    assert tokens == [["Bearer old"], ["Bearer new"], ["Bearer new"]]


def test_threads_whose_token_is_not_taken_log_in_once(server: Server, tmp_path: Path) -> None:
    user = plugin(tmp_path, f"echo x >> {tmp_path}/runs; echo '{credential(token='TOKEN')}'")
    script = tmp_path / "plugin"
    script.write_text(script.read_text().replace("TOKEN", "t'$(wc -l < " + f"{tmp_path}/runs)'"))
    path = kubeconfig(tmp_path / "config", server.url, user=user)
    with SecretDriver.connect(EnvSettings(kubeconfig_files=(path,))) as driver:
        server.together = threading.Barrier(2)
        for _ in range(2):
            server.refuse(401, "Unauthorized")
        for _ in range(2):
            server.say(200, secret())
        with ThreadPoolExecutor(2) as pool:
            found = [*pool.map(lambda _: driver.get("shop", KEY).name, range(2))]

    assert found == ["web", "web"]
    assert (tmp_path / "runs").read_text().count("x") == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("echo no luck >&2; exit 1", "exec: process returned 1. no luck"),
        ("echo '{'", "exec: failed to decode process output"),
        ("echo '{}'", "exec: malformed response. missing key 'apiVersion'"),
        (f"echo '{credential()}'", "exec: missing token or clientCertificateData"),
    ],
)
def test_a_credential_plugin_that_fails_is_told(
    body: str, message: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = kubeconfig(tmp_path / "config", user=plugin(tmp_path, body))
    handlers = [*logging.getLogger().handlers]

    with pytest.raises(StorageUnavailable) as caught:
        log_in(EnvSettings(kubeconfig_files=(path,)))

    assert str(caught.value).startswith(f"there are no credentials for the cluster: {message}")
    assert "\n" not in str(caught.value)
    assert logging.getLogger().handlers == handlers
    assert capfd.readouterr() == ("", "")


def test_what_others_log_meanwhile_is_not_the_plugins(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path / "config", user=plugin(tmp_path, "sleep 0.5; exit 1"))
    threading.Timer(0.2, logging.error, ["something else"]).start()

    with pytest.raises(StorageUnavailable, match="exec: process returned 1;"):
        log_in(EnvSettings(kubeconfig_files=(path,)))


def test_a_credential_plugin_may_fail_where_a_token_is_given(
    server: Server, tmp_path: Path
) -> None:
    path = kubeconfig(tmp_path / "config", server.url, user=plugin(tmp_path, "exit 1"))

    headers = asked_as(server, EnvSettings(kubeconfig_files=(path,), kube_token="ours"))

    assert headers == {"Authorization": ["Bearer ours"]}


def test_a_credential_plugin_that_fails_later_is_told(server: Server, tmp_path: Path) -> None:
    told = credential(token="t", expirationTimestamp="2020-01-01T00:00:00Z")
    body = f"test -e {tmp_path}/run && exit 7; touch {tmp_path}/run; echo '{told}'"
    path = kubeconfig(tmp_path / "config", server.url, user=plugin(tmp_path, body))

    with (
        SecretDriver.connect(EnvSettings(kubeconfig_files=(path,))) as driver,
        pytest.raises(StorageUnavailable, match="exec: process returned 7"),
    ):
        driver.get("shop", KEY)

    assert server.asked == []


# Pods


def pod(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> InCluster:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "::1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "6443")
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return InCluster(folder)


def test_a_pod_has_its_own_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = EnvSettings(in_cluster=pod(tmp_path, monkeypatch, token="pods", ca_crt="x"))

    login = log_in(settings)

    assert login.server == "https://[::1]:6443"
    assert login.headers() == [("Authorization", "bearer pods")]
    assert login.configuration.ssl_ca_cert == str(tmp_path / "ca.crt")


def test_a_pod_without_an_authority_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = EnvSettings(in_cluster=pod(tmp_path, monkeypatch, token="pods"))

    with pytest.raises(ConfigError) as caught:
        log_in(settings)

    said = "this pod cannot log in: Service certification file does not exist"
    assert str(caught.value) == f"{tmp_path}: {said}"


def test_a_kubeconfig_wins_over_a_pod(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = EnvSettings(
        kubeconfig_files=(kubeconfig(tmp_path / "config", server.url),),
        in_cluster=pod(tmp_path, monkeypatch, token="pods", ca_crt="x"),
    )

    assert asked_as(server, settings) == {"Authorization": ["Bearer a-token"]}


def test_where_credentials_cannot_be_had_again_the_refusal_stands(
    server: Server, tmp_path: Path
) -> None:
    path = kubeconfig(tmp_path / "config", server.url)
    with SecretDriver.connect(EnvSettings(kubeconfig_files=(path,))) as driver:
        Path(path).unlink()
        server.refuse(401, "Unauthorized")

        with pytest.raises(StorageForbidden, match="does not take the credentials"):
            driver.get("shop", KEY)


def test_a_provider_that_fails_later_is_told(server: Server, tmp_path: Path) -> None:
    expiry = datetime.now(tz=UTC) + timedelta(minutes=5, seconds=1)
    config = {"access-token": "a", "expiry": expiry.isoformat(), "cmd-path": "false"}
    user = {"auth-provider": {"name": "gcp", "config": config}}
    path = kubeconfig(tmp_path / "config", server.url, user=user)
    login = log_in(EnvSettings(kubeconfig_files=(path,)))
    assert login.headers() == [("Authorization", "Bearer a")]
    time.sleep(1.1)  # now it is so close to its end that a new one is asked for

    with pytest.raises(StorageUnavailable, match="no credentials for the cluster: ConfigException"):
        login.headers()


# What cannot be used


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [s3cret", "the kubeconfig cannot be used: ParserError"),
        ("- s3cret", "the kubeconfig cannot be used: TypeError"),
        ("", "the kubeconfig cannot be used: Invalid kube-config. FILE file is empty"),
        (
            '{"current-context": "b", "users": [{"name": "a", "user": {"token": "s3cret"}}]}',
            "the kubeconfig cannot be used: Invalid kube-config file. Expected object with name b "
            "in FILE/contexts list",
        ),
        (
            '{"current-context": "a", "contexts": [{"name": "a", "token": "s3cret"}]}',
            "the kubeconfig cannot be used: Invalid kube-config file. Expected key context in FILE",
        ),
        (
            '{"current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "a"}}], '
            '"clusters": [{"name": "a", "cluster": {"server": "ftp://s3cret"}}]}',
            "the address of the API server is none that can be reached",
        ),
        (
            '{"current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "a"}}], '
            '"clusters": [{"name": "a", "cluster": {"server": "http://a:s3cret"}}]}',
            "the address of the API server is none that can be reached",
        ),
    ],
)
def test_a_malformed_kubeconfig_is_told_without_what_it_says(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "config"
    path.write_text(text)

    with pytest.raises(ConfigError) as caught:
        log_in(EnvSettings(kubeconfig_files=(str(path),)))

    assert str(caught.value) == message.replace("FILE", str(path))
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


def test_files_that_are_not_there_are_told(tmp_path: Path) -> None:
    path = kubeconfig(
        tmp_path / "config",
        "https://127.0.0.1:9",
        cluster={"certificate-authority": "absent.crt"},
    )
    named = kubeconfig(tmp_path / "named")
    unreadable = tmp_path / "folder"
    unreadable.mkdir()

    with pytest.raises(ConfigError, match=rf"{tmp_path}/absent\.crt"):
        log_in(EnvSettings(kubeconfig_files=(path,)))
    with pytest.raises(ConfigError, match=r"^/absent: cannot be read$"):
        log_in(EnvSettings(kubeconfig_files=(named,), kube_ca_file="/absent"))
    with pytest.raises(ConfigError, match=rf"^{unreadable}: cannot be read: Is a directory$"):
        log_in(EnvSettings(kubeconfig_files=(str(unreadable),)))


def test_without_any_cluster_the_way_to_one_is_told(tmp_path: Path) -> None:
    absent = (str(tmp_path / "absent"),)
    empty = InCluster(tmp_path)

    for settings in (
        EnvSettings(kubeconfig_files=absent),
        EnvSettings(kubeconfig_files=absent, in_cluster=empty),
    ):
        with pytest.raises(ConfigError, match="there is no kubeconfig, and this is no pod"):
            log_in(settings)
    with pytest.raises(ConfigError, match="there is no kubeconfig with the context a"):
        log_in(EnvSettings(kubeconfig_files=absent, kube_context="a"))


def test_without_the_client_what_to_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kubernetes.client", None)

    with pytest.raises(ConfigError, match=r"install postrender\[kubernetes\]"):
        log_in(EnvSettings())


def test_an_address_is_shown_without_its_password(tmp_path: Path) -> None:
    path = kubeconfig(tmp_path / "config", "http://ann:s3cret@127.0.0.1:9/base/")

    with (
        SecretDriver.connect(EnvSettings(kubeconfig_files=(path,))) as driver,
        pytest.raises(StorageUnavailable, match=r"http://127\.0\.0\.1:9/base cannot be") as caught,
    ):
        driver.get("shop", KEY)

    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


# Proxies


def test_a_proxy_is_used(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("NO_PROXY", "no-such-host.invalid")
    by_variable = kubeconfig(tmp_path / "a", "http://far.example")
    excepted = kubeconfig(tmp_path / "b", "http://no-such-host.invalid")

    asked_as(server, EnvSettings(kubeconfig_files=(by_variable,)))
    with (
        SecretDriver.connect(EnvSettings(kubeconfig_files=(excepted,))) as driver,
        pytest.raises(StorageUnavailable, match=r"http://no-such-host\.invalid cannot be reached"),
    ):
        driver.get("shop", KEY)

    assert [each.path for each in server.asked] == [
        f"http://far.example/api/v1/namespaces/shop/secrets/{KEY}"
    ]


def test_a_proxy_of_the_kubeconfig_wins(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "*")
    named = {"proxy-url": server.url}
    path = kubeconfig(tmp_path / "b", "http://far.example", cluster=named)

    asked_as(server, EnvSettings(kubeconfig_files=(path,)))

    assert server.asked[0].path.startswith("http://far.example/api/v1/")


def test_the_environment_puts_no_proxy_before_this_machine(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    port = server.url.rpartition(":")[2]

    for host in ("127.0.0.1", "localhost"):
        path = kubeconfig(tmp_path / host, f"http://{host}:{port}")
        assert asked_as(server, EnvSettings(kubeconfig_files=(path,)))


def test_a_proxy_is_logged_in_to(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = server.url.removeprefix("http://")
    path = kubeconfig(tmp_path / "a", "http://far.example")
    for proxy in (f"http://ann:p%40ss%E2%9C%93@{host}", f"ann@{host}"):  # also without a scheme
        monkeypatch.setenv("HTTP_PROXY", proxy)
        asked_as(server, EnvSettings(kubeconfig_files=(path,)))

    assert [each.headers["Proxy-Authorization"] for each in server.asked] == [
        ["Basic YW5uOnBAc3PinJM="],
        ["Basic YW5uOg=="],
    ]


@pytest.mark.parametrize(
    "proxy", ["http://ann:s3cret@far:99999", "http://ann:s3cret@[far", "ftp://ann:s3cret@far"]
)
def test_an_address_that_is_no_proxys_is_told_without_its_password(
    proxy: str, tmp_path: Path
) -> None:
    path = kubeconfig(tmp_path / "a", cluster={"proxy-url": proxy})

    with pytest.raises(ConfigError) as caught:
        log_in(EnvSettings(kubeconfig_files=(path,)))

    assert str(caught.value) == "the address of the proxy is none that can be reached"
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


def test_a_proxy_of_socks_needs_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "socks", None)
    monkeypatch.delitem(sys.modules, "urllib3.contrib.socks", raising=False)
    path = kubeconfig(tmp_path / "a", cluster={"proxy-url": "socks5://ann:s3cret@127.0.0.1:9"})

    with (
        SecretDriver.connect(EnvSettings(kubeconfig_files=(path,))) as driver,
        pytest.warns(match="SOCKS support"),  # by urllib3, which then raises an ImportError
        pytest.raises(ConfigError, match="a SOCKS proxy needs the package PySocks") as caught,
    ):
        driver.get("shop", KEY)

    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


def test_a_proxy_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://ann:s3cret@127.0.0.1:9")
    settings = EnvSettings(kubeconfig_files=(kubeconfig(tmp_path / "a", "https://far.example"),))

    with (
        SecretDriver.connect(settings) as driver,
        pytest.raises(StorageUnavailable, match="cannot be reached: connection refused") as caught,
    ):
        driver.get("shop", KEY)

    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
