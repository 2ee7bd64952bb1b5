"""Row security: whether the database shows all rows of a namespace, or hides some.

PostgreSQL leaves rows out that no policy lets a role see, without a word. So before a listing, and
before anything is called absent, the policies of the role are asked about the namespace. One that
looks at anything else of a row is taken for hiding some.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from psycopg import Error, OperationalError

from postrender._errors import StorageForbidden
from postrender.storage._postgres.connection import Connection
from postrender.storage._postgres.errors import not_initialised
from postrender.storage._postgres.tables import LABELS, RELEASES

_LOOK: Final = f"""
select current_user, to_regclass('{RELEASES}') is not null, to_regclass('{LABELS}') is not null,
    coalesce(row_security_active(to_regclass('{RELEASES}')), false),
    coalesce(row_security_active(to_regclass('{LABELS}')), false),
    (select json_object_agg(c.relname || '.' || a.attname, a.atttypmod - 4)
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.oid in (to_regclass('{RELEASES}'), to_regclass('{LABELS}'))
    and a.atttypid = 'varchar'::regtype and a.atttypmod > 4)
"""
#: What a role may read: the policies for it, for one it is a member of, or for all (role 0).
_POLICIES: Final = """
select polpermissive, pg_get_expr(polqual, polrelid) from pg_policy
where polrelid = to_regclass(%s) and polcmd in ('r', '*') and polqual is not null
and exists (select from unnest(polroles) role where role = 0 or pg_has_role(role, 'usage'))
order by polpermissive
"""
#: Asked about a row that has nothing but its namespace: whatever else they look at is an error.
_ASK: Final = "select ({condition}) from (select {known}) {table}"
_KNOWN: Final = {
    RELEASES: "%(namespace)s::varchar as namespace",
    LABELS: "%(namespace)s::varchar as releasenamespace",
}


class View(NamedTuple):
    """What there is of the tables, and what this role can see of them."""

    role: str
    has_labels: bool  #: whether there is the table of labels, which older Helms did not make
    is_filtered: bool  #: whether rows are subject to row security
    limits: Mapping[str, int]  #: how many characters a column takes, by `table.column`


def look(connection: Connection, place: str, namespace: str) -> View:
    """Return what there is, where all rows of a namespace are seen.

    :param place: the database, for messages.
    :param namespace: "" for all namespaces.
    :raises StorageError: if there is no table of releases.
    :raises StorageForbidden: if row security hides some of the rows, or may do.
    """
    (row,) = connection.execute(_LOOK)
    role, has_releases, has_labels, releases, labels, limits = row
    if not has_releases:
        raise not_initialised(place)
    filtered = [table for table, active in ((RELEASES, releases), (LABELS, labels)) if active]
    view = View(role, has_labels, bool(filtered), limits or {})
    for table in filtered:
        if not _shows(connection, table, namespace):
            raise _hidden(view, table, namespace)
    return view


def _shows(connection: Connection, table: str, namespace: str) -> bool:
    """Tell whether the policies show a namespace for sure: true, and neither false nor null."""
    policies = connection.execute(_POLICIES, [table]).fetchall()
    allowing = [f"({text})" for permissive, text in policies if permissive]
    restricting = [f"({text})" for permissive, text in policies if not permissive]
    condition = " and ".join([f"({' or '.join(allowing)})", *restricting]).replace("%", "%%")
    if not allowing or f"{table}.*" in condition:  # a whole row, which is another one here
        return False
    known = _KNOWN[table] if namespace else ""
    question = _ASK.format(condition=condition, known=known, table=table)
    try:
        (answer,) = connection.execute(question.encode(), {"namespace": namespace})
    except OperationalError:
        raise
    except Error:
        return False
    return answer[0] is True


def _hidden(view: View, table: str, namespace: str) -> StorageForbidden:
    what = "records" if table == RELEASES else "labels of records"
    where, hint = "of some namespaces", "name a namespace, or use a role that sees all"
    if namespace:
        where = f"of namespace {namespace}"
        hint = f"see `postrender storage grant --role {view.role} --namespace {namespace}`"
    return StorageForbidden(
        f"row security of {table} hides {what} {where} from role {view.role}, or may do",
        location=namespace,
        hint=hint,
    )
