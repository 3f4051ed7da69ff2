"""How long answers take, of several places at once, for a page that is opened often."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from kdt.register.catalogue.lasting import IN_TIME
from kdt.register.dashboard import ABOUT, Place
from kdt.register.figures import Query
from kdt.register.lead_times import followed
from kdt.register.stays import Among, Counted, TimeUnit, counted
from kdt.register.survival import Quantile, Seen, Share, curve
from kdt.tallies.measures import DIMENSIONS, End

# In working days.
WITHIN = IN_TIME.within or 0


@dataclass(frozen=True, slots=True)
class Pace:
    """Of what came in the period: how many, how many of those are open, after how long half was
    answered, and which share within `WITHIN` working days."""

    came: int
    open: int
    median: Quantile
    within: Share


@dataclass(frozen=True, slots=True)
class Paces:
    """All of it, and of each value of each dimension. `followed`: the last day that counts;
    `in_time`: of each location, at any level, how many were answered within `WITHIN` working days,
    of those that could be followed for as long.
    """

    followed: date
    total: Pace | None
    by: Mapping[str, Mapping[str, Pace]]
    in_time: Mapping[str, tuple[int, int]]


def paces(connection: Connection, query: Query, where: Place, today: date) -> Paces:
    """How long what came in the period took, at these values, in working days, followed up to the
    reference date or else `today`. At a level: as long as it was there."""
    last, split = followed(query, today), replace(query, by=DIMENSIONS)
    every = [*counted(connection, split, last, TimeUnit.WORKING_DAYS, Among.BOTH, within=WITHIN)]
    here = [one for one in every if _at(one.place, where)]
    whole = [one for one in here if bool(one.place["level"]) is ("level" in where)]
    total = _pace(_added(whole)) if whole else None
    by = {one: _split(here if one == "level" else whole, one) for one in DIMENSIONS}
    about = {one: value for one, value in where.items() if one in ABOUT}
    long_enough = (
        one for one in every if one.for_long and not one.place["level"] and _at(one.place, about)
    )
    return Paces(last, total, by, _in_time(long_enough))


def _in_time(stays: Iterable[Counted]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for one in stays:
        so, of = found.get(one.place["location"], (0, 0))
        settled = one.seen.end == End.SETTLED and one.seen.time <= WITHIN
        found[one.place["location"]] = (so + settled * one.number, of + one.number)
    return found


def _split(stays: Iterable[Counted], dimension: str) -> dict[str, Pace]:
    found: dict[str, list[Counted]] = {}
    for one in stays:
        if value := one.place[dimension]:
            found.setdefault(value, []).append(one)
    return {value: _pace(_added(found[value])) for value in sorted(found)}


def _at(place: Place, where: Place) -> bool:
    """Whether it is there; a stay as a whole is at no level, and none is left out for that."""
    return all(place[one] in (value, "") for one, value in where.items())


def _added(stays: Iterable[Counted]) -> Counter[Seen]:
    found: Counter[Seen] = Counter()
    for one in stays:
        found[one.seen] += one.number
    return found


def _pace(seen: Counter[Seen]) -> Pace:
    settled = curve(seen, End.SETTLED)
    still = sum(number for one, number in seen.items() if one.end is None)
    return Pace(seen.total(), still, settled.quantile(0.5), settled.ended_within(WITHIN))
