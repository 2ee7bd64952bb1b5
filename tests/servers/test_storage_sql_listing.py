"""Listings on a real PostgreSQL: their order does not depend on how its text is compared."""

from collections.abc import Iterator

import pytest
from servers.postgresql import Database, running_postgresql
from servers.sql_database import new_database

from postrender.storage._driver import Bodies
from postrender.storage._record import Body, Record

#: more than two pages, in the order of their characters
KEYS = [*"ABCDEZ_", "a", "a-b", "a.b", "ab", *"bczä\uffff😀"]


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with running_postgresql() as server:
        yield server


@pytest.mark.parametrize(
    "options",
    [
        "locale_provider icu icu_locale 'en' encoding 'UTF8' template template0",
        "locale 'C' encoding 'UTF8' template template0",
        "locale 'C' encoding 'SQL_ASCII' template template0",
    ],
)
def test_pages_follow_each_other_whatever_the_order_of_the_database(
    options: str, server: Database
) -> None:
    with new_database(server, options=options).connect() as driver:
        for key in reversed(KEYS):
            for namespace, name in (("keys", "web"), (f"n{key}", "web"), ("names", key)):
                driver.create(Record(namespace, key, name, 1, "deployed", Body(b"e30=")))

        for bodies in (Bodies.NONE, Bodies.WHOLE):
            assert [each.key for each in driver.list("keys", bodies=bodies)] == KEYS
        assert [each.name for each in driver.list("names")] == KEYS
        assert [each.name for each in driver.list("names", newest=True)] == KEYS
        assert [name for _, name in driver.names("names")] == KEYS
        assert [*driver.namespaces()] == sorted(["keys", "names", *(f"n{key}" for key in KEYS)])


def test_bytes_that_are_no_text_have_their_place(server: Database) -> None:
    database = new_database(server, options="locale 'C' encoding 'SQL_ASCII' template template0")
    with database.connect() as driver:
        for number in range(20):
            key = ("😀" if number % 2 else "x") + f"{number:02}"
            driver.create(Record("shop", key, key, 1, "deployed", Body(b"e30=")))
        database.query(r"update releases_v1 set name = E'\xff' || key where name like 'x%'")

        listed = [each.key for each in driver.list()]

        assert len(listed) == len({*listed}) == 20
