"""How long things take when not all of them are over: pure arithmetic.

A median over what is already closed lies: it knows nothing of what still waits. So what is open
counts for as long as it was seen (Kaplan and Meier, J. Am. Stat. Assoc. 53, 1958), and what ended
in another way than asked for competes with it (Aalen and Johansen, Scand. J. Stat. 5, 1978).
Variances are Greenwood's, and for one way among several those of Dinse and Larson (Biometrika 73,
1986, equation 6); intervals are of 95%, on the scale of log(-log). Where all or none had ended,
that says nothing: the exact bound for as many takes its place (Clopper and Pearson, Biometrika 26,
1934).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import NamedTuple

# Of the normal distribution, for an interval of 95%.
_Z = 1.959963984540054
_TAIL = 0.025
# What adding up may leave of nothing.
_ROUNDING = 1e-12


class Seen(NamedTuple):
    """How long one was seen, in whole days or working days, and how it ended; None: it had not."""

    time: int
    end: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1, with the interval it lies in."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Quantile:
    """After how long a share had ended so; None is not reached yet, which is an answer too."""

    value: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Curve:
    """What ended in one way, and what had not ended at all, after each time at which one did."""

    times: tuple[int, ...]
    ended: tuple[Share, ...]
    open: tuple[Share, ...]
    # Before the first of these times.
    none_ended: Share
    all_open: Share

    def ended_within(self, time: int) -> Share:
        """The share that had ended so by the end of `time`."""
        return self._at(self.ended, time, self.none_ended)

    def open_after(self, time: int) -> Share:
        """The share that had not ended in any way by the end of `time`."""
        return self._at(self.open, time, self.all_open)

    def quantile(self, share: float) -> Quantile:
        """After how long this share had ended so; its interval is read off that of the curve."""
        return Quantile(
            self._first(share, [one.value for one in self.ended]),
            self._first(share, [one.high for one in self.ended]),
            self._first(share, [one.low for one in self.ended]),
        )

    def _at(self, shares: tuple[Share, ...], time: int, before: Share) -> Share:
        passed = sum(1 for one in self.times if one <= time)
        return shares[passed - 1] if passed else before

    def _first(self, share: float, values: Iterable[float]) -> int | None:
        # A half is a half, whatever remains of adding up thirds.
        reached = share - _ROUNDING
        pairs = zip(self.times, values, strict=True)
        return next((time for time, value in pairs if value >= reached), None)


def curve(seen: Mapping[Seen, int], end: str) -> Curve:
    """The curve of what ended as `end`, of so many each; every other end competes with it."""
    ended: Counter[tuple[int, bool]] = Counter()
    left: Counter[int] = Counter()
    for one, amount in seen.items():
        left[one.time] += amount
        if one.end is not None:
            ended[one.time, one.end == end] += amount
    number = at_risk = left.total()
    standing, so_far = 1.0, 0.0
    greenwood, over = 0.0, 0
    sums = _Sums()
    times, shares, opens = [], [], []
    for time in sorted(left):
        so, otherwise = ended[time, True], ended[time, False]
        if so or otherwise:
            before = standing
            so_far += before * so / at_risk
            standing *= 1 - (so + otherwise) / at_risk
            # Once nothing is left at risk, nothing is left to be unsure of either.
            if at_risk > so + otherwise:
                greenwood += (so + otherwise) / (at_risk * (at_risk - so - otherwise))
            sums.add(so_far, before, so, so + otherwise, at_risk)
            times.append(time)
            over += so + otherwise
            shares.append(_share(so_far, sums.variance(so_far), over if so_far else number))
            opens.append(_share(standing, standing**2 * greenwood, over))
        at_risk -= left[time]
    none, every = _share(0, 0, number), _share(1, 0, number)
    return Curve(tuple(times), tuple(shares), tuple(opens), none, every)


class _Sums:
    """The sums of the variance of Dinse and Larson, so kept that each time costs the same."""

    def __init__(self) -> None:
        self._weights = self._first = self._second = 0.0
        self._own = 0.0
        self._mixed = self._mixed_first = 0.0

    def add(self, share: float, standing: float, so: int, all_ways: int, at_risk: int) -> None:
        """One time: the share after it, what stood before it, and who ended of how many."""
        if at_risk > all_ways:
            weight = all_ways / (at_risk * (at_risk - all_ways))
            self._weights += weight
            self._first += weight * share
            self._second += weight * share**2
        self._own += standing**2 * (at_risk - so) / at_risk * so / at_risk**2
        mixed = so * standing / at_risk**2
        self._mixed += mixed
        self._mixed_first += mixed * share

    def variance(self, share: float) -> float:
        """Of the share that ended so, now."""
        spread = share**2 * self._weights - 2 * share * self._first + self._second
        return max(0.0, spread + self._own - 2 * (share * self._mixed - self._mixed_first))


def _share(value: float, variance: float, number: int) -> Share:
    """A share with its interval; where it is all or none, of how many."""
    least = _TAIL ** (1 / number) if number else 0.0
    # All is all, whatever remains of adding up thirds.
    if value <= _ROUNDING:
        return Share(0, 0, 1 - least)
    if value >= 1 - _ROUNDING:
        return Share(1, least, 1)
    wide = _Z * sqrt(variance) / (value * log(value))
    return Share(value, *sorted(exp(log(value) * exp(sign * wide)) for sign in (-1, 1)))
