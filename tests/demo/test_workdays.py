"""Days on which panels of the example year sit."""

from datetime import date, timedelta

from kdt.demo.workdays import add_working_days, national_meeting, next_working_day
from kdt.workdays import PROPOSED


def test_weekends_and_holidays_are_days_off() -> None:
    assert PROPOSED.is_working_day(date(2026, 11, 23))
    for off in (date(2026, 11, 22), date(2026, 4, 3), date(2026, 4, 27), date(2026, 12, 25)):
        assert not PROPOSED.is_working_day(off)


def test_working_days_are_counted_over_weekends() -> None:
    friday = date(2026, 11, 20)
    assert next_working_day(friday) == date(2026, 11, 23)
    assert add_working_days(friday, 6) == date(2026, 11, 30)
    assert add_working_days(date(2026, 11, 21), 0) == date(2026, 11, 23)


def test_the_national_kdt_skips_a_thursday_that_is_a_holiday() -> None:
    assert national_meeting(date(2026, 11, 26)) == date(2026, 11, 26)
    assert national_meeting(date(2026, 11, 27)) == date(2026, 12, 3)
    assert national_meeting(date(2026, 5, 13)) == date(2026, 5, 21)  # Ascension Day between


def test_counting_working_days_is_going_by_them_one_by_one() -> None:
    for first in (date(2026, 11, 20), date(2026, 11, 21), date(2025, 12, 24), date(2024, 2, 29)):
        for length in (-3, -1, 0, 1, 2, 6, 7, 13, 40, 400, 1500):
            last = first + timedelta(days=length)
            assert PROPOSED.count(first, last) == len(list(PROPOSED.working_days(first, last)))
