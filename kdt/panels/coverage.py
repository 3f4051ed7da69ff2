"""How complete the record is: of the meetings that were planned, which somebody attested, and which
are a gap.

What counts is a planned meeting of a day gone by, of a location that was live then. A panel that
takes from every location counts from the first that is live.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from kdt import clock
from kdt.panels.model import meetings, panel_terms, panels
from kdt.panels.queries import go_live_days
from kdt.panels.slots import attested, open_on
from kdt.vocabulary import Attested, MeetingStatus

# What is counted of a panel, as far as it is live.
AMOUNTS = ("planned", "attested", "nothing", "cancelled")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one panel: from which day it is live (None: not), and of its meetings in a period how many
    were planned, of those attested, of those with nothing discussed, and how many were cancelled.
    """

    panel: str
    level: str
    location: str | None
    live_on: date | None
    planned: int = 0
    attested: int = 0
    nothing: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A meeting that was planned and that nobody attested."""

    panel: str
    held_on: date


def coverage(
    connection: Connection, first: date, until: date, as_of: date | None, today: date
) -> list[Coverage]:
    """Of every panel known at the end of the day `as_of` (None: now), as it was known then; the
    same for ever once that day is over."""
    before = None if as_of is None else clock.over(as_of)
    last = min(until, today - timedelta(days=1), as_of or until)
    since, said = _live_on(before), attested(before)
    planned = meetings.c.status == MeetingStatus.PLANNED
    held = _counts(since, before) & meetings.c.held_on.between(first, last)
    counted = func.count(meetings.c.id).filter
    known: ColumnElement[bool] = exists().where(panel_terms.c.panel == panels.c.id)
    if before is not None:
        # What came with a history file was known before this record entered its panel.
        spoken = (meetings.c.panel == panels.c.id) & (meetings.c.recorded_at < before)
        known = or_(
            known.where(panel_terms.c.recorded_at < before),
            exists(select(meetings.c.id).where(spoken).correlate(panels)),
            since.is_not(None),
        )
    found = connection.execute(
        select(
            panels.c.id,
            panels.c.level,
            panels.c.location,
            since,
            counted(planned),
            counted(planned & said.is_not(None)),
            counted(planned & (said == Attested.NOTHING)),
            counted(meetings.c.status == MeetingStatus.CANCELLED),
        )
        .outerjoin_from(panels, meetings, held)
        .where(known)
        .group_by(panels.c.id)
        .order_by(panels.c.location.nulls_first(), panels.c.id)
    )
    return [Coverage(*row) for row in found]


def gaps(connection: Connection, today: date, among: Iterable[str] | None = None) -> Sequence[Gap]:
    """Every gap up to yesterday of these panels (None: of all), the newest first."""
    query = (
        select(meetings.c.panel, meetings.c.held_on)
        .join_from(meetings, panels)
        .where(
            _counts(_live_on(None), None),
            meetings.c.held_on < today,
            meetings.c.status == MeetingStatus.PLANNED,
            attested().is_(None),
        )
        .order_by(meetings.c.held_on.desc(), meetings.c.panel)
    )
    if among is not None:
        query = query.where(meetings.c.panel.in_(tuple(among)))
    return [Gap(*row) for row in connection.execute(query)]


def _counts(since: ColumnElement[date], before: datetime | None) -> ColumnElement[bool]:
    """Whether a slot is of its panel, of a day on which that was live and open, and was known."""
    counts = and_(
        meetings.c.panel == panels.c.id,
        meetings.c.held_on >= since,
        open_on(meetings.c.panel, meetings.c.held_on, before),
    )
    return counts if before is None else counts & (meetings.c.recorded_at < before)


def _live_on(before: datetime | None) -> ColumnElement[date]:
    """From which day a panel is live, as it was known before a moment; null where it is not."""
    live = go_live_days(before).subquery()
    first = select(func.min(live.c.live_on)).scalar_subquery()
    own = select(live.c.live_on).where(live.c.location == panels.c.location)
    return case((panels.c.location.is_(None), first), else_=own.correlate(panels).scalar_subquery())
