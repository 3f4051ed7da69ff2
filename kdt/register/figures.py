"""Figures: a question, its rows, and the tallies as the engine that answers it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from kdt.register.parts import Parts
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


def provisional(query: Query, today: date) -> bool:
    """Whether the figures may still change: the reference date is not over, or there is none."""
    return query.as_of is None or query.as_of >= today


def figures(connection: Connection, query: Query) -> list[Row]:
    """The figures from the tallies: exact, sorted by key, rows with nothing in them left out."""
    parts = Parts(query.first, query.until, query.as_of)
    parameters = parts.parameters | {"grouping": grouping(query.by)}
    rows: dict[tuple[str, ...], dict[Measure, int]] = {}
    width = len(query.by)
    for found in connection.execute(text(_additive(query, parts)), parameters):
        amounts = dict(zip(_READ, found[width:], strict=True))
        before = amounts.pop("before")
        result = {measure: int(amounts[measure]) for measure in ADDITIVE}
        result[Measure.STOCK_START] = int(before)
        result[Measure.STOCK_END] = int(before) + result[Measure.ENTERED] - result[Measure.LEFT]
        rows[tuple(found[:width])] = result
    for found in connection.execute(text(_distinct(query, parts)), parameters):
        rows[tuple(found[:width])][Measure.CASES_HANDLED] = int(found[width])
    return finished(rows)


def those(rows: Iterable[Row], by: Sequence[str], only: Mapping[str, str]) -> list[Row]:
    """The rows with these values."""
    return [row for row in rows if placed(row.key, by, only)]


def placed(key: Sequence[str], by: Sequence[str], only: Mapping[str, str]) -> bool:
    """Whether a place by these dimensions has these values."""
    return only.items() <= dict(zip(by, key, strict=True)).items()


def by_month(
    connection: Connection, query: Query, measures: Sequence[Measure]
) -> list[tuple[tuple[str, ...], date, dict[Measure, int]]]:
    """Additive measures by month (its first day) over the period, for each row of `query`, in
    order; months with nothing in them are left out."""
    keys = "".join(f"{dimension}, " for dimension in query.by)
    parts = Parts(query.first, query.until, query.as_of)
    columns = [*map(column, measures)]
    names = ", ".join(["occurred_on", *query.by, *columns])
    sums = [f"sum({one})" for one in columns]
    asked = (
        f"select {keys}date_trunc('month', occurred_on)::date as month, {', '.join(sums)} "
        f"from ({parts.tallies_within(names)}) as cells group by {keys}month "
        f"having {' or '.join(f'{one} <> 0' for one in sums)} order by {keys}month"
    )
    width = len(query.by)
    return [
        (
            tuple(found[:width]),
            found[width],
            dict(zip(measures, map(int, found[width + 1 :]), strict=True)),
        )
        for found in connection.execute(text(asked), parts.parameters)
    ]


def monthly(
    connection: Connection, query: Query, measure: Measure
) -> dict[tuple[str, ...], dict[date, int]]:
    """One of them by month, for each row of `query`."""
    found: dict[tuple[str, ...], dict[date, int]] = {}
    for key, month, amounts in by_month(connection, query, [measure]):
        found.setdefault(key, {})[month] = amounts[measure]
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
    # The form is fixed: without a reference date it does not say so, though that may change too.
    if query.as_of is not None and provisional(query, today):
        answer["provisional"] = True
    return answer


# The columns a tally query gives after its dimensions.
_READ: tuple[str | Measure, ...] = ("before", *ADDITIVE)


def _additive(query: Query, parts: Parts) -> str:
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
    return f"select {keys}{', '.join(sums)} from ({parts.tallies(names)}) as cells{group}"


def _distinct(query: Query, parts: Parts) -> str:
    """A case counts by the one consideration in the period that has none before it there."""
    keys = "".join(f"{dimension}, " for dimension in query.by)
    group = f" group by {', '.join(query.by)}" if query.by else ""
    cells = parts.cases(f"{keys}amount")
    return f"select {keys}coalesce(sum(amount), 0) from ({cells}) as cells{group}"
