"""Where a meeting of one panel is arranged, closed or opened again: one transaction, on behalf of
somebody who may."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, exists, func, select

from kdt import clock, words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import before_panel, dossiers
from kdt.cases.model import considerations, escalations
from kdt.errors import NotFound, refused
from kdt.ledger.service import By, Fact, Recorded, append
from kdt.ledger.table import Subject
from kdt.panels import agendas, planning
from kdt.panels.model import meeting_attendance
from kdt.panels.queries import NamedPanel, named_panels
from kdt.panels.slots import attested_now
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import AnyRow
from kdt.vocabulary import MeetingStatus, Phase


class Code(StrEnum):
    """Why a meeting cannot be arranged so; the Dutch stands under `refusal`."""

    MEETS_ALREADY = "meets_already"
    NOT_PLANNED = "not_planned"
    MEETING_BEGUN = "meeting_begun"
    MEETING_IN_THE_PAST = "meeting_in_the_past"
    ITEM_NOT_THERE = "item_not_there"
    MEETING_TO_COME = "meeting_to_come"
    MEETING_CLOSED = "meeting_closed"
    MEETING_NOT_CLOSED = "meeting_not_closed"
    SOMETHING_WAS_DISCUSSED = "something_was_discussed"
    NOTHING_WAS_DISCUSSED = "nothing_was_discussed"
    NO_OFFICER = "no_officer"
    CONSIDERED_MORE = "considered_more"
    MINUTES_APPROVED = "minutes_approved"
    MINUTES_CHANGED = "minutes_changed"


@dataclass(frozen=True, slots=True)
class Hall:
    """Where it is done: one transaction, on behalf of somebody, at a moment."""

    connection: Connection
    actor: Actor
    panel: NamedPanel
    now: datetime

    @property
    def by(self) -> By:
        """Who it is recorded by."""
        return By(self.actor.person, self.actor.role)

    @property
    def today(self) -> date:
        """The day in Amsterdam."""
        return clock.day(self.now)


@contextmanager
def entered(
    store: Store,
    actors: Sequence[Actor],
    panel: str,
    held_on: date,
    right: Right = Right.ARRANGE,
) -> Iterator[Hall]:
    """A hall for who has this right in the panel. Raises NotFound and Forbidden."""
    with writing(store) as connection:
        moment = dossiers.begin(connection)
        every = named_panels(connection, held_on)
        found = next((one for one in every if one.id == panel), None)
        if found is None or not any(permissions.serves(one, found.location) for one in actors):
            raise NotFound(words.say("refusal.not_found"))
        actor = permissions.of_panel(actors, right, found.location)
        if actor is None:
            raise permissions.forbidden(right)
        planning.hold_still(connection)
        yield Hall(connection, actor, found, moment.now)


def planned(hall: Hall, held_on: date, *, begun: bool = False) -> AnyRow:
    """The slot, locked, whose meeting is still to be held; `begun`: it may be under way."""
    row = agendas.locked(hall.connection, hall.panel.id, held_on)
    if row is None or row.status != MeetingStatus.PLANNED or held_on < hall.today:
        raise refused(Code.NOT_PLANNED, held_on=held_on)
    if attested_now(hall.connection, row.id):
        raise refused(Code.MEETING_CLOSED, held_on=held_on)
    if not begun and (considered_on(hall, held_on) or _somebody_came(hall, row.id)):
        raise refused(Code.MEETING_BEGUN, held_on=held_on)
    return row


def held(hall: Hall, held_on: date) -> AnyRow:
    """The slot, locked, of a meeting that was to be held by now."""
    row = agendas.locked(hall.connection, hall.panel.id, held_on)
    if row is None or row.status != MeetingStatus.PLANNED:
        raise refused(Code.NOT_PLANNED, held_on=held_on)
    if held_on > hall.today:
        raise refused(Code.MEETING_TO_COME, held_on=held_on)
    return row


def _somebody_came(hall: Hall, meeting: int) -> bool:
    came = exists().where(meeting_attendance.c.meeting == meeting)
    return bool(hall.connection.scalar(select(came)))


def considered_on(hall: Hall, held_on: date) -> int:
    """How much was considered on that day, as it stands."""
    taken = select(func.count()).where(
        considerations.c.panel == hall.panel.id, considerations.c.occurred_on == held_on
    )
    return hall.connection.execute(taken).scalar_one()


def listed_on(hall: Hall, held_on: date) -> list[str]:
    """What is on the agenda, in its order; locked before the meeting is, as whoever lists does."""
    here = select(escalations.c.id).where(
        escalations.c.panel == hall.panel.id,
        escalations.c.meeting_on == held_on,
        escalations.c.phase == Phase.LISTED,
    )
    hall.connection.execute(here.order_by(escalations.c.id).with_for_update())
    return [one.id for one in before_panel.agenda(hall.connection, hall.panel.id, held_on)]


def tell(
    hall: Hall,
    meeting: int,
    fact: str,
    values: Mapping[str, object],
    texts: Mapping[str, str] | None = None,
) -> Recorded:
    """Record a fact of a meeting."""
    told = Fact(Subject.MEETING, str(meeting), fact, values, texts or {})
    (recorded,) = append(hall.connection, hall.by, told)
    return recorded
