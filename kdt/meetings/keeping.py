"""What the clock does with agendas: it draws up what is due, and carries over what was not reached.

Each agenda is drawn up by the one transaction that makes its first version, whatever the number of
clocks; what it lists it lists through the service, as a secretary would. Who is killed half-way has
done nothing, and whoever knocks next begins again.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select
from sqlalchemy.dialects.postgresql import insert

from kdt import clock, words
from kdt.access.permissions import Actor
from kdt.cases import dossiers, ordering
from kdt.cases.before_panel import in_line
from kdt.cases.inputs import Inputs
from kdt.cases.model import considerations, escalations
from kdt.cases.ordering import Waiting
from kdt.cases.service import Command, perform_within
from kdt.errors import Conflict, NotFound, Refused
from kdt.ledger.service import By
from kdt.panels import agendas
from kdt.panels.agendas import Item
from kdt.panels.model import meetings, not_reached, panels
from kdt.panels.queries import go_lives
from kdt.panels.slots import attested
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.store.writing import AnyRow, AnySelect
from kdt.vocabulary import Action, MeetingKind, MeetingStatus, Phase, Role

# Who does what follows from the calendar alone.
CLOCK = "klok"


def keep_agendas(store: Store, _now: datetime) -> int:
    """Carry over and draw up what is due by the database's clock, which all processes share."""
    with reading(store) as connection:
        now = moments.now(connection)
    return keep(store, now)


def keep(store: Store, now: datetime) -> int:
    """Do what is due at a moment; how much that was.

    A meeting of a day gone by is drawn up as it was, so that no planned one is without an agenda;
    what it did not come to is back in the queue before the next one is filled from that.
    """
    today = clock.day(now)
    return (
        _draw_up_due(store, now, meetings.c.held_on < today)
        + _carry_over_left(store, today)
        + _draw_up_due(store, now, meetings.c.held_on >= today)
    )


def _draw_up_due(store: Store, now: datetime, which: ColumnElement[bool]) -> int:
    with reading(store) as connection:
        live = go_lives(connection)
        due = connection.execute(_due(now).where(which)).all()
    return sum(_draw_up(store, row.id, now) for row in due if _is_live(live, row))


def _carry_over_left(store: Store, today: date) -> int:
    with reading(store) as connection:
        live = go_lives(connection)
        left = [row for row in connection.execute(_left(today)) if _is_live(live, row)]
    return sum(_carry_over(store, row) for row in left)


def clock_of(location: str | None) -> Actor:
    """The clock, as a secretary of the panel of a location."""
    return Actor(CLOCK, Role.SECRETARY, location)


def _draw_up(store: Store, meeting: int, now: datetime) -> bool:
    with writing(store) as connection:
        dossiers.begin(connection)
        place = connection.execute(
            select(meetings, panels.c.level, panels.c.location)
            .join_from(meetings, panels)
            .where(meetings.c.id == meeting)
        ).one()
        fills = place.kind == MeetingKind.REGULAR and place.held_on >= clock.day(now)
        room = place.capacity // place.item_minutes if fills else 0
        # Those first and then the meeting, the order in which whoever lists something locks them.
        order = ordering.in_force(connection, clock.day(now))
        waiting = in_line(connection, place.level, place.location, room, order=order)
        row = agendas.locked(connection, place.panel, place.held_on)
        if row is None or row.id != meeting or row.version or row.status != MeetingStatus.PLANNED:
            return False
        listed = _on_it(connection, place.panel, place.held_on)
        added = _listed(connection, place, waiting[: max(room - len(listed), 0)])
        items = order.arranged(Waiting.of(one) for one in (*listed, *added))
        by = By(CLOCK, Role.SECRETARY)
        frozen = [Item(one.id, one.basis) for one in items]
        agendas.draw_up(connection, by, meeting, frozen, moments.now(connection))
    return True


def _listed(connection: Connection, place: AnyRow, waiting: list[AnyRow]) -> list[AnyRow]:
    """List these; what turns out not to be possible stays in the queue, where it shows."""
    inputs = Inputs({"panel": place.panel, "meeting_on": place.held_on}, {})
    done = []
    for one in waiting:
        try:
            perform_within(
                connection, clock_of(place.location), one.id, [Command(Action.LIST, inputs)]
            )
        except (Refused, Conflict, NotFound):
            continue
        done.append(one)
    return done


def _on_it(connection: Connection, panel: str, held_on: date) -> list[AnyRow]:
    """What is on an agenda before it is drawn up: listed by hand, or considered already."""
    taken = exists().where(
        considerations.c.escalation_id == escalations.c.id,
        considerations.c.panel == panel,
        considerations.c.occurred_on == held_on,
    )
    listed = and_(
        escalations.c.phase == Phase.LISTED,
        escalations.c.panel == panel,
        escalations.c.meeting_on == held_on,
    )
    return list(connection.execute(select(escalations).where(or_(listed, taken))).all())


def carry_over(
    connection: Connection,
    slot: tuple[int, date, str | None],
    escalation: str,
    version: int | None = None,
) -> None:
    """Put what a meeting did not come to back in its queue, and note that. `slot`: the meeting's
    number and day, and the location of its panel. Raises what recording an action raises."""
    meeting, held_on, location = slot
    reason = words.say("agenda.not_reached", day=words.full_day(held_on))
    command = Command(Action.UNLIST, Inputs({}, {"reason": reason}))
    perform_within(connection, clock_of(location), escalation, [command], version=version)
    new = insert(not_reached).values(meeting=meeting, escalation_id=escalation)
    connection.execute(new.on_conflict_do_nothing())


def _carry_over(store: Store, left: AnyRow) -> bool:
    slot = (left.meeting, left.held_on, left.location)
    with writing(store) as connection:
        try:
            carry_over(connection, slot, left.id, left.seq)
        except (Refused, Conflict, NotFound):
            # Somebody was quicker with it: another clock, or it was reached after all.
            return False
    return True


def _is_live(live: dict[str, date], row: AnyRow) -> bool:
    """Whether the product keeps the agendas of a panel on the day of a meeting: of one that takes
    from every location, from the first that takes part."""
    days = live.values() if row.location is None else [live.get(row.location, date.max)]
    held_on: date = row.held_on
    return min(days, default=date.max) <= held_on


def _due(now: datetime) -> AnySelect:
    return (
        select(meetings.c.id, meetings.c.held_on, panels.c.location)
        .join_from(meetings, panels)
        .where(
            meetings.c.version == 0,
            meetings.c.status == MeetingStatus.PLANNED,
            meetings.c.cut_off <= now,
        )
        .order_by(meetings.c.cut_off, meetings.c.id)
    )


def _left(today: date) -> AnySelect:
    slot = (meetings.c.panel == escalations.c.panel) & (
        meetings.c.held_on == escalations.c.meeting_on
    )
    return (
        select(
            escalations.c.id,
            escalations.c.seq,
            meetings.c.id.label("meeting"),
            meetings.c.held_on,
            panels.c.location,
        )
        .join_from(escalations, meetings, slot)
        .join(panels, panels.c.id == meetings.c.panel)
        .where(
            escalations.c.phase == Phase.LISTED,
            or_(
                escalations.c.meeting_on < today,
                # Taken back after it was closed: nothing is discussed there any more.
                and_(escalations.c.meeting_on == today, attested().is_not(None)),
            ),
        )
        .order_by(meetings.c.id, escalations.c.id)
    )
