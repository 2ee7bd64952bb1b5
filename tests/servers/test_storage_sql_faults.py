"""What breaks while a record is written or read: the error, and what is in the database after."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from servers.postgresql import USER, Database, running_postgresql
from servers.process import Command, running
from servers.proxy import Direction, Proxy, running_proxy
from servers.sql_database import SQLDatabase, new_database

from postrender._errors import (
    StorageError,
    StorageUnavailable,
)
from postrender.storage._postgres.driver import SQLDriver
from postrender.storage._record import Body, Record, record_key

KEY = record_key("web", 1)
BEFORE = "shop|sh.helm.release.v1.web.v1|deployed|4\nsh.helm.release.v1.web.v1|team|payments"

Use = Callable[[SQLDriver], object]

WRITES: dict[str, Use] = {
    "create": lambda driver: driver.create(record("api")),
    "update": lambda driver: driver.update(record(status="failed", text=b"new")),
    "delete": lambda driver: driver.delete("shop", KEY),
}
#: what is there after each of them
AFTER = {
    "create": "shop|sh.helm.release.v1.api.v1|deployed|4\n" + BEFORE.replace(
        "\n", "\nsh.helm.release.v1.api.v1|team|payments\n"
    ),
    "update": BEFORE.replace("deployed|4", "failed|3"),
    "delete": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with running_postgresql() as server:
        yield server


@pytest.fixture
def database(server: Database) -> SQLDatabase:
    return filled(server)


@pytest.fixture
def driver(database: SQLDatabase) -> Iterator[SQLDriver]:
    with database.connect() as driver:
        yield driver


@pytest.fixture
def proxy(server: Database) -> Iterator[Proxy]:
    with running_proxy(server.port) as proxy:
        yield proxy


def filled(server: Database) -> SQLDatabase:
    database = new_database(server)
    with database.connect() as driver:
        driver.create(record())
    return database


def record(name: str = "web", status: str = "deployed", text: bytes = b"e30=") -> Record:
    labels = {"team": "payments"}
    return Record("shop", record_key(name, 1), name, 1, status, Body(text), labels)


@contextmanager
def blocked(database: SQLDatabase, table: str) -> Iterator[None]:
    """Have all that touches a table wait until the end of the block."""
    blocker = psycopg.connect(database.url())
    blocker.execute(f"lock table {table} in access exclusive mode".encode())
    try:
        yield
    finally:
        blocker.close()


@contextmanager
def waiting(
    use: Use, driver: SQLDriver, database: SQLDatabase
) -> Iterator[tuple[int, Future[object]]]:
    """Start a blocked use of a driver; give the server's process that waits, and the outcome."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(use, driver)
        (pid,) = until(lambda: database.query(WAITING).split())
        yield int(pid), future


WAITING = (
    "select pid from pg_stat_activity"
    " where wait_event_type = 'Lock' and datname = current_database()"
)
OTHERS = (
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and pid <> pg_backend_pid()"
)


def until(ask: Callable[[], list[str]]) -> list[str]:
    """Return the first answer that is one."""
    deadline = time.monotonic() + 20
    while not (answer := ask()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return answer


def settled(database: SQLDatabase) -> str:
    """Return the rows, as soon as the server answers and nobody else is there to change them."""

    def alone() -> list[str]:
        try:
            return ["yes"] if database.query(OTHERS) == "0" else []
        except subprocess.CalledProcessError:  # it recovers
            return []

    until(alone)
    return database.rows()


# Writes that break before their commit


def terminated(pid: int, database: SQLDatabase, proxy: Proxy) -> None:
    database.query(f"select pg_terminate_backend({pid})")


def killed(pid: int, database: SQLDatabase, proxy: Proxy) -> None:
    os.kill(pid, signal.SIGKILL)  # on which the server ends all others, and recovers


def cut(pid: int, database: SQLDatabase, proxy: Proxy) -> None:
    proxy.cut()


def stopped(pid: int, database: SQLDatabase, proxy: Proxy) -> None:
    os.kill(pid, signal.SIGSTOP)


Fault = Callable[[int, SQLDatabase, Proxy], None]


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("fault", [terminated, killed, cut, stopped])
def test_a_write_that_breaks_has_written_nothing(
    fault: Fault, name: str, database: SQLDatabase, proxy: Proxy
) -> None:
    patience = 1 if fault is stopped else 60
    with database.connect(port=proxy.port, timeout=patience) as driver:
        with blocked(database, "custom_labels_v1"):
            with waiting(WRITES[name], driver, database) as (pid, future):
                fault(pid, database, proxy)
                error = future.exception(30)
            if fault is stopped:
                os.kill(pid, signal.SIGCONT)

        assert isinstance(error, StorageUnavailable)
        assert "nothing was written" in str(error)
        assert settled(database) == BEFORE

        WRITES[name](driver)
        assert database.rows() == AFTER[name]


# The commit: whether it has arrived cannot be known


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize(("direction", "is_made"), [("up", False), ("down", True)])
def test_a_commit_without_an_answer_may_have_been_made(
    direction: Direction, is_made: bool, name: str, server: Database, proxy: Proxy
) -> None:
    with filled(server).connect(port=proxy.port) as rehearsal:
        before = dict(proxy.passed)
        WRITES[name](rehearsal)
        count = proxy.passed[direction] - before[direction]
    database = filled(server)
    with database.connect(port=proxy.port) as driver:
        proxy.cut_after(count - 3, direction)

        with pytest.raises(StorageUnavailable, match="may have been made") as caught:
            WRITES[name](driver)

        assert caught.value.hint == "read the record again"
        assert settled(database) == (AFTER[name] if is_made else BEFORE)


def test_a_commit_that_the_server_refuses_has_written_nothing(
    database: SQLDatabase, driver: SQLDriver
) -> None:
    """Helm does not look at what its commit says, and goes on as if it had stored the release."""
    database.query(
        "create function refuse() returns trigger language plpgsql as"
        " $$ begin raise exception 'no more releases today'; end $$"
    )
    database.query(
        "create constraint trigger a after insert on releases_v1"
        " deferrable initially deferred for each row execute function refuse()"
    )

    with pytest.raises(StorageError, match="no more releases today") as caught:
        driver.create(record("api"))

    assert type(caught.value) is StorageError
    assert database.rows() == BEFORE


# Reads


@pytest.mark.parametrize("fault", [terminated, cut])
def test_a_read_that_breaks_on_an_idle_connection_is_done_once_more(
    fault: Fault, database: SQLDatabase, proxy: Proxy
) -> None:
    with database.connect(port=proxy.port) as driver:
        (pid,) = database.query(
            f"select pid from pg_stat_activity where datname = '{database.name}'"
            " and pid <> pg_backend_pid()"
        ).split()
        fault(int(pid), database, proxy)

        assert driver.get("shop", KEY).status == "deployed"
        assert [each.key for each in driver.list()] == [KEY]


@pytest.mark.parametrize("name", WRITES)
def test_a_write_on_a_broken_idle_connection_takes_another(
    name: str, database: SQLDatabase, proxy: Proxy
) -> None:
    with database.connect(port=proxy.port) as driver:
        proxy.cut()

        WRITES[name](driver)

    assert database.rows() == AFTER[name]


def test_a_read_from_a_server_that_says_nothing_is_given_up(
    database: SQLDatabase, proxy: Proxy
) -> None:
    with database.connect(port=proxy.port, timeout=0.5) as driver:
        proxy.stall()

        with pytest.raises(StorageUnavailable, match=r"no answer for 0\.5 seconds"):
            driver.get("shop", KEY)

        proxy.resume()
        assert driver.get("shop", KEY).status == "deployed"


def test_a_write_whose_begin_is_not_answered_is_given_up(
    database: SQLDatabase, proxy: Proxy
) -> None:
    with database.connect(port=proxy.port, timeout=0.5) as driver:
        proxy.stall()

        with pytest.raises(StorageUnavailable, match="no answer"):
            driver.create(record("api"))

        proxy.resume()
    assert settled(database) == BEFORE


def test_a_server_that_does_not_answer_a_connection_is_given_up(
    database: SQLDatabase, proxy: Proxy
) -> None:
    proxy.stall()

    with pytest.raises(StorageUnavailable, match="timeout"):
        SQLDriver.connect(database.url(port=proxy.port) + "&connect_timeout=2")


def test_a_listing_that_breaks_between_two_pages_goes_on(
    database: SQLDatabase, proxy: Proxy
) -> None:
    with database.connect(port=proxy.port) as driver:
        for number in range(20):
            driver.create(record(f"api-{number:02}"))
        names = []
        for each in driver.list():
            proxy.cut()
            names.append(each.name)

    assert names == [*(f"api-{number:02}" for number in range(20)), "web"]


def test_a_listing_that_cannot_go_on_says_so(database: SQLDatabase, proxy: Proxy) -> None:
    with database.connect(port=proxy.port) as driver:
        for number in range(20):
            driver.create(record(f"api-{number:02}"))
        listing = driver.list()
        next(listing)
        proxy.refuse()

        with pytest.raises(StorageUnavailable):
            list(listing)


# A server that dies


def test_a_server_that_is_killed_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    with running_postgresql() as server:
        database = filled(server)
        data = Path(server.query("show data_directory"))
        with database.connect() as driver:
            driver.create(record("api"))
            with (
                blocked(database, "custom_labels_v1"),
                waiting(WRITES["update"], driver, database) as (_, future),
            ):
                postmaster = (data / "postmaster.pid").read_text().splitlines()[0]
                os.kill(int(postmaster), signal.SIGKILL)
                error = future.exception(30)

            assert isinstance(error, StorageUnavailable)
            uses: list[Use] = [*WRITES.values(), lambda driver: [*driver.list()]]
            for use in uses:
                with pytest.raises(StorageUnavailable, match=r"refused|reset|closed"):
                    use(driver)

            command: Command = [
                server.programs / "postgres", "-D", data, "-p", str(server.port),
                "-c", f"unix_socket_directories={data.parent}",
            ]  # fmt: skip
            user = USER if os.geteuid() == 0 else ""
            until_gone(data)
            with running(command, tmp_path / "log", lambda: answers(database), user):
                assert database.rows() == AFTER["create"]
                assert [each.name for each in driver.list()] == ["api", "web"]


def until_gone(data: Path) -> None:
    """Wait until the children of a server that was killed have noticed."""
    until(lambda: [] if _uses(data) else ["gone"])


def _uses(data: Path) -> bool:
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == data:
                return True
        except OSError:  # gone meanwhile
            continue
    return False


def answers(database: SQLDatabase) -> bool:
    try:
        return database.query("select 1") == "1"
    except subprocess.CalledProcessError:
        return False
