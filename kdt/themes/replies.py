"""How many replies of staff each source gave, as far as that is told: rounded, and sticking to what
was told until a whole step of replies came or went since. Whoever asks about every day then sees no
single reply come or go."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, select

from kdt import clock
from kdt.store.writing import AnyRow
from kdt.themes.model import signal_terms
from kdt.vocabulary import CLOSED_SOURCES, SignalSource

# Numbers of closed signals go out in steps of so many; fewer is told as fewer.
STEP = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a source (None: too few to tell, or none), and how many there were when that
    last changed."""

    about: int | None = None
    counted: int = 0

    def after(self, count: int) -> "Told":
        """What is told once there are so many."""
        if abs(count - self.counted) < STEP:
            return self
        return Told(rounded(count) if count >= STEP else None, count)


def replies(connection: Connection, as_of: date | None = None) -> Mapping[SignalSource, int]:
    """About how many closed signals each source gave since there is a record, as known at the end
    of `as_of`; a source of which there are too few to tell, or none, is left out. Not by period or
    theme: two such numbers side by side would tell one reply."""
    known = signal_terms.c
    query = select(known.signal, known.source, known.stands, known.recorded_at)
    rows = connection.execute(
        query.where(known.source.in_(CLOSED_SOURCES)).order_by(known.recorded_at)
    )
    told: dict[str, Told] = {}
    for day, counted in _by_day(rows):
        if as_of is None or day <= as_of:
            told = {one: told.get(one, Told()).after(counted[one]) for one in SignalSource}
    return {one: found.about for one in SignalSource if (found := told.get(one)) and found.about}


def rounded(count: int) -> int:
    """To the nearest step."""
    return STEP * ((count + STEP // 2) // STEP)


def _by_day(rows: Iterable[AnyRow]) -> Iterable[tuple[date, Counter[str]]]:
    """How many of each source stood at the end of each day on which something was recorded."""
    standing: dict[str, str] = {}
    for day, recorded in groupby(rows, lambda row: clock.day(row.recorded_at)):
        for row in recorded:
            standing.pop(row.signal, None)
            if row.stands:
                standing[row.signal] = row.source
        yield day, Counter(standing.values())
