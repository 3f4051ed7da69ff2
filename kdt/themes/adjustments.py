"""Reading adjustments: what was changed for a theme, a signal or a test, how far it is, and who
decided it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt import clock
from kdt.themes.model import adjustment_terms
from kdt.vocabulary import AdjustmentKind, AdjustmentStatus


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An adjustment as told last; `stands` until it was withdrawn. `since`: since when it has its
    status; with `at_latest` by then, and since when is not known."""

    id: str
    kind: str
    status: str
    since: date
    at_latest: bool
    decided_by: str
    themes: tuple[str, ...]
    signals: tuple[str, ...]
    tests: tuple[str, ...]
    title: str
    content: str
    reasons: str
    reference: str
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """How it was told at a moment: for the line of what became of it."""

    adjustment: Adjustment
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which adjustments are asked for; None: whatever it is. The days are of `since`, included."""

    kind: str | None = None
    status: str | None = None
    decided_by: str | None = None
    theme: str | None = None
    signal: str | None = None
    test: str | None = None
    first: date = date.min
    until: date = date.max

    def has(self, one: Adjustment) -> bool:
        """Whether it is among them."""
        return (
            self.kind in (None, one.kind)
            and self.status in (None, one.status)
            and self.decided_by in (None, one.decided_by)
            and (self.theme is None or self.theme in one.themes)
            and (self.signal is None or self.signal in one.signals)
            and (self.test is None or self.test in one.tests)
            and self.first <= one.since <= self.until
        )


def adjustments(
    connection: Connection, *, as_of: date | None = None, wanted: Wanted | None = None
) -> list[Adjustment]:
    """The adjustments that stand, as known at the end of `as_of`, the newest first."""
    known = select(adjustment_terms)
    if as_of is not None:
        known = known.where(adjustment_terms.c.recorded_at < clock.over(as_of))
    newest = known.ext(distinct_on(adjustment_terms.c.adjustment)).order_by(
        adjustment_terms.c.adjustment, adjustment_terms.c.recorded_at.desc()
    )
    asked = wanted or Wanted()
    found = (told.adjustment for told in _read(connection, newest))
    return sorted(
        (one for one in found if one.stands and asked.has(one)),
        key=lambda one: (-one.since.toordinal(), one.title, one.id),
    )


def tellings(connection: Connection, wanted: str) -> list[Told]:
    """How one was told, withdrawn or not, the newest first; none: it is not there."""
    known = select(adjustment_terms).where(adjustment_terms.c.adjustment == wanted)
    return _read(connection, known.order_by(adjustment_terms.c.recorded_at.desc()))


def by_kind(found: Sequence[Adjustment]) -> Mapping[AdjustmentKind, int]:
    """How many are of which kind, in the order of the words; what does not occur is left out."""
    counted = Counter(one.kind for one in found)
    return {one: counted[one] for one in AdjustmentKind if counted[one]}


def by_status(found: Sequence[Adjustment]) -> Mapping[AdjustmentStatus, int]:
    """How many are how far, likewise."""
    counted = Counter(one.status for one in found)
    return {one: counted[one] for one in AdjustmentStatus if counted[one]}


def _read(connection: Connection, query: Select[Any]) -> list[Told]:
    return [
        Told(
            Adjustment(
                row.adjustment,
                row.kind,
                row.status,
                row.since,
                row.at_latest,
                row.decided_by,
                tuple(row.themes),
                tuple(row.signals),
                tuple(row.tests),
                row.title,
                row.content,
                row.reasons,
                row.reference,
                row.stands,
            ),
            row.recorded_at,
        )
        for row in connection.execute(query)
    ]
