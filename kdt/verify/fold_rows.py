"""The rows that facts of the ledger come to, and how a fold adds to them and takes away."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kdt.verify.ledger import Fact

Row = tuple[Any, ...]
# The rows about one subject by table, each without what tells whose it is.
Rows = dict[str, list[Row]]
Fold = Callable[[Rows, Fact], None]


def add(rows: Rows, table: str, *row: object) -> None:
    """Add a row; of values that can be held against others."""
    hash(row)
    rows.setdefault(table, []).append(row)


def known_at(fact: Fact) -> datetime:
    """Since when it was known: as the history file says that it came with."""
    said = fact.values.get("known_at")
    return fact.recorded_at if said is None else datetime.fromisoformat(said)


def take(rows: Rows, table: str, *start: object) -> list[Row]:
    """Take away the rows that begin so."""
    kept: list[Row] = []
    going: list[Row] = []
    for row in rows.get(table, []):
        (going if row[: len(start)] == start else kept).append(row)
    rows[table] = kept
    return going


def take_newest(rows: Rows, table: str, *start: object) -> None:
    """Take away the newest row that begins so. Raises ValueError when there is none."""
    going = take(rows, table, *start)
    if not going:
        raise ValueError(table)
    rows[table] += going[:-1]
