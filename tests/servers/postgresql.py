"""A PostgreSQL server on a free port."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import real
from servers.process import Command, free_ports, running

# PostgreSQL refuses to run as root, and its packages bring this user.
USER = "postgres"


class Database(NamedTuple):
    """Where a server is; whoever asks from this machine is its superuser."""

    programs: Path
    port: int

    @property
    def url(self) -> str:
        """Return what libpq and Helm take as the name of the database."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres?sslmode=disable"

    def query(self, statement: str) -> str:
        """Return what a statement gives, columns with a bar between; raises CalledProcessError."""
        command: Command = [self.programs / "psql", "-XAtq", "-d", self.url, "-c", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def running_postgresql() -> Iterator[Database]:
    """Run PostgreSQL; skip the test where its programs are not there."""
    database = Database(real.postgresql(), *free_ports(1))
    user = USER if os.geteuid() == 0 else ""
    # Not below the folder of the tests, which its user could not enter.
    with tempfile.TemporaryDirectory(prefix="postrender-postgresql-") as folder:
        data = Path(folder, "data")
        if user:
            shutil.chown(folder, user, user)
        _initialise(database, data, user)
        command: Command = [
            database.programs / "postgres", "-D", data, "-p", str(database.port),
            "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}",
            "-c", "fsync=off",
        ]  # fmt: skip
        with running(command, Path(folder, "log"), lambda: _ready(database), user):
            yield database


def _initialise(database: Database, data: Path, user: str) -> None:
    command: Command = [
        database.programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-N", "-E", "UTF8",
    ]  # fmt: skip
    who = user or None
    subprocess.run(command, check=True, capture_output=True, cwd=data.parent, user=who, group=who)


def _ready(database: Database) -> bool:
    command: Command = [database.programs / "pg_isready", "-q", "-d", database.url]
    return subprocess.run(command, check=False).returncode == 0
