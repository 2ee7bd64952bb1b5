"""What the answers of an API server, and of others that stand before it, mean to a driver."""

import logging
import socket
import threading
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from storage.answering import Answer, Server, answering, status
from storage.contract import BODY, record

from postrender._errors import (
    RecordTooLarge,
    ReleaseConflict,
    ReleaseExists,
    ReleaseNotFound,
    StorageError,
    StorageForbidden,
    StorageUnavailable,
)
from postrender.storage._driver import Bodies
from postrender.storage._kube import SecretDriver
from postrender.storage._kube._connection import Connection
from postrender.storage._settings import EnvSettings

KEY = "sh.helm.release.v1.web.v1"
RBAC = (
    'secrets is forbidden: User "ann" cannot list resource "secrets" in API group "" '
    "at the cluster scope"
)

Use = Callable[[SecretDriver], object]


def secret(version: int = 1, token: str = "7", text: bytes = BODY) -> dict[str, Any]:
    """Return a record as the API server gives it."""
    labels = {"name": "web", "owner": "helm", "status": "deployed", "version": str(version)}
    return {
        "kind": "Secret",
        "apiVersion": "v1",
        "metadata": {
            "name": f"sh.helm.release.v1.web.v{version}",
            "namespace": "shop",
            "uid": "a",
            "resourceVersion": token,
            "labels": labels,
        },
        "data": {"release": b64encode(text).decode()},
        "type": "helm.sh/release.v1",
    }


def listed(*items: object, more: str = "") -> dict[str, Any]:
    """Return a page of a list."""
    metadata = {"resourceVersion": "9"} | ({"continue": more} if more else {})
    return {"kind": "SecretList", "apiVersion": "v1", "metadata": metadata, "items": items}


@pytest.fixture
def server() -> Iterator[Server]:
    with answering() as server:
        yield server


@pytest.fixture
def driver(server: Server) -> Iterator[SecretDriver]:
    settings = EnvSettings(kube_api_server=server.url, kube_token="a-token")
    with SecretDriver(Connection.open(settings, timeout=5, patience=3), page=2) as driver:
        yield driver


def get(driver: SecretDriver) -> object:
    return driver.get("shop", KEY)


def list_(driver: SecretDriver) -> object:
    return [*driver.list()]


def create(driver: SecretDriver) -> object:
    return driver.create(record())


def update(driver: SecretDriver) -> object:
    return driver.update(record())


def delete(driver: SecretDriver) -> object:
    return driver.delete("shop", KEY)


@pytest.mark.parametrize(
    ("use", "told", "error", "message"),
    [
        (
            create,
            status(409, "AlreadyExists", 'secrets "a" already exists'),
            ReleaseExists,
            f"shop/{KEY}: there is a record of this key already",
        ),
        (
            get,
            status(404, "NotFound", f'secrets "{KEY}" not found', name=KEY, kind="secrets"),
            ReleaseNotFound,
            f"shop/{KEY}: there is no such record",
        ),
        (
            create,
            status(404, "NotFound", 'namespaces "shop" not found', name="shop", kind="namespaces"),
            StorageError,
            f"shop/{KEY}: there is no namespace shop; create it first",
        ),
        (
            get,
            status(404, "NotFound", "the server could not find the requested resource"),
            StorageUnavailable,
            f"shop/{KEY}: the server has no secrets; look at its address, which is no cluster's",
        ),
        (
            list_,
            status(403, "Forbidden", RBAC, kind="secrets"),
            StorageForbidden,
            f"{RBAC}; a role must allow to list secrets in all namespaces",
        ),
        (
            create,
            status(403, "Forbidden", "exceeded quota: few", kind="secrets"),
            StorageForbidden,
            f"shop/{KEY}: exceeded quota: few",
        ),
        (
            create,
            status(
                403, "Forbidden", "unable to create", causes=[{"reason": "NamespaceTerminating"}]
            ),
            StorageError,
            f"shop/{KEY}: the namespace shop is being deleted",
        ),
        (
            list_,
            status(401, "Unauthorized", "Unauthorized"),
            StorageForbidden,
            "the API server does not take the credentials; log in again, or look at the user of "
            "the kubeconfig's context",
        ),
        (
            create,
            status(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728"),
            RecordTooLarge,
            f"shop/{KEY}: is larger than the API server takes",
        ),
        (
            create,
            status(422, "Invalid", 'Secret "a" is invalid: metadata.labels: Invalid value: "x y"'),
            StorageError,
            f'shop/{KEY}: Secret "a" is invalid: metadata.labels: Invalid value: "x y"',
        ),
        (
            list_,
            status(400, "", ""),
            StorageError,
            "the API server answers 400",
        ),
        (
            list_,
            status(500, "InternalError", "etcdserver: request timed out"),
            StorageUnavailable,
            "etcdserver: request timed out",
        ),
        (
            create,
            status(504, "Timeout", "request did not complete within the allowed time"),
            StorageUnavailable,
            f"shop/{KEY}: request did not complete within the allowed time: the create may have "
            "been made; read the record to see",
        ),
        (
            create,
            status(429, "TooManyRequests", "too many requests, please try again later"),
            StorageUnavailable,
            f"shop/{KEY}: too many requests, please try again later",
        ),
        (
            list_,
            status(410, "Expired", "The resourceVersion is too old"),
            StorageUnavailable,
            "the list took too long to read",
        ),
    ],
)
def test_a_refusal_is_an_error_that_says_what_it_means(
    use: Use,
    told: dict[str, Any],
    error: type[StorageError],
    message: str,
    driver: SecretDriver,
    server: Server,
) -> None:
    server.say(told["code"], told)

    with pytest.raises(StorageError) as caught:
        use(driver)

    assert type(caught.value).__mro__[:2].count(error) == 1
    assert str(caught.value) == message
    assert len(server.asked) == 1


@pytest.mark.parametrize("code", [200, 404, 302, 503])
@pytest.mark.parametrize(
    "body", [b"<html>Not Found</html>", b"", b"{}", b'{"kind": "Table"}', b"[]", b"k8s\0\xff", b"1"]
)
def test_a_page_of_a_proxy_is_no_absence(
    code: int, body: bytes, driver: SecretDriver, server: Server
) -> None:
    server.answers += [Answer(code, body, {"Content-Type": "text/html"})]

    with pytest.raises(StorageUnavailable, match="the Kubernetes API"):
        driver.get("shop", KEY)


@pytest.mark.parametrize("use", [create, update, delete])
def test_a_page_of_a_proxy_is_no_success_of_a_write(
    use: Use, driver: SecretDriver, server: Server
) -> None:
    if use is not create:  # which does not read first
        server.say(200, secret())
    server.answers.append(Answer(200, b"<html>Welcome</html>", {"Content-Type": "text/html"}))

    with pytest.raises(StorageUnavailable, match=r"not the Kubernetes API.* may have been made"):
        use(driver)


def test_a_request_is_sent_again_when_the_server_asks_for_it(
    driver: SecretDriver, server: Server
) -> None:
    server.say(429, status(429, "TooManyRequests"), Retry_After="1")
    server.say(201, secret())
    server.say(503, status(503, "ServiceUnavailable"), Retry_After="1")
    server.say(200, secret())
    started = time.monotonic()

    driver.create(record())
    got = driver.get("shop", KEY)

    assert got.body.text() == BODY
    assert [each.method for each in server.asked] == ["POST", "POST", "GET", "GET"]
    assert time.monotonic() - started > 1.9


def test_a_server_that_asks_for_more_patience_than_there_is_is_unavailable(
    driver: SecretDriver, server: Server
) -> None:
    server.say(429, status(429, "TooManyRequests", "come back"), Retry_After="2")
    server.say(429, status(429, "TooManyRequests", "come back"), Retry_After="2")

    with pytest.raises(StorageUnavailable, match="come back"):
        driver.get("shop", KEY)

    assert len(server.asked) == 2


def test_a_write_is_not_sent_again_where_it_may_have_been_made(
    driver: SecretDriver, server: Server
) -> None:
    server.say(503, status(503, "ServiceUnavailable", "shutting down"), Retry_After="1")

    with pytest.raises(StorageUnavailable, match="shutting down: the create may have been made"):
        driver.create(record())

    assert len(server.asked) == 1


def test_an_answer_that_breaks_off_is_asked_for_again_once(
    driver: SecretDriver, server: Server
) -> None:
    server.answers.append(Answer(200, b"{", missing=1))
    server.say(200, secret())
    server.answers += [Answer(200, b"{", missing=1), Answer(200, b"{", missing=1)]

    assert driver.get("shop", KEY).name == "web"
    with pytest.raises(StorageUnavailable, match=r"the connection to http://\S+ broke"):
        driver.get("shop", KEY)

    assert len(server.asked) == 4


def test_a_write_whose_answer_breaks_off_is_not_sent_again(
    driver: SecretDriver, server: Server
) -> None:
    server.answers.append(Answer(201, b"{", missing=1))

    with pytest.raises(StorageUnavailable, match=r"broke.*: the create may have been made; read"):
        driver.create(record())

    assert len(server.asked) == 1


def test_a_server_that_says_nothing_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        driver = SecretDriver(Connection.open(EnvSettings(kube_api_server=url), timeout=0.2))

        with pytest.raises(StorageUnavailable, match=r"does not answer within 0\.2 s$"):
            driver.get("shop", KEY)
        with pytest.raises(StorageUnavailable, match="s: the create may have been made"):
            driver.create(record())


def test_a_server_that_takes_no_connection_is_unavailable() -> None:
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as full,
        socket.create_connection(full.getsockname()),
        socket.socket() as second,
    ):
        second.setblocking(False)
        second.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        driver = SecretDriver(Connection.open(EnvSettings(kube_api_server=url), timeout=0.2))

        with pytest.raises(StorageUnavailable, match=r"127\.0\.0\.1:\d+ does not answer$"):
            driver.create(record())


@pytest.mark.parametrize(
    ("host", "reason"),
    [("127.0.0.1:9", "connection refused"), ("no-such-host.invalid", "cannot be reached")],
)
def test_a_server_that_is_not_there_is_unavailable(host: str, reason: str) -> None:
    settings = EnvSettings(kube_api_server=f"https://{host}/")
    driver = SecretDriver.connect(settings)

    with pytest.raises(StorageUnavailable, match=reason) as caught:
        driver.create(record())

    assert "may have been made" not in str(caught.value)


# Lists


def test_a_list_is_read_page_by_page(driver: SecretDriver, server: Server) -> None:
    server.say(200, listed(secret(1), secret(10), more="m1"))
    server.say(200, listed(secret(1), secret(10), more="m1"))  # the metadata of both pages
    server.say(200, listed(secret(2)))
    server.say(200, listed(secret(2)))

    found = [*driver.list("shop")]

    assert [each.version for each in found] == [1, 2, 10]
    assert [each.path.partition("?")[0] for each in server.asked] == [
        "/api/v1/namespaces/shop/secrets"
    ] * 4
    assert [each.path.partition("&limit=2")[2] for each in server.asked] == [
        "",
        "",
        "&continue=m1",
        "&continue=m1",
    ]
    assert [each.headers["Accept"][0].partition(",")[0] for each in server.asked] == [
        "application/vnd.kubernetes.protobuf",
        *["application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"]
        * 2,
        "application/vnd.kubernetes.protobuf",
    ]


def test_a_list_that_took_too_long_goes_on_where_the_server_says(
    driver: SecretDriver, server: Server
) -> None:
    server.say(200, listed(secret(1), secret(2), more="old"))
    gone = status(410, "Expired", "The provided continue parameter is too old")
    server.say(410, gone | {"metadata": {"continue": "new"}})
    server.say(200, listed(secret(3)))

    found = [*driver.list(bodies=Bodies.NONE)]

    assert [each.version for each in found] == [1, 2, 3]
    assert server.asked[2].path.endswith("&continue=new")


def test_a_list_that_must_begin_anew_has_each_record_once(
    driver: SecretDriver, server: Server
) -> None:
    server.say(200, listed(secret(1), secret(2), more="old"))
    server.refuse(410, "Expired", "The provided continue parameter is too old")
    server.say(200, listed(secret(1), secret(2, token="8"), more="new"))
    server.say(200, listed(secret(3)))

    found = [*driver.list(bodies=Bodies.NONE)]

    assert [(each.version, each.token) for each in found] == [(1, "7"), (2, "7"), (3, "7")]
    assert "continue" not in server.asked[2].path


def test_what_goes_away_while_it_is_listed_is_left_out(
    driver: SecretDriver, server: Server
) -> None:
    server.say(200, listed(secret(1), secret(2)))  # metadata
    server.say(200, listed())  # bodies
    server.say(200, listed())  # of this release

    assert [*driver.list(newest=True)] == []


def test_a_release_without_a_current_body_is_listed_by_itself(
    driver: SecretDriver, server: Server
) -> None:
    server.say(200, listed(secret(1)))  # metadata
    server.say(200, listed(secret(2)))  # bodies, after an upgrade
    server.say(200, listed(secret(1), secret(2)))

    assert [each.version for each in driver.list(newest=True)] == [2]
    assert "status%21%3Dsuperseded" in server.asked[1].path
    where, _, query = server.asked[2].path.partition("?")
    assert where == "/api/v1/namespaces/shop/secrets"
    assert query.startswith("labelSelector=owner%3Dhelm%2Cname%3Dweb&")


def test_of_a_release_listed_by_itself_what_cannot_be_trusted_is_not_the_newest(
    driver: SecretDriver, server: Server
) -> None:
    odd = secret(3)
    odd["metadata"]["labels"]["version"] = "9"
    server.say(200, listed(secret(2)))
    server.say(200, listed())
    server.say(200, listed(odd, secret(2)))

    assert [each.version for each in driver.list(newest=True)] == [2]


def test_what_cannot_be_trusted_is_fetched_alone(driver: SecretDriver, server: Server) -> None:
    odd = secret(3)
    odd["metadata"]["labels"] |= {"version": "9", "status": "superseded"}
    server.say(200, listed(odd))
    server.say(200, listed())
    server.say(200, odd)

    assert [each.version for each in driver.list(newest=True)] == [9]
    assert server.asked[2].path == "/api/v1/namespaces/shop/secrets/sh.helm.release.v1.web.v3"


def test_a_server_that_lists_in_an_order_of_its_own_loses_nothing(
    driver: SecretDriver, server: Server
) -> None:
    server.say(200, listed(secret(5), secret(3), more="m1"))
    server.say(200, listed(secret(4), secret(1), more="m2"))
    server.say(200, listed(secret(2)))

    assert [each.version for each in driver.list(bodies=Bodies.NONE)] == [1, 2, 3, 4, 5]


def test_a_list_that_begins_anew_and_is_forgotten_again_has_each_record_once(
    driver: SecretDriver, server: Server
) -> None:
    server.say(200, listed(secret(1), secret(2), more="old"))
    server.say(200, listed(secret(3), secret(4), more="old"))
    server.refuse(410, "Expired")
    server.say(200, listed(secret(1), secret(2), more="new"))
    gone = status(410, "Expired")
    server.say(410, gone | {"metadata": {"continue": "newer"}})
    server.say(200, listed(secret(3), secret(4), more="newer"))
    server.say(200, listed(secret(5)))

    found = [*driver.list(bodies=Bodies.NONE)]

    assert [each.version for each in found] == [1, 2, 3, 4, 5]


def test_what_does_not_match_any_more_is_left_out(driver: SecretDriver, server: Server) -> None:
    changed = secret(3)
    changed["metadata"]["labels"]["status"] = "superseded"
    server.say(200, listed(secret(1), more="m1"))
    server.say(200, listed(secret(1), secret(3)))  # metadata
    server.say(200, listed())
    server.say(200, changed)

    found = [*driver.query({"status": "deployed"})]

    assert [each.version for each in found] == [1]


# What nobody is to see


def test_neither_tokens_nor_bodies_are_logged(
    driver: SecretDriver, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3", "client"):  # which the package has made quiet for all
        caplog.set_level(logging.DEBUG, logger=name)
    server.say(201, secret())
    server.say(200, secret())
    server.refuse(401, "Unauthorized")

    driver.create(record())
    driver.get("shop", KEY)
    with pytest.raises(StorageForbidden):
        driver.get("shop", KEY)

    assert "POST" in caplog.text
    for hidden in ("a-token", BODY.decode(), b64encode(BODY).decode()):
        assert hidden not in caplog.text


@pytest.mark.parametrize(
    ("use", "seen"),
    [
        (create, "<Request POST /api/v1/namespaces/shop/secrets>"),
        (delete, f"<Item shop/{KEY}>"),
    ],
)
def test_neither_tokens_nor_bodies_are_in_what_a_debugger_shows(
    use: Use, seen: str, driver: SecretDriver, server: Server
) -> None:
    if use is delete:
        server.say(200, secret())
    server.answers.append(Answer(200, b"{", missing=1))

    with pytest.raises(StorageUnavailable) as caught:
        use(driver)

    shown = ""
    for frame, _ in traceback.walk_tb(caught.value.__traceback__):
        if "_kube" in frame.f_code.co_filename:
            values = frame.f_locals.values()
            shown += "".join(repr(each) for each in values if isinstance(each, tuple | Exception))
    assert seen in shown
    for hidden in ("a-token", BODY.decode(), b64encode(BODY).decode()):
        assert hidden not in shown


# Writes in between


def test_an_update_and_a_delete_try_again_where_somebody_was_faster(
    driver: SecretDriver, server: Server
) -> None:
    for _ in range(3):
        server.say(200, secret())
        server.refuse(409, "Conflict", "the object has been modified")
    server.say(200, secret(token="8"))
    server.say(200, secret(token="9"))
    server.say(200, secret())
    server.refuse(409, "Conflict", "Precondition failed: resourceVersion")
    server.say(200, secret(token="8"))
    server.say(200, status(200, ""))

    assert driver.update(record()).token == "9"
    assert driver.delete("shop", KEY).token == "8"


def test_an_update_gives_up_in_the_end(driver: SecretDriver, server: Server) -> None:
    for _ in range(8):
        server.say(200, secret())
        server.refuse(409, "Conflict")

    with pytest.raises(ReleaseConflict):
        driver.update(record())

    assert server.answers == []


def test_an_update_with_a_token_is_not_tried_again(driver: SecretDriver, server: Server) -> None:
    server.say(200, secret())
    server.refuse(409, "Conflict")

    with pytest.raises(ReleaseConflict):
        driver.update(record()._replace(token="7"))


# Paths


@pytest.mark.parametrize("key", ["", ".", "..", "a/b", "a%2fb", "a?b", "UPPER", "-a", "a\n"])
def test_what_cannot_be_an_objects_name_is_found_nowhere(
    key: str, driver: SecretDriver, server: Server
) -> None:
    for use in (driver.get, driver.delete):
        with pytest.raises(ReleaseNotFound):
            use("shop", key)
        with pytest.raises(ReleaseNotFound):
            use(key, KEY)
    with pytest.raises(ReleaseNotFound):
        driver.update(record()._replace(key=key))
    assert [*driver.list("../kube-system"), *driver.names("a b")] == []
    assert server.asked == []


def test_a_record_cannot_be_made_without_a_namespace(driver: SecretDriver, server: Server) -> None:
    with pytest.raises(StorageError, match="a record cannot be in a namespace called ''"):
        driver.create(record(namespace=""))

    assert server.asked == []


# Threads


def test_threads_that_begin_at_once_have_their_answers(
    driver: SecretDriver, server: Server
) -> None:
    for _ in range(8):
        server.say(200, secret())
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(driver.get("shop", KEY).name))
        for _ in range(8)
    ]

    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert found == ["web"] * 8
