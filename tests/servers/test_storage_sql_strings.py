"""Connection strings mean to us what they mean to Helm: with and without TLS, on a real server."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import real
from servers.postgresql import USER, Database, running_postgresql
from servers.sql_database import SQLDatabase, new_database
from servers.sql_helm import SQLHelm

from postrender._errors import PostrenderError
from postrender.storage._postgres.driver import SQLDriver

#: What works with every Helm, and with us. `{ca}` is the certificate of the server's authority,
#: `{other}` that of another; the server's own is for the name localhost.
WORKING = [
    "postgres://postgres@localhost:{port}/{db}",
    "postgresql://postgres@localhost:{port}/{db}?sslmode=require",
    "postgres://postgres@127.0.0.1:{port}/{db}?sslmode=disable",
    "postgres://postgres@localhost:{port}/{db}?sslmode=require&sslrootcert={ca}",
    "postgres://postgres@localhost:{port}/{db}?sslmode=require&sslrootcert=/no/such/file",
    "postgres://postgres@localhost:{port}/{db}?sslmode=verify-ca&sslrootcert={ca}",
    "postgres://postgres@127.0.0.1:{port}/{db}?sslmode=verify-ca&sslrootcert={ca}",
    "postgres://postgres@localhost:{port}/{db}?sslmode=verify-full&sslrootcert={ca}",
    "postgres://postgres:pass%20word%2F%40@localhost:{port}/{db}?connect_timeout=5",
    "postgres://postgres:p@ss@localhost:{port}/{db}",
    "postgres://localhost:{port}/%74{rest}?user=postgres&application_name=a+b",
    "postgres://postgres@localhost:{port}/{db}?binary_parameters=yes&sslsni=0",
    "postgres://postgres@localhost:{port}/{db}?disable_prepared_binary_result=yes",
    "postgres://postgres@localhost:{port}/{db}?statement_timeout=20000&search_path=public",
    "postgres://postgres@localhost:{port}/{db}?client_encoding=utf-8&fallback_application_name=a",
    "postgres://postgres@localhost:{port}/{db}?options=-c%20work_mem%3D4MB#fragment",
    "host=localhost port={port} dbname={db} user=postgres",
    "host = localhost  port= {port} dbname ='{db}'user='postgres' sslmode=disable",
    r"host=localhost port={port} dbname={db} user=postgres password='it\'s \\ a secret'",
    r"host=localhost port={port} dbname={db} user=post\gres password= sslmode=require",
    "port={port} database={db} user=postgres",
    "host=localhost port={port} dbname={db} user=postgres search_path='\"$user\", public'",
]
#: What works with none.
FAILING = [
    "postgres://postgres@localhost:{port}/{db}?sslmode=require&sslrootcert={other}",
    "postgres://postgres@localhost:{port}/{db}?sslmode=verify-ca&sslrootcert={other}",
    "postgres://postgres@127.0.0.1:{port}/{db}?sslmode=verify-full&sslrootcert={ca}",
    "postgres://postgres@localhost:{port}/{db}?sslmode=verify-full",
    "postgres://postgres@localhost:{port}/{db}?sslmode=verify-full&sslrootcert=/no/such/file",
    "postgres://postgres@localhost:{port}/{db}?sslmode=nonsense",
    "postgres://postgres@localhost:{port}/{db}?nonsense=1",
    "postgres://postgres@localhost:{port}/{db}?client_encoding=latin1",
    "postgres://postgres:secret/x@localhost:{port}/{db}",
    "postgres://postgres@localhost:port/{db}",
    "postgres://postgres@localhost:{port}/{db}_not",
    "mysql://postgres@localhost:{port}/{db}",
    "host=localhost port={port} dbname={db} user=postgres password='open",
    "localhost",
]
#: What works with a newer lib/pq, and not with that of Helm 3.17.
NEWER = [
    "postgres://postgres@localhost:{port}/{db}?sslmode=prefer",
    "postgres://postgres@localhost:{port}/{db}?sslmode=allow",
    "postgres://postgres@127.0.0.2,localhost/{db}?port={port}&sslmode=require",
    "postgres://postgres@localhost:{port}/{db}?sslmode=require&sslnegotiation=postgres",
    "hostaddr=127.0.0.1 port={port} dbname={db} user=postgres",
]
LIBPQ = {"3.17.3": False, "4.3.1": True}  # the others have the newer one, too


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authorities")
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")
    for name in ("ca", "other"):
        _openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{name}.key",
                 "-out", f"{name}.crt")  # fmt: skip
    _openssl(folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")  # fmt: skip
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    _openssl(folder, "x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
             "-CAcreateserial", "-days", "2", "-extfile", "names",
             "-out", "server.crt")  # fmt: skip
    return folder


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def server(authorities: Path) -> Iterator[Database]:
    """A server that takes connections with TLS, and others."""
    with running_postgresql() as server:
        data = Path(server.query("show data_directory"))
        for name in ("server.key", "server.crt"):
            shutil.copy(authorities / name, data / name)
            (data / name).chmod(0o600)
            if os.geteuid() == 0:
                shutil.chown(data / name, USER, USER)
        server.query("alter system set ssl = on")
        server.query("select pg_reload_conf()")
        while "on" not in server.query("show ssl"):
            pass
        yield server


@pytest.fixture(scope="module")
def database(server: Database) -> SQLDatabase:
    return new_database(server)


@pytest.fixture(params=LIBPQ)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def written(string: str, database: SQLDatabase, authorities: Path) -> str:
    return string.format(
        port=database.server.port,
        db=database.name,
        rest=database.name[1:],
        ca=authorities / "ca.crt",
        other=authorities / "other.crt",
    )


def helm_works(version: str, string: str, folder: Path) -> bool:
    return SQLHelm(real.helm(version), folder, None)(string, "version").code == 0


def we_work(string: str) -> bool:
    try:
        with SQLDriver.connect(string) as driver:
            return [*driver.list()] == []
    except PostrenderError:
        return False


@pytest.mark.parametrize("string", [*WORKING, *FAILING, *NEWER])
def test_a_string_does_what_it_does_for_helm(
    string: str, version: str, database: SQLDatabase, authorities: Path, tmp_path: Path
) -> None:
    text = written(string, database, authorities)

    helms = helm_works(version, text, tmp_path)

    assert we_work(text) == (string not in FAILING)
    assert helms == (string in WORKING or (string in NEWER and LIBPQ[version]))


def test_without_a_string_the_variables_of_postgresql_are_read(
    database: SQLDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", str(database.server.port))
    monkeypatch.setenv("PGDATABASE", database.name)
    monkeypatch.setenv("PGUSER", USER)
    monkeypatch.setenv("PGPASSWORD", "\udcff")  # which need not be text

    for host in ("127.0.0.1", None):
        if host:
            monkeypatch.setenv("PGHOST", host)
        else:  # then it is localhost, and no socket in the file system
            monkeypatch.delenv("PGHOST")
        assert we_work("")


def test_a_socket_in_the_file_system_has_no_tls(database: SQLDatabase) -> None:
    folder = database.query("show unix_socket_directories")

    assert we_work(f"host={folder} port={database.server.port} dbname={database.name} user={USER}")


def test_what_is_encrypted_is_so(database: SQLDatabase, authorities: Path) -> None:
    def is_encrypted(string: str) -> str:
        with SQLDriver.connect(written(string, database, authorities)):
            return database.query(
                "select ssl from pg_stat_ssl join pg_stat_activity using (pid)"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )

    assert is_encrypted(WORKING[0]) == "t"
    assert is_encrypted(WORKING[2]) == "f"
