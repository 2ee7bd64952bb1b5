"""`postrender storage` without a server: what it prints, and what it refuses."""

import sys

import pytest
from servers.process import free_ports
from support import Command

GRANT = ("storage", "grant", "--role", "deployer", "--namespace", "shop")


def test_help_names_the_commands(postrender: Command) -> None:
    done = postrender("storage", "--help")

    assert done.code == 0
    assert done.stdout.startswith("usage: postrender storage COMMAND [options]\n")
    assert "postrender storage init " in done.stdout
    assert "postrender storage grant " in done.stdout


@pytest.mark.parametrize("command", ["init", "grant"])
def test_each_command_has_its_help(command: str, postrender: Command) -> None:
    done = postrender("storage", command, "--help")

    assert done.code == 0
    assert done.stdout.startswith(f"usage: postrender storage {command} [options]\n")
    assert "HELM_DRIVER_SQL_CONNECTION_STRING" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_grant_prints_the_statements_in_one_transaction(postrender: Command) -> None:
    done = postrender(*GRANT, "--read-only")

    lines = done.stdout.splitlines()
    assert done.code == 0
    assert (lines[0], lines[-1]) == ("begin;", "commit;")
    assert 'grant select on "public".gorp_migrations to "deployer";' in lines
    assert done.stderr.startswith("postrender: Helm gives all rights on its tables to every role")


def test_grant_that_takes_the_rights_of_all_says_no_more(postrender: Command) -> None:
    done = postrender(*GRANT, "--revoke-public", "--schema", "helm")

    assert done.stdout.startswith(
        'begin;\nrevoke all on "helm".releases_v1, "helm".custom_labels_v1 from public;\n'
    )
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "storage needs a command; see postrender storage --help"),
        (("inot",), "unknown command `storage inot`; did you mean `init`?"),
        (("grant", "-n", "a"), "grant needs --role; write --role ROLE"),
        (
            ("grant", "--role", "a"),
            "grant needs --namespace; write --namespace NAME, or -A",
        ),
        (("grant", "--role", "a", "-n", "a", "-A"), "exclude each other"),
        (("init", "--role", "a"), "unknown option `--role`"),
        (("init", "more"), "unknown argument `more`"),
        (("init", "--connection-string", "secret"), "has a word without `=`"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    arguments: tuple[str, ...], message: str, postrender: Command
) -> None:
    done = postrender("storage", *arguments)

    assert done.code == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_a_database_that_cannot_be_reached_is_told(
    postrender: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    (port,) = free_ports(1)
    monkeypatch.setenv(
        "HELM_DRIVER_SQL_CONNECTION_STRING", f"postgres://helm:secret@127.0.0.1:{port}/releases"
    )

    done = postrender(*GRANT, "--apply")

    assert done.code == 4
    assert f"error: database releases at 127.0.0.1:{port}: connection failed" in done.stderr
    assert "secret" not in done.stderr


def test_without_a_database_it_says_how_to_name_one(
    postrender: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    (port,) = free_ports(1)
    monkeypatch.delenv("HELM_DRIVER_SQL_CONNECTION_STRING", raising=False)
    monkeypatch.setenv("PGPORT", str(port))

    done = postrender("storage", "init")

    assert done.code == 4
    assert done.stderr.endswith(
        "; name the database with HELM_DRIVER_SQL_CONNECTION_STRING or --connection-string\n"
    )


def test_without_psycopg_it_says_what_to_install(
    postrender: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for name in [name for name in sys.modules if name.startswith("postrender.storage._postgres")]:
        monkeypatch.delitem(sys.modules, name)

    assert postrender(*GRANT).code == 0
    done = postrender("storage", "init")

    assert done.code == 2
    assert done.stderr == (
        "postrender: error: needs psycopg, which is not installed; install postrender[sql]\n"
    )
