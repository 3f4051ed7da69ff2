"""Lead times: how long what came in a period took, followed up to the reference date.

Read from the log, walked as it was known at the reference date; the arithmetic is `survival`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median_low

from sqlalchemy import Connection

from kdt.panels.calendar import calendar
from kdt.procedure import Step, Walk
from kdt.register import from_log
from kdt.register.figures import Query, Row, figures, provisional
from kdt.register.narrowing import touching
from kdt.register.survival import Curve, Quantile, Seen, Share, curve
from kdt.tallies.measures import DIMENSIONS
from kdt.vocabulary import Action, Measure


class TimeUnit(StrEnum):
    """What time is counted in: calendar days, or working days by the organisation's calendar. The
    day itself is 0."""

    DAYS = "days"
    WORKING_DAYS = "workingDays"


class End(StrEnum):
    """How a stay ends: its question answered, sent on to the next level, or not pursued."""

    SETTLED = "settled"
    REFERRED_UP = "referredUp"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


# After how many of each unit it is said what was settled, and what was still open: two, four, eight
# and thirteen weeks.
MARKS: Mapping[TimeUnit, tuple[int, ...]] = {
    TimeUnit.DAYS: (14, 28, 56, 91),
    TimeUnit.WORKING_DAYS: (10, 20, 40, 65),
}
_MEDIAN, _NINE_IN_TEN = 0.5, 0.9
_ENDED = {Action.WITHDRAW: End.WITHDRAWN, Action.LAPSE: End.LAPSED}


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


@dataclass(frozen=True, slots=True)
class Stay:
    """From the day something came to wait until its question was settled, or it ended otherwise:
    at one level or, without one, from its first submission. `end` is None while it is open."""

    level: str | None
    begun_on: date
    ended_on: date | None
    end: End | None


@dataclass(frozen=True, slots=True)
class Span:
    """A stay by the steps that began and ended it."""

    level: str | None
    begun: Step
    ended: Step | None
    end: End | None

    @property
    def stay(self) -> Stay:
        """The same by their days."""
        ended_on = self.ended.act.occurred_on if self.ended else None
        return Stay(self.level, self.begun.act.occurred_on, ended_on, self.end)


@dataclass(frozen=True, slots=True)
class Placed:
    """A stay, and its place in each dimension; as a whole it has no level."""

    place: Mapping[str, str]
    stay: Stay

    def seen(self, time: Callable[[date, date], int], last: date) -> Seen:
        """How long it was seen up to `last`, reckoned with `time`."""
        return Seen(time(self.stay.begun_on, self.stay.ended_on or last), self.stay.end)


def lead_times(
    connection: Connection, query: Query, unit: TimeUnit, *, today: date
) -> list[LeadTimes]:
    """The lead times of each row of `query`, followed up to its reference date, or else `today`.

    By level when that is asked for: a stay there ends when the escalation is sent on. Otherwise
    from the first submission on, whatever level settles it.
    """
    last = followed(query, today)
    time = reckoner(connection, unit)
    seen: dict[tuple[str, ...], list[Seen]] = defaultdict(list)
    for one in placed(connection, query, last):
        if (one.stay.level is None) is ("level" in query.by):
            continue
        key = tuple(one.place[dimension] for dimension in query.by)
        seen[key].append(one.seen(time, last))
    counted = {row.key: row for row in figures(connection, query)}
    days = (query.until - query.first).days + 1
    return [_row(key, seen[key], unit, counted.get(key), days) for key in sorted(seen)]


def followed(query: Query, today: date) -> date:
    """The last day on which what happened counts: the reference date, or else today."""
    return min(query.as_of or today, today)


def placed(connection: Connection, query: Query, last: date) -> Iterator[Placed]:
    """The stays that began in the period, as a whole and at each level, followed up to `last`."""
    for walk in from_log.walks(connection, query.as_of, among=touching(query.first, query.until)):
        if walk.state is None:
            continue
        place = {one: str(getattr(walk.state, one)) for one in DIMENSIONS if one != "level"}
        for by_level in (False, True):
            for stay in stays(walk, last, by_level=by_level):
                if query.first <= stay.begun_on <= query.until:
                    yield Placed({**place, "level": stay.level or ""}, stay)


def stays(walk: Walk, until: date, *, by_level: bool) -> Iterator[Stay]:
    """The stays of an escalation, as far as they happened up to `until`."""
    return (one.stay for one in spans(walk, until, by_level=by_level))


def spans(walk: Walk, until: date, *, by_level: bool) -> Iterator[Span]:
    """The first stay of an escalation at each level (or as a whole), as far as it happened up to
    `until`; what follows on a reopening is not one of its own."""
    begun: dict[str | None, Step] = {}
    over: set[str | None] = set()
    for step in walk.steps:
        if step.act.occurred_on > until or step.act.action is Action.TAG:
            continue
        here = step.before.level if step.before and by_level else None
        end = End.SETTLED if step.settles else _ENDED.get(step.act.action)
        after = step.after.waiting_at if by_level else None
        if end is None and here is not None and after not in (None, here):
            end = End.REFERRED_UP
        if here in begun and here not in over and end is not None:
            over.add(here)
            yield Span(here, begun[here], step, end)
        if step.after.waiting_at is not None:
            begun.setdefault(after, step)
    for level, first in begun.items():
        if level not in over:
            yield Span(level, first, None, None)


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
    key: tuple[str, ...], seen: Sequence[Seen], unit: TimeUnit, counted: Row | None, days: int
) -> LeadTimes:
    ends = Counter(End(one.end) for one in seen if one.end is not None)
    ages = [one.time for one in seen if one.end is None]
    settled = curve(seen, End.SETTLED)
    amounts = counted.amounts if counted else dict.fromkeys(Measure, 0)
    done = amounts[Measure.DECISIONS]
    return LeadTimes(
        key,
        len(seen),
        {end: ends[end] for end in End},
        len(ages),
        settled.quantile(_MEDIAN),
        settled.quantile(_NINE_IN_TEN),
        tuple(
            Mark(after, settled.ended_within(after), settled.open_after(after))
            for after in MARKS[unit]
        ),
        median_low(ages) if ages else None,
        max(ages, default=None),
        done / len(seen),
        days * amounts[Measure.STOCK_END] / done if done else None,
        settled,
    )


def reckoner(connection: Connection, unit: TimeUnit) -> Callable[[date, date], int]:
    """How much time lies between two days."""
    if unit is TimeUnit.DAYS:
        return lambda first, last: (last - first).days
    known = calendar(connection)
    return lambda first, last: known.count(first + timedelta(days=1), last)
