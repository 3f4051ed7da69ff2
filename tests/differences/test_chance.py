"""How likely chance makes as much difference: by hand, and that little chance is told as more."""

from collections.abc import Sequence
from math import comb

import numpy as np
import pytest

from kdt.differences.chance import FALSE, LEAST, Answered, chance, compared, interval, told

HERE, THERE = "Den Bosch", "Ter Apel"


def cases(location: str, yes: int, no: int, ground: str = "complex") -> list[Answered]:
    return [
        Answered(location, ground, answer)
        for answer, amount in (("in_favour", yes), ("against", no))
        for _ in range(amount)
    ]


def dealt(every: Sequence[Answered], seed: int = 1) -> float:
    return chance(every, np.random.default_rng(seed))


def test_the_chance_is_the_share_of_all_ways_to_deal_that_are_as_far_apart() -> None:
    # Twelve here and ten there, eleven of each answer: of all ways to deal, those as far from even.
    ways = {yes: comb(12, yes) * comb(10, 11 - yes) for yes in range(1, 12)}
    off = {yes: abs(yes - 6) for yes in ways}
    as_far = sum(ways[yes] for yes in ways if off[yes] >= off[9]) / sum(ways.values())
    assert dealt([*cases(HERE, 9, 3), *cases(THERE, 2, 8)]) == pytest.approx(as_far, abs=0.01)


def test_what_the_ground_explains_is_no_difference() -> None:
    # Each ground is answered alike everywhere; one location has most of the one, one of the other.
    mixed = [
        *cases(HERE, 18, 2, "buikpijn"), *cases(HERE, 1, 4, "complex"),
        *cases(THERE, 5, 0, "buikpijn"), *cases(THERE, 4, 16, "complex"),
    ]  # fmt: skip
    assert dealt(mixed) > 0.3
    unexplained = [Answered(one.location, "complex", one.answer) for one in mixed]
    assert dealt(unexplained) < 0.01


def test_a_location_with_few_cases_is_not_compared_nor_a_profile_with_one_location() -> None:
    few = LEAST - 1
    profiles = {
        "one": [*cases(HERE, 9, 1), *cases(THERE, 0, few)],
        "two": [*cases(HERE, 9, 1), *cases(THERE, 0, LEAST), *cases("Zwolle", few, 0)],
        "alike": [*cases(HERE, LEAST, 0), *cases(THERE, LEAST, 0)],
    }
    (found,) = compared(profiles, 1)
    assert found.profile == "two"
    assert found.cases == {HERE: {"in_favour": 9, "against": 1}, THERE: {"against": LEAST}}
    assert told([found]) == [found]


def test_of_profiles_that_differ_by_chance_alone_seldom_one_is_told() -> None:
    drawing = np.random.default_rng(5)
    rang = 0
    for week in range(25):
        profiles = {
            profile: [
                one
                for location in (HERE, THERE, "Zwolle")
                for yes in [int(drawing.binomial(12, 0.4))]
                for one in cases(location, yes, 12 - yes)
            ]
            for profile in range(6)
        }
        rang += bool(told(compared(profiles, week)))
    # Where all is chance, a week in ten tells something at most; this many would be rare.
    assert rang <= 7, FALSE


def test_a_real_difference_is_told_among_many_that_are_none() -> None:
    even = {number: [*cases(HERE, 6, 6), *cases(THERE, 7, 5)] for number in range(1, 20)}
    every = compared({0: [*cases(HERE, 18, 3), *cases(THERE, 4, 20)], **even}, 1)
    assert len(every) == 20
    assert [one.profile for one in told(every)] == [0]
    assert compared({0: even[1]}, 3) == compared({0: even[1]}, 3), "the same seed, the same answer"


def test_an_interval_is_wide_where_there_is_little_and_stays_within_all() -> None:
    assert interval(5, 10) == pytest.approx((0.237, 0.763), abs=0.001)
    low, high = interval(0, 10)
    assert (low, round(high, 3)) == (0.0, 0.278)
    assert interval(500, 1000) == pytest.approx((0.469, 0.531), abs=0.001)
