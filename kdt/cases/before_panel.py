"""What waits for a panel, what is on its agendas, and what it considered. For whoever serves that
panel: whoever asks has seen to that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Connection, Integer, and_, bindparam, select

from kdt.cases.model import consents, considerations, entries, escalations
from kdt.cases.ordering import FIRST, Order
from kdt.cases.queries import EscalationRow, as_row, standing, whole
from kdt.panels.model import agenda_items, meetings
from kdt.panels.model import not_reached as not_reached_at
from kdt.procedure.state import WAITING
from kdt.store.writing import AnyRow, AnySelect
from kdt.vocabulary import Phase


def queue(
    connection: Connection,
    level: str,
    location: str | None,
    *,
    order: Order = FIRST,
    phases: Iterable[Phase] = WAITING,
    limit: int | None = None,
) -> list[EscalationRow]:
    """What waits for a panel (no location: at a level that has none), in an order: whoever shows it
    asks for the one in force. At most the first `limit`."""
    asked = {"level": level, "location": location, "phases": [*phases], "most": limit}
    return [
        as_row(found) for found in connection.execute(_queue(location is not None, order), asked)
    ]


def agenda(
    connection: Connection, panel: str, held_on: date, *, order: Order = FIRST
) -> list[EscalationRow]:
    """What is listed for a meeting and not yet considered, in the order of its agenda; as long as
    that is not drawn up, in the order in which it would be."""
    asked = {"panel": panel, "held_on": held_on}
    return [as_row(found) for found in connection.execute(_agenda(order), asked)]


def in_line(
    connection: Connection, level: str, location: str | None, limit: int, *, order: Order
) -> list[AnyRow]:
    """The first of a panel's queue in the order of the agenda, locked; without those that somebody
    else is at this very moment doing something with."""
    query = select(escalations).where(
        escalations.c.level == level, escalations.c.phase == Phase.QUEUED
    )
    if location is not None:
        query = query.where(escalations.c.location == location)
    locking = (
        query.order_by(*order.columns(escalations.c)).limit(limit).with_for_update(skip_locked=True)
    )
    return list(connection.execute(locking).all())


@dataclass(frozen=True, slots=True)
class ConsideredItem:
    """An escalation considered at a meeting, with what it ended in there."""

    escalation: EscalationRow
    ref: str
    seq: int
    occurred_on: date
    recorded_at: datetime
    outcome: str
    ruling: str | None
    inquiry: str | None
    referral: str | None
    settles: bool
    # Whether it was recorded as proposed, without discussion.
    consented: bool


def considered_at(
    connection: Connection, panel: str, held_on: date, *, limit: int | None = None
) -> list[ConsideredItem]:
    """What was considered at a meeting, in the order recorded; at most the first `limit`."""
    asked = {"panel": panel, "held_on": held_on, "most": limit}
    return [
        ConsideredItem(
            as_row(found),
            found.here_ref,
            found.here_seq,
            held_on,
            found.here_recorded_at,
            found.here_outcome,
            found.here_ruling,
            found.here_inquiry,
            found.here_referral,
            found.here_settles,
            found.here_consented,
        )
        for found in connection.execute(_considered_at(), asked)
    ]


def not_reached(connection: Connection, meeting: int) -> list[EscalationRow]:
    """What the meeting with a number did not come to."""
    return [as_row(found) for found in connection.execute(_not_reached(), {"meeting": meeting})]


# Statements that are asked often are made once: that takes longer than asking them.
@cache
def _queue(local: bool, order: Order) -> AnySelect:
    """`local`: of a panel that takes from one location. Phases and limit stand in the statement
    itself: with them given apart the server has to plan it anew each time to know that its index
    will do."""
    query = standing().where(
        escalations.c.level == bindparam("level"),
        escalations.c.phase.in_(bindparam("phases", expanding=True, literal_execute=True)),
    )
    if local:
        query = query.where(escalations.c.location == bindparam("location"))
    most = bindparam("most", type_=Integer, literal_execute=True)
    return whole(query.order_by(*order.columns(escalations.c)).limit(most), order.columns)


@cache
def _considered_at() -> AnySelect:
    held = considerations.alias("held")
    taken = (
        standing()
        .add_columns(
            held.c.ref.label("here_ref"),
            held.c.seq.label("here_seq"),
            held.c.outcome.label("here_outcome"),
            held.c.ruling.label("here_ruling"),
            held.c.inquiry.label("here_inquiry"),
            held.c.referral.label("here_referral"),
            held.c.settles.label("here_settles"),
            consents.c.ref.is_not(None).label("here_consented"),
            entries.c.recorded_at.label("here_recorded_at"),
            entries.c.position.label("here_position"),
        )
        .join(held, held.c.escalation_id == escalations.c.id)
        .outerjoin(consents, consents.c.ref == held.c.ref)
        # What happened to it since does not change the order of the meeting.
        .join(
            entries,
            and_(entries.c.escalation_id == held.c.escalation_id, entries.c.seq == held.c.seq),
        )
        .where(held.c.panel == bindparam("panel"), held.c.occurred_on == bindparam("held_on"))
    )
    most = bindparam("most", type_=Integer)
    first = taken.order_by(entries.c.recorded_at, entries.c.position).limit(most)
    return whole(first, lambda of: [of.here_recorded_at, of.here_position])


@cache
def _not_reached() -> AnySelect:
    kept = not_reached_at.c
    query = standing().join(
        not_reached_at,
        (kept.escalation_id == escalations.c.id) & (kept.meeting == bindparam("meeting")),
    )
    return whole(query, lambda of: [of.id])


@cache
def _agenda(order: Order) -> AnySelect:
    slot = (meetings.c.panel == bindparam("panel")) & (meetings.c.held_on == bindparam("held_on"))
    placed = (
        select(agenda_items.c.escalation_id, agenda_items.c.position)
        .join_from(
            meetings,
            agenda_items,
            (agenda_items.c.meeting == meetings.c.id)
            & (agenda_items.c.version == meetings.c.version),
        )
        .where(slot)
        .subquery()
    )
    query = (
        standing()
        .add_columns(placed.c.position)
        .outerjoin(placed, placed.c.escalation_id == escalations.c.id)
        .where(
            escalations.c.panel == bindparam("panel"),
            escalations.c.meeting_on == bindparam("held_on"),
            escalations.c.phase == Phase.LISTED,
        )
    )
    return whole(query, lambda of: [of.position, *order.columns(of)])
