"""Reading meetings with what is on them: planned, taken and still to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import cast

from sqlalchemy import BindParameter, Connection, bindparam, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from kdt import clock
from kdt.cases.model import considerations
from kdt.cases.views import ON_AGENDAS
from kdt.panels.model import meetings
from kdt.panels.slots import attested, open_on
from kdt.store.writing import AnySelect
from kdt.vocabulary import MeetingStatus


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting of a panel: how many items wait to be taken there, and how many were."""

    id: int
    panel: str
    held_on: date
    starts_at: datetime
    kind: str
    status: str
    moved_to: date | None
    place: str | None
    # How many items there is time for, where that is known; and the version of its agenda.
    room: int | None
    item_minutes: int | None
    # How many must be there, where that is known.
    attendance: int | None
    version: int
    # What was attested when it was closed.
    attested: str | None
    waiting: int
    considered: int

    @property
    def stands(self) -> bool:
        """Whether it is still to be held, or was."""
        return self.status == MeetingStatus.PLANNED

    @property
    def items(self) -> int:
        """All that is or was on its agenda."""
        return self.waiting + self.considered


def sittings(
    connection: Connection, panels: Iterable[str], first: date, last: date
) -> list[Sitting]:
    """The meetings of panels from `first` to `last`, both included, in order; without those of
    days on which the panel has been closed since, or which its pattern no longer has, unless
    something is on them."""
    asked = {"among": tuple(panels), "first": first, "last": last}
    found = connection.execute(_sittings(), asked)
    return [
        Sitting(
            row.id,
            row.panel,
            row.held_on,
            datetime.combine(row.held_on, row.starts_at, clock.AMSTERDAM),
            row.kind,
            row.status,
            row.moved_to,
            row.place,
            None if row.capacity is None else row.capacity // row.item_minutes,
            row.item_minutes,
            row.attendance,
            row.version,
            row.attested,
            row.waiting,
            row.considered,
        )
        for row in found
    ]


@cache
def _sittings() -> AnySelect:
    among: BindParameter[str] = bindparam("among", expanding=True)
    first: BindParameter[date] = bindparam("first")
    last: BindParameter[date] = bindparam("last")
    # Of each meeting by itself: together they would be counted again for every one of them.
    waiting = (
        select(func.count().label("number"))
        .where(
            ON_AGENDAS.c.panel == meetings.c.panel, ON_AGENDAS.c.meeting_on == meetings.c.held_on
        )
        .lateral("waiting")
    )
    considered = (
        select(func.count().label("number"))
        .where(
            considerations.c.panel == meetings.c.panel,
            considerations.c.occurred_on == meetings.c.held_on,
        )
        .lateral("considered")
    )
    return (
        select(
            meetings,
            attested().label("attested"),
            waiting.c.number.label("waiting"),
            considered.c.number.label("considered"),
        )
        .join_from(meetings, waiting, true())
        .join(considered, true())
        .where(
            meetings.c.panel.in_(among),
            meetings.c.held_on.between(first, last),
            (
                open_on(meetings.c.panel, meetings.c.held_on)
                & (meetings.c.status != MeetingStatus.DROPPED)
            )
            | (waiting.c.number + considered.c.number > 0),
        )
        .order_by(meetings.c.held_on, meetings.c.panel)
    )


def next_meetings(connection: Connection, after: date) -> dict[str, datetime]:
    """When each panel first meets after a day; who has nothing planned is left out."""
    found = connection.execute(
        select(meetings.c.panel, meetings.c.held_on, meetings.c.starts_at)
        .where(
            meetings.c.held_on > after,
            meetings.c.status == MeetingStatus.PLANNED,
            open_on(meetings.c.panel, meetings.c.held_on),
        )
        .ext(distinct_on(meetings.c.panel))
        .order_by(meetings.c.panel, meetings.c.held_on)
    )
    return {
        row.panel: datetime.combine(row.held_on, row.starts_at, clock.AMSTERDAM) for row in found
    }


def last_considered(connection: Connection, panel: str) -> date | None:
    """The last day on which a panel considered anything."""
    found = connection.scalar(
        select(func.max(considerations.c.occurred_on)).where(considerations.c.panel == panel)
    )
    return cast("date | None", found)
