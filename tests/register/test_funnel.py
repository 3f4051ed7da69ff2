"""Locations compared: the limits against another library's binomial, and what a funnel tells."""

from importlib import import_module
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdt.register.funnel import FAR, NEAR, Compared, Funnel, funnel

stats: Any = import_module("scipy.stats")

_COUNT = st.integers(1, 3000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
_COUNTS = st.dictionaries(st.text("abcdefgh", min_size=1), _COUNT, min_size=2, max_size=25)


def made(counts: dict[str, tuple[int, int]]) -> Funnel:
    found = funnel(counts)
    assert found is not None
    return found


@given(st.floats(0.001, 0.999), st.integers(1, 5000))
def test_limits_lie_beside_the_quantiles_of_scipy(share: float, of: int) -> None:
    limits = Funnel(share, 1.0, ()).limits(of)
    for low, high, tail in (
        (limits.low_far, limits.high_far, (1 - FAR) / 2),
        (limits.low_near, limits.high_near, (1 - NEAR) / 2),
    ):
        assert low == pytest.approx(beside(stats.binom(of, share), of, tail), abs=1e-6)
        assert high == pytest.approx(1 - beside(stats.binom(of, 1 - share), of, tail), abs=1e-6)


def beside(chance: Any, of: int, tail: float) -> float:
    number = int(chance.ppf(tail))
    above = (chance.cdf(number) - tail) / chance.pmf(number)
    return max(0.0, float(number - above) / of)


@given(st.floats(0.01, 0.99), _COUNT)
def test_outside_is_who_comes_there_seldom(share: float, count: tuple[int, int]) -> None:
    so, of = count
    chance = stats.binom(of, share)
    seldom = min(chance.cdf(so), chance.sf(so - 1))
    outside = Compared("", of, so, Funnel(share, 1.0, ()).limits(of)).outside
    for level, tail in ((1, (1 - NEAR) / 2), (2, (1 - FAR) / 2)):
        if abs(seldom - tail) > 1e-9:
            assert (abs(outside) >= level) == (seldom < tail)


@given(_COUNTS)
def test_high_in_yes_is_low_in_no(counts: dict[str, tuple[int, int]]) -> None:
    other = {place: (of - so, of) for place, (so, of) in counts.items()}
    there = [one.outside for one in made(counts).places]
    assert there == [-one.outside for one in made(other).places]


@given(_COUNTS)
def test_limits_hold_the_share_of_all_and_the_further_ones_the_nearer(
    counts: dict[str, tuple[int, int]],
) -> None:
    found = made(counts)
    assert found.spread >= 1
    for one in found.places:
        limits = one.limits
        assert 0 <= limits.low_far <= limits.low_near <= limits.high_near <= limits.high_far <= 1
        assert (one.share > limits.high_near) == (one.outside > 0)
        assert (one.share < limits.low_near) == (one.outside < 0)


@given(_COUNTS)
def test_who_is_compared_does_not_hang_on_the_order(counts: dict[str, tuple[int, int]]) -> None:
    assert made(counts) == made(dict(reversed(counts.items())))


def test_of_places_that_differ_by_chance_alone_one_in_twenty_is_outside() -> None:
    rng = Random(5)
    outside = far = total = 0
    for _ in range(150):
        sizes = [rng.randint(80, 900) for _ in range(20)]
        found = made(
            {
                str(at): (sum(rng.random() < 0.3 for _ in range(size)), size)
                for at, size in enumerate(sizes)
            }
        )
        total += len(found.places)
        outside += sum(1 for one in found.places if one.outside)
        far += sum(1 for one in found.places if abs(one.outside) > 1)
    assert 0.03 < outside / total < 0.06
    assert far / total < 0.006


def test_a_small_place_may_be_further_off_than_a_large_one() -> None:
    found = made({"klein": (9, 20), "groot": (420, 1000), "ander": (280, 1000)})
    outside = {one.place: one.outside for one in found.places}
    assert outside == {"klein": 0, "groot": 2, "ander": -2}


def test_where_all_spread_widely_only_what_is_far_even_then_stands_out() -> None:
    rng = Random(7)
    usual = {str(at): (round(500 * (0.3 + rng.uniform(-0.12, 0.12))), 500) for at in range(15)}
    found = made({**usual, "ver": (350, 500)})
    assert found.spread > 3
    assert [one.place for one in found.places if one.outside == 2] == ["ver"]


def test_of_few_places_one_that_is_far_out_does_not_hide_itself() -> None:
    counts = {str(at): (300 + at, 1000) for at in range(6)} | {"ver": (600, 1000)}
    assert {one.place: one.outside for one in made(counts).places}["ver"] == 2


def test_nothing_is_compared_with_one_place_or_with_none_at_all() -> None:
    assert funnel({}) is None
    assert funnel({"Den Bosch": (3, 7)}) is None
    assert funnel({"Den Bosch": (3, 7), "Budel": (0, 0)}) is None


def test_where_all_or_none_are_so_nothing_stands_out() -> None:
    for so in (0, 1):
        found = made({"a": (so * 5, 5), "b": (so * 900, 900)})
        assert [one.outside for one in found.places] == [0, 0]
