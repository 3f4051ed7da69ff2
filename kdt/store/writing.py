"""Writing many rows: in one round trip within a transaction, or by COPY for an import."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import CompoundSelect, Connection, Row, Select, Table

Rows = Sequence[Sequence[object]]
# A row, or a query, whose columns are named where they are used.
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
AnyCompound = CompoundSelect[*tuple[Any, ...]]


def columns(table: Table) -> list[str]:
    """The columns a row of ours fills, in order: all but those the database numbers itself."""
    return [column.name for column in table.columns if column.identity is None]


# A statement in the driver's own words, and its parameters.
Statement = tuple[bytes, Sequence[object]]


def ask(connection: Connection, *statements: Statement) -> list[list[Any]]:
    """Run statements in order, in one round trip; the rows of each, their columns by name."""
    driver = raw(connection)
    with driver.pipeline():
        cursors = [
            driver.cursor(row_factory=namedtuple_row).execute(statement, parameters)
            for statement, parameters in statements
        ]
        return [cursor.fetchall() for cursor in cursors]


def insert(connection: Connection, rows: Iterable[tuple[Table, Rows]], *also: Statement) -> None:
    """Insert the rows of each table, in the order given, in one round trip, `also` before them."""
    driver = raw(connection)
    with driver.pipeline(), driver.cursor() as cursor:
        for statement, parameters in also:
            cursor.execute(statement, parameters)
        for table, these in rows:
            into = _insert(table)
            for row in these:
                cursor.execute(into, row)


def copy(connection: Connection, table: Table, rows: Iterable[Sequence[object]]) -> None:
    """Copy rows into a table within the transaction of `connection`."""
    names = ", ".join(columns(table))
    with (
        raw(connection).cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({names}) FROM STDIN".encode()) as stream,
    ):
        for row in rows:
            stream.write_row(row)


def raw(connection: Connection) -> psycopg.Connection[tuple[object, ...]]:
    """The driver's own connection under SQLAlchemy's, in the same transaction."""
    return cast("psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection)


_STATEMENTS: dict[str, bytes] = {}


def _insert(table: Table) -> bytes:
    statement = _STATEMENTS.get(table.name)
    if statement is None:
        names = columns(table)
        places = ", ".join(["%s"] * len(names))
        statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})".encode()
        _STATEMENTS[table.name] = statement
    return statement
