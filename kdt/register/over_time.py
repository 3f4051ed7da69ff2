"""The figures of each piece of a period, from the tallies by day, in three statements."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, text

from kdt.register.figures import BadQuery, Query, Row, finished, placed
from kdt.register.grain import Grain, name, pieces
from kdt.register.parts import Parts
from kdt.tallies.cells import grouping
from kdt.tallies.measures import ADDITIVE, column
from kdt.vocabulary import Measure

Amounts = dict[Measure, int]
Key = tuple[str, ...]

# More rows than this nobody reads: a year of days at each of a hundred and thirty places.
MOST = 50_000


def over_time(
    connection: Connection, query: Query, grain: Grain, only: Mapping[str, str]
) -> list[Row]:
    """The figures of `query` for each piece of its period, its name first in the key, where its
    dimensions have these values; exact, in order, rows with nothing in them left out. Raises
    BadQuery when it would be more than `MOST`."""
    stock, still_open = _before(connection, query)
    moved = _within(connection, query, grain)
    handled = _distinct(connection, query, grain)
    rows: dict[Key, Amounts] = {}
    keys = [one for one in {*stock, *still_open, *moved} if placed(one, query.by, only)]
    cut = [*pieces(grain, query.first, query.until)]
    if len(keys) * len(cut) > MOST:
        raise BadQuery("too_many_pieces")
    for key in sorted(keys):
        waiting, unresolved = stock.get(key, 0), still_open.get(key, 0)
        for piece in cut:
            amounts = dict(moved.get(key, {}).get(piece.name, {}))
            unresolved += amounts.get(Measure.OPEN_AFTER_UNRESOLVED, 0)
            amounts[Measure.OPEN_AFTER_UNRESOLVED] = unresolved
            amounts[Measure.STOCK_START] = waiting
            waiting += amounts.get(Measure.ENTERED, 0) - amounts.get(Measure.LEFT, 0)
            amounts[Measure.STOCK_END] = waiting
            amounts[Measure.CASES_HANDLED] = handled.get((piece.name, *key), 0)
            rows[(piece.name, *key)] = amounts
    return finished(rows)


def _before(connection: Connection, query: Query) -> tuple[dict[Key, int], dict[Key, int]]:
    """What waited, and what was open after an unresolved, at the end of the day before the period;
    for every row there is."""
    parts = Parts(query.first, query.until, query.as_of)
    net = f"{column(Measure.ENTERED)} - {column(Measure.LEFT)}"
    still_open = column(Measure.OPEN_AFTER_UNRESOLVED)
    names = ", ".join(
        ["occurred_on", *query.by, column(Measure.ENTERED), column(Measure.LEFT), still_open]
    )
    sums = ", ".join(
        f"coalesce(sum({one}) filter (where occurred_on < :first), 0)" for one in (net, still_open)
    )
    by = ", ".join(query.by)
    asked = (
        f"select {by + ', ' if by else ''}{sums} from ({parts.tallies(names)}) as cells"
        f"{' group by ' + by if by else ''}"
    )
    found = [(*row,) for row in connection.execute(text(asked), parts.parameters)]
    return {row[:-2]: int(row[-2]) for row in found}, {row[:-2]: int(row[-1]) for row in found}


def _within(connection: Connection, query: Query, grain: Grain) -> dict[Key, dict[str, Amounts]]:
    """What adds up, by row and piece."""
    columns = [column(one) for one in ADDITIVE]
    by = "".join(f"{one}, " for one in query.by)
    sums = ", ".join(f"sum({one})" for one in columns)
    cells = _by_day("tally", f"occurred_on, {by}{', '.join(columns)}", query)
    piece = _piece(grain)
    asked = f"select {by}{piece}, {sums} from ({cells}) as cells group by {by}{piece}"
    rows: dict[Key, dict[str, Amounts]] = defaultdict(dict)
    for found in connection.execute(text(asked), _given(query)):
        width = len(query.by)
        amounts = {
            one: int(amount) for one, amount in zip(ADDITIVE, found[width + 1 :], strict=True)
        }
        rows[(*found[:width],)][name(grain, max(found[width], query.first))] = amounts
    return rows


def _distinct(connection: Connection, query: Query, grain: Grain) -> dict[Key, int]:
    """A case counts in a piece by the one consideration that has none before it there."""
    by = "".join(f"{one}, " for one in query.by)
    before = f"previous[{grouping(query.by) + 1}]"
    cells = _by_day("case", f"occurred_on, {by}{before} as previous, amount", query)
    piece = _piece(grain)
    asked = (
        f"select {by}{piece}, sum(amount) from ({cells}) as cells "
        f"where previous is null or previous < greatest({piece}, :first) group by {by}{piece}"
    )
    return {
        (name(grain, max(found[-2], query.first)), *found[:-2]): int(found[-1])
        for found in connection.execute(text(asked), _given(query))
    }


def _piece(grain: Grain) -> str:
    """The first day of the piece a cell lies in; a week begins on Monday."""
    return f"date_trunc('{grain}', occurred_on)::date"


def _by_day(kind: str, columns: str, query: Query) -> str:
    known = " and recorded_on <= :as_of" if query.as_of is not None else ""
    return " union all ".join(
        f"select {columns} from {kind}_{part} where occurred_on between :first and :until{known}"
        for part in ("days", "deltas")
    )


def _given(query: Query) -> dict[str, object]:
    known = {"as_of": query.as_of} if query.as_of is not None else {}
    return {"first": query.first, "until": query.until, **known}
