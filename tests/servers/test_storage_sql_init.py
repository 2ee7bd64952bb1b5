"""Helm's tables: made by us or by Helm, whoever comes first."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import real
from servers.build import HELM
from servers.postgresql import Database, running_postgresql
from servers.sql_database import SQLDatabase, new_database, new_role
from servers.sql_helm import SQLHelm
from support import Command

from postrender._errors import StorageError, StorageForbidden
from postrender.storage._postgres.migrations import Initialised
from postrender.storage._record import Body, Record

DONE = "select id, applied_at is not null from gorp_migrations order by id"
WHEN = "select id, applied_at from gorp_migrations order by id"
RECORD = Record("shop", "sh.helm.release.v1.web.v1", "web", 1, "deployed", Body(b"e30="))


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with running_postgresql() as server:
        yield server


@pytest.fixture
def empty(server: Database) -> SQLDatabase:
    return new_database(server, initialised=False)


@pytest.fixture(params=HELM)
def helm(request: pytest.FixtureRequest, tmp_path: Path) -> SQLHelm:
    return SQLHelm(real.helm(request.param), tmp_path, None)


def test_our_tables_are_those_of_helm(
    helm: SQLHelm, empty: SQLDatabase, server: Database, postrender: Command
) -> None:
    helms = new_database(server, initialised=False)
    assert helm(helms.url(), "version").code == 0

    done = postrender("storage", "init", "--connection-string", empty.url())

    assert done.code == 0
    assert empty.schema() == helms.schema()
    assert empty.query(DONE) == helms.query(DONE) == "custom_labels|t\ninit|t"
    assert done.stdout == (
        f"database {empty.name} at 127.0.0.1:{server.port}:"
        " created custom_labels_v1 and releases_v1\n"
    )


def test_helm_leaves_our_tables_as_they_are(helm: SQLHelm, empty: SQLDatabase) -> None:
    with empty.connect() as driver:
        driver.initialise()
    schema, done = empty.schema(), empty.query(WHEN)

    assert helm(empty.url(), "version").code == 0

    assert (empty.schema(), empty.query(WHEN)) == (schema, done)


def test_we_leave_the_tables_of_helm_as_they_are(
    helm: SQLHelm, empty: SQLDatabase, postrender: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    helm(empty.url(), "version")
    schema, when = empty.schema(), empty.query(WHEN)
    monkeypatch.setenv("HELM_DRIVER_SQL_CONNECTION_STRING", empty.url())

    done = postrender("storage", "init")

    assert done.stdout.endswith(": was complete already\n")
    assert (empty.schema(), empty.query(WHEN)) == (schema, when)


def test_what_an_older_helm_did_not_make_is_made(helm: SQLHelm, server: Database) -> None:
    database = new_database(server)
    schema = database.schema()
    database.query("drop table custom_labels_v1")
    database.query("delete from gorp_migrations where id = 'custom_labels'")

    with database.connect() as driver:
        done = driver.initialise()

    assert done == Initialised(("custom_labels_v1",), ())
    assert database.schema() == schema
    assert helm(database.url(), "version").code == 0


def test_of_two_at_once_one_makes_the_tables(empty: SQLDatabase) -> None:
    def work(_: int) -> Initialised:
        with empty.connect() as driver:
            return driver.initialise()

    with ThreadPoolExecutor(4) as pool:
        done = [*pool.map(work, range(4))]

    assert sorted(len(each.created) for each in done) == [0, 0, 0, 2]
    assert empty.query(DONE) == "custom_labels|t\ninit|t"


def test_migrations_of_another_program_are_told(empty: SQLDatabase, postrender: Command) -> None:
    empty.query("create table gorp_migrations (id text primary key, applied_at timestamptz)")
    empty.query("insert into gorp_migrations values ('other-app-001', now())")

    done = postrender("storage", "init", "--connection-string", empty.url())

    assert done.code == 0
    assert done.stderr == (
        "postrender: gorp_migrations has those of another program, too: other-app-001\n"
    )
    assert empty.query("select count(*) from releases_v1") == "0"


def test_a_table_that_nobody_has_recorded_is_refused(
    empty: SQLDatabase, postrender: Command
) -> None:
    empty.query("create table releases_v1 (a integer)")

    done = postrender("storage", "init", "--connection-string", empty.url())

    assert done.code == 1
    assert "there is a table releases_v1, of which gorp_migrations does not know" in done.stderr
    assert empty.query("select to_regclass('custom_labels_v1')") == ""


def test_a_role_that_may_not_create_is_told(empty: SQLDatabase, postrender: Command) -> None:
    role = new_role(empty, "guest")

    done = postrender("storage", "init", "--connection-string", empty.url(role))

    assert done.code == 4
    assert "permission denied for schema public" in done.stderr


def test_a_server_that_is_read_only_is_told(empty: SQLDatabase, postrender: Command) -> None:
    url = empty.url() + "&default_transaction_read_only=on"

    done = postrender("storage", "init", "--connection-string", url)

    assert done.code == 4
    assert "read-only transaction; name the primary server" in done.stderr


def test_tables_are_found_where_the_search_path_says(empty: SQLDatabase) -> None:
    empty.query("create schema helm")
    url = empty.url() + "&search_path=helm"

    from postrender.storage._postgres.driver import SQLDriver

    with SQLDriver.connect(url) as driver:
        driver.initialise()
        driver.create(RECORD)

    assert empty.query("select count(*) from helm.releases_v1") == "1"
    with empty.connect() as elsewhere, pytest.raises(StorageError, match="does not have"):
        elsewhere.get("shop", RECORD.key)


def test_a_database_that_is_not_initialised_is_no_empty_one(empty: SQLDatabase) -> None:
    with empty.connect() as driver:
        for use in (
            lambda: [*driver.list()],
            lambda: [*driver.query({"owner": "helm"})],
            lambda: [*driver.names()],
            lambda: [*driver.namespaces()],
            lambda: driver.get("shop", RECORD.key),
            lambda: driver.create(RECORD),
            lambda: driver.update(RECORD),
            lambda: driver.delete("shop", RECORD.key),
        ):
            with pytest.raises(StorageError, match="postrender storage init") as caught:
                use()
            assert type(caught.value) is StorageError


def test_a_database_of_an_older_helm_is_read_and_written(server: Database) -> None:
    database = new_database(server)
    database.query("drop table custom_labels_v1")
    with database.connect() as driver:
        created = driver.create(RECORD)
        assert [each.key for each in driver.list()] == [RECORD.key]
        assert [*driver.query({"team": "payments"})] == []
        driver.update(created._replace(status="superseded"))

        with pytest.raises(StorageError, match="for which the database has no table"):
            driver.update(RECORD._replace(labels={"team": "payments"}))

        assert driver.delete("shop", RECORD.key).status == "superseded"


def test_a_role_that_cannot_see_the_schema_is_not_told_that_it_is_empty(server: Database) -> None:
    database = new_database(server)
    database.query("revoke usage on schema public from public")
    role = new_role(database, "guest")

    with database.connect(role) as driver, pytest.raises(StorageError, match="may not see them"):
        [*driver.list()]


def test_a_database_is_refused_to_a_role_without_rights(server: Database) -> None:
    database = new_database(server)
    role = new_role(database, "guest")
    database.query("revoke all on releases_v1 from public")
    database.query(f'create policy a on releases_v1 for all to "{role}" using (true)')
    database.query(f'create policy a on custom_labels_v1 for all to "{role}" using (true)')

    with (
        database.connect(role) as driver,
        pytest.raises(StorageForbidden, match="permission denied for table releases_v1"),
    ):
        [*driver.list()]
