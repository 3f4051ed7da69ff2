"""Whether a theme went down: by hand, in words, and how often the interval holds the truth."""

from datetime import date
from math import exp, log, sqrt
from random import Random

import pytest

from kdt.themes.effect import Effect, Verdict, effect, ratio

JANUARY = date(2022, 1, 1)
TODAY = date(2023, 6, 15)


def months(*counts: int, first: date = JANUARY) -> list[tuple[date, int]]:
    start = first.year * 12 + first.month - 1
    return [
        (date((start + number) // 12, (start + number) % 12 + 1, 1), count)
        for number, count in enumerate(counts)
    ]


def test_it_is_the_ratio_of_two_rates_by_the_day_worked_out_by_hand() -> None:
    # January to March, 90 days, 30 seen; May to July, 92 days, 10 seen; all as even as can be.
    before, after = months(10, 9, 11), months(3, 4, 3, first=date(2022, 5, 1))
    found = ratio(before, after)
    middle = log(10.5 / 92) - log(30.5 / 90)
    wide = 1.96 * sqrt(1 / 30.5 + 1 / 10.5)
    assert found.ratio == pytest.approx(exp(middle))
    assert (found.low, found.high) == pytest.approx((exp(middle - wide), exp(middle + wide)))
    assert found.ratio == pytest.approx(0.3368, abs=1e-4)


def test_what_spreads_wider_than_chance_is_less_sure() -> None:
    even, uneven = months(10, 10, 10, 10), months(0, 20, 1, 19)
    after = months(5, 5, 5, 5, first=date(2022, 6, 1))
    wide, narrow = ratio(uneven, after), ratio(even, after)
    assert wide.ratio == pytest.approx(narrow.ratio)
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        # The month of the answer is the seventh, July.
        ((9, 11, 10, 9, 11, 10, 50, 2, 3, 2, 3, 2, 2), Verdict.DOWN),
        ((20, 19, 18, 8, 7, 6, 5, 2, 1, 2, 1, 2, 1), Verdict.FALLING_ALREADY),
        ((3, 2, 3, 2, 3, 2, 0, 9, 11, 10, 9, 11, 10), Verdict.UP),
        ((5, 4, 6, 5, 4, 6, 5, 4, 5, 5, 4, 6, 5), Verdict.UNCLEAR),
        # None at all any more.
        ((9, 11, 10, 9, 11, 10, 5, 0, 0, 0, 0, 0, 0), Verdict.DOWN),
        ((1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0), Verdict.TOO_LITTLE),
        ((9, 11, 10, 9, 11, 10, 5, 0, 0), Verdict.TOO_LITTLE),
    ],
)
def test_what_is_said_of_it(counts: tuple[int, ...], verdict: Verdict) -> None:
    found = effect(months(*counts), date(2022, 7, 12), TODAY)
    assert found.verdict is verdict
    assert (found.ratio is None) is (verdict is Verdict.TOO_LITTLE)


def test_a_month_that_is_not_over_says_nothing_yet() -> None:
    counts = months(9, 9, 9, 9, 5, 9, 9, 9)
    assert effect(counts, date(2022, 5, 3), date(2022, 8, 31)) == Effect(Verdict.TOO_LITTLE, (4, 2))
    assert effect(counts, date(2022, 5, 3), date(2022, 9, 1)).months == (4, 3)


@pytest.mark.parametrize(("size", "rate", "truth"), [(None, 8, 0.4), (None, 3, 1.0), (6, 8, 0.5)])
def test_its_interval_holds_the_truth_about_as_often_as_it_says(
    size: float | None, rate: float, truth: float
) -> None:
    """Of counts by chance alone, and of counts that spread wider (negative-binomial of a size)."""
    dice, times, held = Random(f"{size} {rate}"), 2_000, 0
    for _ in range(times):
        before = months(*(_drawn(dice, rate, size) for _ in range(6)))
        after = months(
            *(_drawn(dice, rate * truth, size) for _ in range(6)), first=date(2022, 8, 1)
        )
        found = ratio(before, after)
        held += found.low <= truth <= found.high
    assert 0.94 <= held / times <= 0.985


def _drawn(dice: Random, mean: float, size: float | None) -> int:
    """A count with this mean; of one size as wide as mean + mean ** 2 / size."""
    if size is not None:
        mean = dice.gammavariate(size, mean / size)
    limit, product, count = exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        count += 1
    return count
