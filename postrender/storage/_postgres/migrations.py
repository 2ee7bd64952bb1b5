"""Making what is missing of Helm's tables.

Helm makes them with sql-migrate, whose table `gorp_migrations` says what has been done. With both
of its own there, Helm leaves the database as it is; so it does not matter who comes first.
"""

from typing import Final, NamedTuple

from postrender._errors import StorageError
from postrender.storage._postgres.connection import Connection
from postrender.storage._postgres.tables import MIGRATIONS, STEPS, TABLES

#: Two of us at once wait for each other; Helm does not know of this.
LOCK: Final = "select pg_advisory_xact_lock(hashtext('postrender storage init'))"
#: Asked first, since `create … if not exists` needs the right to create even where it is there.
HAS_TABLE: Final = "select to_regclass(%s) is not null"
CREATE_MIGRATIONS: Final = f"""
create table if not exists {MIGRATIONS} (id text primary key, applied_at timestamptz)
"""
DONE: Final = f"select id from {MIGRATIONS} order by id"
RECORD: Final = f"insert into {MIGRATIONS} (id, applied_at) values (%s, now())"


class Initialised(NamedTuple):
    """What was done to a database."""

    created: tuple[str, ...]  #: tables that were not there
    foreign: tuple[str, ...]  #: migrations of other programs, in the table of Helm's


def initialise(connection: Connection) -> Initialised:
    """Make the tables that are not there yet, in a transaction that is open.

    :raises StorageError: if a table is there that Helm has not recorded.
    """
    connection.execute(LOCK)
    if not _has_table(connection, MIGRATIONS):
        connection.execute(CREATE_MIGRATIONS)
    done = {row[0] for row in connection.execute(DONE)}
    missing = [step for step in STEPS if step not in done]
    for step in missing:
        table = TABLES[step]
        if _has_table(connection, table):
            raise StorageError(
                f"there is a table {table}, of which {MIGRATIONS} does not know",
                hint=f"if it is Helm's: insert into {MIGRATIONS} values ('{step}', now())",
            )
        connection.execute(STEPS[step].encode())
        connection.execute(RECORD, [step])
    created = tuple(TABLES[step] for step in missing)
    return Initialised(created, tuple(sorted(done - STEPS.keys())))


def _has_table(connection: Connection, table: str) -> bool:
    row = connection.execute(HAS_TABLE, [table]).fetchone()
    return bool(row and row[0])
