"""Consultations are recorded by a policy adviser: that they were held, when, with whom and about
which themes is for everybody; what was agreed is for who was there.

Nothing of one is changed: what was told wrong is told anew, and one that was not held is withdrawn.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from kdt import names, words
from kdt.access import permissions, queries, repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import Forbidden, NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.store import locks, moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.themes import consultations
from kdt.themes.checking import among, refuse
from kdt.themes.consultations import Consultation, Inside
from kdt.themes.model import consultation_terms
from kdt.themes.queries import themes
from kdt.values import Problem
from kdt.vocabulary import ConsultationForm, Partner


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    CONSULTATION_WITHDRAWN = "consultation_withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a consultation: by codes and ids, and what was agreed. Whoever tells it was
    there too."""

    held_on: date
    form: str
    partners: Collection[str]
    themes: Collection[str]
    participants: Collection[str]
    agreements: str


def enter(store: Store, actor: Actor, told: Told, *, key: str | None = None) -> str:
    """Record a consultation that was held; its id. A repeat with the same key gives the same.

    Raises Forbidden, InvalidInput and Conflict (the key was used for something else).
    """
    permissions.require(actor, Right.CONSULT)
    repeat = repeats.of(actor, key, Subject.CONSULTATION, told)
    with writing(store) as connection:
        if made := repeat.recorded(connection):
            return made
        new = f"G-{secrets.token_hex(4).upper()}"
        _record(connection, actor, new, told, "enter")
        repeat.record(connection, Subject.CONSULTATION, new)
    return new


def change(store: Store, actor: Actor, consultation: str, told: Told) -> None:
    """Tell anew what it was. For who was there. Raises Forbidden, NotFound, InvalidInput and
    Refused."""
    with writing(store) as connection:
        _standing(connection, actor, consultation)
        _record(connection, actor, consultation, told, "change")


def withdraw(store: Store, actor: Actor, consultation: str) -> None:
    """Say that it was not held after all. For who was there. Raises Forbidden, NotFound and
    Refused."""
    with writing(store) as connection:
        known, inside = _standing(connection, actor, consultation)
        fact = Fact(Subject.CONSULTATION, consultation, "withdraw")
        _tell(connection, actor, fact, replace(known, stands=False), inside)


def may_read(person: str, inside: Inside) -> bool:
    """Whether somebody was there, and so may read what was agreed."""
    return person in inside.participants


def check_there(person: str, inside: Inside) -> None:
    """Raise Forbidden unless this person was there."""
    if not may_read(person, inside):
        raise Forbidden(words.say("forbidden.not_there"))


def _standing(connection: Connection, actor: Actor, wanted: str) -> tuple[Consultation, Inside]:
    """The consultation for who was there, for nobody else to change until the transaction ends."""
    permissions.require(actor, Right.CONSULT)
    locks.hold(connection, locks.CONSULTATIONS)
    found = consultations.consultation(connection, wanted)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    known, inside = found
    check_there(actor.person, inside)
    if not known.stands:
        raise refused(Code.CONSULTATION_WITHDRAWN)
    return known, inside


def _record(connection: Connection, actor: Actor, wanted: str, told: Told, fact: str) -> None:
    _check(connection, told)
    partners = tuple(one for one in Partner if one in told.partners)
    about = sorted({*told.themes})
    known = Consultation(wanted, told.held_on, told.form, partners, tuple(about))
    participants = sorted({*told.participants, actor.person})
    inside = Inside(tuple(participants), names.text_given("agreements", told.agreements))
    values = {"held_on": told.held_on, "form": told.form, "partners": [*partners], "themes": about}
    texts = {"participants": "\n".join(participants), "agreements": inside.agreements}
    _tell(connection, actor, Fact(Subject.CONSULTATION, wanted, fact, values, texts), known, inside)


def _tell(
    connection: Connection, actor: Actor, fact: Fact, known: Consultation, inside: Inside
) -> None:
    (recorded,) = append(connection, By(actor.person, actor.role), fact)
    connection.execute(
        insert(consultation_terms).values(
            consultation=known.id,
            held_on=known.held_on,
            form=known.form,
            partners=[*known.partners],
            themes=[*known.themes],
            stands=known.stands,
            participants=[*inside.participants],
            agreements=inside.agreements,
            recorded_by=actor.person,
            recorded_at=recorded.recorded_at,
        )
    )


def _check(connection: Connection, told: Told) -> None:
    """Raise InvalidInput, naming all that is wrong with it."""
    problems = []
    if told.held_on > moments.today(connection):
        problems.append(Problem("held_in_the_future", "heldOn"))
    if not told.partners:
        problems.append(Problem("missing", "partners"))
    problems += among("form", [told.form], [*ConsultationForm])
    problems += among("partners", told.partners, [*Partner])
    problems += among("themes", told.themes, sorted(one.id for one in themes(connection)))
    people = {one.id for one in queries.all_people(connection)}
    # Who there are is not told.
    problems += [
        Problem("not_one_of", "participants", {"given": one[:50], "known": ""})
        for one in told.participants
        if one not in people
    ]
    refuse(problems)
