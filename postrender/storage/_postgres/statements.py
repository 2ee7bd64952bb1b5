"""The SQL that reads and writes records; every statement decides by itself, without a session.

A row is found by key and namespace. `xmin`, the transaction that wrote a row, names its state.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from postrender.storage._driver import HEAD, Bodies
from postrender.storage._postgres.tables import LABELS, RELEASES
from postrender.storage._record import PREFIX

PAGE_BYTES: Final = 8 * 1024 * 1024  #: of whole bodies on a page, unless a single one is larger
FOREIGN: Final = "helm.sh/release.v2"  #: a type of record that is not ours to read
TYPE: Final = "helm.sh/release.v1"

#: columns that contradict each other
_ODD: Final = (
    f"(r.version < 1 or r.key not in ('{PREFIX}' || r.name || '.v' || r.version,"
    " r.name || '.v' || r.version))"
)
#: Text, as two labels of one key are possible, and the second would hide the first in jsonb.
_LABELS_OF_ROW: Final = (
    f"(select json_object_agg(l.key, coalesce(l.value, ''))::text from {LABELS} l"
    " where l.releasekey = r.key and l.releasenamespace = r.namespace and l.key is not null)"
)
_COLUMNS: Final = (
    "r.namespace, r.key, r.name, r.version, r.status, r.owner, r.createdat, r.modifiedat,"
    f" r.xmin::text, r.type, {_ODD}, "
)
_BODY: Final = {
    Bodies.NONE: ", ''",
    Bodies.HEAD: f", substr(r.body, 1, {HEAD})",
    Bodies.WHOLE: ", r.body",
}
_PLACE: Final = (
    'r.namespace, r.key, r.namespace collate "C" as ns, r.name collate "C" as nm, r.version,'
    ' r.key collate "C" as k'
)
#: Releases of the pages before need not be sorted again; the last one's may have more revisions.
_AHEAD: Final = ' and (r.namespace collate "C", r.name collate "C") >= (%(ns)s, %(nm)s)'
_THIS: Final = "r.key = %(key)s and r.namespace = %(namespace)s"
_SAME: Final = "(%(token)s = '' or r.xmin::text = %(token)s)"

BODY: Final = f"select r.body, r.xmin::text from {RELEASES} r where {_THIS}"
INSERT: Final = f"""
insert into {RELEASES}
    (key, type, body, name, namespace, version, status, owner, createdat, modifiedat)
values (%(key)s, '{TYPE}', %(body)s, %(name)s, %(namespace)s, %(version)s, %(status)s, %(owner)s,
    %(created_at)s, %(modified_at)s)
"""
UPDATE: Final = f"""
update {RELEASES} r
set body = %(body)s, name = %(name)s, version = %(version)s, status = %(status)s,
    owner = %(owner)s, modifiedat = %(modified_at)s
where {_THIS} and {_SAME} and r.type <> '{FOREIGN}'
"""
_ITS_LABELS: Final = (
    f"from {LABELS} where releasekey = %(key)s and releasenamespace = %(namespace)s"
)
UNLABEL: Final = f"delete {_ITS_LABELS}"
LABEL: Final = f"""
insert into {LABELS} (releasekey, releasenamespace, key, value)
select %(key)s, %(namespace)s, label.* from unnest(%(keys)s::text[], %(values)s::text[]) label
"""
LABELS_LEFT: Final = f"select count(*) {_ITS_LABELS}"
NAMESPACES: Final = f"""
select distinct r.namespace collate "C" from {RELEASES} r
where r.owner = 'helm' and r.type <> '{FOREIGN}' order by 1
"""


class Filter(NamedTuple):
    """What a listing selects: conditions on a row `r`, and their parameters."""

    conditions: Sequence[str]
    parameters: Mapping[str, Any]

    def __str__(self) -> str:
        """Return the condition."""
        return " and ".join((f"r.type <> '{FOREIGN}'", *self.conditions))


def columns(*, labels: bool) -> str:
    """Return the columns of a record, before its body.

    :param labels: whether the database has the table of labels, which older Helms did not make.
    """
    return _COLUMNS + (_LABELS_OF_ROW if labels else "null")


def get(*, labels: bool, bodies: Bodies = Bodies.WHOLE) -> str:
    """Return the statement that reads one record, whatever its type."""
    return f"select {columns(labels=labels)}{_BODY[bodies]} from {RELEASES} r where {_THIS}"


def delete(*, labels: bool) -> str:
    """Return the statement that deletes a row and gives what it was."""
    return (
        f"delete from {RELEASES} r where {_THIS} and r.type <> '{FOREIGN}'"
        f" returning {columns(labels=labels)}{_BODY[Bodies.WHOLE]}"
    )


def listed(namespace: str) -> Filter:
    """Return what a listing selects of all records."""
    here = ["r.namespace = %(namespace)s"] if namespace else []
    return Filter(["r.owner = 'helm'", *here], {"namespace": namespace})


def matching(labels: Mapping[str, str], namespace: str, *, has_labels: bool) -> Filter:
    """Return what a query by labels selects."""
    conditions = ["r.namespace = %(namespace)s"] if namespace else []
    parameters = {"namespace": namespace}
    for number, (key, value) in enumerate(labels.items()):
        condition = _OF_HELM.get(key) or (_CUSTOM if has_labels else "false")
        conditions.append(condition.format(number=number))
        parameters |= {f"key_{number}": key, f"value_{number}": value}
    return Filter(conditions, parameters)


_OF_HELM: Final = {
    "name": "r.name = %(value_{number})s",
    "owner": "r.owner = %(value_{number})s",
    "status": "r.status = %(value_{number})s",
    "version": "r.version::text = %(value_{number})s",
    # A time of 0 is none, and its label is not there.
    "createdAt": "r.createdat <> 0 and r.createdat::text = %(value_{number})s",
    "modifiedAt": "r.modifiedat <> 0 and r.modifiedat::text = %(value_{number})s",
}
_CUSTOM: Final = (
    f"exists (select from {LABELS} l where l.releasekey = r.key"
    " and l.releasenamespace = r.namespace and l.key = %(key_{number})s"
    " and coalesce(l.value, '') = %(value_{number})s)"
)


def page(chosen: Filter, *, newest: bool, bodies: Bodies, labels: bool, first: bool) -> str:
    """Return the statement that reads a page of a listing, behind the last row of the one before.

    Which rows are on it is found by their narrow columns alone, and only then their bodies are
    looked at, of which PostgreSQL keeps the large ones elsewhere. Its rows are in no order.

    :param first: whether it is the first page; the others take `ns`, `nm`, `v` and `k`.
    """
    behind = "" if first else "where (ns, nm, version, k) > (%(ns)s, %(nm)s, %(v)s, %(k)s)"
    size = "pg_column_size(r.body)" if bodies is Bodies.WHOLE else "0"
    rows = f"select {_PLACE}, {size} as size from {RELEASES} r where {chosen}"
    if newest:
        ahead = "" if first else _AHEAD
        rows = f"""
(select distinct on (ns, nm) * from ({rows} and not {_ODD}{ahead}) r
    order by ns, nm, version desc, k)
union all {rows} and {_ODD}"""
    order = "order by ns, nm, version, k"
    return f"""
select {columns(labels=labels)}{_BODY[bodies]}
from (
    select *, sum(size) over ({order}) - size as before
    from (select * from ({rows}) rows {behind} {order} limit %(limit)s) page
) page join {RELEASES} r on r.key = page.key and r.namespace = page.namespace
where before < {PAGE_BYTES}
"""


def names(chosen: Filter, *, first: bool) -> str:
    """Return the statement that reads a page of names, in their order."""
    behind = "" if first else "where (ns, nm) > (%(ns)s, %(nm)s)"
    return f"""
select * from (
    select distinct r.namespace collate "C" as ns, r.name collate "C" as nm
    from {RELEASES} r where {chosen}
) rows {behind} order by ns, nm limit %(limit)s
"""
