"""Stays counted: how many of a period were seen for so long, and how each ended or that it had not.

From cells that were kept as it was recorded. What a server of the release before recorded is walked
until the clock has counted it, as is whatever is listed one by one.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

from sqlalchemy import Connection, text

from kdt.cases.catching_up import lacking
from kdt.panels import calendar
from kdt.procedure import Refusal, Step, Walk
from kdt.register import from_log
from kdt.register.figures import Query
from kdt.register.survival import Seen
from kdt.store.writing import AnyRow, ask
from kdt.tallies.measures import End
from kdt.tallies.model import stay_days
from kdt.tallies.stays import StayCell
from kdt.vocabulary import Action
from kdt.workdays import Calendar

_ENDED = {Action.WITHDRAW: End.WITHDRAWN, Action.LAPSE: End.LAPSED}
# The columns of a cell, and what each is.
_TYPES = {column.name: str(column.type).lower() for column in stay_days.columns}
_MISSED = b"select escalation_id, seq from stays_missed"
_BEGUN = b"""
    select least((select min(begun_on) from stay_days where begun_on >= %s),
        (select min(begun_on) from stay_deltas where begun_on >= %s)) as begun
"""
_TYPED = ", ".join(f"{name} {kind}" for name, kind in _TYPES.items())


class TimeUnit(StrEnum):
    """What time is counted in: calendar days, or working days by the organisation's calendar. The
    day itself is 0."""

    DAYS = "days"
    WORKING_DAYS = "workingDays"


class Among(StrEnum):
    """Which stays: those at a level, those as a whole (at level ""), or both."""

    LEVELS = "level <> ''"
    WHOLE = "whole"
    BOTH = "true"

    def levels(self, level: str, whole: bool) -> Sequence[str]:
        """The levels at which what is kept in one row is wanted."""
        here = [level] if level and self is not Among.WHOLE else []
        return [*here, ""] if whole and self is not Among.LEVELS else here


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
class Counted:
    """So many stays at one place that were seen alike. `for_long`: they began so long before the
    last day that it is known of each what came of it within the time asked about."""

    place: Mapping[str, str]
    seen: Seen
    number: int
    for_long: bool


def counted(
    connection: Connection,
    query: Query,
    last: date,
    unit: TimeUnit,
    among: Among,
    *,
    within: int = 0,
) -> Iterator[Counted]:
    """The stays that began in the period, by the dimensions of `query`, as known at its reference
    date and followed up to `last`; times, `within` too, in `unit`."""
    first = (query.first, query.first)
    missed, ((begun,),), off = ask(connection, (_MISSED, ()), (_BEGUN, first), calendar.asked())
    uncounted = _uncounted(connection, missed)
    asked: dict[str, object] = {"first": query.first, "until": query.until, "last": last}
    asked |= {"as_of": query.as_of} if query.as_of else {}
    asked |= {"within": within} if within else {}
    if uncounted:
        cells = [cell._asdict() | {"amount": amount} for cell, amount in uncounted.items()]
        asked["uncounted"] = json.dumps(cells, default=str)
    if unit is TimeUnit.WORKING_DAYS:
        days = [one.begun_on for one in uncounted if one.begun_on >= query.first]
        asked |= _working_days(calendar.read(off), min([begun or last, last, *days]), last)
    by = [one for one in query.by if one != "level"]
    found: Counter[tuple[tuple[str, ...], Seen, bool]] = Counter()
    for row in connection.execute(text(_statement(by, among, asked)), asked):
        *values, level, whole, for_long, seen_for, ended_as, number = row
        seen = Seen(seen_for, ended_as)
        # What one cell began, as a whole and at a level, may have ended apart.
        for at in among.levels(level, whole):
            found[(*values, at), seen, for_long] += int(number)
    for (place, seen, for_long), number in found.items():
        if number:
            yield Counted(dict(zip((*by, "level"), place, strict=True)), seen, number, for_long)


def of_walk(walk: Walk, until: date, *, by_level: bool) -> Iterator[Stay]:
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


def _uncounted(connection: Connection, missed: Sequence[AnyRow]) -> Counter[StayCell]:
    """The cells of entries that are not counted yet."""
    found: Counter[StayCell] = Counter()
    for escalation, cells in lacking(connection, missed):
        if isinstance(cells, Refusal):
            raise from_log.BrokenHistory(escalation)
        found.update(cells)
    return found


def _working_days(known: Calendar, since: date, last: date) -> Mapping[str, object]:
    """How many there were up to each day, since a day no stay that is asked for began before."""
    days = (since + timedelta(days=number) for number in range((last - since).days + 1))
    working = accumulate(int(known.is_working_day(day)) for day in days)
    # As text: an array of the smallest numbers that fit would be made anew for each row.
    return {"since": since, "days": "{" + ",".join(map(str, working)) + "}"}


def _cells(asked: Mapping[str, object], wanted: str) -> Iterator[str]:
    """Where cells stand, as far as they are wanted: each source of a statement."""
    yield f"stay_days where {wanted}"
    yield f"stay_deltas where {wanted}"
    if "uncounted" in asked:
        yield f"jsonb_to_recordset(cast(:uncounted as jsonb)) as cells({_TYPED}) where {wanted}"


def _statement(by: Sequence[str], among: Among, asked: Mapping[str, object]) -> str:
    """What ended, and what is open: as many as began and did not end."""
    wanted = f"begun_on between :first and least(:until, cast(:last as date)) and {among}"
    if "as_of" in asked:
        wanted += " and recorded_on <= :as_of"
    names = ", ".join((*_TYPES,))
    cells = " union all ".join(f"select {names} from {one}" for one in _cells(asked, wanted))
    still = _time("cast(:last as date)", asked)
    # Divided by no more than is looked at.
    level = "''" if among is Among.WHOLE else "level"
    whole = "whole" if among is Among.BOTH else "true"
    for_long = f"{still} >= :within" if "within" in asked else "true"
    keys = ", ".join([*by, level, whole, for_long])
    groups = ", ".join(str(number) for number in range(1, len(by) + 6))
    open_ones = "sum(case when ended_on is null then amount else -amount end)"
    return (
        f"select {keys}, {_time('ended_on', asked)}, ended_as, sum(amount) from ({cells}) as cells "
        f"where ended_on is not null group by {groups} having sum(amount) <> 0 "
        f"union all select {keys}, {still}, null, {open_ones} from ({cells}) as cells "
        f"group by {groups} having {open_ones} <> 0"
    )


def _time(ended_on: str, asked: Mapping[str, object]) -> str:
    """From `begun_on` to a day, in the unit asked for."""
    if "days" not in asked:
        return f"({ended_on} - begun_on)"
    upto = "(cast(:days as int[]))[{} - cast(:since as date) + 1]"
    return f"({upto.format(ended_on)} - {upto.format('begun_on')})"
