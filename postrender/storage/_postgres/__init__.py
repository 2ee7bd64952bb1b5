"""Records in the tables that Helm's SQL driver has in PostgreSQL."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from postrender.storage._postgres.driver import SQLDriver as SQLDriver


def __getattr__(name: str) -> object:
    """Import the driver when it is wanted: it needs psycopg, and the texts of SQL do not."""
    if name == "SQLDriver":
        from postrender.storage._postgres.driver import SQLDriver  # 150 ms with psycopg

        return SQLDriver
    raise AttributeError(f"there is no {name} in {__name__}")
