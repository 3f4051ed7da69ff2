"""Working days: Monday to Friday, without the public holidays of the Netherlands.

Good Friday and 5 May count as days off, every year: for both it is an organisation's own choice,
and this is where ours stands until the calendar can be edited.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import holidays

_SATURDAY = 6
_WEEK, _WEEKDAYS = 7, 5


def is_working_day(day: date) -> bool:
    """Whether people are at work."""
    return day.isoweekday() < _SATURDAY and day not in _days_off(day.year)


def working_days(first: date, last: date) -> Iterator[date]:
    """The working days from `first` to `last`, both included."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if is_working_day(day):
            yield day


def count_working_days(first: date, last: date) -> int:
    """How many of them there are; it takes no longer for many years than for a day."""
    if last < first:
        return 0
    weeks, rest = divmod((last - first).days + 1, _WEEK)
    weekdays = weeks * _WEEKDAYS + sum(
        (first.isoweekday() - 1 + more) % _WEEK < _WEEKDAYS for more in range(rest)
    )
    off = (_off_on_weekdays(year) for year in range(first.year, last.year + 1))
    return weekdays - sum(bisect_right(days, last) - bisect_left(days, first) for days in off)


@cache
def _off_on_weekdays(year: int) -> tuple[date, ...]:
    return tuple(sorted(day for day in _days_off(year) if day.isoweekday() < _SATURDAY))


@cache
def _days_off(year: int) -> frozenset[date]:
    # The public ones include Good Friday, the optional ones 5 May in every year.
    calendar = holidays.country_holidays(
        "NL", years=year, categories=(holidays.PUBLIC, holidays.OPTIONAL)
    )
    return frozenset(calendar)
