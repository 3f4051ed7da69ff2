"""Asking and writing much in one round trip within a transaction, or writing by COPY for an import.

An action asks a few small things and writes a few small rows: what it costs is mostly the going to
and fro, so all that can go together goes together (docs/decisions/0019).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

import psycopg
from sqlalchemy import Column, CompoundSelect, Connection, Row, Select, Table
from sqlalchemy.dialects.postgresql import psycopg as dialect

from kdt.store.driver import Driver, Statement

Rows = Sequence[Sequence[object]]
# A row, or a query, whose columns are named where they are used.
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
AnyCompound = CompoundSelect[*tuple[Any, ...]]


def columns(table: Table) -> list[str]:
    """The columns a row of ours fills, in order: all but those the database numbers itself."""
    return [column.name for column in table.columns if column.identity is None]


def ask(connection: Connection, *statements: Statement) -> list[list[Any]]:
    """Run statements in order, in one round trip; the rows of each, their columns by name.

    Each sees what those before it waited for, and is planned once a connection: under row security
    planning takes longer than running.
    """
    return raw(connection).together(statements)


def insert(
    connection: Connection,
    rows: Iterable[tuple[Table, Rows]],
    *also: Statement,
    at_last: bool = False,
) -> None:
    """Insert the rows of each table, in the order given, and run `also`, as one statement in one
    round trip; very many rows take a few. `at_last`: in that of whatever comes next, if only the
    commit.

    None of them sees what another does; what they refer to one another by is checked at the end.
    """
    portions = [
        (table, these[start : start + _PORTION])
        for table, these in rows
        for start in range(0, len(these), _PORTION)
    ]
    for start in range(0, max(len(portions), bool(also)), _PORTIONS):
        statement = _at_once(portions[start : start + _PORTIONS], () if start else also)
        if at_last:
            raw(connection).at_last(statement)
        else:
            ask(connection, statement)


def compiled(query: AnySelect | AnyCompound) -> tuple[bytes, tuple[str, ...]]:
    """A query in the driver's own words, and the names of its parameters in order.

    For what is asked so often that SQLAlchemy's own way of running it takes longer than the
    database does.
    """
    found = query.compile(dialect=_DIALECT)
    return found.string.encode(), tuple(found.positiontup or ())


def copy(connection: Connection, table: Table, rows: Iterable[Sequence[object]]) -> None:
    """Copy rows into a table within the transaction of `connection`."""
    with raw(connection).cursor() as cursor:
        _copy(cursor, table, table.name, rows)


def copy_by_insert(connection: Connection, table: Table, rows: Iterable[Sequence[object]]) -> None:
    """Copy rows into a temporary table and insert them from there: COPY does not work where
    row-level security guards a table, and INSERT does."""
    staging, names = f"staged_{table.name}", ", ".join(columns(table))
    with raw(connection).cursor() as cursor:
        cursor.execute(
            f"create temp table if not exists {staging} on commit drop as "
            f"select {names} from {table.name} with no data".encode()
        )
        _copy(cursor, table, staging, rows)
        insertion = f"insert into {table.name} ({names}) select {names} from {staging}"
        cursor.execute(insertion.encode())
        cursor.execute(f"truncate {staging}".encode())


def _copy(
    cursor: psycopg.Cursor[Any], table: Table, into: str, rows: Iterable[Sequence[object]]
) -> None:
    # In the types of the columns: as text, each byte of a hash would go as two.
    statement = f"copy {into} ({', '.join(columns(table))}) from stdin (format binary)"
    with cursor.copy(statement.encode()) as stream:
        stream.set_types([_type(table.c[name]) for name in columns(table)])
        for row in rows:
            stream.write_row(row)


def _type(column: Column[Any]) -> str:
    """What PostgreSQL calls the type of a column."""
    return column.type.compile(_DIALECT).lower()


def raw(connection: Connection) -> Driver:
    """The driver's own connection under SQLAlchemy's, in the same transaction."""
    return cast("Driver", connection.connection.driver_connection)


# A statement takes 65,535 parameters; no action comes near it, a hand-over of thousands might.
_PORTION = 100
_PORTIONS = 16

_DIALECT = dialect.dialect(paramstyle="format")  # type: ignore[no-untyped-call]


def _at_once(portions: Sequence[tuple[Table, Rows]], also: Sequence[Statement]) -> Statement:
    """The one statement that does all of it."""
    shape = tuple((table, len(these)) for table, these in portions)
    parameters = [parameter for _, given in also for parameter in given]
    for _, these in portions:
        for row in these:
            parameters.extend(row)
    return _spelled(shape, tuple(statement for statement, _ in also)), parameters


@lru_cache
def _spelled(shape: tuple[tuple[Table, int], ...], also: tuple[bytes, ...]) -> bytes:
    """What runs `also` and inserts so many rows into each table."""
    parts = [statement.decode() for statement in also]
    for table, number in shape:
        names = columns(table)
        row = f"({', '.join(['%s'] * len(names))})"
        rows = ", ".join([row] * number)
        parts.append(f"insert into {table.name} ({', '.join(names)}) values {rows}")
    named = [f"part_{place} as ({part})" for place, part in enumerate(parts)]
    return f"with {', '.join(named)} select".encode()
