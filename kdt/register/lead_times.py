"""Lead times: how long what came in a period took, followed up to the reference date.

Reckoned from the stays that were kept as they were recorded; the arithmetic is `survival`.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection

from kdt.register.figures import Query, Row, figures, provisional
from kdt.register.stays import Among, TimeUnit, counted
from kdt.register.survival import Curve, Quantile, Seen, Share, curve
from kdt.tallies.measures import End
from kdt.vocabulary import Measure

# After how many of each unit it is said what was settled, and what was still open: two, four, eight
# and thirteen weeks.
MARKS: Mapping[TimeUnit, tuple[int, ...]] = {
    TimeUnit.DAYS: (14, 28, 56, 91),
    TimeUnit.WORKING_DAYS: (10, 20, 40, 65),
}
_MEDIAN, _NINE_IN_TEN = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Mark:
    """After `after` days or working days: the share settled within it, and the share open after."""

    after: int
    settled: Share
    open: Share


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """Of what came in the period, in one row: how many, how each ended or that it had not; after
    how long half and nine in ten were settled; and of what is open how long it is there already.

    `clearance`: what was settled in the period per what came in it. `disposition`: how many days,
    always calendar days, the stock at its end would take at the pace of the period; None where
    nothing was settled.
    """

    key: tuple[str, ...]
    came: int
    ends: Mapping[End, int]
    open: int
    median: Quantile
    nine_in_ten: Quantile
    marks: tuple[Mark, ...]
    age_median: int | None
    age_oldest: int | None
    clearance: float
    disposition: float | None
    settled: Curve


def lead_times(
    connection: Connection, query: Query, unit: TimeUnit, *, today: date
) -> list[LeadTimes]:
    """The lead times of each row of `query`, followed up to its reference date, or else `today`.

    By level when that is asked for: a stay there ends when the escalation is sent on. Otherwise
    from the first submission on, whatever level settles it.
    """
    among = Among.LEVELS if "level" in query.by else Among.WHOLE
    seen: dict[tuple[str, ...], Counter[Seen]] = defaultdict(Counter)
    for one in counted(connection, query, followed(query, today), unit, among):
        seen[tuple(one.place[dimension] for dimension in query.by)][one.seen] += one.number
    rows = {row.key: row for row in figures(connection, query)}
    days = (query.until - query.first).days + 1
    return [_row(key, seen[key], unit, rows.get(key), days) for key in sorted(seen)]


def followed(query: Query, today: date) -> date:
    """The last day on which what happened counts: the reference date, or else today."""
    return min(query.as_of or today, today)


def as_json(
    query: Query, unit: TimeUnit, rows: Sequence[LeadTimes], *, today: date
) -> dict[str, object]:
    """The lead times as `kdt lead-times --format json` prints them."""
    answer: dict[str, object] = {
        "from": query.first.isoformat(),
        "until": query.until.isoformat(),
        "asOf": query.as_of.isoformat() if query.as_of else None,
        "followedUntil": followed(query, today).isoformat(),
        "by": list(query.by),
        "unit": unit.value,
        "rows": [dict(zip(query.by, row.key, strict=True)) | _said(row) for row in rows],
    }
    if provisional(query, today):
        answer["provisional"] = True
    return answer


def _said(row: LeadTimes) -> dict[str, object]:
    return {
        "came": row.came,
        **{end.value: row.ends[end] for end in End},
        "open": row.open,
        "median": asdict(row.median),
        "nineInTen": asdict(row.nine_in_ten),
        "marks": [
            {"after": one.after, "settled": asdict(one.settled), "open": asdict(one.open)}
            for one in row.marks
        ],
        "ageMedian": row.age_median,
        "ageOldest": row.age_oldest,
        "clearance": row.clearance,
        "disposition": row.disposition,
    }


def _row(
    key: tuple[str, ...], seen: Counter[Seen], unit: TimeUnit, counted: Row | None, days: int
) -> LeadTimes:
    ends: Counter[End] = Counter()
    ages: Counter[int] = Counter()
    for one, number in seen.items():
        if one.end is None:
            ages[one.time] += number
        else:
            ends[End(one.end)] += number
    came = seen.total()
    settled = curve(seen, End.SETTLED)
    amounts = counted.amounts if counted else dict.fromkeys(Measure, 0)
    done = amounts[Measure.DECISIONS]
    return LeadTimes(
        key,
        came,
        {end: ends[end] for end in End},
        ages.total(),
        settled.quantile(_MEDIAN),
        settled.quantile(_NINE_IN_TEN),
        tuple(
            Mark(after, settled.ended_within(after), settled.open_after(after))
            for after in MARKS[unit]
        ),
        _median_low(ages),
        max(ages, default=None),
        done / came,
        days * amounts[Measure.STOCK_END] / done if done else None,
        settled,
    )


def _median_low(amounts: Counter[int]) -> int | None:
    """The one in the middle, or of two the lower; None of nothing."""
    passed = 0
    for value in sorted(amounts):
        passed += amounts[value]
        if 2 * passed >= amounts.total():
            return value
    return None
