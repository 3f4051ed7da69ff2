"""When and how a panel meets: a pattern from a day on, and what holds until one was entered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from kdt.procedure import CURRENT

# The letter of 25 July 2022: daily at location level, weekly in the national KDT. Which day of the
# week, the hour and the rest are ours to begin with, and the organisation's to change.
_WORKING_DAYS = (1, 2, 3, 4, 5)
_THURSDAY = (4,)
# How far back shows on which days a panel meets, and of how many weeks at least.
_RECENT = timedelta(weeks=8)
_ENOUGH = 4

LONGEST_CUT_OFF_DAYS = 20
LONGEST_CUT_OFF_HOURS = 72
LONGEST_MINUTES = 600
LARGEST_ATTENDANCE = 50


@dataclass(frozen=True, slots=True)
class Pattern:
    """Weekdays (Monday is 1) and the hour in Amsterdam, the room or link, how long before it the
    agenda is drawn up, the minutes there are for all and for one item, and how many must be
    there."""

    weekdays: tuple[int, ...]
    starts_at: time
    place: str
    cut_off_days: int
    cut_off_hours: int
    capacity: int
    item_minutes: int
    attendance: int

    @property
    def items(self) -> int:
        """How many items there is time for."""
        return self.capacity // self.item_minutes


@dataclass(frozen=True, slots=True)
class Dated:
    """A pattern, from a day on."""

    effective_on: date
    pattern: Pattern


def first(level: str) -> Pattern:
    """What a new panel at this level begins with."""
    if CURRENT.ladder.level(level).per_location:
        return Pattern(_WORKING_DAYS, time(9, 0), "", 0, 1, 60, 5, 2)
    return Pattern(_THURSDAY, time(10, 0), "", 1, 0, 120, 3, 3)


def met_on(days: Sequence[date], otherwise: Pattern) -> Pattern:
    """What a panel begins with that met before, by the days it was to: the weekdays of at least
    half of its last weeks. With fewer than four of those it cannot be told."""
    recent = [day for day in days if day > max(days) - _RECENT]
    weeks = {day.isocalendar()[:2] for day in recent}
    if len(weeks) < _ENOUGH:
        return otherwise
    often = Counter(day.isoweekday() for day in set(recent))
    weekdays = sorted(one for one, count in often.items() if 2 * count >= len(weeks))
    return replace(otherwise, weekdays=tuple(weekdays)) if weekdays else otherwise


def in_force(timeline: Sequence[Dated], day: date, otherwise: Pattern) -> Pattern:
    """The pattern on a day, of a timeline in order."""
    found = [one.pattern for one in timeline if one.effective_on <= day]
    return found[-1] if found else otherwise
