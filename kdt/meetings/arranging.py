"""Meetings that somebody adds, moves or cancels, and items that the chair gives another place.

A meeting keeps its number and its agenda when it is moved; the slot it leaves stays taken, so that
no clock plans another, and so that entries that name it still find it. What follows for what is on
its agenda the product does itself, as a secretary would.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import Connection, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from kdt import clock, names, words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import before_panel, dossiers
from kdt.cases.inputs import Inputs
from kdt.cases.model import considerations, escalations
from kdt.cases.service import Command, perform_within
from kdt.errors import NotFound, Refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.meetings.keeping import clock_of
from kdt.panels import agendas, planning
from kdt.panels.model import meetings
from kdt.panels.queries import NamedPanel, named_panels
from kdt.procedure import Refusal
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import AnyRow
from kdt.vocabulary import Action, MeetingKind, MeetingStatus, Phase, Placing


class Code(StrEnum):
    """Why a meeting cannot be arranged so; the Dutch stands under `refusal`."""

    MEETS_ALREADY = "meets_already"
    NOT_PLANNED = "not_planned"
    MEETING_BEGUN = "meeting_begun"
    MEETING_IN_THE_PAST = "meeting_in_the_past"
    ITEM_NOT_THERE = "item_not_there"


@dataclass(frozen=True, slots=True)
class _Hall:
    """Where meetings of one panel are arranged: one transaction, on behalf of somebody."""

    connection: Connection
    by: By
    panel: NamedPanel
    now: datetime

    @property
    def today(self) -> date:
        return clock.day(self.now)


def add(
    store: Store,
    actors: Sequence[Actor],
    panel: str,
    held_on: date,
    kind: MeetingKind,
    reason: str,
    *,
    starts_at: time | None = None,
    place: str | None = None,
) -> None:
    """Add a meeting of a panel on a day on which it has none; its agenda is drawn up as it begins,
    of what was listed for it by then.

    Raises NotFound, Forbidden, InvalidInput and Refused.
    """
    why = names.given("reason", reason)
    where = None if place is None else names.text_given("place", place)
    with _arranging(store, actors, panel, held_on) as hall:
        _not_past(hall, held_on)
        pattern = hall.panel.pattern
        begins = starts_at or pattern.starts_at
        row = {
            "panel": panel,
            "held_on": held_on,
            "starts_at": begins,
            "kind": kind,
            "status": MeetingStatus.PLANNED,
            "moved_to": None,
            "by_hand": True,
            "place": pattern.place if where is None else where,
            "capacity": pattern.capacity,
            "item_minutes": pattern.item_minutes,
            "attendance": pattern.attendance,
            "cut_off": datetime.combine(held_on, begins, clock.AMSTERDAM),
        }
        new = insert(meetings).values(row)
        changed = {name: new.excluded[name] for name in row if name not in ("panel", "held_on")}
        made = hall.connection.scalar(
            new.on_conflict_do_update(
                index_elements=["panel", "held_on"],
                set_=changed,
                # Only a slot from which nothing is to be had.
                where=(meetings.c.status == MeetingStatus.DROPPED) & (meetings.c.version == 0),
            ).returning(meetings.c.id)
        )
        if made is None:
            raise _refused(Code.MEETS_ALREADY, panel=hall.panel.name, held_on=held_on)
        said = {"panel": panel, "held_on": held_on, "kind": kind, "capacity": pattern.capacity}
        texts = {"place": str(row["place"]), "reason": why}
        _tell(hall, made, "add", {**said, "starts_at": begins.isoformat("minutes")}, texts)


def move(
    store: Store,
    actors: Sequence[Actor],
    panel: str,
    held_on: date,
    to: date,
    reason: str,
    *,
    starts_at: time | None = None,
    place: str | None = None,
) -> None:
    """Move a meeting to another day, hour or place; what is on its agenda comes along, in order.

    Raises NotFound, Forbidden, InvalidInput and Refused.
    """
    why = names.given("reason", reason)
    where = None if place is None else names.text_given("place", place)
    with _arranging(store, actors, panel, held_on) as hall:
        _not_past(hall, to)
        listed = _listed(hall, held_on)
        row = _planned(hall, held_on)
        begins = starts_at or row.starts_at
        shift = datetime.combine(to, begins) - datetime.combine(held_on, row.starts_at)
        if to != held_on:
            _vacate(hall, to)
        moved = {
            "held_on": to,
            "starts_at": begins,
            "place": row.place if where is None else where,
            "by_hand": True,
            "cut_off": None if row.cut_off is None else row.cut_off + shift,
        }
        this = update(meetings).where(meetings.c.id == row.id)
        hall.connection.execute(this.values(moved))
        if to != held_on:
            _leave_behind(hall, panel, held_on, to, row.starts_at)
            reason = words.say("agenda.moved", day=words.full_day(held_on), to=words.full_day(to))
            for one in listed:
                again = Inputs({"panel": panel, "meeting_on": to}, {})
                _follow(hall, one, [_off(reason), Command(Action.LIST, again)])
        said = {"panel": panel, "held_on": to, "starts_at": begins.isoformat("minutes")}
        _tell(hall, row.id, "move", said, {"place": str(moved["place"] or ""), "reason": why})


def cancel(store: Store, actors: Sequence[Actor], panel: str, held_on: date, reason: str) -> None:
    """Cancel a meeting; what is on its agenda goes back to the queue, and has its place there.

    Raises NotFound, Forbidden, InvalidInput and Refused.
    """
    why = names.given("reason", reason)
    with _arranging(store, actors, panel, held_on) as hall:
        listed = _listed(hall, held_on)
        row = _planned(hall, held_on)
        this = update(meetings).where(meetings.c.id == row.id)
        hall.connection.execute(this.values(status=MeetingStatus.CANCELLED, by_hand=True))
        off = _off(words.say("agenda.cancelled", day=words.full_day(held_on)))
        for one in listed:
            _follow(hall, one, [off])
        _tell(hall, row.id, "cancel", {"panel": panel, "held_on": held_on}, {"reason": why})


def place_item(
    store: Store,
    actors: Sequence[Actor],
    panel: str,
    held_on: date,
    escalation: str,
    position: int,
    why: Placing,
) -> None:
    """Give an item of an agenda that was drawn up another place; the first is 1.

    Raises NotFound, Forbidden and Refused.
    """
    with _arranging(store, actors, panel, held_on, Right.PLACE) as hall:
        row = _planned(hall, held_on, begun=True)
        if not row.version or not agendas.place(
            hall.connection, hall.by, row, escalation, position, why
        ):
            raise _refused(Code.ITEM_NOT_THERE)


@contextmanager
def _arranging(
    store: Store,
    actors: Sequence[Actor],
    panel: str,
    held_on: date,
    right: Right = Right.ARRANGE,
) -> Iterator[_Hall]:
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
        yield _Hall(connection, By(actor.person, actor.role), found, moment.now)


def _planned(hall: _Hall, held_on: date, *, begun: bool = False) -> AnyRow:
    """The slot, locked, whose meeting is still to be held; `begun`: it may be under way."""
    row = agendas.locked(hall.connection, hall.panel.id, held_on)
    if row is None or row.status != MeetingStatus.PLANNED or held_on < hall.today:
        raise _refused(Code.NOT_PLANNED, held_on=held_on)
    taken = exists().where(
        considerations.c.panel == hall.panel.id, considerations.c.occurred_on == held_on
    )
    if not begun and hall.connection.scalar(select(taken)):
        raise _refused(Code.MEETING_BEGUN, held_on=held_on)
    return row


def _listed(hall: _Hall, held_on: date) -> list[str]:
    """What is on the agenda, in its order; locked before the meeting is, as whoever lists does."""
    here = select(escalations.c.id).where(
        escalations.c.panel == hall.panel.id,
        escalations.c.meeting_on == held_on,
        escalations.c.phase == Phase.LISTED,
    )
    hall.connection.execute(here.order_by(escalations.c.id).with_for_update())
    return [one.id for one in before_panel.agenda(hall.connection, hall.panel.id, held_on)]


def _vacate(hall: _Hall, to: date) -> None:
    """Make place on the day it goes to, where only a slot stands that a meeting has left."""
    there = agendas.locked(hall.connection, hall.panel.id, to)
    if there is None:
        return
    if there.status not in (MeetingStatus.DROPPED, MeetingStatus.MOVED) or there.version:
        raise _refused(Code.MEETS_ALREADY, panel=hall.panel.name, held_on=to)
    # The slot that is left behind takes this row: no slot is ever deleted.
    aside = update(meetings).where(meetings.c.id == there.id)
    hall.connection.execute(aside.values(held_on=date.min))


def _leave_behind(hall: _Hall, panel: str, held_on: date, to: date, starts_at: time) -> None:
    """Keep the slot a meeting leaves taken."""
    left = {
        "held_on": held_on,
        "status": MeetingStatus.MOVED,
        "moved_to": to,
        "starts_at": starts_at,
    }
    aside = (meetings.c.panel == panel) & (meetings.c.held_on == date.min)
    found = hall.connection.execute(update(meetings).where(aside).values(left))
    if not found.rowcount:
        hall.connection.execute(insert(meetings).values(panel=panel, **left))


def _follow(hall: _Hall, escalation: str, commands: Sequence[Command]) -> None:
    perform_within(hall.connection, clock_of(hall.panel.location), escalation, commands)


def _off(reason: str) -> Command:
    return Command(Action.UNLIST, Inputs({}, {"reason": reason}))


def _not_past(hall: _Hall, held_on: date) -> None:
    if held_on < hall.today:
        raise _refused(Code.MEETING_IN_THE_PAST, held_on=held_on)


def _tell(
    hall: _Hall, meeting: int, fact: str, values: dict[str, object], texts: dict[str, str]
) -> None:
    append(hall.connection, hall.by, Fact(Subject.MEETING, str(meeting), fact, values, texts))


def _refused(code: Code, **details: object) -> Refused:
    refusal = Refusal(code, details)
    return Refused(refusal, words.sentence(refusal))
