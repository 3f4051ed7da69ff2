"""The exact cells of a table, counted from the tallies and held against the log."""

from collections import Counter

from sqlalchemy import Connection

from kdt import words
from kdt.errors import KdtError
from kdt.publications.rounding import Cell
from kdt.publications.tables import ALL, TOPICS, Table
from kdt.register import from_log
from kdt.register.catalogue import table as catalogue
from kdt.register.catalogue.table import of
from kdt.register.figures import Query, figures, monthly
from kdt.tallies.measures import DIMENSIONS
from kdt.vocabulary import Measure


class Unbalanced(KdtError):
    """Figures that do not agree with each other: nothing is published of them."""


def counted(connection: Connection, table: Table, query: Query) -> dict[Cell, int]:
    """The smallest cells of a table, those with nothing in them left out. Raises Unbalanced when a
    sum is not the sum of its parts."""
    topic = TOPICS[table.topic]
    parts = topic.parts or {topic.code: topic.measures}
    cells: Counter[Cell] = Counter()
    for category, measures in parts.items():
        for measure in measures:
            for (key, month), amount in _monthly(connection, query, measure).items():
                at = dict(zip(query.by, key, strict=True))
                cells[category, *(at.get(one, ALL) for one in DIMENSIONS), month] += amount
    if topic.total is not None and topic.parts:
        sums: Counter[Cell] = Counter()
        for (_, *where), amount in cells.items():
            sums[tuple(where)] += amount
        total: Counter[Cell] = Counter()
        for (key, month), amount in _monthly(connection, query, topic.total).items():
            at = dict(zip(query.by, key, strict=True))
            total[(*(at.get(one, ALL) for one in DIMENSIONS), month)] += amount
        if sums != total:
            raise Unbalanced(words.say("publication.unbalanced"))
    return {cell: amount for cell, amount in cells.items() if amount}


def agree(connection: Connection, table: Table, query: Query, cells: dict[Cell, int]) -> bool:
    """Whether the log itself gives the same over the whole period."""
    topic = TOPICS[table.topic]
    ours: Counter[tuple[str, ...]] = Counter()
    at = [1 + DIMENSIONS.index(one) for one in query.by]
    for cell, amount in cells.items():
        ours[tuple(cell[one] for one in at)] += amount
    measures = (topic.total,) if topic.total else topic.measures
    theirs: Counter[tuple[str, ...]] = Counter()
    for row in from_log.figures(connection, query):
        theirs[row.key] += sum(row.amounts[one] for one in measures)
    return ours == theirs


def balanced(connection: Connection, table: Table, query: Query) -> bool:
    """Whether every balance closes that something in the table takes part in."""
    balances = {
        one for each in TOPICS[table.topic].measures for one in catalogue.balances(of(each))
    }
    return all(
        balance.closes(row.amounts) for row in figures(connection, query) for balance in balances
    )


def _monthly(
    connection: Connection, query: Query, measure: Measure
) -> dict[tuple[tuple[str, ...], str], int]:
    return {
        (key, f"{month:%Y-%m}"): amount
        for key, months in monthly(connection, query, measure).items()
        for month, amount in months.items()
    }
