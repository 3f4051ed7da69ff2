"""Fixed periods: which there are, and which comes nearest to one that is none."""

from datetime import date

import pytest

from kdt.publications.periods import NotPublishable, Period, PeriodKind, between, of


@pytest.mark.parametrize(
    ("kind", "until", "key"),
    [
        (PeriodKind.MONTH, date(2024, 2, 1), "2024-02"),
        (PeriodKind.QUARTER, date(2026, 6, 30), "2026-04/2026-06"),
        (PeriodKind.YEAR, date(2026, 12, 1), "2026-01/2026-12"),
        (PeriodKind.YEAR_TO_DATE, date(2026, 5, 17), "2026-01/2026-05"),
        (PeriodKind.YEAR_TO_DATE, date(2026, 1, 31), "2026-01"),
    ],
)
def test_a_period_is_whole_months(kind: PeriodKind, until: date, key: str) -> None:
    found = of(kind, until)
    assert found.key == key
    assert between(found.first, found.until).months == found.months


def test_february_ends_when_it_does() -> None:
    assert of(PeriodKind.MONTH, date(2024, 2, 1)).until == date(2024, 2, 29)


def test_a_quarter_ends_with_one_and_the_refusal_says_which() -> None:
    with pytest.raises(NotPublishable) as refused:
        of(PeriodKind.QUARTER, date(2026, 5, 3))
    assert refused.value.nearest == Period(PeriodKind.QUARTER, date(2026, 4, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("first", "until", "nearest"),
    [
        (date(2026, 3, 4), date(2026, 3, 20), "2026-03"),
        (date(2026, 4, 1), date(2026, 5, 31), "2026-04/2026-06"),
        (date(2026, 2, 1), date(2026, 5, 31), "2026-01/2026-05"),
        (date(2025, 11, 1), date(2026, 2, 28), "2026-02"),
    ],
)
def test_free_days_are_refused_naming_the_nearest_period(
    first: date, until: date, nearest: str
) -> None:
    with pytest.raises(NotPublishable) as refused:
        between(first, until)
    assert refused.value.nearest.key == nearest
