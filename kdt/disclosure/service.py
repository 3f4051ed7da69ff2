"""What a person asks about themselves under the AVG is noted, answered, and handed over as a file.

Requests are facts of the ledger, about a case by its id; what was worded goes with the case. That a
file is made is recorded before it is given.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from kdt import clock, names, words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import dossiers
from kdt.disclosure import queries, writing_out
from kdt.errors import NotFound
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


class RefusalGround(StrEnum):
    """Why something is refused: a duty to keep, archiving, a claim at law, or others' rights."""

    LEGAL_DUTY = "legal_duty"
    ARCHIVING = "archiving"
    LEGAL_CLAIM = "legal_claim"
    RIGHTS_OF_OTHERS = "rights_of_others"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What is handed over: the text, and what the ledger says of it."""

    text: str
    escalations: int
    digest: str


def receive(
    store: Store,
    actor: Actor,
    number: str,
    asked: Asked,
    *,
    received_on: date | None = None,
    key: str | None = None,
) -> UUID:
    """Note that the person of a case asked something on a day (today); gives the case, and for a
    repeat with the same key the same.

    Raises Forbidden, InvalidInput, NotFound, and Conflict when the key was used for something else.
    """
    permissions.require(actor, Right.DISCLOSE)
    repeat = repeats.of(actor, key, Subject.REQUEST, "receive", number, asked, received_on)
    with writing(store) as connection:
        if earlier := repeat.recorded(connection):
            return UUID(earlier)
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
        repeat.record(connection, Subject.REQUEST, str(case))
    return case


def answer(
    store: Store,
    actor: Actor,
    case: UUID,
    decided: Answer,
    reason: str,
    ground: RefusalGround | None = None,
    *,
    key: str | None = None,
) -> None:
    """Note what was answered and why; what is not granted in full has a ground. A repeat with the
    same key changes nothing.

    Raises Forbidden, InvalidInput, NotFound when nothing was asked about the case, and Conflict
    when the key was used for something else.
    """
    permissions.require(actor, Right.DISCLOSE)
    given = names.text_given("reason", reason)
    if not given:
        raise names.invalid(Problem("blank", "reason"))
    if decided is not Answer.GRANTED and ground is None:
        raise names.invalid(Problem("missing", "ground"))
    repeat = repeats.of(actor, key, Subject.REQUEST, "answer", case, decided, given, ground)
    with writing(store) as connection:
        if repeat.recorded(connection):
            return
        dossiers.begin(connection)
        _known(connection, case)
        values = {"answer": decided} | ({} if ground is None else {"ground": ground})
        append(
            connection,
            By(actor.person, actor.role),
            Fact(Subject.REQUEST, str(case), "answer", values, {"reason": given}),
        )
        repeat.record(connection, Subject.REQUEST, str(case))


def look_in(store: Store, actor: Actor, case: UUID) -> str:
    """Everything held about a case, to be read before it is handed over; the reading is logged
    first. Raises Forbidden, and NotFound when nothing was asked about the case."""
    permissions.require(actor, Right.DISCLOSE)
    with writing(store) as connection:
        dossiers.begin(connection)
        text, _ = _taken(connection, actor, case)
    return text


def hand_over(store: Store, actor: Actor, case: UUID, *, key: str | None = None) -> HandedOver:
    """Everything held about a case as a text to hand over; that it was made is recorded first. For
    a repeat with the same key it is the text of then, as far as that was not destroyed since.

    Raises Forbidden, NotFound when nothing was asked about the case, and Conflict when the key was
    used for something else.
    """
    permissions.require(actor, Right.DISCLOSE)
    repeat = repeats.of(actor, key, Subject.REQUEST, "hand_over", case)
    with writing(store) as connection:
        earlier = repeat.earlier(connection)
        dossiers.begin(connection)
        if earlier:
            text, _ = _taken(connection, actor, case, int(earlier["seq"]))
            then = queries.told(connection, case)[int(earlier["seq"]) - 1].values
            return HandedOver(text, int(then["escalations"]), str(then["digest"]))
        text, escalations = _taken(connection, actor, case)
        digest = hashlib.sha256(text.encode()).hexdigest()
        values: dict[str, object] = {"escalations": escalations, "digest": digest}
        seq = _record(connection, actor, case, "hand_over", values)
        repeat.record(connection, Subject.REQUEST, str(case), seq=seq)
    return HandedOver(text, escalations, digest)


def _taken(
    connection: Connection, actor: Actor, case: UUID, made: int | None = None
) -> tuple[str, int]:
    """Everything held about a case as a text, and of how many escalations it is: now, or as it was
    when the fact with the number `made` was recorded of it. Raises NotFound."""
    told = queries.told(connection, case)
    if not told:
        raise NotFound(words.say("refusal.not_found"))
    escalations = queries.escalations(connection, case)
    for one in escalations:
        # Somebody of ours takes the texts in hand: as each reading, that is logged first.
        note(
            connection,
            Read(actor.person, Look.CASE, escalation=one, case=str(case), role=actor.role),
        )
    looked, held = queries.looked(connection, escalations), queries.held(connection, case)
    day = today(connection)
    if made is not None:
        then = told[made - 1].at
        told, day = told[: made - 1], clock.day(then)
        looked = [one for one in looked if one.at <= then]
        held = [one for one in held if one.recorded_at <= then]
    number = queries.number_of(connection, case)
    return writing_out.dossier(number, held, looked, told, day), len(escalations)


def _known(connection: Connection, case: UUID) -> None:
    if not queries.told(connection, case):
        raise NotFound(words.say("refusal.not_found"))


def _record(
    connection: Connection, actor: Actor, case: UUID, fact: str, values: dict[str, object]
) -> int:
    """Record a fact of a request; its number in the chain."""
    by = By(actor.person, actor.role)
    (recorded,) = append(connection, by, Fact(Subject.REQUEST, str(case), fact, values))
    return recorded.seq
