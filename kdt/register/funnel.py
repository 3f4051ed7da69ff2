"""Shares of several places compared with what chance alone does to them: pure arithmetic.

A small place is high or low by chance more often than a large one, so a list from best to worst
says who is small. A funnel says how far from the share of all together a place of its size comes
by chance, in 95% and in 99.8% of the times (Spiegelhalter, Statistics in Medicine 24, 2005).

Limits are those of the binomial distribution, between two whole numbers on a straight line (his
appendix A.1.1), and the same above as below: high is where so many or more come seldom. Places
differ for reasons that are no news, and considerations of one case are alike; where they spread
wider than chance allows, all limits widen by as much (his section 3.2: multiplicative, estimated
after the furthest tenth on either side was moved to where that tenth begins; at least one place,
for of a few places one that is far out would widen the limits around itself).
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, exp, lgamma, log, log1p, sqrt

# The share of places that lies between the limits by chance alone.
NEAR, FAR = 0.95, 0.998
_WINSORISED = 0.1


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which shares a place of a size lies by chance, in 95% and in 99.8%."""

    low_far: float
    low_near: float
    high_near: float
    high_far: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A place: of how many, how many so, and the limits for its size. `outside`: 0 within them, 1
    or -1 above or below those of 95%, 2 or -2 those of 99.8%."""

    place: str
    of: int
    so: int
    limits: Limits

    @property
    def share(self) -> float:
        """Of its own."""
        return self.so / self.of

    @property
    def outside(self) -> int:
        """How far out, and to which side."""
        limits = self.limits
        if self.share > limits.high_near:
            return 2 if self.share > limits.high_far else 1
        if self.share < limits.low_near:
            return -2 if self.share < limits.low_far else -1
        return 0


@dataclass(frozen=True, slots=True)
class Funnel:
    """Places compared, in their order. `share`: of all together; `spread`: how much wider than
    chance they spread, 1 when no wider."""

    share: float
    spread: float
    places: tuple[Compared, ...]

    def limits(self, of: int) -> Limits:
        """Those for any size."""
        return _limits(self.share, of, self.spread)


def funnel(counts: Mapping[str, tuple[int, int]]) -> Funnel | None:
    """The funnel of how many, of how many, by place; None where nothing can be compared. A place
    with none at all has no share and is left out."""
    known = {place: count for place, count in sorted(counts.items()) if count[1]}
    if len(known) < 2:
        return None
    share = sum(so for so, _ in known.values()) / sum(of for _, of in known.values())
    spread = _spread(share, [*known.values()])
    return Funnel(
        share,
        spread,
        tuple(
            Compared(place, of, so, _limits(share, of, spread)) for place, (so, of) in known.items()
        ),
    )


def _limits(share: float, of: int, spread: float) -> Limits:
    wide = sqrt(spread)
    far, near = (max(0.0, share - wide * (share - one)) for one in _lows(share, of))
    # Who is high in yes is low in no.
    high_far, high_near = (
        min(1.0, share + wide * (1 - share - one)) for one in _lows(1 - share, of)
    )
    return Limits(far, near, high_near, high_far)


def _lows(share: float, of: int) -> tuple[float, float]:
    """The lower limits for so many, of 99.8% and of 95%; under 0 where none is no news."""
    first, summed = _distribution(of, share)
    far, near = (_place(summed, (1 - one) / 2) for one in (FAR, NEAR))
    return (first + far) / of, (first + near) / of


def _place(summed: Sequence[float], tail: float) -> float:
    """Where in these sums chance comes so often, between two of them on a straight line."""
    number = bisect_left(summed, tail)
    before = summed[number - 1] if number else 0.0
    return number - (summed[number] - tail) / (summed[number] - before)


def _distribution(of: int, share: float) -> tuple[int, list[float]]:
    """From the first number that can come by chance: how often at most as many of so many are so,
    each with this chance. Further than ten deviations off never happens."""
    if share in (0.0, 1.0):
        return (0 if share == 0.0 else of), [1.0]
    reach = 10 * sqrt(of * share * (1 - share)) + 10
    first, last = max(0, int(of * share - reach)), min(of, int(of * share + reach))
    whole, yes, no = lgamma(of + 1), log(share), log1p(-share)
    each = (
        exp(whole - lgamma(so + 1) - lgamma(of - so + 1) + so * yes + (of - so) * no)
        for so in range(first, last + 1)
    )
    return first, [*accumulate(each)]


def _spread(share: float, counts: Sequence[tuple[int, int]]) -> float:
    """How much wider than chance they spread, when that is more than chance may do as well."""
    if share in (0.0, 1.0):
        return 1.0
    scores = sorted((so / of - share) / sqrt(share * (1 - share) / of) for so, of in counts)
    moved = min(ceil(_WINSORISED * len(scores)), (len(scores) - 1) // 2)
    low, high = scores[moved], scores[len(scores) - 1 - moved]
    spread = sum(min(high, max(low, one)) ** 2 for one in scores) / len(scores)
    return spread if spread > 1 + 2 * sqrt(2 / len(scores)) else 1.0
