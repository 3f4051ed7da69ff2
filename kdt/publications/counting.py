"""The exact cells of a table, counted from the tallies and held against the log."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from kdt import words
from kdt.errors import KdtError
from kdt.publications.rounding import Cell
from kdt.publications.tables import ALL, THEME, TOPICS, Table, of_theme
from kdt.register import from_log
from kdt.register.breakdown import Breakdown, broken_down
from kdt.register.catalogue import table as catalogue
from kdt.register.catalogue.table import of
from kdt.register.counting import STANDING
from kdt.register.counting import counted as log_counted
from kdt.register.figures import Query, figures, monthly
from kdt.register.grain import Grain
from kdt.register.narrowing import these
from kdt.tallies.measures import DIMENSIONS
from kdt.themes.counting import moved, shown
from kdt.themes.queries import themes
from kdt.vocabulary import Measure


class Unbalanced(KdtError):
    """Figures that do not agree with each other: nothing is published of them."""


def counted(connection: Connection, table: Table, query: Query) -> dict[Cell, int]:
    """The smallest cells of a table, those with nothing in them left out. Raises Unbalanced when a
    sum is not the sum of its parts."""
    topic = TOPICS[table.topic]
    if topic.by_theme:
        return _themed(connection, query, topic.by_theme)
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
    if topic.by_theme:
        return cells == _themed_from_log(connection, query, topic.by_theme)
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


def themes_there_are(connection: Connection, as_of: date) -> tuple[str, ...]:
    """The themes a table has a row for: all on the list but those that went into another."""
    gone = {one.theme for one in moved(connection, as_of) if one.escalation is None}
    return tuple(sorted(one.id for one in themes(connection) if one.id not in gone))


def _themed(connection: Connection, query: Query, measure: Measure) -> dict[Cell, int]:
    """What a measure counts by theme, place and month; of escalations with a theme alone."""
    asked = Breakdown(query, (THEME, *query.by), Grain.MONTH)
    cells = {}
    for row in broken_down(connection, asked).rows:
        month, theme, *place = row.key
        if theme and row.amounts[measure]:
            cells[_cell(query, theme, place, month)] = row.amounts[measure]
    return cells


def _themed_from_log(connection: Connection, query: Query, measure: Measure) -> dict[Cell, int]:
    """The same, by walking every history that shows a theme."""
    shows = shown(connection, query.as_of)
    cells: Counter[Cell] = Counter()
    walks = from_log.walked(connection, (query.as_of,), among=these({*shows}))
    for escalation, (walk,) in walks:
        for one in log_counted(walk, query.first, query.until):
            if one.measure is measure and walk.state is not None:
                place = from_log.key(walk, one.level, query.by)
                for theme in shows[escalation]:
                    cells[_cell(query, theme, place, f"{one.step.act.occurred_on:%Y-%m}")] += 1
    return dict(cells)


def _cell(query: Query, theme: str, place: Iterable[str], month: str) -> Cell:
    at = dict(zip(query.by, place, strict=True))
    return (of_theme(theme), *(at.get(one, ALL) for one in DIMENSIONS), month)


def _monthly(
    connection: Connection, query: Query, measure: Measure
) -> dict[tuple[tuple[str, ...], str], int]:
    if measure in STANDING:
        rows = figures(connection, query)
        return {(row.key, f"{query.until:%Y-%m}"): row.amounts[measure] for row in rows}
    return {
        (key, f"{month:%Y-%m}"): amount
        for key, months in monthly(connection, query, measure).items()
        for month, amount in months.items()
    }
