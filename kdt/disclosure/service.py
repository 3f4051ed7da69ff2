"""What a person asks about themselves under the AVG is noted, answered, and handed over as a file.

Requests are facts of the ledger, about a case by its id; what was worded goes with the case. That a
file is made is recorded before it is given.
"""

import hashlib
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from kdt import names, words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import dossiers
from kdt.disclosure import queries, writing_out
from kdt.errors import Forbidden, NotFound
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.reads.codes import Look
from kdt.reads.service import Read, note
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import writing
from kdt.values import Problem


class Asked(StrEnum):
    """What somebody asks about their own data, by the article of the AVG."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    OBJECTION = "objection"


class Answer(StrEnum):
    """What was answered."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class Ground(StrEnum):
    """Why something is refused: a duty to keep, archiving, a claim at law, or others' rights."""

    LEGAL_DUTY = "legal_duty"
    ARCHIVING = "archiving"
    LEGAL_CLAIM = "legal_claim"
    RIGHTS_OF_OTHERS = "rights_of_others"


def receive(
    store: Store, actor: Actor, number: str, asked: Asked, *, received_on: date | None = None
) -> UUID:
    """Note that the person of a case asked something on a day (today); gives the case.

    Raises Forbidden, InvalidInput and NotFound.
    """
    _allowed(actor)
    with writing(store) as connection:
        # Not beside a destruction: what is said of a case goes with it, or comes after it.
        dossiers.begin(connection)
        case = queries.case_of(connection, number)
        if case is None:
            raise NotFound(words.say("disclosure.no_such_case"))
        now = today(connection)
        day = received_on or now
        if day > now:
            raise names.invalid(Problem("not_yet", "receivedOn"))
        _record(connection, actor, case, "receive", {"asked": asked, "received_on": day})
    return case


def answer(
    store: Store,
    actor: Actor,
    case: UUID,
    decided: Answer,
    reason: str,
    ground: Ground | None = None,
) -> None:
    """Note what was answered and why; what is not granted in full has a ground.

    Raises Forbidden, InvalidInput, and NotFound when nothing was asked about the case.
    """
    _allowed(actor)
    given = names.text_given("reason", reason)
    if not given:
        raise names.invalid(Problem("blank", "reason"))
    if decided is not Answer.GRANTED and ground is None:
        raise names.invalid(Problem("missing", "ground"))
    with writing(store) as connection:
        dossiers.begin(connection)
        _known(connection, case)
        values = {"answer": decided} | ({} if ground is None else {"ground": ground})
        append(
            connection,
            By(actor.person, actor.role),
            Fact(Subject.REQUEST, str(case), "answer", values, {"reason": given}),
        )


def hand_over(store: Store, actor: Actor, case: UUID) -> str:
    """Everything held about a case as a text to hand over; that it was made is recorded first.

    Raises Forbidden, and NotFound when nothing was asked about the case.
    """
    _allowed(actor)
    with writing(store) as connection:
        dossiers.begin(connection)
        _known(connection, case)
        escalations = queries.escalations(connection, case)
        for one in escalations:
            # Somebody of ours takes the texts in hand: as each reading, that is logged first.
            note(
                connection,
                Read(
                    actor.person,
                    Look.CASE,
                    escalation=one,
                    case=str(case),
                    role=actor.role,
                ),
            )
        written = writing_out.dossier(
            queries.number_of(connection, case),
            queries.held(connection, case),
            queries.looked(connection, escalations),
            queries.told(connection, case),
            today(connection),
        )
        values = {
            "escalations": len(escalations),
            "digest": hashlib.sha256(written.encode()).hexdigest(),
        }
        _record(connection, actor, case, "hand_over", values)
    return written


def _known(connection: Connection, case: UUID) -> None:
    if not queries.told(connection, case):
        raise NotFound(words.say("refusal.not_found"))


def _record(
    connection: Connection, actor: Actor, case: UUID, fact: str, values: dict[str, object]
) -> None:
    append(connection, By(actor.person, actor.role), Fact(Subject.REQUEST, str(case), fact, values))


def _allowed(actor: Actor) -> None:
    if not permissions.has(actor, Right.DISCLOSE):
        raise Forbidden(words.say("forbidden.discloses"))
