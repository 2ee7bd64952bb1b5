"""The SQL driver on a real PostgreSQL: the contract of all drivers."""

from collections.abc import Iterator

import pytest
from servers.postgresql import Database, running_postgresql
from servers.sql_database import SQLDatabase, new_database
from storage.contract import Damage, DriverContract

from postrender.storage._postgres.driver import SQLDriver
from postrender.storage._record import Record


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with running_postgresql() as server:
        yield server


@pytest.fixture
def database(server: Database) -> SQLDatabase:
    return new_database(server)


@pytest.fixture
def driver(database: SQLDatabase) -> Iterator[SQLDriver]:
    with database.connect() as driver:
        yield driver


@pytest.fixture
def other(database: SQLDatabase) -> Iterator[SQLDriver]:
    with database.connect() as driver:
        yield driver


class TestSQLDriver(DriverContract):
    """The contract."""

    NAME = "SQL"
    LARGE = 2_000_000
    LONGEST_LABELLED = 42
    MANY = 60

    @pytest.fixture
    def damage(self, database: SQLDatabase) -> Damage:
        def damage(stored: Record) -> None:
            database.query(f"update releases_v1 set version = 2 where key = '{stored.key}'")

        return damage
