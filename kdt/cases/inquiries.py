"""The guard against one more inquiry: what it is for, whether it was ordered before, and which are
still owed after the day they were due.

Whoever orders one says what is to be found out, what each answer would change, and by when. An
imported record may be without; what is done in the product is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from kdt.access.permissions import Actor
from kdt.cases import sights
from kdt.cases.inputs import Inputs, key
from kdt.cases.model import considerations, escalations
from kdt.cases.queries import EscalationRow, as_row, standing, whole
from kdt.panels.model import locations
from kdt.procedure.rows import EXPLAINS
from kdt.store.scope import counting
from kdt.values import Problem
from kdt.vocabulary import Outcome, Phase


def unexplained(inputs: Inputs, held_on: date) -> list[Problem]:
    """What is missing of an inquiry that is ordered at a meeting of a day, or cannot be."""
    if inputs.values.get("outcome") != Outcome.INQUIRY_ORDERED:
        return []
    given = inputs.values.keys() | inputs.texts.keys()
    missing = [Problem("missing", key(one)) for one in EXPLAINS if one not in given]
    due_on = inputs.values.get("due_on")
    if isinstance(due_on, date) and due_on < held_on:
        missing.append(Problem("due_before_ordered", key("due_on")))
    return missing


@dataclass(frozen=True, slots=True)
class Ordered:
    """An inquiry that was ordered, by the number of the entry that first said so."""

    escalation: str
    seq: int
    inquiry: str
    on: date


def ordered(connection: Connection, actors: Sequence[Actor], escalation: str) -> list[Ordered]:
    """Every inquiry ordered in a case, in order: in this escalation, and in others as far as these
    may know of them by number."""
    case = select(escalations.c.case_id).where(escalations.c.id == escalation).scalar_subquery()
    found = connection.execute(
        select(
            considerations.c.escalation_id,
            considerations.c.seq,
            considerations.c.inquiry,
            considerations.c.occurred_on,
        )
        .join_from(considerations, escalations, escalations.c.id == considerations.c.escalation_id)
        .where(
            considerations.c.case_id == case,
            considerations.c.inquiry.is_not(None),
            or_(escalations.c.id == escalation, sights.visible(actors, sights.BY_NUMBER)),
        )
        .order_by(
            considerations.c.occurred_on, considerations.c.escalation_id, considerations.c.seq
        )
    )
    return [Ordered(*row) for row in found]


def again(connection: Connection, panel: str, first: date) -> int:
    """How often a panel since a day ordered an inquiry that was ordered in that case before."""
    earlier = considerations.alias("earlier")
    before = (
        select(earlier.c.seq)
        .where(
            # Said though it follows: so the index of these alone will do.
            earlier.c.inquiry.is_not(None),
            earlier.c.case_id == considerations.c.case_id,
            earlier.c.inquiry == considerations.c.inquiry,
            or_(
                earlier.c.occurred_on < considerations.c.occurred_on,
                and_(
                    earlier.c.escalation_id == considerations.c.escalation_id,
                    earlier.c.seq < considerations.c.seq,
                ),
            ),
        )
        .exists()
    )
    query = select(func.count()).where(
        considerations.c.panel == panel,
        considerations.c.occurred_on >= first,
        considerations.c.inquiry.is_not(None),
        before,
    )
    return int(connection.scalar(query) or 0)


def owed(
    connection: Connection, level: str, location: str | None, today: date, limit: int
) -> list[EscalationRow]:
    """What officers owe a panel (no location: at a level that has none), the oldest first, at most
    `limit`: inquiries past the day they were due, and answers not followed through."""
    here = locations.c.id if location is None else location
    first = (
        standing()
        .where(escalations.c.level == level, escalations.c.location == here, _owed(today))
        .order_by(escalations.c.last_on, escalations.c.id)
        .limit(limit)
    )
    if location is None:
        # The first of each, from the index in their order: sorting all that is owed takes longer.
        each = first.correlate(locations).lateral("each")
        first = select(each).join_from(locations, each, true())
        first = first.order_by(each.c.last_on, each.c.id).limit(limit)
    found = connection.execute(whole(first, lambda of: [of.last_on, of.id]))
    return [as_row(one) for one in found]


@dataclass(frozen=True, slots=True)
class Debt:
    """What officers of a location owe a level: inquiries past their day, and answers not followed
    through."""

    level: str
    location: str
    late: int
    unfollowed: int


def debts(connection: Connection, today: date) -> list[Debt]:
    """What is owed, by level and location; where nothing is owed is left out."""
    query = (
        select(
            escalations.c.level,
            escalations.c.location,
            func.count().filter(_late(today)),
            func.count().filter(_unfollowed()),
        )
        .where(_owed(today))
        .group_by(escalations.c.level, escalations.c.location)
        .order_by(escalations.c.level, escalations.c.location)
    )
    with counting(connection):
        return [Debt(*row) for row in connection.execute(query)]


def _owed(today: date) -> ColumnElement[bool]:
    # In these phases alone, as its index has it: what was owed once is most of the record.
    owing = escalations.c.phase.in_((Phase.IN_INQUIRY, Phase.SETTLED))
    return and_(owing, or_(_late(today), _unfollowed()))


def _late(today: date) -> ColumnElement[bool]:
    """In an inquiry of which the day has passed: the last word on it is what ordered that."""
    later = considerations.alias("later")
    newest = (
        select(func.max(later.c.seq))
        .where(later.c.escalation_id == considerations.c.escalation_id)
        .scalar_subquery()
    )
    past = (
        select(considerations.c.seq)
        .where(
            considerations.c.escalation_id == escalations.c.id,
            considerations.c.seq == newest,
            considerations.c.due_on < today,
        )
        .exists()
    )
    return and_(escalations.c.phase == Phase.IN_INQUIRY, escalations.c.settled.is_(False), past)


def _unfollowed() -> ColumnElement[bool]:
    answered = escalations.c.phase.in_((Phase.SETTLED, Phase.IN_INQUIRY))
    return and_(answered, escalations.c.settled)
