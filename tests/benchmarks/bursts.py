"""Cases with rode draden as they might come in, by rules that know nothing of the scan: in bursts,
with seasons, holidays, themes that fall out of use, and busy weeks nobody can explain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

THEMES, LOCATIONS = 50, 20
# Of a burst: how many cases follow the first on average, and within how many days on average.
_FOLLOW, _WITHIN = 0.2, 10.0
# Of the themes: the part that falls to less than half, once.
_FALLS = 0.1

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """An organisation: cases a week by theme and location, by how much that is multiplied in each
    week (theme x week), and which themes fall out of use at some time."""

    rates: Floats
    times: Floats
    falls: NDArray[np.bool_]


def world(
    drawing: np.random.Generator,
    weeks: int,
    least: float,
    most: float,
    themes: int = THEMES,
    locations: int = LOCATIONS,
) -> World:
    """One in which no theme rises; nationwide a theme has between so many cases a week."""
    common = np.exp(drawing.uniform(np.log(least), np.log(most), themes))
    sizes = drawing.dirichlet(np.full(locations, 3.0))
    taste = drawing.lognormal(0, 0.5, (themes, locations)) * sizes
    rates = common[:, None] * taste / taste.sum(axis=1, keepdims=True)
    week = np.arange(weeks) + drawing.integers(52)
    season = 1 + 0.2 * np.sin(2 * np.pi * week / 52) + 0.15 * np.sin(week / 90)
    of_year = week % 52
    season = season * np.where((of_year >= 28) & (of_year < 34), 0.65, 1.0)
    season = season * np.where(of_year >= 51, 0.3, 1.0)
    times = season * drawing.lognormal(0, 0.2, (themes, weeks))
    falls = drawing.random(themes) < _FALLS
    for theme in np.flatnonzero(falls):
        times[theme, drawing.integers(weeks) :] *= 0.4
    return World(rates, times, falls)


def cases(drawing: np.random.Generator, rates: Floats, times: Floats) -> Counts:
    """Counts by theme, location and week."""
    firsts = drawing.poisson(rates[:, :, None] * times[:, None, :] / (1 + _FOLLOW))
    theme, location, week = (np.repeat(one, firsts[firsts > 0]) for one in np.nonzero(firsts))
    follow = drawing.geometric(1 / (1 + _FOLLOW), len(week)) - 1
    first = np.repeat(np.arange(len(week)), follow)
    days = 7 * week[first] + drawing.uniform(0, 7, len(first))
    later = ((days + drawing.exponential(_WITHIN, len(first))) // 7).astype(np.int64)
    counted = firsts.astype(np.int64)
    known = later < times.shape[1]
    np.add.at(counted, (theme[first][known], location[first][known], later[known]), 1)
    return counted
