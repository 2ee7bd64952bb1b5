"""Connection strings of Helm, and what libpq gets for them; tests/servers compares with Helm."""

import pytest

from postrender._errors import ConfigError
from postrender.storage._postgres.connection_string import parse
from postrender.storage._postgres.parameters import for_libpq, place

#: what libpq knows, with its defaults and nothing from the environment
LIBPQ: dict[str, str | None] = {
    **dict.fromkeys(("host", "hostaddr", "user", "password", "dbname", "options", "service")),
    **dict.fromkeys(("sslrootcert", "connect_timeout", "application_name", "client_encoding")),
    **dict.fromkeys(("fallback_application_name", "sslcert", "sslsni", "keepalives_idle")),
    "port": "5432",
    "sslmode": "prefer",
    "gssencmode": "prefer",
}
DEFAULTS = {
    "client_encoding": "UTF8",
    "connect_timeout": "10",
    "fallback_application_name": "postrender",
    "gssencmode": "disable",
    "host": "localhost",
    "keepalives_idle": "15",
    "sslmode": "require",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        (" ", {}),
        ("postgres://", {}),
        ("postgresql://db", {"host": "db"}),
        (
            "postgres://u:p@db:5433/helm?sslmode=disable",
            {
                "user": "u",
                "password": "p",
                "host": "db",
                "port": "5433",
                "dbname": "helm",
                "sslmode": "disable",
            },
        ),
        ("postgres://u%40x:p%2F%20q+r@db/a%20b", {
            "user": "u@x", "password": "p/ q+r", "host": "db", "dbname": "a b",
        }),
        ("postgres://u:p@q@db", {"user": "u", "password": "p@q", "host": "db"}),
        ("postgres://u:p:q@db/", {"user": "u", "password": "p:q", "host": "db"}),
        ("postgres://[::1]:5433/a", {"host": "::1", "port": "5433", "dbname": "a"}),
        ("postgres://a,b:2,c/d", {"host": "a,b,c", "port": "5432,2,5432", "dbname": "d"}),
        ("postgres:///a?host=/run/postgresql", {"host": "/run/postgresql", "dbname": "a"}),
        ("postgres://db?a=1&a=2&b=&c=x+y%26", {"host": "db", "a": "1", "c": "x y&"}),
        ("postgres://db/a#fragment", {"host": "db", "dbname": "a"}),
        ("host=db port=5433", {"host": "db", "port": "5433"}),
        (" host = db\tport= 5433 \n", {"host": "db", "port": "5433"}),
        ("password='a b' user=''", {"password": "a b", "user": ""}),
        (r"password='it\'s \\ \x' user=a\ b", {"password": r"it's \ x", "user": "a b"}),
        ("user=it's", {"user": "it's"}),
        ("user='a'password='b'", {"user": "a", "password": "b"}),
        ("user=a user=b", {"user": "b"}),
        ("user=", {"user": ""}),
        ("user= password=b", {"user": "password=b"}),
        ("password=a=b", {"password": "a=b"}),
    ],
)  # fmt: skip
def test_a_string_is_read_as_helm_reads_it(text: str, found: dict[str, str]) -> None:
    assert parse(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "postgres://u:secret/x@db/helm",
        "postgres://u:secret?x@db/helm",
        "postgres://u:secret#x@db/helm",
        "postgres://db:secret",
        "secret",
        "host=db secret",
        "=secret",
        "password='secret",
        "password=secret\\",
        "mysql://u:secret@db",
        "postgres://u:secret%00x@db",
        "postgres://u:secret%FF@db",
        "postgres://u:secret\udcff@db",
        "postgres://db?password=secret%ff",
        "host=db password=secret\udcff",
        "host=db password=secret\0",
    ],
)
def test_what_is_no_string_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        for_libpq(parse(text), LIBPQ)

    assert caught.value.location == "connection string"
    assert "secret" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("given", "more"),
    [
        ({}, {}),
        ({"host": "db"}, {"host": "db"}),
        ({"connect_timeout": "3"}, {"connect_timeout": "3"}),
        ({"fallback_application_name": "a"}, {"fallback_application_name": "a"}),
        ({"gssencmode": "prefer"}, {"gssencmode": "prefer"}),
        ({"sslmode": "prefer"}, {"sslmode": "prefer"}),
        ({"sslmode": "verify-full"}, {"sslmode": "verify-full", "sslrootcert": "system"}),
        (
            {"sslmode": "verify-full", "sslrootcert": "a"},
            {"sslmode": "verify-full", "sslrootcert": "a"},
        ),
        ({"host": "/run"}, {"host": "/run", "sslmode": "disable"}),
        ({"host": "@abstract"}, {"host": "@abstract", "sslmode": "disable"}),
        ({"database": "a", "dbname": "b"}, {"dbname": "a"}),
        ({"binary_parameters": "yes", "sslinline": "false", "krbspn": "a"}, {}),
        ({"search_path": "helm"}, {"options": "-c search_path=helm"}),
        (
            {"options": "-c work_mem=4MB", "search_path": 'a, "b\\'},
            {"options": '-c work_mem=4MB -c search_path=a,\\ "b\\\\'},
        ),
        ({"client_encoding": "utf-8"}, {}),
    ],
)
def test_libpq_gets_what_lib_pq_would_do(given: dict[str, str], more: dict[str, str]) -> None:
    assert for_libpq(given, LIBPQ) == DEFAULTS | more


def test_a_string_says_what_helms_default_for_tls_does_not() -> None:
    system = for_libpq({"sslrootcert": "system"}, LIBPQ)
    service = for_libpq({"service": "a"}, LIBPQ)
    rooted = for_libpq({"sslmode": "verify-full"}, LIBPQ, has_root_certificate=True)

    assert "sslmode" not in system  # libpq makes it verify-full then
    assert "sslmode" not in service
    assert "host" not in service
    assert "sslrootcert" not in rooted


def test_the_environment_gives_what_the_string_does_not() -> None:
    known = {
        **LIBPQ,
        "host": "db",
        "sslmode": "verify-ca",
        "connect_timeout": "3",
        "options": "-c work_mem=4MB",
    }

    assert for_libpq({"search_path": "helm"}, known) == {
        "client_encoding": "UTF8",
        "fallback_application_name": "postrender",
        "gssencmode": "disable",
        "keepalives_idle": "15",
        "options": "-c work_mem=4MB -c search_path=helm",
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sslmode": "secret"}, "has a sslmode that is none of disable, allow, prefer, require"),
        ({"sslinline": "true"}, "has certificates inline"),
        ({"client_encoding": "latin1"}, "has a client_encoding other than UTF8"),
        ({"port": "secret"}, "has a port that is no number"),
        ({"se cret": "a"}, "has a parameter that is no name"),
    ],
)
def test_what_helm_refuses_is_refused(given: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        for_libpq(given, LIBPQ)

    assert caught.value.message.startswith(message)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"host": "db", "port": "5433", "dbname": "helm"}, "database helm at db:5433"),
        ({"hostaddr": "10.0.0.1", "user": "u"}, "database u at 10.0.0.1:5432"),
        ({"service": "prod"}, "database of the user's name at prod:5432"),
    ],
)
def test_a_database_is_named(parameters: dict[str, str | None], name: str) -> None:
    assert place(parameters) == name
