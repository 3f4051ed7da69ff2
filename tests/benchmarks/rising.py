"""The weekly scan for rising themes, on cases that come in by rules it knows nothing of."""

from collections.abc import Iterator
from statistics import median

import numpy as np

from kdt.rising import scan
from kdt.rising.chances import LONGEST
from kdt.rising.scan import USUAL, Limits, Seen
from kdt.store.embedded import Server
from tests.benchmarks.bursts import Counts, World, cases, world
from tests.benchmarks.measuring import Result, seconds

WEEKS = LONGEST + USUAL
WITHIN = 4
_YEARS, _RISES_EACH = 20, 10
# What a record brings changes slowly: here its limits are reckoned anew each quarter.
_QUARTER = 13
COMMON, RARE = (4.0, 8.0), (2.0, 4.0)


def run(_held: Server) -> Iterator[Result]:
    """False alarms a year, rises that are found in time, and how long a scan takes."""
    drawing = np.random.default_rng(20261126)
    rings = 0
    found: dict[float, list[int | None]] = {3.0: [], 2.0: []}
    for _ in range(_YEARS):
        of = world(drawing, WEEKS + 52, *COMMON)
        counted = cases(drawing, of.rates, of.times)
        known = scan.limits(seen(counted[:, :, :WEEKS]), 1)
        rings += sum(rung(counted, known))
        for times, after in found.items():
            after.extend(rises_found(drawing, of, counted, known, times, _RISES_EACH))
    yield Result(
        "rising: weeks a year in which something rings by chance",
        rings / _YEARS,
        "a year",
        aim="1",
        note=f"{_YEARS} years without a rise; 50 themes, 20 locations, bursts and seasons",
    )
    yield Result(
        f"rising: threefold nationwide, found within {WITHIN} weeks",
        100 * share(found[3.0]),
        "%",
        aim="90 %",
        note=f"{len(found[3.0])} rises of themes with 4 to 8 cases a week; half of them within "
        f"{median(one or WITHIN + 1 for one in found[3.0]):.0f}; "
        f"doublings {100 * share(found[2.0]):.0f} %",
    )
    rare: list[int | None] = []
    for _ in range(_YEARS // 2):
        of = world(drawing, WEEKS, *RARE)
        counted = cases(drawing, of.rates, of.times)
        known = scan.limits(seen(counted), 1)
        rare += rises_found(drawing, of, counted, known, 3.0, _RISES_EACH)
    yield Result(
        "rising: the same, of themes with 2 to 4 cases a week",
        100 * share(rare),
        "%",
        note=f"{len(rare)} rises",
    )
    yield Result("rising: a weekly scan", seconds(lambda: scan.rises(seen(counted), 1)), "s")


def seen(counted: Counts) -> Seen:
    """What is looked at, all of it there from the start."""
    themes, locations, _ = counted.shape
    return Seen(counted, np.zeros(themes, np.int64), np.zeros(locations, np.int64))


def rung(counted: Counts, known: Limits) -> Iterator[bool]:
    """Of each week after the first `WEEKS`, whether anything rings in it."""
    for week in range(1, counted.shape[2] - WEEKS + 1):
        looked = seen(counted[:, :, week : WEEKS + week])
        if week % _QUARTER == 0:
            known = scan.limits(looked, week)
        yield bool(scan.against(looked, known))


def rises_found(
    drawing: np.random.Generator, of: World, counted: Counts, known: Limits, times: float, many: int
) -> list[int | None]:
    """After how many weeks each of some themes was found that came so many times as often from the
    week after the first `WEEKS` on; None where that was too late. Limits are told by weeks before
    the last eight, which the rise is not in."""
    themes = drawing.choice(np.flatnonzero(~of.falls), many, replace=False)
    return [_after(drawing, of, counted, known, int(theme), times) for theme in themes]


def _after(
    drawing: np.random.Generator,
    of: World,
    counted: Counts,
    known: Limits,
    theme: int,
    times: float,
) -> int | None:
    often = np.concatenate((of.times[:, :WEEKS], of.times[:, WEEKS - WITHIN : WEEKS]), axis=1)
    often[theme, WEEKS:] *= times
    risen = cases(drawing, of.rates, often)
    risen[:, :, :WEEKS] = counted[:, :, :WEEKS]
    for week in range(1, WITHIN + 1):
        looked = seen(risen[:, :, week : WEEKS + week])
        if any(one.theme == theme for one in scan.against(looked, known)):
            return week
    return None


def share(found: list[int | None]) -> float:
    """The part that was found."""
    return sum(one is not None for one in found) / len(found)
