"""Which themes rise: the smallest chance of all, against what years without change bring.

Of thousands of chances the smallest is always small. So a hundred years in which nothing changes
are played out, with the rates and the spread of the record itself, and looked at in the same way: a
theme rises when its chance is smaller than all but the rarest of those. Nationwide and by location
are two looks, that ring in one of 130 and in one of 520 of those weeks: together in one of 104.
That is half of what is promised, for there is more to a record than what is played out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kdt.rising import chances
from kdt.rising.chances import LONGEST, WINDOWS, Counts, Floats, Looked, Spread

# Weeks that say what is usual: at most, and with less than the least nothing is said.
USUAL, LEAST_USUAL = 52, 12
ONE_OF, NATIONWIDE, LOCATED = 52, 130, 520
YEARS = 100
_WEEKS = 52 * YEARS
# So many cases a week are added to how busy it was: where little is counted it says little.
_STEADY = 5.0
# How much what a theme and a location would make together weighs beside what was seen of them.
_SHRUNK = 0.25


@dataclass(frozen=True, slots=True)
class Seen:
    """Distinct cases by theme, location and week, the last one over; and from which week on (its
    place) each theme and each location was there."""

    cells: Counts
    themes_from: Counts
    locations_from: Counts

    @property
    def usual(self) -> int:
        """How many weeks say what is usual."""
        weeks: int = self.cells.shape[2]
        return min(USUAL, weeks - LONGEST)

    @property
    def enough(self) -> bool:
        """Whether those are enough to say anything."""
        return self.usual >= LEAST_USUAL and bool(self.cells.any())


@dataclass(frozen=True, slots=True)
class Limits:
    """The smallest chance of each week without change, the smallest first."""

    nationwide: Floats
    located: Floats

    def limit(self, location: int | None) -> float:
        """What a chance must be smaller than, nationwide or at a location."""
        smallest, one_of = self._look(location)
        return float(smallest[len(smallest) // one_of])

    def yearly(self, location: int | None, chance: float) -> float:
        """How often a year there is a week with a chance as small."""
        return float(np.searchsorted(self._look(location)[0], chance, "right")) / YEARS

    def _look(self, location: int | None) -> tuple[Floats, int]:
        return (self.nationwide, NATIONWIDE) if location is None else (self.located, LOCATED)


@dataclass(frozen=True, slots=True)
class Rise:
    """More cases than chance brings, by the places of a theme and of a location (None: nationwide):
    `cases` in the last `weeks`, where `usual` is usual. Where nothing changes, something as
    unlikely turns up `yearly` times a year."""

    theme: int
    location: int | None
    weeks: int
    cases: int
    usual: float
    yearly: float


def rises(seen: Seen, seed: int) -> list[Rise]:
    """What rises in the last week, the least likely first."""
    return against(seen, limits(seen, seed)) if seen.enough else []


def limits(seen: Seen, seed: int) -> Limits:
    """What weeks without change bring, at the rates and with the spread of what was seen."""
    drawing = np.random.default_rng(seed)
    rates, spreads = _rates(seen), _spreads(seen)
    weeks = _WEEKS + seen.usual + LONGEST - 1
    nationwide = chances.drawn(drawing, rates.sum(axis=1), spreads[0], weeks)
    cells = chances.drawn(drawing, rates.ravel(), spreads[1], weeks).reshape(*rates.shape, weeks)
    return Limits(
        np.sort(_nationwide(nationwide, spreads[0], seen.usual).chance.min(axis=(0, 1))),
        np.sort(
            np.minimum.reduce(
                [one.chance.min(axis=(0, 1)) for one in _located(cells, spreads[1], seen.usual)]
            )
        ),
    )


def against(seen: Seen, known: Limits) -> list[Rise]:
    """What rises in the last week against known limits, the least likely first."""
    rising = []
    for theme, location, looked in _series(seen):
        best = int(np.argmin(looked.chance))
        chance = float(looked.chance[best])
        if chance < known.limit(location):
            cases, usual = int(looked.cases[best]), float(looked.usual[best])
            yearly = known.yearly(location, chance)
            rising.append(Rise(theme, location, WINDOWS[best], cases, usual, yearly))
    return sorted(rising, key=lambda one: (one.yearly, one.location is not None))


def _series(seen: Seen) -> Iterator[tuple[int, int | None, Looked]]:
    """Each series that was there long enough, at the last week."""
    weeks = seen.usual + LONGEST
    cells = seen.cells[:, :, -weeks:]
    wide, narrow = _spreads(seen)
    missed = seen.cells.shape[2] - weeks
    themes, locations = seen.themes_from - missed, seen.locations_from - missed
    latest = seen.usual - LEAST_USUAL
    nationwide = _nationwide(cells.sum(axis=1), wide, seen.usual, themes)
    for theme in np.flatnonzero(themes <= latest).tolist():
        yield theme, None, _last(nationwide, theme)
    for theme, located in enumerate(_located(cells, narrow, seen.usual, themes, locations)):
        if themes[theme] <= latest:
            for location in np.flatnonzero(locations <= latest).tolist():
                yield theme, location, _last(located, location)


def _last(looked: Looked, row: int) -> Looked:
    return Looked(looked.cases[:, row, -1], looked.usual[:, row, -1], looked.chance[:, row, -1])


def _nationwide(totals: Counts, spread: Spread, usual: int, since: Counts | None = None) -> Looked:
    """Each theme (a row) over all locations."""
    busy = _busy(totals)
    if since is not None:
        busy *= _there(since, totals.shape[1])
    return chances.look(totals, busy, spread, usual, np.array(0.5))


def _located(
    cells: Counts,
    spread: Spread,
    usual: int,
    themes: Counts | None = None,
    locations: Counts | None = None,
) -> Iterator[Looked]:
    """Of each theme every location (a row)."""
    totals = cells.sum(axis=1)
    busy = _busy(totals)
    by_location = chances.before(cells.sum(axis=0), usual)
    shares = by_location / np.maximum(by_location.sum(axis=0), 1)
    seen = chances.before(totals, usual)
    for theme, counts in enumerate(cells):
        here = np.broadcast_to(busy[theme], counts.shape)
        if themes is not None and locations is not None:
            here = here * _there(np.maximum(locations, themes[theme]), counts.shape[1])
        prior = _SHRUNK * (seen[theme] + 0.5) * shares
        yield chances.look(counts, here, spread, usual, prior, _SHRUNK)


def _busy(totals: Counts) -> Floats:
    """How busy each week was by all other themes, for each theme."""
    busy: Floats = totals.sum(axis=0) - totals + _STEADY
    return busy


def _there(since: Counts, weeks: int) -> Floats:
    there: Floats = (np.arange(weeks)[None, :] >= since[:, None]).astype(np.float64)
    return there


def _spreads(seen: Seen) -> tuple[Spread, Spread]:
    """By how much counts vary, of themes nationwide and of each at a location."""
    usual = seen.cells[:, :, -(seen.usual + LONGEST) : -LONGEST]
    totals = usual.sum(axis=1)
    busy = _busy(totals)
    cells = usual.reshape(-1, usual.shape[2])
    return (
        chances.spread(totals, busy),
        chances.spread(cells, np.repeat(busy, usual.shape[1], axis=0)),
    )


def _rates(seen: Seen) -> Floats:
    """Cases a week of each theme at each location, as its series is expected to run."""
    usual = seen.cells[:, :, -(seen.usual + LONGEST) : -LONGEST].sum(axis=2)
    shares = usual.sum(axis=0) / max(1, usual.sum())
    together = (usual.sum(axis=1, keepdims=True) + 0.5) * shares
    rates: Floats = (usual + _SHRUNK * together) / (1 + _SHRUNK) / seen.usual
    return rates
