"""The statements that give a role the records of a namespace, and no more.

Helm's tables have row security without a policy, so that only their owner sees rows. A role needs
a policy on both tables, and rights on them and on the table in which Helm looks for its migrations.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final, NamedTuple

from postrender.storage._postgres.tables import LABELS, MIGRATIONS, RELEASES

LONGEST_NAME: Final = 63  #: bytes of a name; PostgreSQL cuts off the rest

EVERYBODY: Final = (
    "Helm gives all rights on its tables to every role, and policies do not hold back TRUNCATE;"
    " --revoke-public leaves them to those that they are granted to by name"
)


class Grant(NamedTuple):
    """What a role is given."""

    role: str
    namespace: str  #: "" for all
    schema: str = "public"
    read_only: bool = False
    revoke_public: bool = False  #: take from all roles what Helm gives to all

    def statements(self) -> list[str]:
        """Return the statements, which may be executed again."""
        return [*self._statements()]

    def _statements(self) -> Iterator[str]:
        schema, role = identifier(self.schema), identifier(self.role)
        tables = f"{schema}.{RELEASES}, {schema}.{LABELS}"
        if self.revoke_public:
            yield f"revoke all on {tables} from public"
        policy = identifier(self._policy())
        for table, column in ((RELEASES, "namespace"), (LABELS, "releasenamespace")):
            rows = f"({column} = {literal(self.namespace)})" if self.namespace else "(true)"
            what = f"select to {role} using {rows}"
            if not self.read_only:
                what = f"all to {role} using {rows} with check {rows}"
            yield f"drop policy if exists {policy} on {schema}.{table}"
            yield f"create policy {policy} on {schema}.{table} for {what}"
        rights = "select" if self.read_only else "select, insert, update, delete"
        yield f"grant usage on schema {schema} to {role}"
        yield f"grant {rights} on {tables} to {role}"
        yield f"grant select on {schema}.{MIGRATIONS} to {role}"

    def _policy(self) -> str:
        """Return the name of the policies: one for each role and namespace."""
        name = f"postrender {self.role} {self.namespace or '*'}"
        if len(name.encode()) <= LONGEST_NAME:
            return name
        return f"postrender {sha256(name.encode()).hexdigest()[:32]}"


def identifier(name: str) -> str:
    """Quote a name of PostgreSQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for PostgreSQL, whatever its settings make of a backslash."""
    quoted = "'" + text.replace("'", "''") + "'"
    return "E" + quoted.replace("\\", "\\\\") if "\\" in quoted else quoted
