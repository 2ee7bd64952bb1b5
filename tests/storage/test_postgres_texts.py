"""The texts of SQL that need no server to be right, and the meanings of its errors."""

import pytest

from postrender._errors import (
    RecordCorrupt,
    RecordTooLarge,
    ReleaseConflict,
    StorageError,
    StorageForbidden,
    StorageUnavailable,
)
from postrender.storage import _postgres
from postrender.storage._postgres.errors import is_lost, storage_error
from postrender.storage._postgres.grants import Grant, identifier, literal


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("08006", StorageUnavailable),
        ("57P01", StorageUnavailable),
        ("57014", StorageUnavailable),
        ("53300", StorageUnavailable),
        ("53100", StorageUnavailable),
        ("58030", StorageUnavailable),
        ("XX001", StorageUnavailable),
        ("55P03", StorageUnavailable),
        ("25P03", StorageUnavailable),
        ("3D000", StorageUnavailable),
        ("28P01", StorageForbidden),
        ("42501", StorageForbidden),
        ("25006", StorageForbidden),
        ("40001", ReleaseConflict),
        ("40P01", ReleaseConflict),
        ("22001", RecordTooLarge),
        ("22003", RecordTooLarge),
        ("54000", RecordTooLarge),
        ("22021", RecordCorrupt),
        ("22012", StorageError),
        ("42P01", StorageError),
        ("P0001", StorageError),
    ],
)
def test_a_sqlstate_has_a_class(code: str, error: type[StorageError]) -> None:
    assert type(storage_error(code, "no", place="here")) is error


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('FATAL:  password authentication failed for user "u"', StorageForbidden),
        ('FATAL:  no pg_hba.conf entry for host "::1"', StorageForbidden),
        ('FATAL:  role "u" does not exist', StorageForbidden),
        ("fe_sendauth: no password supplied", StorageForbidden),
        ('FATAL:  database "u" does not exist', StorageUnavailable),
        ("server does not support SSL, but SSL was required", StorageUnavailable),
        ("Connection refused", StorageUnavailable),
        ("", StorageUnavailable),
    ],
)
def test_a_refused_connection_has_a_class(text: str, error: type[StorageError]) -> None:
    assert type(storage_error(None, text, place="here")) is error


def test_a_message_is_of_one_line() -> None:
    error = storage_error("08006", "connection failed:\n\tno route to host.\n", place="here")

    assert str(error) == "here: connection failed:; no route to host"
    assert str(storage_error(None, "", place="here")) == "here: no reason is given"


@pytest.mark.parametrize(
    ("code", "lost"), [(None, True), ("08006", True), ("57P01", True), ("57014", False)]
)
def test_a_lost_connection_is_known(code: str | None, lost: bool) -> None:
    assert is_lost(code) is lost


def test_a_grant_is_for_one_namespace_on_both_tables() -> None:
    assert Grant("deployer", "shop").statements() == [
        'drop policy if exists "postrender deployer shop" on "public".releases_v1',
        'create policy "postrender deployer shop" on "public".releases_v1 for all to "deployer"'
        " using (namespace = 'shop') with check (namespace = 'shop')",
        'drop policy if exists "postrender deployer shop" on "public".custom_labels_v1',
        'create policy "postrender deployer shop" on "public".custom_labels_v1 for all to'
        " \"deployer\" using (releasenamespace = 'shop') with check (releasenamespace = 'shop')",
        'grant usage on schema "public" to "deployer"',
        'grant select, insert, update, delete on "public".releases_v1,'
        ' "public".custom_labels_v1 to "deployer"',
        'grant select on "public".gorp_migrations to "deployer"',
    ]


def test_a_grant_to_read_all_is_for_reading() -> None:
    grant = Grant("monitoring", "", "helm", read_only=True, revoke_public=True)

    assert grant.statements() == [
        'revoke all on "helm".releases_v1, "helm".custom_labels_v1 from public',
        'drop policy if exists "postrender monitoring *" on "helm".releases_v1',
        'create policy "postrender monitoring *" on "helm".releases_v1'
        ' for select to "monitoring" using (true)',
        'drop policy if exists "postrender monitoring *" on "helm".custom_labels_v1',
        'create policy "postrender monitoring *" on "helm".custom_labels_v1'
        ' for select to "monitoring" using (true)',
        'grant usage on schema "helm" to "monitoring"',
        'grant select on "helm".releases_v1, "helm".custom_labels_v1 to "monitoring"',
        'grant select on "helm".gorp_migrations to "monitoring"',
    ]


def test_the_policies_of_long_names_differ() -> None:
    names = {
        Grant("r" * 40, f"{'n' * 40}{number}").statements()[0].split('"')[1] for number in "12"
    }

    assert len(names) == 2
    assert all(len(name) <= 63 for name in names)


def test_names_and_texts_are_quoted() -> None:
    assert identifier('a"b') == '"a""b"'
    assert literal("it's") == "'it''s'"
    assert literal("a\\'b") == "E'a\\\\''b'"


def test_the_package_has_the_driver_and_nothing_else() -> None:
    assert _postgres.SQLDriver.name == "SQL"
    with pytest.raises(AttributeError, match="there is no Driver"):
        _postgres.Driver  # noqa: B018
