"""Helm's tables, as Helm makes them."""

from typing import Final

RELEASES: Final = "releases_v1"
LABELS: Final = "custom_labels_v1"
MIGRATIONS: Final = "gorp_migrations"

#: what has been done, in the order in which Helm does it
STEPS: Final = {
    "custom_labels": f"""
create table {LABELS} (
    releasekey varchar(64),
    releasenamespace varchar(67),
    key varchar(317),
    value varchar(63)
);
create index on {LABELS} (releasekey, releasenamespace);
grant all on {LABELS} to public;
alter table {LABELS} enable row level security;
""",
    "init": f"""
create table {RELEASES} (
    key varchar(90),
    type varchar(64) not null,
    body text not null,
    name varchar(64) not null,
    namespace varchar(64) not null,
    version integer not null,
    status text not null,
    owner text not null,
    createdat integer not null,
    modifiedat integer not null default 0,
    primary key (key, namespace)
);
create index on {RELEASES} (key, namespace);
create index on {RELEASES} (version);
create index on {RELEASES} (status);
create index on {RELEASES} (owner);
create index on {RELEASES} (createdat);
create index on {RELEASES} (modifiedat);
grant all on {RELEASES} to public;
alter table {RELEASES} enable row level security;
""",
}
#: the table that each of them makes
TABLES: Final = {"custom_labels": LABELS, "init": RELEASES}
