"""Working days: Monday to Friday, without the days off of the organisation's calendar.

The calendar itself is data that an administrator edits (`kdt.panels.calendar`); here is what is
reckoned with it, and what a year is proposed to begin with.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from kdt.clock import AMSTERDAM

_SATURDAY = 6
_WEEK, _WEEKDAYS = 7, 5
_DAY = timedelta(days=1)
# The public ones include Good Friday, the optional ones 5 May in every year.
_CATEGORIES = (holidays.PUBLIC, holidays.OPTIONAL)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A day a year begins with: a holiday, or one between a holiday and the weekend (`name` is None
    then), which counts as a working day until somebody chooses otherwise."""

    day: date
    name: str | None
    off: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off that fall on Monday to Friday, in order, of every year that was entered; a year
    that was not is as it would be proposed."""

    off: Mapping[int, tuple[date, ...]] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Whether people are at work."""
        return day.isoweekday() < _SATURDAY and day not in self._off(day.year)

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """The working days from `first` to `last`, both included."""
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if self.is_working_day(day):
                yield day

    def count(self, first: date, last: date) -> int:
        """How many of them there are; it takes no longer for many years than for a day."""
        if last < first:
            return 0
        weeks, rest = divmod((last - first).days + 1, _WEEK)
        weekdays = weeks * _WEEKDAYS + sum(
            (first.isoweekday() - 1 + more) % _WEEK < _WEEKDAYS for more in range(rest)
        )
        off = (self._off(year) for year in range(first.year, last.year + 1))
        return weekdays - sum(bisect_right(days, last) - bisect_left(days, first) for days in off)

    def back(self, day: date, count: int) -> date:
        """The working day `count` working days before `day`; with 0 the day itself."""
        while count > 0:
            day -= _DAY
            count -= self.is_working_day(day)
        return day

    def within(self, day: date, count: int) -> date:
        """The last day to which there are at most `count` working days from the day after `day`."""
        while count >= 0:
            day += _DAY
            count -= self.is_working_day(day)
        return day - _DAY

    def cut_off(self, held_on: date, starts_at: time, days: int, hours: int) -> datetime:
        """The moment (Amsterdam) `days` working days and then `hours` before a meeting begins."""
        that_day = datetime.combine(self.back(held_on, days), starts_at, AMSTERDAM)
        # An hour is an hour, also in the night the clock changes.
        return datetime.fromtimestamp(that_day.timestamp() - hours * 3600, AMSTERDAM)

    def _off(self, year: int) -> tuple[date, ...]:
        entered = self.off.get(year)
        return _proposed_off(year) if entered is None else entered


# Every year as it would be proposed.
PROPOSED = Calendar()


def weekdays(days: Iterator[date] | list[date]) -> tuple[date, ...]:
    """Those on Monday to Friday, in order."""
    return tuple(sorted(day for day in days if day.isoweekday() < _SATURDAY))


@cache
def proposed(year: int) -> tuple[Proposed, ...]:
    """What a year begins with: the public holidays of the Netherlands, Good Friday and 5 May too,
    and as working days those between one of them and a weekend. All three are a choice."""
    found = holidays.country_holidays("NL", years=year, categories=_CATEGORIES, language="nl")
    off = dict(sorted(found.items()))
    tuesdays, thursdays = (
        [day for day in off if day.isoweekday() == weekday] for weekday in (2, 4)
    )
    bridges = {*(day - _DAY for day in tuesdays), *(day + _DAY for day in thursdays)} - off.keys()
    return (
        *(Proposed(day, name, off=True) for day, name in off.items()),
        *(Proposed(day, None, off=False) for day in sorted(bridges) if day.year == year),
    )


@cache
def _proposed_off(year: int) -> tuple[date, ...]:
    return weekdays([one.day for one in proposed(year) if one.off])
