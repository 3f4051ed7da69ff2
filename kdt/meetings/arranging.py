"""Meetings that somebody adds, moves or cancels, and items that the chair gives another place.

A meeting keeps its number and its agenda when it is moved; the slot it leaves stays taken, so that
no clock plans another, and so that entries that name it still find it. What follows for what is on
its agenda the product does itself, as a secretary would.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from kdt import clock, names, words
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases.inputs import Inputs
from kdt.cases.service import Command, perform_within
from kdt.errors import refused
from kdt.meetings.hall import Code, Hall, entered, listed_on, planned, tell
from kdt.meetings.keeping import clock_of
from kdt.panels import agendas
from kdt.panels.model import meetings
from kdt.store.engine import Store
from kdt.vocabulary import Action, MeetingKind, MeetingStatus, Placing


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
    with entered(store, actors, panel, held_on) as hall:
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
            raise refused(Code.MEETS_ALREADY, panel=hall.panel.name, held_on=held_on)
        said = {"panel": panel, "held_on": held_on, "kind": kind, "capacity": pattern.capacity}
        texts = {"place": str(row["place"]), "reason": why}
        tell(hall, made, "add", {**said, "starts_at": begins.isoformat("minutes")}, texts)


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
    with entered(store, actors, panel, held_on) as hall:
        _not_past(hall, to)
        listed = listed_on(hall, held_on)
        row = planned(hall, held_on)
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
        tell(hall, row.id, "move", said, {"place": str(moved["place"] or ""), "reason": why})


def cancel(store: Store, actors: Sequence[Actor], panel: str, held_on: date, reason: str) -> None:
    """Cancel a meeting; what is on its agenda goes back to the queue, and has its place there.

    Raises NotFound, Forbidden, InvalidInput and Refused.
    """
    why = names.given("reason", reason)
    with entered(store, actors, panel, held_on) as hall:
        listed = listed_on(hall, held_on)
        row = planned(hall, held_on)
        this = update(meetings).where(meetings.c.id == row.id)
        hall.connection.execute(this.values(status=MeetingStatus.CANCELLED, by_hand=True))
        off = _off(words.say("agenda.cancelled", day=words.full_day(held_on)))
        for one in listed:
            _follow(hall, one, [off])
        tell(hall, row.id, "cancel", {"panel": panel, "held_on": held_on}, {"reason": why})


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
    with entered(store, actors, panel, held_on, Right.PLACE) as hall:
        row = planned(hall, held_on, begun=True)
        if not row.version or not agendas.place(
            hall.connection, hall.by, row, escalation, position, why
        ):
            raise refused(Code.ITEM_NOT_THERE)


def _vacate(hall: Hall, to: date) -> None:
    """Make place on the day it goes to, where only a slot stands that a meeting has left."""
    there = agendas.locked(hall.connection, hall.panel.id, to)
    if there is None:
        return
    if there.status not in (MeetingStatus.DROPPED, MeetingStatus.MOVED) or there.version:
        raise refused(Code.MEETS_ALREADY, panel=hall.panel.name, held_on=to)
    # The slot that is left behind takes this row: no slot is ever deleted.
    aside = update(meetings).where(meetings.c.id == there.id)
    hall.connection.execute(aside.values(held_on=date.min))


def _leave_behind(hall: Hall, panel: str, held_on: date, to: date, starts_at: time) -> None:
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


def _follow(hall: Hall, escalation: str, commands: Sequence[Command]) -> None:
    perform_within(hall.connection, clock_of(hall.panel.location), escalation, commands)


def _off(reason: str) -> Command:
    return Command(Action.UNLIST, Inputs({}, {"reason": reason}))


def _not_past(hall: Hall, held_on: date) -> None:
    if held_on < hall.today:
        raise refused(Code.MEETING_IN_THE_PAST, held_on=held_on)
