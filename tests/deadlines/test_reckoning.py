"""A deadline is a pure function of days: what moves it, and what does not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdt.deadlines.reckoning import Suspension, Term, Unit, ends_on, moved, union

DAY = timedelta(days=1)
DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))
CLOSED = st.builds(
    lambda first, length: Suspension(first, first + length * DAY), DAYS, st.integers(0, 20)
)
OPEN = st.builds(Suspension, DAYS)
SUSPENSIONS = st.lists(CLOSED | OPEN, max_size=6)
TERMS = st.builds(Term, st.integers(0, 30), st.sampled_from(Unit))


def naively(recorded: date, suspensions: list[Suspension]) -> date | None:
    """Day by day: a day on which the term does not run is made good by one more."""
    day, owed = date(2025, 12, 31), (recorded - date(2025, 12, 31)).days
    while owed:
        day += DAY
        here = [one for one in suspensions if one.first <= day <= (one.last or date.max)]
        if any(one.last is None for one in here):
            return None
        owed -= not here
    return day


@given(DAYS, SUSPENSIONS)
def test_it_is_what_counting_day_by_day_gives(
    recorded: date, suspensions: list[Suspension]
) -> None:
    assert moved(recorded, suspensions) == naively(recorded, suspensions)


@given(DAYS, SUSPENSIONS, CLOSED | OPEN)
def test_one_suspension_more_never_shortens_a_term(
    recorded: date, suspensions: list[Suspension], more: Suspension
) -> None:
    before, after = moved(recorded, suspensions), moved(recorded, [*suspensions, more])
    assert (after or date.max) >= (before or date.max) >= recorded


@given(DAYS, SUSPENSIONS, st.randoms())
def test_the_order_does_not_matter_and_what_overlaps_counts_once(
    recorded: date, suspensions: list[Suspension], dice: object
) -> None:
    shuffled = dice.sample(suspensions, len(suspensions))  # type: ignore[attr-defined]
    found = moved(recorded, suspensions)
    assert moved(recorded, [*shuffled, *suspensions]) == found
    assert moved(recorded, union(suspensions)) == found


@given(DAYS, CLOSED, st.integers(0, 20))
def test_cut_in_two_it_suspends_as_much(recorded: date, one: Suspension, length: int) -> None:
    assert one.last is not None
    middle = min(one.first + length * DAY, one.last)
    halves = [Suspension(one.first, middle), Suspension(middle, one.last)]
    assert moved(recorded, halves) == moved(recorded, [one])


@given(DAYS, SUSPENSIONS)
def test_there_is_no_deadline_as_long_as_nobody_knows(
    recorded: date, suspensions: list[Suspension]
) -> None:
    begun = Suspension(recorded)
    assert moved(recorded, [*suspensions, begun]) is None
    later = Suspension(date(2027, 12, 31))
    assert moved(recorded, [*suspensions, later]) == moved(recorded, suspensions)


@given(DAYS, TERMS, st.lists(TERMS, max_size=3), st.randoms())
def test_extensions_lengthen_in_any_order(
    start: date, term: Term, extensions: list[Term], dice: object
) -> None:
    shuffled = dice.sample(extensions, len(extensions))  # type: ignore[attr-defined]
    found = ends_on(start, term, extensions)
    assert found == ends_on(start, term, shuffled) >= ends_on(start, term) >= start


@pytest.mark.parametrize(
    ("start", "count", "unit", "last"),
    [
        (date(2026, 1, 15), 6, Unit.MONTHS, date(2026, 7, 15)),
        (date(2026, 8, 31), 6, Unit.MONTHS, date(2027, 2, 28)),
        (date(2026, 1, 15), 8, Unit.WEEKS, date(2026, 3, 12)),
        (date(2026, 1, 15), 90, Unit.DAYS, date(2026, 4, 15)),
    ],
)
def test_a_term_in_months_weeks_or_days(start: date, count: int, unit: Unit, last: date) -> None:
    assert ends_on(start, Term(count, unit)) == last


def test_it_ends_with_the_calendar() -> None:
    assert moved(date.max, [Suspension(date.max, date.max)]) == date.max
    assert union([Suspension(date.max, date.max), Suspension(date.max)]) == [Suspension(date.max)]
