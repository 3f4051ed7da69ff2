"""Questions of Parliament are recorded by a national policy adviser or manager: what was asked,
what is counted for it, and what was answered. All of it is open to whoever is signed in.

Nothing of one is changed: what was told wrong is told anew, and what was never asked is withdrawn.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from kdt import names, words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import InvalidInput, NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import QUESTION_TEXTS, Subject
from kdt.parliament.model import parliamentary_question_terms
from kdt.parliament.queries import ParliamentaryQuestion, question
from kdt.store import locks, moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.values import Problem
from kdt.vocabulary import Chamber, Measure


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    QUESTION_WITHDRAWN = "question_withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a question. Once it was answered: what was sent, on which day, and as the
    record was known at the end of which day."""

    chamber: str
    asked_on: date
    asked: str
    measures: Collection[str]
    first: date
    until: date
    answer: str = ""
    answered_on: date | None = None
    as_of: date | None = None
    reference: str = ""


def enter(store: Store, actor: Actor, told: Told, *, key: str | None = None) -> str:
    """Record a question; its id. A repeat with the same key gives the same.

    Raises Forbidden, InvalidInput and Conflict (the key was used for something else).
    """
    permissions.require(actor, Right.ANSWER_PARLIAMENT)
    repeat = repeats.of(actor, key, Subject.QUESTION, told)
    with writing(store) as connection:
        if made := repeat.recorded(connection):
            return made
        new = f"K-{secrets.token_hex(4).upper()}"
        _record(connection, actor, new, told, "enter")
        repeat.record(connection, Subject.QUESTION, new)
    return new


def change(store: Store, actor: Actor, wanted: str, told: Told) -> None:
    """Tell anew what was asked, or what was answered. Raises Forbidden, NotFound, InvalidInput and
    Refused."""
    with writing(store) as connection:
        _standing(connection, actor, wanted)
        _record(connection, actor, wanted, told, "change")


def withdraw(store: Store, actor: Actor, wanted: str) -> None:
    """Say that this was not asked after all. Raises Forbidden, NotFound and Refused."""
    with writing(store) as connection:
        known = _standing(connection, actor, wanted)
        fact = Fact(Subject.QUESTION, wanted, "withdraw")
        _tell(connection, actor, fact, replace(known, stands=False))


def _standing(connection: Connection, actor: Actor, wanted: str) -> ParliamentaryQuestion:
    """The question, for nobody else to change until the transaction ends."""
    permissions.require(actor, Right.ANSWER_PARLIAMENT)
    locks.hold(connection, locks.PARLIAMENT)
    known = question(connection, wanted)
    if known is None:
        raise NotFound(words.say("refusal.not_found"))
    if not known.stands:
        raise refused(Code.QUESTION_WITHDRAWN)
    return known


def _record(connection: Connection, actor: Actor, wanted: str, told: Told, fact: str) -> None:
    _check(told, moments.today(connection))
    known = ParliamentaryQuestion(
        wanted,
        told.chamber,
        told.asked_on,
        tuple(one for one in Measure if one in told.measures),
        told.first,
        told.until,
        told.answered_on,
        told.as_of,
        names.text_given("asked", told.asked),
        names.text_given("answer", told.answer),
        names.text_given("reference", told.reference),
    )
    values = {
        "chamber": known.chamber,
        "asked_on": known.asked_on,
        "measures": [*known.measures],
        "first_on": known.first,
        "last_on": known.until,
        **({"answered_on": known.answered_on} if known.answered_on else {}),
        **({"as_of": known.as_of} if known.as_of else {}),
    }
    texts = {name: getattr(known, name) for name in QUESTION_TEXTS}
    _tell(connection, actor, Fact(Subject.QUESTION, wanted, fact, values, texts), known)


def _tell(connection: Connection, actor: Actor, fact: Fact, known: ParliamentaryQuestion) -> None:
    (recorded,) = append(connection, By(actor.person, actor.role), fact)
    connection.execute(
        insert(parliamentary_question_terms).values(
            question=known.id,
            recorded_at=recorded.recorded_at,
            chamber=known.chamber,
            asked_on=known.asked_on,
            measures=[*known.measures],
            first_on=known.first,
            last_on=known.until,
            answered_on=known.answered_on,
            as_of=known.as_of,
            stands=known.stands,
            asked=known.asked,
            answer=known.answer,
            reference=known.reference,
            recorded_by=actor.person,
        )
    )


def _check(told: Told, today: date) -> None:
    """Raise InvalidInput, naming all that is wrong with it."""
    problems = [
        Problem("not_one_of", field, {"given": one[:50], "known": ", ".join(known)})
        for field, given, known in (
            ("chamber", [told.chamber], [*Chamber]),
            ("measures", told.measures, [*Measure]),
        )
        for one in given
        if one not in known
    ]
    if not told.measures:
        problems.append(Problem("missing", "measures"))
    if not told.asked.strip():
        problems.append(Problem("missing", "asked"))
    if told.until < told.first:
        problems.append(Problem("period_ends_first", "until"))
    answered = {"answer": told.answer.strip(), "answeredOn": told.answered_on, "asOf": told.as_of}
    if any(answered.values()):
        problems += [Problem("missing", name) for name, value in answered.items() if not value]
    days = {"askedOn": told.asked_on, "answeredOn": told.answered_on, "asOf": told.as_of}
    problems += [
        Problem("day_to_come", name) for name, value in days.items() if value and value > today
    ]
    if told.answered_on and told.answered_on < told.asked_on:
        problems.append(Problem("answered_before_asked", "answeredOn"))
    if problems:
        raise InvalidInput(problems, " ".join(words.sentence(one) for one in problems))
