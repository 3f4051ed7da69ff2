"""Tallies = log: each cell against its fresh derivation, months against days, and one engine of
figures against the other."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from kdt import words
from kdt.register import figures, from_log
from kdt.register.figures import Query
from kdt.tallies.measures import ADDITIVE, DIMENSIONS, column
from kdt.tallies.model import KEY
from kdt.verify.cells import Cells, Key
from kdt.verify.findings import Report
from kdt.vocabulary import Measure

_KEYS = ", ".join((*DIMENSIONS, "occurred_on", "recorded_on"))
_AMOUNTS = ", ".join(map(column, ADDITIVE))
_STREAMED = 10_000


def compare(connection: Connection, cells: Cells, report: Report) -> None:
    """Every cell of the tallies against what the log gives."""
    expected = cells.tallies
    nothing = [0] * len(ADDITIVE)
    for row in _sums(connection, "tally", _KEYS, list(map(column, ADDITIVE))):
        key, found = Key(*row[:6]), list(row[6:])
        _differences(key, expected.pop(key, nothing), found, report)
    for key, amounts in expected.items():
        _differences(key, amounts, nothing, report)
    _cases(connection, cells, report)
    _months(connection, report)
    _case_months(connection, report)
    _themes(connection, report)


def _differences(key: Key, expected: list[int], found: list[int], report: Report) -> None:
    if expected == found:
        return
    for measure, wanted, stored in zip(ADDITIVE, expected, found, strict=True):
        if wanted != stored:
            report.add(
                "tally",
                where=_where(key),
                measure=words.say(f"measure.{measure}"),
                expected=wanted,
                found=stored,
            )


def _cases(connection: Connection, cells: Cells, report: Report) -> None:
    expected = cells.cases()
    for row in _sums(connection, "case", f"{_KEYS}, previous", ["amount"]):
        cell = (Key(*row[:6]), tuple(row[6]))
        wanted = expected.pop(cell, 0)
        if wanted != row[7]:
            report.add("case_cell", where=_where(cell[0]), expected=wanted, found=row[7])
    for (key, _), wanted in expected.items():
        if wanted:
            report.add("case_cell", where=_where(key), expected=wanted, found=0)


def _sums(
    connection: Connection, kind: str, keys: str, amounts: list[str]
) -> Iterator[tuple[Any, ...]]:
    sums = ", ".join(f"sum({name})::int as {name}" for name in amounts)
    names = f"{keys}, {', '.join(amounts)}"
    query = (
        f"select {keys}, {sums} from (select {names} from {kind}_days "
        f"union all select {names} from {kind}_deltas) as cells group by {keys}"
    )
    for row in connection.execute(text(query), execution_options={"yield_per": _STREAMED}):
        yield tuple(row)


def _months(connection: Connection, report: Report) -> None:
    """The months are the days folded once more; what differs is named by its month."""
    keys = ", ".join(KEY)
    firsts = ", ".join(map(_first_day, KEY))
    minus = ", ".join(f"-{column(measure)}" for measure in ADDITIVE)
    wrong = " or ".join(f"sum({column(measure)}) <> 0" for measure in ADDITIVE)
    query = (
        f"select {keys} from (select {firsts}, {_AMOUNTS} from tally_days "
        f"union all select {keys}, {minus} from tally_months) as cells "
        f"group by {keys} having {wrong} order by {keys}"
    )
    for row in connection.execute(text(query)):
        report.add("tally_month", where=_where(Key(*row)))


def _case_months(connection: Connection, report: Report) -> None:
    """The same for distinct cases, of which there is a set of months for each grouping."""
    keys = ", ".join(KEY)
    days = " union all ".join(_grouped_days(number) for number in range(2 ** len(DIMENSIONS)))
    stored = f"select grouping, {keys}, previous, -amount from case_months"
    query = (
        f"select {keys} from ({days} union all {stored}) as cells "
        f"group by grouping, {keys}, previous having sum(amount) <> 0 "
        f"order by grouping, {keys}, previous"
    )
    for row in connection.execute(text(query)):
        report.add("case_month", where=_where(Key(*row)))


def _themes(connection: Connection, report: Report) -> None:
    """How many tags there are of each theme, against the tags, which were held against the log."""
    counted = " union all ".join(
        f"select theme, occurred_on, recorded_on, number, 0 as tags from theme_{part}"
        for part in ("days", "deltas")
    )
    query = (
        "select theme, occurred_on, recorded_on, sum(number)::int as number, sum(tags) as tags "
        f"from ({counted} union all select theme, occurred_on, recorded_on, 0, 1 from theme_tags) "
        "as cells group by theme, occurred_on, recorded_on having sum(number) <> sum(tags) "
        "order by theme, occurred_on, recorded_on"
    )
    for row in connection.execute(text(query)):
        where = words.say(
            "verify.theme_cell",
            theme=row.theme,
            occurred_on=row.occurred_on,
            recorded_on=row.recorded_on,
        )
        report.add("theme_cell", where=where, expected=row.tags, found=row.number)


def _grouped_days(number: int) -> str:
    """The days' case cells as one grouping has them: a bit for each dimension it looks at."""
    places = ", ".join(
        name if number >> bit & 1 else f"cast(null as text) as {name}"
        for bit, name in enumerate(DIMENSIONS)
    )
    days = ", ".join(map(_first_day, ("occurred_on", "recorded_on")))
    return (
        f"select {number} as grouping, {places}, {days}, "
        f"previous[{number + 1}] as previous, amount from case_days"
    )


def _first_day(name: str) -> str:
    if name in ("occurred_on", "recorded_on"):
        return f"date_trunc('month', {name})::date as {name}"
    return name


def balance(connection: Connection, report: Report) -> None:
    """What came in less what went out is what waits, at every level and location."""
    moved = f"{column(Measure.ENTERED)} - {column(Measure.LEFT)}"
    query = f"""
        select level, location, sum(counted)::int as counted, sum(waiting)::int as waiting from (
            select level, location, {moved} as counted, 0 as waiting from tally_days
            union all select level, location, {moved}, 0 from tally_deltas
            union all select level, location, 0, 1 from escalations
            where phase in ('queued', 'listed')
        ) as both_sides group by level, location having sum(counted) <> sum(waiting)
    """
    for row in connection.execute(text(query)):
        place = words.say("verify.place", level=row.level, location=row.location)
        report.add("balance", where=place, expected=row.waiting, found=row.counted)


def imported(connection: Connection, report: Report) -> None:
    """What files brought, by day, is what the log holds of them."""
    query = """
        select occurred_on, recorded_on, coalesce(kept.considered, 0) as found,
            coalesce(logged.considered, 0) as expected
        from import_days kept full join (
            select import_id, occurred_on, recorded_on, count(*)::int as considered from entries
            where action = 'consider' and import_id is not null group by 1, 2, 3
        ) logged using (import_id, occurred_on, recorded_on)
        where kept.considered is distinct from logged.considered
        order by occurred_on, recorded_on
    """
    for row in connection.execute(text(query)):
        report.add(
            "import_day",
            where=words.say(
                "verify.import_day", occurred_on=row.occurred_on, recorded_on=row.recorded_on
            ),
            expected=row.expected,
            found=row.found,
        )


def engines(connection: Connection, today: date, report: Report) -> None:
    """A few questions to both engines: the tallies, and a count of the log that knows no cells."""
    for query in _questions(connection, today):
        if figures.figures(connection, query) != from_log.figures(connection, query):
            report.add(
                "engines",
                where=words.say(
                    "verify.question",
                    first=query.first,
                    until=query.until,
                    as_of=query.as_of or today,
                    by=", ".join(query.by) or "-",
                ),
            )


def _questions(connection: Connection, today: date) -> Iterator[Query]:
    """All there is by every dimension; and a period and a reference date that cut months."""
    first = connection.scalar(text("select min(occurred_on) from entries"))
    last = connection.scalar(text("select max(recorded_on) from entries"))
    if first is None or last is None:
        return
    yield Query(first, max(last, today), by=DIMENSIONS)
    third = timedelta(days=(last - first).days // 3)
    yield Query(first + third, last - third, as_of=last - third, by=("level",))


def _where(key: Key) -> str:
    # In a grouping that does not look at a dimension it says nothing.
    level, location, question, ground = (value or "-" for value in key[:4])
    return words.say(
        "verify.cell",
        level=level,
        location=location,
        question=question,
        ground=ground,
        occurred_on=key.occurred_on,
        recorded_on=key.recorded_on,
    )
