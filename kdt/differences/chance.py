"""Whether answers to cases alike differ more between locations than chance makes them. Arithmetic
alone.

The answers of a profile are dealt out again over the same cases, thousands of times, each time
among the cases with the same ground: where locations answer alike, what was seen is one such deal.
Of many profiles some differ much by chance; which of them are told is chosen so that of those told
at most one in ten is expected to be chance (Benjamini and Hochberg).
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

# Cases at a location before it is compared; with fewer than two such locations nothing is.
LEAST = 10
FALSE = 0.1
_DEALS = 5_000
# Cases times deals held at once.
_AT_ONCE = 2_000_000
_NORMAL = 1.96

Profile = TypeVar("Profile", bound=Hashable)
_Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Answered:
    """A case: where it was brought, on which ground, and how it was answered."""

    location: str
    ground: str
    answer: str


@dataclass(frozen=True, slots=True)
class Difference(Generic[Profile]):
    """A profile whose answers differ between locations; `cases` by location and answer, of the
    locations with enough. In so many of all deals (`chance`) they differ as much."""

    profile: Profile
    cases: Mapping[str, Mapping[str, int]]
    chance: float


def compared(
    profiles: Mapping[Profile, Sequence[Answered]], seed: int
) -> list[Difference[Profile]]:
    """Every profile with enough cases, in the order given; the same seed gives the same."""
    drawing = np.random.default_rng(seed)
    found = []
    for profile, every in profiles.items():
        amounts = Counter(one.location for one in every)
        cases = [one for one in every if amounts[one.location] >= LEAST]
        locations = sorted({one.location for one in cases})
        if len(locations) < 2 or len({one.answer for one in cases}) < 2:
            continue
        tables = {
            here: dict(Counter(one.answer for one in cases if one.location == here))
            for here in locations
        }
        found.append(Difference(profile, tables, chance(cases, drawing)))
    return found


def told(every: Sequence[Difference[Profile]]) -> list[Difference[Profile]]:
    """Those of which at most a tenth is expected to be chance."""
    order = sorted(every, key=lambda one: one.chance)
    enough = 0
    for place, one in enumerate(order, start=1):
        if one.chance <= FALSE * place / len(order):
            enough = place
    return order[:enough]


def interval(part: int, whole: int) -> tuple[float, float]:
    """Between which shares the true one lies, in 95 of 100 cases, where `part` of `whole` were seen
    (Wilson)."""
    share, spread = part / whole, _NORMAL**2 / whole
    middle = (share + spread / 2) / (1 + spread)
    wide = _NORMAL * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return max(0.0, middle - wide), min(1.0, middle + wide)


def chance(cases: Sequence[Answered], drawing: np.random.Generator) -> float:
    """In how many of all deals the answers differ as much between locations as they do."""
    locations, answers, grounds = (
        np.unique([getattr(one, name) for one in cases], return_inverse=True)[1]
        for name in ("location", "answer", "ground")
    )
    shape = (int(locations.max()) + 1, int(answers.max()) + 1)
    expected = np.zeros(shape)
    for ground in np.unique(grounds):
        here, said = locations[grounds == ground], answers[grounds == ground]
        rows, columns = np.bincount(here, minlength=shape[0]), np.bincount(said, minlength=shape[1])
        expected += np.outer(rows, columns) / len(here)
    seen = _apart(_tables(locations, answers[None, :], shape), expected)[0]
    as_far, left = 0, _DEALS
    while left:
        deals = min(left, max(1, _AT_ONCE // len(cases)))
        dealt = np.tile(answers, (deals, 1))
        for ground in np.unique(grounds):
            those = grounds == ground
            dealt[:, those] = drawing.permuted(dealt[:, those], axis=1)
        # What is as far apart but for the last digits is as far apart.
        as_far += int((_apart(_tables(locations, dealt, shape), expected) >= seen - 1e-9).sum())
        left -= deals
    return (as_far + 1) / (_DEALS + 1)


def _tables(locations: _Places, dealt: _Places, shape: tuple[int, int]) -> NDArray[np.int64]:
    """How often each answer stands at each location, in each deal."""
    cells = shape[0] * shape[1]
    at = locations[None, :] * shape[1] + dealt + cells * np.arange(len(dealt))[:, None]
    counted = np.bincount(at.ravel(), minlength=cells * len(dealt))
    return counted.reshape(len(dealt), *shape)


def _apart(tables: NDArray[np.int64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    off: NDArray[np.float64] = ((tables - expected) ** 2 / np.where(expected, expected, 1)).sum(
        axis=(1, 2)
    )
    return off
