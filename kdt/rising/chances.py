"""How likely as many cases as were counted are, when nothing changed. Arithmetic alone.

What is usual for a series is an estimate from the weeks before, and counts spread wider than chance
(cases come in bursts): so a window is held against a negative binomial, with the variance of both.
How busy it was cancels out: what is usual goes along with what is counted of everything else.
"""

from dataclasses import dataclass
from math import lgamma

import numpy as np
from numpy.typing import NDArray

# Of series (a row each) by week.
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

# In weeks; what is usual is told by the weeks before the longest.
WINDOWS = (1, 2, 4, 8)
LONGEST = max(WINDOWS)
# Fewer distinct cases say nothing.
LEAST = 3

# Bursts last as long as the longest window. So much wider is a count over each window where they
# make that of one week wider by one.
_IN_BURSTS = np.array(
    [1 + 2 * sum((w - d) * (LONGEST - d) for d in range(1, w)) / (LONGEST * w) for w in WINDOWS]
)
_log_gamma = np.frompyfunc(lgamma, 1, 1)
# Where the sum of a tail stops, as a part of it.
_PRECISE = 1e-9


@dataclass(frozen=True, slots=True)
class Spread:
    """By how much counts vary more than chance: within a week, and in bursts over weeks; both as
    the part that is added to the variance of the count of one week."""

    short: float
    bursts: float

    @property
    def of_windows(self) -> Floats:
        """The variance of a count over each window, as a multiple of chance's."""
        wide: Floats = 1 + self.short + self.bursts * _IN_BURSTS
        return wide


@dataclass(frozen=True, slots=True)
class Looked:
    """Windows (first), series and the weeks they end in (last): the cases, how many are usual, and
    the chance of so many or more; 1 where nobody would look twice."""

    cases: Floats
    usual: Floats
    chance: Floats


def look(
    counts: Counts, busy: Floats, spread: Spread, before: int, prior: Floats, weight: float = 0.0
) -> Looked:
    """Every window that ends in a week with `before` weeks before the longest of them.

    `busy`: how busy each week was, nil where a series was not there yet. `prior`: cases that are
    added to those of the weeks before, as if seen in `weight` times as many weeks more.
    """
    of, over = _summed(counts), _summed(busy)
    usual = (_before(of, before) + prior) / (1 + weight)
    usual_busy = np.maximum(_before(over, before), 1e-9)
    cases, expected, chance = [], [], []
    for weeks, wide in zip(WINDOWS, spread.of_windows, strict=True):
        ratio = _last(over, weeks, before) / usual_busy
        cases.append(_last(of, weeks, before))
        expected.append(usual * ratio)
        variance = wide * expected[-1] * (1 + ratio / (1 + weight))
        chance.append(_chance(cases[-1], expected[-1], variance))
    return Looked(np.array(cases), np.array(expected), np.array(chance))


def before(counts: Counts, weeks: int) -> Floats:
    """The cases of the `weeks` before the longest window, for every week that one may end in."""
    return _before(_summed(counts), weeks)


def spread(counts: Counts, busy: Floats) -> Spread:
    """How counts varied from each week to the next, and from each eight weeks to the next: so that
    a theme which once rose or fell for good weighs little."""
    week, longest = _varied(counts, busy, 1), _varied(counts, busy, LONGEST)
    bursts = max(0.0, (longest - week) / (_IN_BURSTS[-1] - 1))
    return Spread(max(0.0, week - bursts), bursts)


def drawn(drawing: np.random.Generator, rates: Floats, spread: Spread, weeks: int) -> Counts:
    """Weeks without change for series with these rates a week, which vary by this much."""
    often = np.broadcast_to(rates[:, None], (len(rates), weeks)).copy()
    if spread.bursts:
        blocks = _wavering(drawing, rates, spread.bursts, weeks // LONGEST + 2)
        starts = drawing.integers(LONGEST, size=len(rates))
        at = (np.arange(weeks)[None, :] + starts[:, None]) // LONGEST
        often *= np.take_along_axis(blocks, at, axis=1)
    if spread.short:
        often *= _wavering(drawing, rates, spread.short, weeks)
    return drawing.poisson(often)


def _wavering(drawing: np.random.Generator, rates: Floats, added: float, amount: int) -> Floats:
    """Factors around one that add this much to the variance of counts at these rates."""
    shape = np.maximum(rates, 1e-9)[:, None] / added
    return drawing.gamma(shape, 1 / shape, (len(rates), amount))


def _varied(counts: Counts, busy: Floats, weeks: int) -> float:
    """What is added to the variance of chance, from how pairs of successive blocks are divided."""
    blocks = counts.shape[1] // weeks
    if blocks < 2:
        return 0.0
    of, over = _blocks(counts, weeks, blocks), _blocks(busy, weeks, blocks)
    both, all_busy = of[:, :-1] + of[:, 1:], over[:, :-1] + over[:, 1:]
    usable = (both >= 2) & (over[:, :-1] > 0) & (over[:, 1:] > 0)
    if not usable.any():
        return 0.0
    amount, share = both[usable], over[:, 1:][usable] / all_busy[usable]
    off = (of[:, 1:][usable] - share * amount) ** 2 / (amount * share * (1 - share))
    return float((off - 1).sum() / (1 - 1 / amount).sum())


def _blocks(values: NDArray[np.generic], weeks: int, blocks: int) -> Floats:
    last = values[:, values.shape[1] - blocks * weeks :].astype(np.float64)
    found: Floats = last.reshape(len(values), blocks, weeks).sum(axis=2)
    return found


def _summed(values: NDArray[np.generic]) -> Floats:
    summed: Floats = np.cumsum(values, axis=1, dtype=np.float64)
    return np.pad(summed, ((0, 0), (1, 0)))


def _before(summed: Floats, weeks: int) -> Floats:
    until = summed.shape[1] - LONGEST
    found: Floats = summed[:, weeks:until] - summed[:, : until - weeks]
    return found


def _last(summed: Floats, weeks: int, before: int) -> Floats:
    first = before + LONGEST
    found: Floats = summed[:, first:] - summed[:, first - weeks : summed.shape[1] - weeks]
    return found


def _chance(cases: Floats, usual: Floats, variance: Floats) -> Floats:
    """The chance of so many or more, where that is small enough to be worth working out."""
    chance = np.ones_like(usual)
    rare = (cases >= LEAST) & (cases > usual + 2 * np.sqrt(variance)) & (usual > 0)
    if rare.any():
        chance[rare] = tail(cases[rare], usual[rare], variance[rare])
    return chance


def tail(cases: Floats, mean: Floats, variance: Floats) -> Floats:
    """The chance of so many or more, more than the mean, by the negative binomial with this mean
    and variance (more than the mean)."""
    past = 1 - mean / variance
    size = mean**2 / (variance - mean)
    ways = _log_gamma(size + cases) - _log_gamma(size) - _log_gamma(cases + 1)
    first = np.exp(np.asarray(ways, np.float64) + size * np.log1p(-past) + cases * np.log(past))
    term, total, more = np.ones_like(first), np.ones_like(first), cases.copy()
    while (term > _PRECISE * total).any():
        term = term * past * (size + more) / (more + 1)
        total += term
        more += 1
    summed: Floats = np.minimum(1.0, first * total)
    return summed
