"""Suspending the legal term of a case: days on which it does not run.

That stands in the ledger, in the chain of the escalation, and in a table; what the record says of
the deadline stays as it is. The deadline that counts is worked out from both, here alone, and kept
with the escalation for what lists by it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Text, any_, delete, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kdt import words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor, Matter
from kdt.access.table import Right
from kdt.cases import taking
from kdt.cases.model import escalations, suspensions
from kdt.deadlines import reckoning
from kdt.errors import NotFound, Refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.procedure import Refusal
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.vocabulary import SuspensionGround

# Longer is a slip of the pen.
_LONGEST = timedelta(days=3_660)


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    NO_TERM = "no_term"
    TERM_PASSED = "term_passed"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    SUSPENDED_TOO_LONG = "suspended_too_long"
    SUSPENSION_ENDED = "suspension_ended"


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which the term does not run, both included; `last_on` is None as long as nobody
    knows. `number` is that of its fact in the escalation's chain."""

    number: int
    first_on: date
    last_on: date | None
    ground: SuspensionGround


def suspensions_of(connection: Connection, escalation: str) -> Sequence[Suspension]:
    """What suspends the term of an escalation, or did, in the order recorded."""
    found = connection.execute(
        select(suspensions)
        .where(suspensions.c.escalation_id == escalation)
        .order_by(suspensions.c.seq)
    )
    return [
        Suspension(one.seq, one.first_on, one.last_on, SuspensionGround(one.ground))
        for one in found
    ]


def suspend(
    store: Store,
    actor: Actor,
    escalation: str,
    first_on: date,
    last_on: date | None,
    ground: SuspensionGround,
    *,
    key: str | None = None,
) -> Suspension:
    """Record that the term of a case does not run from a day on, until another where that is known.

    A repeat with the same key gives the same. Raises NotFound, Forbidden, Conflict (the key was
    used for something else) and Refused.
    """
    repeat = repeats.of(actor, key, "suspend", escalation, first_on, last_on, ground)
    with writing(store) as connection:
        if earlier := repeat.earlier(connection):
            return Suspension(earlier["number"], first_on, last_on, ground)
        with _taken(connection, actor, escalation) as matter:
            if matter.state.decide_by is None:
                raise Refused(Refusal(Code.NO_TERM))
            _check(first_on, last_on)
            now = suspensions_of(connection, escalation)
            deadline = reckoning.moved(matter.state.decide_by, map(_days, now))
            if deadline is not None and first_on > deadline:
                raise Refused(Refusal(Code.TERM_PASSED, {"on": deadline}))
            values: dict[str, object] = {"first_on": first_on, "ground": ground}
            if last_on is not None:
                values["last_on"] = last_on
            number = _record(connection, actor, escalation, "suspend", values)
            row = {"first_on": first_on, "last_on": last_on, "ground": ground}
            connection.execute(
                insert(suspensions).values(escalation_id=escalation, seq=number, **row)
            )
        repeat.record(connection, Subject.ESCALATION, escalation, number=number)
    return Suspension(number, first_on, last_on, ground)


def end(store: Store, actor: Actor, escalation: str, number: int, last_on: date) -> Suspension:
    """Record the last day of a suspension of which the end was not known.

    The same again changes nothing. Raises NotFound, Forbidden and Refused.
    """
    with writing(store) as connection, _taken(connection, actor, escalation):
        found = _numbered(connection, escalation, number)
        if found.last_on == last_on:
            return found
        if found.last_on is not None:
            raise Refused(Refusal(Code.SUSPENSION_ENDED))
        _check(found.first_on, last_on)
        values = {"suspension": number, "last_on": last_on}
        _record(connection, actor, escalation, "resume", values)
        connection.execute(
            update(suspensions).where(*_this(escalation, number)).values(last_on=last_on)
        )
    return Suspension(number, found.first_on, last_on, found.ground)


def withdraw(store: Store, actor: Actor, escalation: str, number: int) -> None:
    """Record that a suspension should not have been recorded: it counts no more.

    Raises NotFound and Forbidden.
    """
    with writing(store) as connection, _taken(connection, actor, escalation):
        _numbered(connection, escalation, number)
        _record(connection, actor, escalation, "void_suspension", {"suspension": number})
        connection.execute(delete(suspensions).where(*_this(escalation, number)))


def require(actor: Actor, matter: Matter) -> None:
    """Raise Forbidden or Refused unless this capacity may change what suspends the term."""
    permissions.require(actor, Right.SUSPEND)
    if (refusal := permissions.suspends(actor, matter)) is not None:
        raise Refused(refusal)


def settle(connection: Connection, ids: Iterable[str]) -> None:
    """Work out the deadlines of these escalations anew, as part of what changed them."""
    wanted = literal(sorted(ids), ARRAY(Text))
    days: dict[str, list[reckoning.Suspension]] = {}
    found = select(suspensions).where(suspensions.c.escalation_id == any_(wanted))
    for one in connection.execute(found):
        suspended = reckoning.Suspension(one.first_on, one.last_on)
        days.setdefault(one.escalation_id, []).append(suspended)
    kept = select(escalations.c.id, escalations.c.decide_by, escalations.c.deadline)
    for row in connection.execute(kept.where(escalations.c.id == any_(wanted))).all():
        recorded = row.decide_by
        deadline = None if recorded is None else reckoning.moved(recorded, days.get(row.id, ()))
        if deadline != row.deadline:
            this = update(escalations).where(escalations.c.id == row.id)
            connection.execute(this.values(deadline=deadline))


@contextmanager
def _taken(connection: Connection, actor: Actor, escalation: str) -> Iterator[Matter]:
    """An escalation locked for a change of its suspensions; its deadline follows."""
    matter = taking.take(connection, actor, escalation).matter
    require(actor, matter)
    yield matter
    settle(connection, [escalation])


def _record(
    connection: Connection, actor: Actor, escalation: str, fact: str, values: dict[str, object]
) -> int:
    by = By(actor.person, actor.role)
    (recorded,) = append(connection, by, Fact(Subject.ESCALATION, escalation, fact, values))
    return recorded.seq


def _check(first_on: date, last_on: date | None) -> None:
    if last_on is not None and last_on < first_on:
        raise Refused(Refusal(Code.ENDS_BEFORE_IT_BEGINS))
    if last_on is not None and last_on - first_on > _LONGEST:
        raise Refused(Refusal(Code.SUSPENDED_TOO_LONG))


def _numbered(connection: Connection, escalation: str, number: int) -> Suspension:
    found = suspensions_of(connection, escalation)
    this = next((one for one in found if one.number == number), None)
    if this is None:
        raise NotFound(words.say("refusal.not_found"))
    return this


def _days(one: Suspension) -> reckoning.Suspension:
    return reckoning.Suspension(one.first_on, one.last_on)


def _this(escalation: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return suspensions.c.escalation_id == escalation, suspensions.c.seq == number
