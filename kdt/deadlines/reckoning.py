"""A legal deadline as a pure function of days: when a term ends, and how far suspensions move that.

A day is a day in Amsterdam, and a deadline the last day on which one can still decide. A term is
not moved off a weekend or a holiday: where the law does so, what is reckoned here is on the safe
side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kdt.clock import later


class Unit(StrEnum):
    """In what a term is counted."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Term:
    """So many days, weeks or months."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which a term does not run: from `first` to `last`, both included; `last` is None as
    long as nobody knows."""

    first: date
    last: date | None = None


def ends_on(start: date, term: Term, extensions: Iterable[Term] = ()) -> date:
    """The last day of a term that begins to run the day after `start`, with what it was extended
    by. Months are counted before days, so that the order of extensions does not matter; what would
    end on a day its month does not have ends on the last of that month."""
    every = (term, *extensions)
    months = sum(one.count for one in every if one.unit is Unit.MONTHS)
    weeks = sum(one.count for one in every if one.unit is Unit.WEEKS)
    days = sum(one.count for one in every if one.unit is Unit.DAYS)
    return later(start, months) + timedelta(weeks=weeks, days=days)


def moved(recorded: date, suspensions: Iterable[Suspension]) -> date | None:
    """The deadline once each suspended day up to it is made good, a day that several suspend once.
    None when it is reached by a suspension of which the end is not known."""
    day = recorded
    for one in union(suspensions):
        if one.first > day:
            break
        if one.last is None:
            return None
        made_good = (one.last - one.first).days + 1
        # There is no day after the last one of the calendar.
        day = date.fromordinal(min(day.toordinal() + made_good, date.max.toordinal()))
    return day


def union(suspensions: Iterable[Suspension]) -> list[Suspension]:
    """The same days as suspensions that neither overlap nor touch, in order."""
    merged: list[Suspension] = []
    for one in sorted(suspensions, key=lambda one: one.first):
        before = merged[-1] if merged else None
        if before is None or (before.last and (one.first - before.last).days > 1):
            merged.append(one)
        elif before.last is not None:
            last = None if one.last is None else max(before.last, one.last)
            merged[-1] = Suspension(before.first, last)
    return merged
