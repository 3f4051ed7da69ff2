"""Adjustments are recorded by a policy adviser: what is changed, or why nothing is, and for what.

Nothing of one is changed: as it comes further it is told anew, and one that was none is withdrawn.
A reply of staff is closed, so an adjustment names open signals alone; what came of a reply runs by
its theme.
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
from kdt.errors import NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import ADJUSTMENT_TEXTS, Subject
from kdt.store import locks, moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.themes import adjustments
from kdt.themes.adjustments import Adjustment
from kdt.themes.checking import among, missing, refuse
from kdt.themes.implementation import held
from kdt.themes.model import adjustment_terms
from kdt.themes.queries import themes
from kdt.themes.signals import signals
from kdt.values import Problem
from kdt.vocabulary import AdjustmentKind, AdjustmentStatus, DecidedBy


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    ADJUSTMENT_WITHDRAWN = "adjustment_withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of an adjustment. `since` as `Adjustment` has it."""

    kind: str
    status: str
    since: date
    title: str
    decided_by: str = DecidedBy.NOT_SAID
    at_latest: bool = False
    content: str = ""
    reasons: str = ""
    reference: str = ""
    themes: Collection[str] = ()
    signals: Collection[str] = ()
    tests: Collection[str] = ()


def enter(store: Store, actor: Actor, told: Told, *, key: str | None = None) -> str:
    """Record an adjustment; its id. A repeat with the same key gives the same.

    Raises Forbidden, InvalidInput and Conflict (the key was used for something else).
    """
    permissions.require(actor, Right.FOLLOW_UP)
    repeat = repeats.of(actor, key, Subject.ADJUSTMENT, told)
    with writing(store) as connection:
        if made := repeat.recorded(connection):
            return made
        new = f"A-{secrets.token_hex(4).upper()}"
        record(connection, By(actor.person, actor.role), new, told)
        repeat.record(connection, Subject.ADJUSTMENT, new)
    return new


def change(store: Store, actor: Actor, adjustment: str, told: Told) -> None:
    """Tell how it is now. Raises Forbidden, NotFound, InvalidInput and Refused."""
    with writing(store) as connection:
        _standing(connection, actor, adjustment)
        record(connection, By(actor.person, actor.role), adjustment, told, "change")


def withdraw(store: Store, actor: Actor, adjustment: str) -> None:
    """Say that it was none. Raises Forbidden, NotFound and Refused."""
    with writing(store) as connection:
        known = _standing(connection, actor, adjustment)
        fact = Fact(Subject.ADJUSTMENT, adjustment, "withdraw")
        _tell(connection, By(actor.person, actor.role), fact, replace(known, stands=False))


def record(
    connection: Connection, by: By, adjustment: str, told: Told, fact: str = "enter"
) -> None:
    """Record what is told of one, within the caller's transaction. Raises InvalidInput."""
    _check(connection, told)
    known = Adjustment(
        adjustment,
        told.kind,
        told.status,
        told.since,
        told.at_latest,
        told.decided_by,
        tuple(sorted({*told.themes})),
        tuple(sorted({*told.signals})),
        tuple(sorted({*told.tests})),
        names.given("title", told.title),
        names.text_given("content", told.content),
        names.text_given("reasons", told.reasons),
        names.text_given("reference", told.reference),
    )
    values = {
        "adjustment_kind": known.kind,
        "adjustment_status": known.status,
        "since": known.since,
        "at_latest": known.at_latest,
        "decided_by": known.decided_by,
        "themes": [*known.themes],
        "signals": [*known.signals],
        "tests": [*known.tests],
    }
    told_of = Fact(Subject.ADJUSTMENT, adjustment, fact, values, _texts(known))
    _tell(connection, by, told_of, known)


def _standing(connection: Connection, actor: Actor, wanted: str) -> Adjustment:
    """The adjustment, for nobody else to change until the transaction ends."""
    permissions.require(actor, Right.FOLLOW_UP)
    locks.hold(connection, locks.ADJUSTMENTS)
    told = adjustments.tellings(connection, wanted)
    if not told:
        raise NotFound(words.say("refusal.not_found"))
    if not told[0].adjustment.stands:
        raise refused(Code.ADJUSTMENT_WITHDRAWN)
    return told[0].adjustment


def _texts(known: Adjustment) -> dict[str, str]:
    return {name: getattr(known, name) for name in ADJUSTMENT_TEXTS}


def _tell(connection: Connection, by: By, fact: Fact, known: Adjustment) -> None:
    (recorded,) = append(connection, by, fact)
    connection.execute(
        insert(adjustment_terms).values(
            adjustment=known.id,
            kind=known.kind,
            status=known.status,
            since=known.since,
            at_latest=known.at_latest,
            decided_by=known.decided_by,
            themes=[*known.themes],
            signals=[*known.signals],
            tests=[*known.tests],
            stands=known.stands,
            **_texts(known),
            recorded_by=by.person,
            recorded_at=recorded.recorded_at,
        )
    )


def _check(connection: Connection, told: Told) -> None:
    """Raise InvalidInput, naming all that is wrong with it."""
    problems = among("kind", [told.kind], [*AdjustmentKind])
    problems += among("status", [told.status], [*AdjustmentStatus])
    problems += among("decidedBy", [told.decided_by], [*DecidedBy])
    if told.since > moments.today(connection):
        problems.append(Problem("adjusted_in_the_future", "since"))
    if told.kind == AdjustmentKind.NONE:
        problems += missing("reasons", told.reasons)
        if told.status == AdjustmentStatus.IN_FORCE:
            problems.append(Problem("nothing_in_force", "status"))
    if not (told.themes or told.signals or told.tests):
        problems.append(Problem("answers_nothing", "themes"))
    open_ones = {one.id for one in signals(connection, closed=False)}
    problems += among("themes", told.themes, sorted(one.id for one in themes(connection)))
    problems += among("signals", told.signals, sorted(open_ones))
    problems += among("tests", told.tests, sorted(one.id for one in held(connection)))
    refuse(problems)
