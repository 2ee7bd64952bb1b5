"""What the server answers instead of doing it: connections, limits, settings, a full disk."""

import os
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from servers import process
from servers.postgresql import USER, Database, running_postgresql
from servers.process import free_ports
from servers.sql_database import SQLDatabase, new_database, new_role
from support import Command

from postrender._errors import (
    ConfigError,
    RecordCorrupt,
    RecordTooLarge,
    ReleaseConflict,
    StorageError,
    StorageForbidden,
    StorageUnavailable,
)
from postrender.storage._driver import Bodies
from postrender.storage._postgres.driver import SQLDriver
from postrender.storage._record import Body, Record, record_key

KEY = record_key("web", 1)
BEFORE = "shop|sh.helm.release.v1.web.v1|deployed|4"
PASSWORD = "open-sesame"


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with running_postgresql() as server:
        yield server


@pytest.fixture
def database(server: Database) -> SQLDatabase:
    database = new_database(server)
    with database.connect() as driver:
        driver.create(record())
    return database


@pytest.fixture
def driver(database: SQLDatabase) -> Iterator[SQLDriver]:
    with database.connect() as driver:
        yield driver


def record(name: str = "web", version: int = 1, text: bytes = b"e30=", **labels: str) -> Record:
    key = record_key(name, version)
    return Record("shop", key, name, version, "deployed", Body(text), labels)


# Connections


def test_nobody_listens(postrender: Command) -> None:
    (port,) = free_ports(1)
    url = f"postgres://helm:{PASSWORD}@127.0.0.1:{port}/helm?sslmode=disable"

    done = postrender("storage", "init", "--connection-string", url, "--debug")

    assert done.code == 4
    assert f"database helm at 127.0.0.1:{port}: " in done.stderr
    assert "refused" in done.stderr
    assert PASSWORD not in done.stderr


def test_tls_is_required_as_by_helm(database: SQLDatabase) -> None:
    url = database.url().removesuffix("?sslmode=disable")

    with pytest.raises(StorageUnavailable, match="does not support SSL") as caught:
        SQLDriver.connect(url)

    assert "sslmode=disable" in caught.value.hint


def test_a_database_that_is_not_there(server: Database) -> None:
    url = f"postgres://{USER}@127.0.0.1:{server.port}/nothing?sslmode=disable"

    with pytest.raises(StorageUnavailable, match='database "nothing" does not exist'):
        SQLDriver.connect(url)


def test_a_role_that_is_not_there(database: SQLDatabase) -> None:
    with pytest.raises(StorageForbidden, match='role "nobody" does not exist'):
        database.connect("nobody")


def test_a_wrong_password_is_refused_and_not_told(database: SQLDatabase) -> None:
    role = _with_password(database)
    right = database.url(f"{role}:{PASSWORD}")

    SQLDriver.connect(right).close()
    for wrong in (f"{role}:another-secret", role):
        with pytest.raises(StorageForbidden, match="password") as caught:
            SQLDriver.connect(database.url(wrong))
        assert "another-secret" not in "".join(traceback.format_exception(caught.value))


def _with_password(database: SQLDatabase) -> str:
    role = new_role(database, "secretive")
    database.query(f"alter role {role} password '{PASSWORD}'")
    path = Path(database.query("show hba_file"))
    path.write_text(f"host all {role} 127.0.0.1/32 scram-sha-256\n{path.read_text()}")
    database.query("select pg_reload_conf()")
    # The server takes the signal when it comes to it.
    psql: process.Command = [
        database.server.programs / "psql",
        "-w",
        "-d",
        database.url(role),
        "-c",
        "select 1",
    ]
    while subprocess.run(psql, check=False, capture_output=True).returncode == 0:
        pass
    return role


def test_a_connection_of_too_many_is_refused(database: SQLDatabase) -> None:
    role = new_role(database, "one")
    database.query(f"alter role {role} connection limit 1")

    with (
        psycopg.connect(database.url(role)),
        pytest.raises(StorageUnavailable, match="too many connections"),
    ):
        database.connect(role)


def test_no_more_connections_are_kept_than_a_few(database: SQLDatabase) -> None:
    with database.connect() as driver:
        with ThreadPoolExecutor(16) as pool:
            [*pool.map(lambda _: driver.get("shop", KEY), range(64))]

        others = "select count(*) - 1 from pg_stat_activity where datname = current_database()"
        deadline = time.monotonic() + 10
        while int(database.query(others)) > 8:  # the server takes its time to see them go
            assert time.monotonic() < deadline


FORK = """
import os, sys
from postrender.storage._postgres.driver import SQLDriver
driver = SQLDriver.connect(sys.argv[1])
pid = [*driver.names()] and os.fork()
if pid == 0:
    if len(sys.argv) == 3:
        driver.get("shop", sys.argv[2])
    driver.close()
    sys.exit(7)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
driver.get("shop", sys.argv[2])
print(code, len(driver._connections._idle[os.getpid()]))
driver.close()
"""


@pytest.mark.parametrize("more", [(), ("only closes it",)])
def test_a_child_leaves_the_connections_of_its_parent_alone(
    more: tuple[str, ...], database: SQLDatabase
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORK, database.url(), KEY, *more],
        check=True, capture_output=True, text=True,
    )  # fmt: skip

    assert (done.stdout, done.stderr) == ("7 1\n", "")


FORK_WITH_THREADS = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from postrender.storage._postgres.driver import SQLDriver
driver = SQLDriver.connect(sys.argv[1])
for _ in range(20):
    with ThreadPoolExecutor(8) as pool:
        [*pool.map(lambda _: driver.get("shop", sys.argv[2]), range(16))]
    pid = os.fork()
    if pid == 0:
        sys.setswitchinterval(1e-6)
        barrier = Barrier(8)
        def use(_):
            barrier.wait()
            return driver.get("shop", sys.argv[2]).status
        with ThreadPoolExecutor(8) as pool:
            found = [*pool.map(use, range(8))]
        driver.close()
        sys.exit(0 if found == ["deployed"] * 8 else 1)
    assert os.waitpid(pid, 0)[1] == 0
driver.close()
"""


def test_the_threads_of_a_child_may_be_the_first_to_use_it_all_at_once(
    database: SQLDatabase,
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORK_WITH_THREADS, database.url(), KEY],
        check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")


def test_a_driver_may_be_closed_while_it_is_used(database: SQLDatabase) -> None:
    driver = database.connect()
    blocker = psycopg.connect(database.url())
    blocker.execute("lock table releases_v1")
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(driver.get, "shop", KEY)
        _until_waiting(database)
        driver.close()
        blocker.close()

    assert future.result().status == "deployed"
    others = "select count(*) from pg_stat_activity where datname = current_database()"
    deadline = time.monotonic() + 10
    while database.query(others) != "1":
        assert time.monotonic() < deadline


# Settings


@pytest.mark.parametrize(
    ("setting", "error", "message"),
    [
        ("statement_timeout=200", StorageUnavailable, "canceling statement due to statement"),
        ("lock_timeout=200", StorageUnavailable, "canceling statement due to lock timeout"),
    ],
)
def test_a_statement_that_takes_too_long_has_done_nothing(
    setting: str, error: type[StorageError], message: str, database: SQLDatabase
) -> None:
    with (
        SQLDriver.connect(f"{database.url()}&{setting}") as driver,
        psycopg.connect(database.url()) as blocker,
    ):
        blocker.execute("lock table custom_labels_v1")
        with pytest.raises(error, match=message) as caught:
            driver.create(record("api", team="a"))
        blocker.rollback()

    assert type(caught.value) is error
    assert "may have been made" not in str(caught.value)
    assert database.rows() == BEFORE


def test_a_read_only_server_is_read_and_not_written(database: SQLDatabase) -> None:
    url = database.url() + "&default_transaction_read_only=on"

    with SQLDriver.connect(url) as driver:
        assert driver.get("shop", KEY).status == "deployed"
        with pytest.raises(StorageForbidden, match="read-only transaction") as caught:
            driver.create(record("api"))

    assert "primary" in caught.value.hint
    assert database.rows() == BEFORE


def test_a_strict_isolation_of_the_database_makes_no_conflicts(database: SQLDatabase) -> None:
    url = database.url() + "&default_transaction_isolation=serializable"

    with SQLDriver.connect(url, page=7) as driver, ThreadPoolExecutor(4) as pool:
        [*pool.map(lambda version: driver.create(record("api", version)), range(1, 21))]
        assert len([*driver.list()]) == 21


def test_a_read_that_a_standby_cancels_is_no_conflict(database: SQLDatabase) -> None:
    database.query(
        "create function cancel() returns boolean language plpgsql as $$ begin"
        " raise 'canceling statement due to conflict with recovery' using errcode = '40001';"
        " end $$"
    )
    database.query("alter table custom_labels_v1 rename to those")
    database.query("create view custom_labels_v1 as select * from those where cancel()")
    database.query("insert into those values ('sh.helm.release.v1.web.v1', 'shop', 'a', 'b')")

    with database.connect() as driver:
        for use in (lambda: driver.get("shop", KEY), lambda: [*driver.list()]):
            with pytest.raises(StorageUnavailable, match="conflict with recovery") as caught:
                use()

    assert caught.value.hint == "try again"


def test_a_deadlock_is_a_conflict(database: SQLDatabase, driver: SQLDriver) -> None:
    database.query("alter database " + database.name + " set deadlock_timeout = '50ms'")
    driver.create(record("api"))
    with (
        database.connect() as ours,
        psycopg.connect(database.url() + "&options=-c%20deadlock_timeout%3D1h") as theirs,
        ThreadPoolExecutor(1) as pool,
    ):
        # They hold the labels and want the row; we hold the row and want the labels.
        theirs.execute("lock table custom_labels_v1")
        future = pool.submit(ours.update, record("api", team="a"))
        _until_waiting(database)
        other = pool_for(theirs)

        error = future.exception(20)
        other.result(20)

    assert isinstance(error, ReleaseConflict)
    assert "deadlock detected" in str(error)


def pool_for(connection: psycopg.Connection[tuple[object, ...]]) -> Future[object]:
    pool = ThreadPoolExecutor(1)
    update = f"update releases_v1 set status = 'failed' where key = '{record_key('api', 1)}'"
    future: Future[object] = pool.submit(connection.execute, update.encode())
    pool.shutdown(wait=False)
    return future


def _until_waiting(database: SQLDatabase) -> None:
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    while database.query(waiting) == "0":
        pass


# Limits


def test_labels_of_a_long_name_are_refused_before_anything_is_sent(
    database: SQLDatabase, driver: SQLDriver
) -> None:
    """Helm's column is too short; its rollback of the release removes what was installed."""
    with pytest.raises(RecordTooLarge) as caught:
        driver.create(record("n" * 43, team="a"))

    assert caught.value.message == (
        f"custom_labels_v1.releasekey takes 64 characters, not the 65 of"
        f" 'sh.helm.release.v1.{'n' * 43}.v1'"
    )
    assert "42" in caught.value.hint
    assert database.rows() == BEFORE


def test_a_tenth_revision_of_such_a_name_is_refused_too(driver: SQLDriver) -> None:
    driver.create(record("n" * 42, 9, team="a"))

    with pytest.raises(RecordTooLarge):
        driver.create(record("n" * 42, 10, team="a"))
    with pytest.raises(RecordTooLarge):
        driver.update(record("n" * 42, 10, team="a"))


def test_a_column_that_was_widened_takes_more(database: SQLDatabase, driver: SQLDriver) -> None:
    database.query("alter table custom_labels_v1 alter column releasekey type varchar(90)")

    assert driver.create(record("n" * 53, 10, team="a")).labels == {"team": "a"}


def test_the_shorter_keys_of_an_older_helm_are_told(
    database: SQLDatabase, driver: SQLDriver
) -> None:
    database.query("alter table releases_v1 alter column key type varchar(67)")

    with pytest.raises(RecordTooLarge, match=r"releases_v1\.key takes 67 characters, not the 75"):
        driver.create(record("n" * 53))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (record()._replace(namespace="n" * 65), "releases_v1.namespace takes 64"),
        (record()._replace(name="n" * 65), "releases_v1.name takes 64"),
        (record(team="v" * 64), "custom_labels_v1.value takes 63"),
        (record()._replace(labels={"k" * 318: "v"}), "custom_labels_v1.key takes 317"),
        (record(version=2**31), "releases_v1.version takes 2147483647 at most, not 2147483648"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_column(
    given: Record, message: str, database: SQLDatabase, driver: SQLDriver
) -> None:
    with pytest.raises(RecordTooLarge) as caught:
        driver.create(given)

    assert caught.value.message.startswith(message)
    assert database.rows() == BEFORE


def test_a_time_that_does_not_fit_is_refused(database: SQLDatabase, driver: SQLDriver) -> None:
    with pytest.raises(RecordTooLarge, match="integer out of range"):
        driver.create(record("api")._replace(created_at=2**31))

    assert database.rows() == BEFORE


# Text


def test_a_body_that_is_no_text_is_refused(database: SQLDatabase, driver: SQLDriver) -> None:
    for text in (b"\0", b"\xff\xfe"):
        with pytest.raises(RecordCorrupt, match=r"zero bytes|invalid byte sequence"):
            driver.create(record("api", text=text))

    assert database.rows() == BEFORE


def test_a_database_without_an_encoding_is_read_as_it_is(server: Database) -> None:
    database = new_database(server, options="encoding 'SQL_ASCII' template template0")
    with database.connect() as driver:
        driver.create(record(team="a"))
        driver.create(record("api"))
        database.query(r"update releases_v1 set status = E'\xe9t\xe9' where name = 'api'")
        database.query(r"update releases_v1 set body = E'\xff\xfe' || body where name = 'api'")

        bodies = {each.name: each.body.text() for each in driver.list()}
        problems = {each.name: each.problem for each in driver.list()}

        assert bodies == {"api": b"\xff\xfee30=", "web": b"e30="}
        assert problems == {"api": "has columns that are not UTF-8", "web": ""}
        assert driver.delete("shop", record_key("api", 1)).body.text() == b"\xff\xfee30="


def test_two_labels_of_one_key_are_one(database: SQLDatabase, driver: SQLDriver) -> None:
    for label in (
        "('team', 'a')",
        "('team', 'a')",
        "(null, 'b')",
        "('empty', null)",
        "('name', 'x')",
    ):
        key, value = label.strip("()").split(", ")
        database.query(
            "insert into custom_labels_v1 values"
            f" ('sh.helm.release.v1.web.v1', 'shop', {key}, {value})"
        )

    assert driver.get("shop", KEY).labels == {"team": "a", "empty": ""}
    assert [each.key for each in driver.query({"empty": ""})] == [KEY]


def test_labels_that_are_left_of_a_record_are_not_those_of_a_new_one(
    database: SQLDatabase, driver: SQLDriver
) -> None:
    """Helm may leave them (helm/helm#32394)."""
    database.query(
        "insert into custom_labels_v1 values ('sh.helm.release.v1.api.v1', 'shop', 'a', 'b')"
    )

    assert driver.create(record("api")).labels == {}
    assert driver.get("shop", record_key("api", 1)).labels == {}


# Whole bodies


def test_a_page_of_whole_bodies_is_of_a_bounded_size(driver: SQLDriver) -> None:
    text = b"x" * 3_000_000
    for number in range(7):
        driver.create(record(f"api-{number}", text=text))

    listed = [each.body.text() for each in driver.list(bodies=Bodies.WHOLE)]

    assert listed == [text] * 7 + [b"e30="]


# The disk


def test_a_full_disk_is_told_and_loses_nothing(database: SQLDatabase, driver: SQLDriver) -> None:
    disk = Path(database.query("show data_directory")).parent / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        shutil.chown(disk, USER, USER)
        database.query(f"create tablespace small location '{disk}'")
        database.query("alter table releases_v1 set tablespace small")

        stored: list[Record] = []
        with pytest.raises(StorageUnavailable, match="No space left on device"):
            _fill(driver, stored)

        listed = [*driver.list()]
        assert [each.key for each in listed] == [*(each.key for each in stored), KEY]
        assert [each.body.text() for each in listed[:-1]] == [each.body.text() for each in stored]
        labels = database.query("select count(*) from custom_labels_v1")
        assert labels == f"{len(stored)}"
    finally:
        database.query("alter table releases_v1 set tablespace pg_default")
        database.query("drop tablespace small")
        subprocess.run(["umount", disk], check=True)


def _fill(driver: SQLDriver, stored: list[Record]) -> None:
    while True:
        text = os.urandom(100_000).hex().encode()
        stored.append(driver.create(record(f"api-{len(stored):02}", text=text, team="a")))


# Words


@pytest.mark.parametrize(
    "string",
    [
        f"postgres://helm:{PASSWORD}/x@db/helm",
        f"postgres://helm:{PASSWORD}#x@db/helm",
        f"host=db password={PASSWORD}' dbname",
        PASSWORD,
        f"host=db port={PASSWORD}",
        f"host=db sslmode={PASSWORD}",
        f"host=db {PASSWORD}!=5",
    ],
)
def test_a_string_that_cannot_be_understood_is_not_shown(string: str, postrender: Command) -> None:
    done = postrender("storage", "init", "--connection-string", string, "--debug")

    assert done.code == 2
    assert "connection string: " in done.stderr
    assert PASSWORD not in done.stderr


def test_what_libpq_refuses_is_told(database: SQLDatabase) -> None:
    with pytest.raises((ConfigError, StorageUnavailable), match="connect_timeout"):
        SQLDriver.connect(database.url() + "&connect_timeout=soon")
