"""A database for each test, on a PostgreSQL that several share."""

import os
import subprocess
from itertools import count
from typing import NamedTuple

from servers.postgresql import USER, Database
from servers.process import Command

from postrender.storage._postgres.driver import SQLDriver
from postrender.storage._postgres.grants import identifier

_numbers = count(1)


class SQLDatabase(NamedTuple):
    """One database of a server."""

    server: Database
    name: str

    def url(self, role: str = USER, port: int = 0) -> str:
        """Return the connection string of a role, through another port if given."""
        where = f"127.0.0.1:{port or self.server.port}"
        return f"postgresql://{role}@{where}/{self.name}?sslmode=disable"

    def connect(self, role: str = USER, *, port: int = 0, timeout: float = 60) -> SQLDriver:
        """Return a driver; its pages are small, so that tests have several."""
        return SQLDriver.connect(self.url(role, port), timeout=timeout, page=7)

    def query(self, statement: str, role: str = USER) -> str:
        """Return what a statement gives, columns with a bar between; raises CalledProcessError."""
        psql: Command = [
            self.server.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1",
            "-d", self.url(role), "-c", statement,
        ]  # fmt: skip
        return subprocess.run(psql, check=True, capture_output=True, text=True).stdout.strip()

    def rows(self) -> str:
        """Return key, status and length of body of all records, then the labels, in order."""
        records = "select namespace, key, status, length(body) from releases_v1 order by 1, 2"
        labels = "select releasekey, key, value from custom_labels_v1 order by 1, 2"
        return f"{self.query(records)}\n{self.query(labels)}".strip()

    def schema(self) -> str:
        """Return the schema as pg_dump writes it."""
        command: Command = [self.server.programs / "pg_dump", "-s", "-O", "-d", self.url()]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        lines = done.stdout.splitlines()
        return "\n".join(line for line in lines if not line.startswith(("\\", "--")))


def new_database(server: Database, *, initialised: bool = True, options: str = "") -> SQLDatabase:
    """Make a database, with Helm's tables unless told otherwise."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    server.query(f"create database {name} {options}")
    database = SQLDatabase(server, name)
    if initialised:
        with database.connect() as driver:
            driver.initialise()
    return database


def new_role(database: SQLDatabase, name: str) -> str:
    """Make a role that may log in; roles are of the server, and so has each database its own."""
    role = f"{name}_{database.name}"
    database.query(f"create role {identifier(role)} login")
    return role
