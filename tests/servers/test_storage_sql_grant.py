"""`postrender storage grant`: what it gives is enough for Helm and us, and for nothing more."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import real
from servers import process
from servers.build import HELM
from servers.kubernetes import Cluster
from servers.postgresql import Database, running_postgresql
from servers.sql_database import SQLDatabase, new_database, new_role
from servers.sql_helm import SQLHelm
from support import Command

from postrender._errors import StorageForbidden
from postrender.storage._postgres.grants import identifier
from postrender.storage._record import Body, Record, record_key


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with running_postgresql() as server:
        yield server


@pytest.fixture
def database(server: Database) -> SQLDatabase:
    return new_database(server)


@pytest.fixture(params=HELM)
def helm(request: pytest.FixtureRequest, tmp_path: Path, cluster: Cluster) -> SQLHelm:
    return SQLHelm(real.helm(request.param), tmp_path, cluster.kubeconfig)


def record(namespace: str, version: int = 1, **labels: str) -> Record:
    key = record_key("web", version)
    return Record(namespace, key, "web", version, "deployed", Body(b"e30="), labels)


def grant(postrender: Command, database: SQLDatabase, role: str, *more: str) -> str:
    arguments = ["--role", role, "--apply", "--connection-string", database.url(), *more]
    done = postrender("storage", "grant", *arguments)
    assert done.code == 0, done.stderr
    return done.stdout


def test_helm_works_in_the_namespace_and_sees_no_other(
    helm: SQLHelm, namespace: str, database: SQLDatabase, postrender: Command
) -> None:
    with database.connect() as driver:
        driver.create(record("other", team="search"))
    role = new_role(database, "deployer")
    grant(postrender, database, role, "--namespace", namespace, "--revoke-public")
    url = database.url(role)

    here = ("-n", namespace)
    label = ("--labels", "team=payments")
    done = [
        helm(url, "install", "shop", helm.chart, *here, *label),
        helm(url, "upgrade", "shop", helm.chart, *here, "--set", "a=two"),
        helm(url, "rollback", "shop", "1", *here),
    ]
    listed = helm(url, "list", *here, "-o", "json")
    across = helm(url, "list", "--all-namespaces", "-o", "json")
    selected = helm(url, "list", *here, "-l", "team=payments", "-q")

    assert [each.stderr for each in done if each.code] == []
    assert [each["revision"] for each in json.loads(listed.stdout)] == ["3"]
    assert [each["namespace"] for each in json.loads(across.stdout)] == [namespace]
    assert selected.stdout == "shop\n"
    assert helm(url, "uninstall", "shop", *here).code == 0
    assert database.rows() == (
        "other|sh.helm.release.v1.web.v1|deployed|4\nsh.helm.release.v1.web.v1|team|search"
    )


def test_with_read_only_helm_lists_and_cannot_write(
    helm: SQLHelm, namespace: str, database: SQLDatabase, postrender: Command
) -> None:
    owner, url = database.url(), database.url(new_role(database, "reader"))
    helm(owner, "install", "shop", helm.chart, "-n", namespace, "--labels", "team=payments")
    before = database.rows()
    role = url.partition("//")[2].partition("@")[0]
    grant(postrender, database, role, "-n", namespace, "--read-only", "--revoke-public")

    listed = helm(url, "list", "-n", namespace, "-o", "json")
    upgraded = helm(url, "upgrade", "shop", helm.chart, "-n", namespace)

    assert [each["name"] for each in json.loads(listed.stdout)] == ["shop"]
    assert upgraded.code != 0
    assert "permission denied for table releases_v1" in upgraded.stderr
    assert database.rows() == before


def test_we_work_in_the_namespace_and_are_told_of_others(
    database: SQLDatabase, postrender: Command
) -> None:
    with database.connect() as driver:
        driver.create(record("other"))
    role = new_role(database, "deployer")
    grant(postrender, database, role, "--namespace", "shop")

    with database.connect(role) as driver:
        driver.update(driver.create(record("shop", team="a"))._replace(labels={"team": "b"}))
        driver.create(record("shop", 2, team="b"))
        assert [each.version for each in driver.list("shop")] == [1, 2]
        assert [each.version for each in driver.query({"team": "b"}, "shop")] == [1, 2]
        assert driver.delete("shop", record_key("web", 2)).labels == {"team": "b"}
        assert [*driver.names("shop")] == [("shop", "web")]
        for use in (
            lambda: driver.get("other", record_key("web", 1)),
            lambda: driver.delete("other", record_key("web", 1)),
            lambda: driver.update(record("other")),
            lambda: driver.create(record("other", 2)),
            lambda: [*driver.list("other")],
            lambda: [*driver.list()],
            lambda: [*driver.query({"name": "web"})],
            lambda: [*driver.names()],
            lambda: [*driver.namespaces()],
        ):
            with pytest.raises(StorageForbidden, match="row security of releases_v1 hides"):
                use()


def test_with_read_only_we_read_and_cannot_write(
    database: SQLDatabase, postrender: Command
) -> None:
    with database.connect() as driver:
        driver.create(record("shop", team="a"))
    role = new_role(database, "reader")
    grant(postrender, database, role, "--namespace", "shop", "--read-only", "--revoke-public")

    with database.connect(role) as driver:
        assert driver.get("shop", record_key("web", 1)).labels == {"team": "a"}
        writes: list[Callable[[], object]] = [
            lambda: driver.create(record("shop", 2)),
            lambda: driver.update(record("shop")),
            lambda: driver.delete("shop", record_key("web", 1)),
        ]
        for use in writes:
            with pytest.raises(StorageForbidden, match="permission denied") as caught:
                use()
            assert caught.value.hint == "see `postrender storage grant`"
    assert database.rows().startswith("shop|sh.helm.release.v1.web.v1|deployed|4")


def test_all_namespaces_may_be_granted(database: SQLDatabase, postrender: Command) -> None:
    with database.connect() as driver:
        driver.create(record("shop", team="a"))
        driver.create(record("other"))
    role = new_role(database, "monitoring")
    grant(postrender, database, role, "-A", "--read-only")

    with database.connect(role) as driver:
        assert [*driver.namespaces()] == ["other", "shop"]
        assert [each.namespace for each in driver.query({"team": "a"})] == ["shop"]


def test_a_role_may_have_several_namespaces_and_be_granted_again(
    database: SQLDatabase, postrender: Command
) -> None:
    role = new_role(database, "deployer")
    for namespace in ("shop", "staging", "shop"):
        grant(postrender, database, role, "-n", namespace)

    with database.connect(role) as driver:
        driver.create(record("shop"))
        driver.create(record("staging"))
        with pytest.raises(StorageForbidden):
            driver.create(record("other"))


def test_names_of_roles_and_namespaces_are_quoted(
    database: SQLDatabase, postrender: Command
) -> None:
    role = new_role(database, 'odd "; drop table releases_v1; --')
    namespace = "it's \\ odd"

    grant(postrender, database, role, "-n", namespace, "--revoke-public")

    with database.connect() as driver:
        driver.create(record(namespace))
    rights = f"set role {identifier(role)}; select count(*) from releases_v1"
    assert database.query(rights) == "1"


def test_a_role_that_is_not_there_is_told(database: SQLDatabase, postrender: Command) -> None:
    done = postrender(
        "storage", "grant", "--role", "nobody", "-n", "shop", "--apply",
        "--connection-string", database.url(),
    )  # fmt: skip

    assert done.code == 1
    assert 'role "nobody" does not exist; create the role first' in done.stderr


def test_only_the_owner_of_the_tables_can_grant(database: SQLDatabase, postrender: Command) -> None:
    role = new_role(database, "guest")

    done = postrender(
        "storage", "grant", "--role", role, "-n", "shop", "--apply",
        "--connection-string", database.url(role),
    )  # fmt: skip

    assert done.code == 4
    assert "must be owner of" in done.stderr
    assert database.query("select count(*) from pg_policies") == "0"


def test_the_printed_statements_are_for_psql(database: SQLDatabase, postrender: Command) -> None:
    role = new_role(database, "deployer")
    done = postrender("storage", "grant", "--role", role, "-n", "shop", "--schema", "public")

    psql: process.Command = [
        database.server.programs / "psql",
        "-v",
        "ON_ERROR_STOP=1",
        "-d",
        database.url(),
    ]
    subprocess.run(psql, check=True, capture_output=True, input=done.stdout, text=True)

    with database.connect(role) as driver:
        driver.create(record("shop", team="a"))
