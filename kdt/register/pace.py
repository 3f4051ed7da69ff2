"""How long answers take, of several places at once, for a page that is opened often.

Walking the log takes its time. What is known at the end of a day that is over changes no more, but
for an import: so what was walked up to such a day is kept.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from kdt.cases.model import entries, imports
from kdt.register.catalogue.lasting import IN_TIME
from kdt.register.dashboard import ABOUT, Place
from kdt.register.figures import Query, provisional
from kdt.register.lead_times import End, Placed, TimeUnit, followed, placed, reckoner
from kdt.register.survival import Quantile, Seen, Share, curve
from kdt.tallies.measures import DIMENSIONS

# In working days.
WITHIN = IN_TIME.within or 0
# How many periods are kept of a record, and how many stays of all those together: some 70 MB.
_KEPT = 8
_MOST = 100_000


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
    last = followed(query, today)
    time = reckoner(connection, TimeUnit.WORKING_DAYS)
    every = [(one, one.seen(time, last)) for one in _stays(connection, query, last, today)]
    here = [(one.place, seen) for one, seen in every if _at(one.place, where)]
    whole = [one for one in here if bool(one[0]["level"]) is ("level" in where)]
    total = _pace([seen for _, seen in whole]) if whole else None
    split = {one: _split(here if one == "level" else whole, one) for one in DIMENSIONS}
    about = {one: value for one, value in where.items() if one in ABOUT}
    latest = last
    while date.min < latest and time(latest, last) < WITHIN:
        latest -= timedelta(days=1)
    long_enough = (
        (one.place["location"], seen)
        for one, seen in every
        if not one.place["level"] and _at(one.place, about) and one.stay.begun_on <= latest
    )
    return Paces(last, total, split, _in_time(long_enough))


def _in_time(stays: Iterable[tuple[str, Seen]]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for location, seen in stays:
        so, of = found.get(location, (0, 0))
        settled = seen.end == End.SETTLED and seen.time <= WITHIN
        found[location] = (so + settled, of + 1)
    return found


def _split(stays: Sequence[tuple[Place, Seen]], dimension: str) -> dict[str, Pace]:
    found: dict[str, list[Seen]] = {}
    for place, seen in stays:
        if value := place[dimension]:
            found.setdefault(value, []).append(seen)
    return {value: _pace(found[value]) for value in sorted(found)}


def _at(place: Place, where: Place) -> bool:
    """Whether it is there; a stay as a whole is at no level, and none is left out for that."""
    return all(place[one] in (value, "") for one, value in where.items())


def _pace(seen: Sequence[Seen]) -> Pace:
    settled = curve(seen, End.SETTLED)
    still = sum(1 for one in seen if one.end is None)
    return Pace(len(seen), still, settled.quantile(0.5), settled.ended_within(WITHIN))


class _Memory:
    """The stays last asked for of one record."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Sequence[Placed]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...]) -> Sequence[Placed] | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: tuple[object, ...], stays: Sequence[Placed]) -> None:
        with self._lock:
            self._kept[key] = stays
            while len(self._kept) > _KEPT or sum(map(len, self._kept.values())) > _MOST:
                self._kept.popitem(last=False)


_MEMORIES: WeakKeyDictionary[Engine, _Memory] = WeakKeyDictionary()


def _stays(connection: Connection, query: Query, last: date, today: date) -> Sequence[Placed]:
    if query.as_of is None or provisional(query, today):
        return [*placed(connection, query, last)]
    memory = _MEMORIES.setdefault(connection.engine, _Memory())
    key = (query.first, query.until, query.as_of, *_known(connection, query.as_of))
    stays = memory.get(key)
    if stays is None:
        stays = [*placed(connection, query, last)]
        memory.put(key, stays)
    return stays


def _known(connection: Connection, as_of: date) -> tuple[int, int]:
    """What tells that more came to be known up to a day: an import, or a transaction that was
    stamped in it and ended after."""
    imported = select(func.count()).select_from(imports).scalar_subquery()
    last_day = select(func.count()).where(
        entries.c.import_id.is_(None), entries.c.recorded_on == as_of
    )
    found = connection.execute(select(imported, last_day.scalar_subquery())).one()
    return found[0], found[1]
