"""Row security: what hides rows is told, and never taken for an empty table."""

from collections.abc import Callable, Iterator

import pytest
from servers.postgresql import Database, running_postgresql
from servers.sql_database import SQLDatabase, new_database, new_role

from postrender._errors import ReleaseNotFound, StorageError, StorageForbidden, StorageUnavailable
from postrender.storage._postgres.driver import SQLDriver
from postrender.storage._record import Body, Record, record_key

KEY = record_key("web", 1)
ROWS = "shop|sh.helm.release.v1.web.v1|deployed|4\nsh.helm.release.v1.web.v1|team|payments"

USES: dict[str, Callable[[SQLDriver], object]] = {
    "get": lambda driver: driver.get("shop", KEY),
    "list": lambda driver: [*driver.list("shop")],
    "list all": lambda driver: [*driver.list()],
    "query": lambda driver: [*driver.query({"name": "web"}, "shop")],
    "names": lambda driver: [*driver.names("shop")],
    "namespaces": lambda driver: [*driver.namespaces()],
    "create": lambda driver: driver.create(record("api")),
    "update": lambda driver: driver.update(record()),
    "delete": lambda driver: driver.delete("shop", KEY),
}


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
def role(database: SQLDatabase) -> str:
    return new_role(database, "guest")


@pytest.fixture
def driver(database: SQLDatabase, role: str) -> Iterator[SQLDriver]:
    with database.connect(role) as driver:
        yield driver


def record(name: str = "web") -> Record:
    labels = {"team": "payments"}
    return Record("shop", record_key(name, 1), name, 1, "deployed", Body(b"e30="), labels)


def policy(
    database: SQLDatabase, to: str, what: str, using: str, *, table: str = "releases_v1"
) -> None:
    name = f"p{abs(hash((to, what, using)))}"
    database.query(f'create policy {name} on {table} {what} to "{to}" using ({using})')


def sees_labels(database: SQLDatabase, role: str) -> None:
    policy(database, role, "for all", "true", table="custom_labels_v1")


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_role_without_policies_is_told(
    use: Callable[[SQLDriver], object], driver: SQLDriver, role: str
) -> None:
    with pytest.raises(StorageForbidden, match="row security of releases_v1 hides") as caught:
        use(driver)

    assert role in str(caught.value)


def test_it_is_told_even_where_there_is_nothing_to_hide(
    driver: SQLDriver, database: SQLDatabase
) -> None:
    database.query("delete from releases_v1")

    with pytest.raises(StorageForbidden):
        [*driver.list()]


def test_the_hint_names_the_statement(driver: SQLDriver, role: str) -> None:
    with pytest.raises(StorageForbidden) as caught:
        [*driver.list("shop")]

    assert caught.value.hint == f"see `postrender storage grant --role {role} --namespace shop`"


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_labels_that_are_hidden_are_told(
    use: Callable[[SQLDriver], object], database: SQLDatabase, driver: SQLDriver, role: str
) -> None:
    """Helm's own page has no policy for them."""
    policy(database, role, "for all", "true")

    with pytest.raises(StorageForbidden, match="custom_labels_v1 hides labels of records"):
        use(driver)

    assert database.rows() == ROWS


def test_what_a_policy_shows_is_read(database: SQLDatabase, driver: SQLDriver, role: str) -> None:
    sees_labels(database, role)
    policy(database, role, "for all", "namespace = 'shop'")

    assert [each.labels for each in driver.list("shop")] == [{"team": "payments"}]
    with pytest.raises(ReleaseNotFound):
        driver.get("shop", record_key("web", 2))
    with pytest.raises(StorageForbidden):
        driver.get("staging", KEY)


def test_a_policy_for_a_group_is_for_its_members(
    database: SQLDatabase, driver: SQLDriver, role: str
) -> None:
    group = new_role(database, "group")
    database.query(f'grant "{group}" to "{role}"')
    sees_labels(database, group)
    policy(database, group, "for select", "namespace in ('a', 'shop')")

    assert [each.key for each in driver.list("shop")] == [KEY]


def test_a_policy_for_everybody_is_for_all_roles(database: SQLDatabase, driver: SQLDriver) -> None:
    for table in ("releases_v1", "custom_labels_v1"):
        database.query(f"create policy a on {table} using (true)")

    assert [*driver.namespaces()] == ["shop"]


def test_a_restrictive_policy_takes_away(
    database: SQLDatabase, driver: SQLDriver, role: str
) -> None:
    sees_labels(database, role)
    policy(database, role, "for select", "true")
    policy(database, role, "as restrictive for select", "namespace <> 'staging'")

    assert [each.key for each in driver.list("shop")] == [KEY]
    for namespace in ("staging", ""):
        with pytest.raises(StorageForbidden):
            [*driver.list(namespace)]


@pytest.mark.parametrize(
    "condition",
    [
        "releases_v1.name like 'w%'",
        "namespace = 'shop' and status is distinct from 'failed'",
        "case when version > 1 then namespace = 'other' else true end",
        "(select releases_v1.name) is not null",
        "releases_v1 is not null",
        "to_jsonb(releases_v1) ->> 'status' is distinct from 'failed'",
    ],
)
def test_a_policy_that_looks_at_more_than_the_namespace_may_hide_some(
    condition: str, database: SQLDatabase, driver: SQLDriver, role: str
) -> None:
    sees_labels(database, role)
    policy(database, role, "for select", condition)

    for use in (USES["list"], USES["get"], USES["query"], USES["names"]):
        with pytest.raises(StorageForbidden, match="hides records of namespace shop"):
            use(driver)


@pytest.mark.parametrize(
    "condition",
    ["coalesce(namespace, '') <> 'staging'", "namespace is null or namespace = 'shop'"],
)
def test_a_policy_that_looks_at_the_namespace_may_hide_some_namespaces(
    condition: str, database: SQLDatabase, driver: SQLDriver, role: str
) -> None:
    sees_labels(database, role)
    policy(database, role, "for select", condition)

    assert [each.key for each in driver.list("shop")] == [KEY]
    with pytest.raises(StorageForbidden, match="hides records of some namespaces"):
        [*driver.list()]


def test_a_policy_may_ask_another_table(
    database: SQLDatabase, driver: SQLDriver, role: str
) -> None:
    database.query("create table teams (role text, namespace text)")
    database.query(f"insert into teams values ('{role}', 'shop')")
    database.query(f'grant select on teams to "{role}"')
    sees_labels(database, role)
    policy(
        database,
        role,
        "for select",
        "exists (select from teams t where t.namespace = releases_v1.namespace"
        " and t.role = current_user)",
    )

    assert [each.key for each in driver.list("shop")] == [KEY]
    with pytest.raises(StorageForbidden):
        [*driver.list("staging")]


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("pg_terminate_backend(pg_backend_pid())", "terminating connection"),
        ("pg_sleep(60) is null", "statement timeout"),
    ],
)
def test_a_server_that_goes_away_while_it_is_asked_is_not_forbidding(
    condition: str, message: str, database: SQLDatabase, role: str
) -> None:
    sees_labels(database, role)
    policy(database, role, "for select", condition)

    with (
        SQLDriver.connect(database.url(role) + "&statement_timeout=300") as driver,
        pytest.raises(StorageUnavailable, match=message),
    ):
        [*driver.list("shop")]


def test_a_policy_that_cannot_be_asked_is_taken_for_hiding(
    database: SQLDatabase, driver: SQLDriver, role: str
) -> None:
    sees_labels(database, role)
    policy(database, role, "for select", "namespace = current_setting('app.namespace')")

    with pytest.raises(StorageForbidden):
        [*driver.list("shop")]


def test_the_settings_of_a_policy_may_come_with_the_connection(
    database: SQLDatabase, role: str
) -> None:
    sees_labels(database, role)
    policy(database, role, "for select", "namespace = current_setting('app.namespace')")

    with SQLDriver.connect(database.url(role) + "&app.namespace=shop") as driver:
        assert [each.key for each in driver.list("shop")] == [KEY]


def test_a_role_that_may_only_read_is_told_when_it_writes(
    database: SQLDatabase, driver: SQLDriver, role: str
) -> None:
    for table in ("releases_v1", "custom_labels_v1"):
        policy(database, role, "for select", "true", table=table)

    with pytest.raises(StorageForbidden, match="new row violates row-level security policy"):
        driver.create(record("api"))
    for use in (USES["update"], USES["delete"]):
        with pytest.raises(StorageForbidden, match="read the record, and not change it"):
            use(driver)
    assert database.rows() == ROWS


def test_labels_that_cannot_be_deleted_keep_the_record_as_it_is(
    database: SQLDatabase, driver: SQLDriver, role: str
) -> None:
    policy(database, role, "for all", "true")
    policy(database, role, "for select", "true", table="custom_labels_v1")

    with pytest.raises(StorageForbidden, match="labels of the record from being deleted"):
        driver.update(record()._replace(labels={}))
    with pytest.raises(StorageForbidden, match="labels of the record from being deleted"):
        driver.delete("shop", KEY)

    assert database.rows() == ROWS


def test_an_owner_who_is_subject_to_it_is_told(database: SQLDatabase) -> None:
    owner = new_role(database, "owner")
    database.query(f'grant create on schema public to "{owner}"')
    for table in ("releases_v1", "custom_labels_v1", "gorp_migrations"):
        database.query(f'alter table {table} owner to "{owner}"')
    with database.connect(owner) as driver:
        assert [each.key for each in driver.list()] == [KEY]

        database.query("alter table releases_v1 force row level security")

        with pytest.raises(StorageForbidden):
            [*driver.list()]


def test_a_body_that_is_hidden_meanwhile_is_not_called_deleted(
    database: SQLDatabase, driver: SQLDriver, role: str
) -> None:
    sees_labels(database, role)
    database.query(f'create policy a on releases_v1 for select to "{role}" using (true)')
    database.query("update releases_v1 set body = repeat('a', 9000)")
    (listed,) = driver.list()

    database.query("drop policy a on releases_v1")

    with pytest.raises(StorageForbidden):
        listed.body.text()


def test_a_record_of_another_type_is_told(database: SQLDatabase) -> None:
    """A later Helm keeps releases of another kind under the same keys (helm/helm#32667)."""
    database.query("update releases_v1 set type = 'helm.sh/release.v2'")

    with database.connect() as driver:
        assert [*driver.list()] == []
        assert [*driver.list(newest=True)] == []
        assert [*driver.query({"name": "web"})] == []
        assert [*driver.names()] == []
        assert [*driver.namespaces()] == []
        for use in (USES["get"], USES["update"], USES["delete"]):
            with pytest.raises(StorageError, match=r"is of type helm\.sh/release\.v2"):
                use(driver)

    assert database.rows() == ROWS
