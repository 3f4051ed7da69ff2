"""Figures: a question, its rows, and the tallies as the engine that answers it."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, text

from kdt.tallies.cells import grouping
from kdt.tallies.measures import ADDITIVE, DIMENSIONS, column
from kdt.vocabulary import Measure


class BadQuery(ValueError):
    """A question that has no answer; `code` says why (`query.<code>` in the words)."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: a period of days, both included, by dimensions, as the record was known at the
    end of `as_of` in Amsterdam (None: as it is now)."""

    first: date
    until: date
    as_of: date | None = None
    by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.until < self.first:
            raise BadQuery("period_reversed")
        if len(set(self.by)) != len(self.by):
            raise BadQuery("dimension_twice")
        if unknown := [one for one in self.by if one not in DIMENSIONS]:
            raise BadQuery("unknown_dimension", given=unknown[0], known=", ".join(DIMENSIONS))

    def check(self, today: date) -> None:
        """Raise BadQuery when the reference date is yet to come."""
        if self.as_of is not None and self.as_of > today:
            raise BadQuery("reference_date_to_come")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place in each dimension asked for, and every measure."""

    key: tuple[str, ...]
    amounts: Mapping[Measure, int]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to count."""
        return not any(self.amounts.values())


def figures(connection: Connection, query: Query) -> list[Row]:
    """The figures from the tallies: exact, sorted by key, rows with nothing in them left out."""
    parameters = _parameters(query)
    rows: dict[tuple[str, ...], dict[Measure, int]] = {}
    width = len(query.by)
    for found in connection.execute(text(_additive(query)), parameters):
        amounts = dict(zip(_READ, found[width:], strict=True))
        before = amounts.pop("before")
        result = {measure: int(amounts[measure]) for measure in ADDITIVE}
        result[Measure.STOCK_START] = int(before)
        result[Measure.STOCK_END] = int(before) + result[Measure.ENTERED] - result[Measure.LEFT]
        rows[tuple(found[:width])] = result
    for found in connection.execute(text(_distinct(query)), parameters):
        rows[tuple(found[:width])][Measure.CASES_HANDLED] = int(found[width])
    return finished(rows)


def monthly(
    connection: Connection, query: Query, measure: Measure
) -> dict[tuple[str, ...], dict[date, int]]:
    """One additive measure by month (its first day) over the period, for each row of `query`;
    months with nothing in them are left out."""
    keys = "".join(f"{dimension}, " for dimension in query.by)
    names = ", ".join(["occurred_on", *query.by, column(measure)])
    asked = (
        f"select {keys}date_trunc('month', occurred_on)::date as month, sum({column(measure)}) "
        f"from ({_sources('tally', names)}) as cells where occurred_on >= :first "
        f"group by {keys}month having sum({column(measure)}) <> 0 order by {keys}month"
    )
    found: dict[tuple[str, ...], dict[date, int]] = {}
    for *key, month, amount in connection.execute(text(asked), _parameters(query)):
        found.setdefault(tuple(key), {})[month] = int(amount)
    return found


def finished(rows: Mapping[tuple[str, ...], Mapping[Measure, int]]) -> list[Row]:
    """The rows in their order, measures in that of the vocabulary, empty rows left out."""
    made = [
        Row(key, {measure: rows[key].get(measure, 0) for measure in Measure})
        for key in sorted(rows)
    ]
    return [row for row in made if not row.empty]


def as_json(query: Query, rows: Sequence[Row], *, today: date) -> dict[str, object]:
    """The figures as `kdt figures --format json` prints them; its keys are in
    `docs/measures.md`."""
    answer: dict[str, object] = {
        "from": query.first.isoformat(),
        "until": query.until.isoformat(),
        "asOf": query.as_of.isoformat() if query.as_of else None,
        "by": list(query.by),
        "rows": [
            dict(zip(query.by, row.key, strict=True))
            | {measure.value: amount for measure, amount in row.amounts.items()}
            for row in rows
        ],
    }
    if query.as_of is not None and query.as_of >= today:
        answer["provisional"] = True
    return answer


# The columns a tally query gives after its dimensions.
_READ: tuple[str | Measure, ...] = ("before", *ADDITIVE)


def _parameters(query: Query) -> dict[str, object]:
    """Which part of the record is read from the months' cells, and which from the days'.

    Months that lie whole in the period or before it come from the months', as far as they were
    recorded in a month that was over at the reference date; the rest comes from the days'.
    """
    as_of = query.as_of or date.max
    recorded_before = as_of.replace(day=1) if query.as_of else date.max
    if query.as_of and _ends_month(query.as_of) and query.as_of < date.max:
        recorded_before = query.as_of + timedelta(days=1)
    return {
        "first": query.first,
        "until": query.until,
        "as_of": as_of,
        "recorded_before": recorded_before,
        # Months cut by the period's edges; a day that is in no month when none is cut.
        "cut_first": query.first.replace(day=1) if query.first.day > 1 else date.min,
        "cut_last": date.min if _ends_month(query.until) else query.until.replace(day=1),
        "grouping": grouping(query.by) + 1,
    }


def _ends_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _sources(kind: str, columns: str) -> str:
    """Months, days and deltas, each part of the record exactly once."""
    month = "date_trunc('month', occurred_on)::date"
    return f"""
        select {columns} from {kind}_months
        where occurred_on <= :until and recorded_on < :recorded_before
          and occurred_on not in (:cut_first, :cut_last)
        union all
        select {columns} from {kind}_days
        where occurred_on <= :until and recorded_on <= :as_of
          and (recorded_on >= :recorded_before or {month} in (:cut_first, :cut_last))
        union all
        select {columns} from {kind}_deltas
        where occurred_on <= :until and recorded_on <= :as_of
    """


def _additive(query: Query) -> str:
    keys = "".join(f"{dimension}, " for dimension in query.by)
    within = "filter (where occurred_on >= :first)"
    net = f"{column(Measure.ENTERED)} - {column(Measure.LEFT)}"
    sums = [f"coalesce(sum({net}) filter (where occurred_on < :first), 0)"]
    for measure in ADDITIVE:
        if measure is Measure.OPEN_AFTER_UNRESOLVED:
            sums.append(f"coalesce(sum({column(measure)}), 0)")
        else:
            sums.append(f"coalesce(sum({column(measure)}) {within}, 0)")
    names = ", ".join(["occurred_on", *query.by, *map(column, ADDITIVE)])
    group = f" group by {', '.join(query.by)}" if query.by else ""
    return f"select {keys}{', '.join(sums)} from ({_sources('tally', names)}) as cells{group}"


def _distinct(query: Query) -> str:
    """A case's considerations in the period that have none before them in it, in this grouping.

    The months' cells know the month of the one before alone, so they serve whole months from the
    first day of one; else the days' cells answer.
    """
    keys = "".join(f"{dimension}, " for dimension in query.by)
    columns = ", ".join(["occurred_on", *query.by, "previous[:grouping] as before", "amount"])
    if query.first.day == 1:
        source = _sources("case", columns)
    else:
        source = " union all ".join(
            f"select {columns} from {table} where occurred_on <= :until and recorded_on <= :as_of"
            for table in ("case_days", "case_deltas")
        )
    group = f" group by {', '.join(query.by)}" if query.by else ""
    return (
        f"select {keys}coalesce(sum(amount), 0) from ({source}) as cells "
        f"where occurred_on >= :first and (before is null or before < :first){group}"
    )
