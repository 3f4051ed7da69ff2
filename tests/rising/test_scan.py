"""The scan for rising themes: by hand, on cases of another making, and where it is silent."""

from math import comb

import numpy as np
import pytest
from numpy.typing import NDArray

from kdt.rising import chances, scan
from kdt.rising.chances import LEAST, LONGEST, WINDOWS, Spread
from kdt.rising.scan import LEAST_USUAL, USUAL, Rise, Seen
from tests.benchmarks.bursts import cases, world
from tests.benchmarks.rising import WEEKS, rises_found, rung, seen

Counts = NDArray[np.int64]
THEMES, LOCATIONS = 12, 5


def steady(weeks: int = WEEKS) -> Counts:
    """Cases of twelve themes at five locations as chance alone brings them, one a week each."""
    return np.random.default_rng(7).poisson(1.0, (THEMES, LOCATIONS, weeks))


def found(counted: Counts, **since: Counts) -> list[Rise]:
    plain = seen(counted)
    at = {"themes_from": plain.themes_from, "locations_from": plain.locations_from, **since}
    return scan.rises(Seen(counted, **at), 1)


def test_the_chance_of_so_many_or_more_is_that_of_throws_worked_out_by_hand() -> None:
    # Failures before the third success, each as likely as not: mean 3, variance 6.
    for many in range(4, 12):
        fewer = sum(comb(k + 2, k) * 0.5 ** (k + 3) for k in range(many))
        worked = chances.tail(np.array([float(many)]), np.array([3.0]), np.array([6.0]))
        assert worked[0] == pytest.approx(1 - fewer, rel=1e-8)
    far = chances.tail(np.array([80.0]), np.array([3.0]), np.array([6.0]))
    assert 0 < far[0] < 1e-15


def test_cases_that_come_together_spread_wider_and_those_that_do_not_do_not() -> None:
    drawing = np.random.default_rng(3)
    rates, busy = np.full(200, 4.0), np.ones((200, 104))
    for told in (Spread(0.0, 0.0), Spread(0.5, 0.0), Spread(0.2, 0.2)):
        seen_to = chances.spread(chances.drawn(drawing, rates, told, 104), busy)
        assert seen_to.short == pytest.approx(told.short, abs=0.15)
        assert seen_to.bursts == pytest.approx(told.bursts, abs=0.1)


def test_a_theme_that_is_seen_three_times_as_often_everywhere_rises_and_no_other_does() -> None:
    counted = steady()
    counted[4, :, -4:] += 2 * counted[4, :, -8:-4] + 1
    rising = found(counted)
    assert {one.theme for one in rising} == {4}
    (nationwide,) = (one for one in rising if one.location is None)
    assert nationwide.weeks in WINDOWS
    assert nationwide.cases == counted[4, :, -nationwide.weeks :].sum()
    assert nationwide.usual == pytest.approx(LOCATIONS * nationwide.weeks, rel=0.4)
    assert nationwide.yearly == 0
    assert found(counted) == rising, "the same seed, the same answer"


def test_what_rises_at_one_location_is_told_there() -> None:
    counted = steady()
    counted[2, 3, -2:] += 9
    assert (2, 3) in {(one.theme, one.location) for one in found(counted)}


def test_that_it_is_busier_everywhere_is_no_rise() -> None:
    counted = steady()
    counted[:, :, -8:] += np.random.default_rng(8).poisson(1.0, (THEMES, LOCATIONS, 8))
    assert found(counted) == []


def test_fewer_than_three_cases_never_rise() -> None:
    counted = steady()
    counted[5] = 0
    counted[5, 0, -1] = LEAST - 1
    assert 5 not in {one.theme for one in found(counted)}
    counted[5, 0, -1] = 8
    assert 5 in {one.theme for one in found(counted)}


def test_a_theme_or_a_location_that_has_just_come_does_not_rise() -> None:
    counted = steady()
    counted[6, :, :-6], counted[6, :, -6:] = 0, 5
    counted[:, 1, :-6] = 0
    assert 6 in {one.theme for one in found(counted)}
    themes, locations = np.zeros(THEMES, np.int64), np.zeros(LOCATIONS, np.int64)
    themes[6], locations[1] = WEEKS - 6, WEEKS - 6
    rising = found(counted, themes_from=themes, locations_from=locations)
    assert 6 not in {one.theme for one in rising}
    assert 1 not in {one.location for one in rising}


def test_with_too_few_weeks_nothing_is_said() -> None:
    enough = LONGEST + LEAST_USUAL
    for weeks in (0, 1, LONGEST, enough - 1, enough):
        counted = steady(weeks)
        counted[3, :, -2:] += 9
        assert bool(found(counted)) is (weeks == enough), weeks
    assert found(np.zeros((0, 0, WEEKS), np.int64)) == []
    assert found(np.zeros((2, 2, WEEKS), np.int64)) == []


def test_years_without_change_ring_as_seldom_as_is_told() -> None:
    known = scan.limits(seen(steady()), 1)
    again = scan.limits(seen(steady()), 2)
    for smallest, limit, one_of in (
        (again.nationwide, known.limit(None), scan.NATIONWIDE),
        (again.located, known.limit(0), scan.LOCATED),
    ):
        # A hundred years have forty such weeks nationwide and ten at locations: in sixty draws of
        # them a quarter more or fewer, and two fifths.
        assert (smallest < limit).mean() == pytest.approx(1 / one_of, rel=0.75)
    assert pytest.approx(0.5 / scan.ONE_OF) == 1 / scan.NATIONWIDE + 1 / scan.LOCATED


def test_rises_are_found_in_time_and_chance_rings_seldom_where_cases_come_by_other_rules() -> None:
    """The short version of the benchmark: bursts, seasons and busy weeks that the scan knows
    nothing of."""
    drawing = np.random.default_rng(20261126)
    of = world(drawing, WEEKS + 26, 4.0, 8.0, 20, 8)
    counted = cases(drawing, of.rates, of.times)
    known = scan.limits(seen(counted[:, :, :WEEKS]), 1)
    after = rises_found(drawing, of, counted, known, 3.0, 10)
    assert sum(one is not None for one in after) >= 8
    assert sum(rung(counted, known)) <= 2
    assert USUAL + LONGEST == WEEKS
