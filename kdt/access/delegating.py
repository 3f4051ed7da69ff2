"""Standing in: somebody who is away lets a colleague act in one of their capacities, until a day.

The colleague acts in their own name, on behalf of who is away; both are kept. A capacity somebody
stands in for is not theirs to lend on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from kdt import words
from kdt.access import queries, repeats
from kdt.access.model import delegations, people
from kdt.access.permissions import Actor, has, require
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.store.writing import AnyRow
from kdt.vocabulary import Role

# Whoever is away for longer hands over.
LONGEST_DAYS = 92

_IN_FORCE = (
    select(delegations)
    .where(delegations.c.last_on >= moments.its_today())
    .order_by(delegations.c.first_on, delegations.c.id)
)


class Code(StrEnum):
    """Why nobody can stand in so; the Dutch stands under `refusal`."""

    NO_STAND_IN = "no_stand_in"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    BEGINS_IN_THE_PAST = "begins_in_the_past"
    AWAY_TOO_LONG = "away_too_long"
    STANDS_IN_ALREADY = "stands_in_already"


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who stands in for whom, in which capacity, from and until which day (both included)."""

    id: int
    giver: str
    taker: str
    role: Role
    location: str | None
    first_on: date
    last_on: date


def lendable(person: Person) -> list[Actor]:
    """The person's own capacities in which a colleague can stand in for them."""
    return [one for one in person.actors if has(one, Right.DELEGATE)]


def colleagues(connection: Connection, actor: Actor) -> list[Person]:
    """Who can stand in for somebody in a capacity: colleagues who work with cases at that place."""
    return [
        one
        for one in queries.all_people(connection)
        if one.id != actor.person and any(own.location == actor.location for own in lendable(one))
    ]


def delegate(
    store: Store,
    actor: Actor,
    taker: str,
    first_on: date,
    last_on: date,
    *,
    by: By | None = None,
    key: str | None = None,
) -> Delegation:
    """Let `taker` stand in for the actor in this capacity; `by`: who enters it, unless that is the
    actor.

    A repeat with the same key gives the same. Raises Forbidden, Conflict (the key was used for
    something else), and Refused for days or a colleague that will not do.
    """
    require(actor, Right.DELEGATE)
    repeat = repeats.of(actor, key, "delegate", taker, first_on, last_on)
    with writing(store) as connection:
        if earlier := repeat.earlier(connection):
            return _delegation(_of_id(connection, earlier["delegation"]))
        # Whoever lends twice at once is judged one after the other.
        connection.execute(select(people.c.id).where(people.c.id == actor.person).with_for_update())
        _check(connection, actor, taker, first_on, last_on)
        made = connection.execute(
            insert(delegations)
            .values(
                giver=actor.person,
                taker=taker,
                role=actor.role,
                location=actor.location,
                first_on=first_on,
                last_on=last_on,
            )
            .returning(delegations)
        ).one()
        found = _delegation(made)
        fact = _fact(connection, found, "delegate")
        append(connection, by or By(actor.person, actor.role), fact)
        repeat.record(connection, Subject.PERSON, fact.id, delegation=found.id)
    return found


def arrange(
    store: Store, administrator: Actor, giver: Actor, taker: str, first_on: date, last_on: date
) -> Delegation:
    """Let `taker` stand in for somebody who cannot say so themselves, in a capacity they hold.

    Raises Forbidden, NotFound when they do not hold it, and Refused as `delegate` does.
    """
    require(administrator, Right.MANAGE_PEOPLE)
    with reading(store) as connection:
        away = queries.person(connection, giver.person)
    if away is None or giver not in lendable(away):
        raise NotFound(words.say("absence.not_theirs"))
    by = By(administrator.person, administrator.role)
    return delegate(store, giver, taker, first_on, last_on, by=by)


def recall(store: Store, administrator: Actor, delegation: int) -> Delegation:
    """End what somebody delegated, on their behalf. Raises Forbidden and NotFound."""
    require(administrator, Right.MANAGE_PEOPLE)
    with reading(store) as connection:
        giver = next((one.giver for one in everybodys(connection) if one.id == delegation), "")
    by = By(administrator.person, administrator.role)
    return end(store, giver, delegation, by=by)


def end(store: Store, giver: str, delegation: int, *, by: By | None = None) -> Delegation:
    """End what somebody delegated, from now on: whoever was away is back; `by`: who enters it,
    unless that is the giver. Raises NotFound."""
    with writing(store) as connection:
        row = connection.execute(
            select(delegations)
            .where(delegations.c.id == delegation, delegations.c.giver == giver)
            .with_for_update()
        ).one_or_none()
        last = moments.today(connection) - timedelta(days=1)
        if row is None or row.last_on <= last:
            raise NotFound(words.say("refusal.not_found"))
        ended = connection.execute(
            update(delegations)
            .where(delegations.c.id == delegation)
            .values(last_on=last)
            .returning(delegations)
        ).one()
        found = _delegation(ended)
        fact = _fact(connection, found, "end_delegation")
        append(connection, by or By(giver, found.role), fact)
    return found


def holds(connection: Connection, actor: Actor) -> bool:
    """Whether a stand-in still is one. It cannot be ended before this transaction is."""
    connection.execute(
        select(delegations.c.id)
        .where(delegations.c.giver == actor.on_behalf_of, delegations.c.taker == actor.person)
        .with_for_update(read=True)
    )
    now = queries.person(connection, actor.person)
    return now is not None and actor in now.actors


def of_person(connection: Connection, person: str) -> list[Delegation]:
    """What somebody has lent, or was lent, and has not ended yet; what begins first on top."""
    return list(_standing(connection, person))


def everybodys(connection: Connection) -> list[Delegation]:
    """What has been lent by whomever and has not ended yet; what begins first on top."""
    return list(map(_delegation, connection.execute(_IN_FORCE)))


def _standing(connection: Connection, person: str) -> Iterator[Delegation]:
    own = (delegations.c.giver == person) | (delegations.c.taker == person)
    for row in connection.execute(_IN_FORCE.where(own)):
        yield _delegation(row)


def _of_id(connection: Connection, delegation: int) -> AnyRow:
    return connection.execute(select(delegations).where(delegations.c.id == delegation)).one()


def _check(connection: Connection, actor: Actor, taker: str, first_on: date, last_on: date) -> None:
    if taker not in {one.id for one in colleagues(connection, actor)}:
        raise refused(Code.NO_STAND_IN)
    if last_on < first_on:
        raise refused(Code.ENDS_BEFORE_IT_BEGINS)
    if first_on < moments.today(connection):
        raise refused(Code.BEGINS_IN_THE_PAST)
    if first_on + timedelta(days=LONGEST_DAYS) <= last_on:
        raise refused(Code.AWAY_TOO_LONG, days=LONGEST_DAYS)
    for one in _standing(connection, actor.person):
        same = (one.giver, one.taker, one.role) == (actor.person, taker, actor.role)
        overlaps = one.first_on <= last_on and first_on <= one.last_on
        if same and one.location == actor.location and overlaps:
            raise refused(Code.STANDS_IN_ALREADY, last_on=one.last_on)


def _fact(connection: Connection, one: Delegation, fact: str) -> Fact:
    key = connection.scalar(select(people.c.key).where(people.c.id == one.giver))
    values: dict[str, object] = {
        "role": one.role,
        "first_on": one.first_on,
        "last_on": one.last_on,
    }
    if one.location is not None:
        values["location"] = one.location
    return Fact(Subject.PERSON, str(key), fact, values, {"to": one.taker})


def _delegation(row: AnyRow) -> Delegation:
    return Delegation(
        row.id, row.giver, row.taker, Role(row.role), row.location, row.first_on, row.last_on
    )
