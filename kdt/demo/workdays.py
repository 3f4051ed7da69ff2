"""When panels sit in the example year: the national one on Thursday, local ones daily."""

from datetime import date, timedelta
from functools import cache

from kdt.workdays import PROPOSED

THURSDAY = 3


@cache
def add_working_days(day: date, count: int) -> date:
    """The working day `count` working days after `day`; with 0, `day` or the first one after it."""
    while not PROPOSED.is_working_day(day):
        day += timedelta(days=1)
    while count > 0:
        day += timedelta(days=1)
        count -= PROPOSED.is_working_day(day)
    return day


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    return add_working_days(day + timedelta(days=1), 0)


def previous_working_day(day: date) -> date:
    """The last working day before `day`."""
    day -= timedelta(days=1)
    while not PROPOSED.is_working_day(day):
        day -= timedelta(days=1)
    return day


def national_meeting(day: date) -> date:
    """The first Thursday on or after `day` on which the national KDT sits; holidays are skipped."""
    day += timedelta(days=(THURSDAY - day.weekday()) % 7)
    while not PROPOSED.is_working_day(day):
        day += timedelta(days=7)
    return day
