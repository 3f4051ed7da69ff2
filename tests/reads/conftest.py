"""The read log behind the application's back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine

from tests.api.conftest import api

__all__ = ["api", "owner"]


@pytest.fixture
def owner(owner_url: str) -> Iterator[Engine]:
    """The database as its owner, who may do everything."""
    engine = create_engine(owner_url)
    yield engine
    engine.dispose()


def rows(owner: Engine, query: str) -> list[dict[str, object]]:
    """What a query answers."""
    with owner.connect() as connection:
        return [dict(one._mapping) for one in connection.exec_driver_sql(query)]


def log(owner: Engine) -> list[dict[str, object]]:
    """The read log with who it was, oldest first."""
    return rows(
        owner,
        "select r.*, d.person as who, d.origin as whence, d.about as whom "
        "from reads r join read_details d on d.read_id = r.id order by r.id",
    )


def alter(connection: Connection, table: str, statement: str) -> None:
    """Change an insert-only table, as only its owner can."""
    connection.exec_driver_sql(f"alter table {table} disable trigger {table}_append_only")
    connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"alter table {table} enable always trigger {table}_append_only")
