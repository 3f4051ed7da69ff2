"""What waits for a panel, what is on its agendas, and what it considered. For whoever serves that
panel: whoever asks has seen to that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    any_,
    bindparam,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.cases.model import consents, considerations, entries, escalations, proposals
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
    connection: Connection,
    panel: str,
    held_on: date,
    *,
    order: Order = FIRST,
    first: int = 0,
    limit: int | None = None,
    among: Sequence[str] | None = None,
    proposed: bool = False,
) -> list[EscalationRow]:
    """What is listed for a meeting and not yet considered, in the order of its agenda; as long as
    that is not drawn up, in the order in which it would be.

    Without the `first` so many, at most the next `limit`; `among`: only these; `proposed`: only
    those of which an outcome was proposed.
    """
    which = _Which(among is not None, proposed)
    asked = {"panel": panel, "held_on": held_on, "first": first, "most": limit}
    among_these = {} if among is None else {"among": [*among]}
    return [
        as_row(found) for found in connection.execute(_agenda(order, which), asked | among_these)
    ]


def in_order(connection: Connection, panel: str, held_on: date, *, order: Order) -> list[str]:
    """The same, as ids alone."""
    asked = {"panel": panel, "held_on": held_on}
    return list(connection.scalars(_in_order(order), asked))


class Spot(NamedTuple):
    """Where something stands among what is still to be taken at a meeting: how many come before
    it, and the ids of those next to it."""

    place: int
    previous: str | None
    following: str | None


def spot(
    connection: Connection, panel: str, held_on: date, escalation: str, *, order: Order
) -> Spot | None:
    """Where an escalation stands; None when it is not, or no longer, to be taken there."""
    asked = {"panel": panel, "held_on": held_on, "id": escalation}
    found = connection.execute(_spot(order), asked).one_or_none()
    return None if found is None else Spot(*found)


class Pressing(NamedTuple):
    """How many have a deadline that is past, and how many one that is near."""

    late: int
    near: int


def pressing(
    connection: Connection, panel: str, held_on: date, today: date, near: date
) -> Pressing:
    """How much of what is still to be taken at a meeting presses today; `near`: the last day that
    is."""
    of = escalations.c
    query = select(
        func.count().filter(of.deadline < today),
        func.count().filter(of.deadline.between(today, near)),
    ).where(_listed_for(panel, held_on))
    return Pressing(*connection.execute(query).one())


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
    connection: Connection,
    panel: str,
    held_on: date,
    *,
    first: int = 0,
    limit: int | None = None,
    among: Sequence[str] | None = None,
) -> list[ConsideredItem]:
    """What was considered at a meeting, in the order recorded: without the `first` so many, at most
    the next `limit`; `among`: only of these."""
    asked = {"panel": panel, "held_on": held_on, "first": first, "most": limit}
    among_these = {} if among is None else {"among": [*among]}
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
        for found in connection.execute(_considered_at(among is not None), asked | among_these)
    ]


def not_reached(connection: Connection, meeting: int) -> list[EscalationRow]:
    """What the meeting with a number did not come to."""
    return [as_row(found) for found in connection.execute(_not_reached(), {"meeting": meeting})]


_MOST, _FIRST = bindparam("most", type_=Integer), bindparam("first", type_=Integer)
_AMONG = any_(bindparam("among", type_=ARRAY(Text)))


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
def _considered_at(among: bool) -> AnySelect:
    of = considerations.c
    # Of each by itself: never by walking the log in the order it has an index for.
    entry = (
        select(entries.c.recorded_at, entries.c.position)
        .where(entries.c.escalation_id == of.escalation_id, entries.c.seq == of.seq)
        .limit(1)
        .lateral("entry")
    )
    # What happened to it since does not change the order of the meeting. Only what is shown is
    # looked up further.
    query = (
        select(
            of.escalation_id,
            of.ref.label("here_ref"),
            of.seq.label("here_seq"),
            of.outcome.label("here_outcome"),
            of.ruling.label("here_ruling"),
            of.inquiry.label("here_inquiry"),
            of.referral.label("here_referral"),
            of.settles.label("here_settles"),
            entry.c.recorded_at.label("here_recorded_at"),
            entry.c.position.label("here_position"),
        )
        .join_from(considerations, entry, true())
        .where(of.panel == bindparam("panel"), of.occurred_on == bindparam("held_on"))
    )
    if among:
        query = query.where(of.escalation_id == _AMONG)
    part = query.order_by(entry.c.recorded_at, entry.c.position).limit(_MOST).offset(_FIRST)
    held = part.subquery("held")
    taken = (
        standing()
        .add_columns(
            *(one for one in held.c if one.name != "escalation_id"),
            consents.c.ref.is_not(None).label("here_consented"),
        )
        .join(held, held.c.escalation_id == escalations.c.id)
        .outerjoin(consents, consents.c.ref == held.c.here_ref)
    )
    return whole(taken, lambda of: [of.here_recorded_at, of.here_position])


@cache
def _not_reached() -> AnySelect:
    kept = not_reached_at.c
    query = standing().join(
        not_reached_at,
        (kept.escalation_id == escalations.c.id) & (kept.meeting == bindparam("meeting")),
    )
    return whole(query, lambda of: [of.id])


class _Which(NamedTuple):
    """Which of what is listed for a meeting."""

    among: bool
    proposed: bool


@cache
def _agenda(order: Order, which: _Which) -> AnySelect:
    placed = _placed()
    query = (
        standing()
        .add_columns(placed.c.position)
        .outerjoin(placed, placed.c.escalation_id == escalations.c.id)
        .where(_listed_for(bindparam("panel"), bindparam("held_on")))
    )
    if which.among:
        query = query.where(escalations.c.id == _AMONG)
    if which.proposed:
        query = query.where(escalations.c.id.in_(select(proposals.c.escalation_id)))
    part = query.order_by(placed.c.position, *order.columns(escalations.c))
    return whole(part.limit(_MOST).offset(_FIRST), lambda of: [of.position, *order.columns(of)])


@cache
def _in_order(order: Order) -> Select[tuple[str]]:
    line = _line(order).subquery()
    return select(line.c.id).order_by(line.c.place)


@cache
def _spot(order: Order) -> AnySelect:
    of = _line(order).subquery().c
    return select(of.place, of.previous, of.following).where(of.id == bindparam("id"))


def _line(order: Order) -> AnySelect:
    """What is listed for a meeting, each with how many come before it, and those next to it."""
    placed, here = _placed(), escalations.c.id
    by = (placed.c.position, *order.columns(escalations.c))
    return (
        select(
            here,
            (func.row_number().over(order_by=by) - 1).label("place"),
            func.lag(here).over(order_by=by).label("previous"),
            func.lead(here).over(order_by=by).label("following"),
        )
        .outerjoin_from(escalations, placed, placed.c.escalation_id == here)
        .where(_listed_for(bindparam("panel"), bindparam("held_on")))
    )


def _listed_for(panel: Any, held_on: Any) -> ColumnElement[bool]:
    of = escalations.c
    return and_(of.panel == panel, of.meeting_on == held_on, of.phase == Phase.LISTED)


def _placed() -> Subquery:
    """The places on an agenda that is drawn up."""
    slot = (meetings.c.panel == bindparam("panel")) & (meetings.c.held_on == bindparam("held_on"))
    # Each found once, and not for every escalation.
    meeting, version = (
        select(one).where(slot).scalar_subquery() for one in (meetings.c.id, meetings.c.version)
    )
    return (
        select(agenda_items.c.escalation_id, agenda_items.c.position)
        .where(agenda_items.c.meeting == meeting, agenda_items.c.version == version)
        .subquery()
    )
