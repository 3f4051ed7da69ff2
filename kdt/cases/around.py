"""What happens around an escalation and does not move it: somebody is recused, hands it over, says
what they read it for, or stood in for a colleague.

It stands in the ledger, in a chain of the escalation's own, and in tables that access asks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from kdt import words
from kdt.access import delegating, permissions, queries, repeats
from kdt.access.model import hand_overs, recusals, stand_ins, stated_purposes
from kdt.access.permissions import Actor, has
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import dossiers, taking
from kdt.cases.model import case_numbers, escalations
from kdt.errors import Forbidden, NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.procedure.state import ENDED
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import AnyRow, AnySelect
from kdt.vocabulary import Phase, Purpose, Role


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    NOT_BEFORE_PANEL = "not_before_panel"
    NOT_IN_PANEL = "not_in_panel"
    RECUSED_ALREADY = "recused_already"
    NO_COLLEAGUE = "no_colleague"
    NOTHING_TO_HAND_OVER = "nothing_to_hand_over"
    STANDS_IN_NO_MORE = "stands_in_no_more"
    WAITS_FOR_NO_PANEL = "waits_for_no_panel"
    ON_NO_AGENDA = "on_no_agenda"
    NOTHING_PROPOSED = "nothing_proposed"
    OTHER_PROPOSAL = "other_proposal"
    NOT_AGREED_ON = "not_agreed_on"


# Whoever holds one of these hands over: their own, of their location, or everybody's.
_HANDS_OVER = frozenset({Right.HAND_OVER_OWN, Right.HAND_OVER_HERE, Right.HAND_OVER})


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many escalations went to a colleague, and how many stayed, being of a location where they
    bring none."""

    went: int
    stayed: int


@dataclass(frozen=True, slots=True)
class Stated:
    """Which escalations somebody may read on a day, for what they stated."""

    escalations: tuple[str, ...]
    purpose: Purpose
    stated_on: date


def panel_members(connection: Connection, actor: Actor) -> list[tuple[Person, Actor]]:
    """Whom an actor may recuse from their panel, each in their capacity there: all who sit in it,
    or only the actor."""
    if not has(actor, Right.RECUSE):
        found = queries.person(connection, actor.person)
        return [(found, actor)] if found is not None and has(actor, Right.RECUSE_SELF) else []
    seats = queries.seated(connection, actor.location)
    return [(one, sits) for one, sits in seats if sits.on_behalf_of is None]


def recuse(
    store: Store, actor: Actor, escalation: str, person: str, *, key: str | None = None
) -> Actor:
    """Record that somebody of the actor's panel takes no part in this escalation, before it is
    taken; who, and in which capacity.

    A repeat with the same key gives the same. Raises NotFound, Forbidden, Conflict (the key was
    used for something else) and Refused.
    """
    repeat = repeats.of(actor, key, "recuse", escalation, person)
    with writing(store) as connection:
        if earlier := repeat.earlier(connection):
            return Actor(person, Role(earlier["role"]), earlier["location"])
        matter = taking.take(connection, actor, escalation).matter
        if not has(actor, Right.RECUSE_SELF):
            raise Forbidden(words.say("forbidden.recuses"))
        if not permissions.may_recuse(actor, matter):
            raise refused(Code.NOT_BEFORE_PANEL)
        sits = [one for _, one in panel_members(connection, actor) if one.person == person]
        if not sits:
            raise refused(Code.NOT_IN_PANEL)
        new = connection.scalar(
            insert(recusals)
            .values(
                escalation_id=escalation,
                person=person,
                role=sits[0].role,
                location=sits[0].location,
                recorded_at=moments.now(connection),
            )
            .on_conflict_do_nothing()
            .returning(recusals.c.person)
        )
        if new is None:
            raise refused(Code.RECUSED_ALREADY)
        values: dict[str, object] = {"role": sits[0].role}
        if sits[0].location is not None:
            values["location"] = sits[0].location
        fact = Fact(Subject.ESCALATION, escalation, "recuse", values, {"person": person})
        append(connection, By(actor.person, actor.role), fact)
        capacity = {"role": sits[0].role, "location": sits[0].location}
        repeat.record(connection, Subject.ESCALATION, escalation, **capacity)
    return sits[0]


def recused_roles(connection: Connection, escalation: str) -> list[Role]:
    """In which roles people were recused from an escalation, in the order recorded."""
    found = connection.scalars(
        select(recusals.c.role)
        .where(recusals.c.escalation_id == escalation)
        .order_by(recusals.c.recorded_at, recusals.c.person)
    )
    return [Role(one) for one in found]


def holders(connection: Connection, actors: Sequence[Actor]) -> dict[str, int]:
    """Whose escalations these may hand over, and how many each has in hand."""
    holder = _holder()
    found = connection.execute(
        _in_hand()
        .with_only_columns(holder, escalations.c.id)
        .where(or_(false(), *map(_to_hand_over, actors)))
    )
    counted: dict[str, int] = {}
    for person, _ in found:
        counted[person] = counted.get(person, 0) + 1
    return dict(sorted(counted.items()))


def hand_over(
    store: Store, actors: Sequence[Actor], giver: str, taker: str, *, key: str | None = None
) -> HandedOver:
    """Hand over what somebody has in hand to a colleague who brings cases at the same location;
    what is of another location stays. Who brought them stays recorded, and may not record their
    outcome.

    A repeat with the same key gives the same. Raises Forbidden, Conflict (the key was used for
    something else), and Refused where there is nothing, or nothing for this colleague.
    """
    if not may_hand_over(actors):
        raise Forbidden(words.say("forbidden.hands_over"))
    repeat = repeats.of(actors[0], key, "hand_over", giver, taker)
    with writing(store) as connection:
        if earlier := repeat.earlier(connection):
            return HandedOver(earlier["went"], earlier["stayed"])
        dossiers.begin(connection)
        theirs = _locked(connection, actors, giver)
        if not theirs:
            raise refused(Code.NOTHING_TO_HAND_OVER)
        colleague = queries.person(connection, taker)
        places = _brings_from(colleague) if colleague is not None and giver != taker else set()
        going = [one for one in theirs if not places.isdisjoint({None, one.location})]
        if not going:
            raise refused(Code.NO_COLLEAGUE)
        connection.execute(
            insert(hand_overs)
            .values([{"escalation_id": one.id, "holder": taker} for one in going])
            .on_conflict_do_update(
                index_elements=[hand_overs.c.escalation_id], set_={"holder": taker}
            )
        )
        for one in going:
            by = next(actor for actor in actors if _hands_over(actor, giver, one.location))
            fact = Fact(Subject.ESCALATION, one.id, "hand_over", {}, {"person": taker})
            append(connection, By(by.person, by.role), fact)
        done = HandedOver(len(going), len(theirs) - len(going))
        repeat.record(connection, Subject.ESCALATION, going[0].id, **asdict(done))
    return done


def takers(connection: Connection) -> list[Person]:
    """To whom cases can be handed over: whoever brings cases."""
    return [one for one in queries.all_people(connection) if _brings_from(one)]


def may_hand_over(actors: Iterable[Actor]) -> bool:
    """Whether somebody may hand over any cases."""
    return any(has(one, right) for one in actors for right in _HANDS_OVER)


def may_state_purpose(actors: Iterable[Actor]) -> list[Actor]:
    """The capacities in which somebody reads a colleague's case once they say what for."""
    return [one for one in actors if has(one, Right.STATE_PURPOSE)]


def state_purpose(
    store: Store, actors: Sequence[Actor], wanted: str, purpose: Purpose, *, key: str | None = None
) -> Stated:
    """Say what one reads a colleague's case for, by its number or the id of an escalation; which
    escalations one may then read, today.

    A repeat with the same key gives the same. Raises Forbidden, Conflict (the key was used for
    something else), and NotFound when there are none.
    """
    asking = may_state_purpose(actors)
    if not asking:
        raise permissions.forbidden(Right.STATE_PURPOSE)
    here = [
        true() if one.location is None else escalations.c.location == one.location for one in asking
    ]
    repeat = repeats.of(asking[0], key, "state_purpose", wanted, purpose)
    with writing(store) as connection:
        if earlier := repeat.earlier(connection):
            day = date.fromisoformat(earlier["stated_on"])
            return Stated(tuple(earlier["escalations"]), purpose, day)
        found = connection.scalars(
            select(escalations.c.id)
            .outerjoin(case_numbers, case_numbers.c.case_id == escalations.c.case_id)
            .where(
                or_(escalations.c.id == wanted, case_numbers.c.number == wanted),
                escalations.c.phase.is_not(None),
                or_(*here),
            )
            .order_by(escalations.c.id)
        ).all()
        if not found:
            raise NotFound(words.say("refusal.no_case_here"))
        by, today = asking[0], moments.today(connection)
        for one in found:
            stated = {"person": by.person, "escalation_id": one, "stated_on": today}
            connection.execute(
                insert(stated_purposes)
                .values(**stated, purpose=purpose)
                .on_conflict_do_update(index_elements=[*stated], set_={"purpose": purpose})
            )
        values = {"purpose": purpose}
        facts = [
            Fact(Subject.ESCALATION, one, "state_purpose", values, occurred_on=today)
            for one in found
        ]
        append(connection, By(by.person, by.role), *facts)
        told = {"escalations": list(found), "stated_on": today.isoformat()}
        repeat.record(connection, Subject.ESCALATION, found[0], **told)
    return Stated(tuple(found), purpose, today)


def stood_in(
    connection: Connection, actor: Actor, escalation: str, last: int, refs: Sequence[str]
) -> None:
    """Keep for whom entries were recorded (the newest, up to number `last`), where the actor stood
    in for somebody. Raises Refused when they do so no more."""
    if actor.on_behalf_of is None:
        return
    if not delegating.holds(connection, actor):
        raise refused(Code.STANDS_IN_NO_MORE)
    first = last - len(refs) + 1
    connection.execute(
        insert(stand_ins),
        [
            {"escalation_id": escalation, "seq": seq, "person": actor.on_behalf_of}
            for seq in range(first, last + 1)
        ],
    )
    values = {"entries": list(refs)}
    fact = Fact(Subject.ESCALATION, escalation, "stand_in", values, {"person": actor.on_behalf_of})
    append(connection, By(actor.person, actor.role), fact)


def behalves(connection: Connection, escalation: str) -> dict[int, str]:
    """For whom entries were recorded, by their numbers, where that was not who recorded them."""
    found = connection.execute(
        select(stand_ins.c.seq, stand_ins.c.person).where(stand_ins.c.escalation_id == escalation)
    )
    return {row.seq: row.person for row in found}


def _in_hand() -> AnySelect:
    """What somebody still has something to do with, or may come to have."""
    return (
        select(escalations)
        .outerjoin(hand_overs, hand_overs.c.escalation_id == escalations.c.id)
        .where(escalations.c.phase.not_in([Phase.CLOSED, *ENDED]))
    )


def _holder() -> ColumnElement[str]:
    return func.coalesce(hand_overs.c.holder, escalations.c.brought_by)


def _to_hand_over(actor: Actor) -> ColumnElement[bool]:
    """`_hands_over` as a part of queries."""
    if has(actor, Right.HAND_OVER):
        return true()
    if has(actor, Right.HAND_OVER_HERE):
        return escalations.c.location == actor.location
    return _holder() == actor.person if has(actor, Right.HAND_OVER_OWN) else false()


def _hands_over(actor: Actor, giver: str, location: str) -> bool:
    """Whether an actor may hand over what somebody has in hand at a location."""
    if has(actor, Right.HAND_OVER):
        return True
    if has(actor, Right.HAND_OVER_HERE):
        return location == actor.location
    return giver == actor.person and has(actor, Right.HAND_OVER_OWN)


def _locked(connection: Connection, actors: Iterable[Actor], giver: str) -> Sequence[AnyRow]:
    """What somebody has in hand of what these may hand over, by id and location, and nobody changes
    meanwhile. Read anew once it is locked: who waited for another may find it is gone."""
    theirs = (
        _in_hand()
        .with_only_columns(escalations.c.id, escalations.c.location)
        .where(or_(false(), *map(_to_hand_over, actors)), _holder() == giver)
        .order_by(escalations.c.id)
    )
    locked = connection.execute(theirs.with_for_update(of=escalations)).fetchall()
    return connection.execute(
        theirs.where(escalations.c.id.in_([one.id for one in locked]))
    ).fetchall()


def _brings_from(person: Person) -> set[str | None]:
    """The locations from which somebody brings cases of their own; None stands for all."""
    return {one.location for one in person.actors if has(one, Right.OPEN)}
