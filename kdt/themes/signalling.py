"""Signals are recorded by a policy adviser, and assessed by several, each with their own reasons.

Nothing of one is changed: what was told wrong is told anew, what somebody finds now stands beside
what they found before, and a signal that was none is withdrawn.
"""

import secrets
from collections.abc import Collection, Mapping
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
from kdt.ledger.table import SIGNAL_TEXTS, Subject
from kdt.store import locks, moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.themes import signals
from kdt.themes.checking import among, missing, refuse
from kdt.themes.model import signal_terms, signal_views
from kdt.themes.queries import themes
from kdt.themes.signals import Signal
from kdt.values import Problem
from kdt.vocabulary import CLOSED_SOURCES, Assessment, FromLawyers, SignalSource


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    SIGNAL_WITHDRAWN = "signal_withdrawn"
    REPLY_STAYS_CLOSED = "reply_stays_closed"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a signal. `at_latest`: by when it was there, since when is not known;
    `lawyers`: whether it comes from lawyers; `origin`: whose it is, and
    `reference`: where it stands; of staff neither is told."""

    source: str
    received_on: date
    title: str
    concerns: str
    at_latest: bool = False
    lawyers: str = FromLawyers.UNKNOWN
    origin: str = ""
    reference: str = ""
    followed: str = ""
    themes: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody finds of a signal, and why. `published_by`: who answers for it outside, where
    it was published and is recorded by another."""

    assessment: str
    reasons: str
    published_by: str = ""


def enter(store: Store, actor: Actor, told: Told, *, key: str | None = None) -> str:
    """Record a signal; its id. A repeat with the same key gives the same.

    Raises Forbidden, InvalidInput and Conflict (the key was used for something else).
    """
    permissions.require(actor, Right.ASSESS_SIGNALS)
    repeat = repeats.of(actor, key, Subject.SIGNAL, told)
    with writing(store) as connection:
        if made := repeat.recorded(connection):
            return made
        new = f"S-{secrets.token_hex(4).upper()}"
        record(connection, By(actor.person, actor.role), new, told)
        repeat.record(connection, Subject.SIGNAL, new)
    return new


def change(store: Store, actor: Actor, signal: str, told: Told) -> None:
    """Tell anew what it is. Raises Forbidden, NotFound, InvalidInput and Refused."""
    with writing(store) as connection:
        known = _standing(connection, actor, signal)
        if known.closed != (told.source in CLOSED_SOURCES):
            raise refused(Code.REPLY_STAYS_CLOSED)
        record(connection, By(actor.person, actor.role), signal, told, "change")


def withdraw(store: Store, actor: Actor, signal: str) -> None:
    """Say that it was none. Raises Forbidden, NotFound and Refused."""
    with writing(store) as connection:
        known = _standing(connection, actor, signal)
        fact = Fact(Subject.SIGNAL, signal, "withdraw")
        _tell(connection, By(actor.person, actor.role), fact, replace(known, stands=False))


def assess(
    store: Store, actor: Actor, signal: str, found: Found, *, key: str | None = None
) -> None:
    """Say what one finds of it now. Raises Forbidden, NotFound, InvalidInput, Refused and
    Conflict."""
    repeat = repeats.of(actor, key, Subject.SIGNAL, signal, found)
    with writing(store) as connection:
        if repeat.recorded(connection):
            return
        _standing(connection, actor, signal)
        view(connection, By(actor.person, actor.role), signal, found)
        repeat.record(connection, Subject.SIGNAL, signal)


def record(connection: Connection, by: By, signal: str, told: Told, fact: str = "enter") -> None:
    """Record what is told of a signal, within the caller's transaction. Raises InvalidInput."""
    _check(connection, told)
    about = sorted({*told.themes})
    known = Signal(
        signal,
        told.source,
        told.received_on,
        told.at_latest,
        told.lawyers,
        tuple(about),
        names.given("title", told.title),
        names.text_given("concerns", told.concerns),
        names.text_given("origin", told.origin),
        names.text_given("reference", told.reference),
        names.text_given("followed", told.followed),
    )
    values = {
        "signal_source": known.source,
        "received_on": known.received_on,
        "at_latest": known.at_latest,
        "from_lawyers": known.lawyers,
        "themes": about,
    }
    _tell(connection, by, Fact(Subject.SIGNAL, signal, fact, values, _texts(known)), known)


def view(connection: Connection, by: By, signal: str, found: Found) -> None:
    """Record what was found of a signal, within the caller's transaction. Raises InvalidInput."""
    published = names.text_given("publishedBy", found.published_by)
    reasons = names.text_given("reasons", found.reasons)
    problems = among("assessment", [found.assessment], [*Assessment])
    problems += missing("reasons", reasons)
    refuse(problems)
    texts = {"assessor": published or by.person, "reasons": reasons}
    values = {"assessment": found.assessment, "published": bool(published)}
    (told,) = append(connection, by, Fact(Subject.SIGNAL, signal, "assess", values, texts))
    connection.execute(
        insert(signal_views).values(
            signal=signal,
            **values,
            **texts,
            recorded_by=by.person,
            recorded_at=told.recorded_at,
        )
    )


def lock(connection: Connection) -> None:
    """Let nobody else change a signal until the transaction ends."""
    locks.hold(connection, locks.SIGNALS)


def _standing(connection: Connection, actor: Actor, wanted: str) -> Signal:
    """The signal, for nobody else to change until the transaction ends."""
    permissions.require(actor, Right.ASSESS_SIGNALS)
    lock(connection)
    found = signals.signal(connection, wanted, closed=True)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    if not found.stands:
        raise refused(Code.SIGNAL_WITHDRAWN)
    return found


def _texts(known: Signal) -> Mapping[str, str]:
    return {name: getattr(known, name) for name in SIGNAL_TEXTS}


def _tell(connection: Connection, by: By, fact: Fact, known: Signal) -> None:
    (recorded,) = append(connection, by, fact)
    connection.execute(
        insert(signal_terms).values(
            signal=known.id,
            source=known.source,
            received_on=known.received_on,
            at_latest=known.at_latest,
            lawyers=known.lawyers,
            themes=[*known.themes],
            stands=known.stands,
            **_texts(known),
            recorded_by=by.person,
            recorded_at=recorded.recorded_at,
        )
    )


def _check(connection: Connection, told: Told) -> None:
    """Raise InvalidInput, naming all that is wrong with it."""
    problems = []
    if told.received_on > moments.today(connection):
        problems.append(Problem("received_in_the_future", "receivedOn"))
    problems += missing("concerns", told.concerns)
    if told.source in CLOSED_SOURCES:
        problems += [
            Problem("of_staff", field)
            for field in ("origin", "reference")
            if getattr(told, field).strip()
        ]
        if told.lawyers == FromLawyers.YES:
            problems.append(Problem("of_staff", "lawyers"))
    problems += among("source", [told.source], [*SignalSource])
    problems += among("lawyers", [told.lawyers], [*FromLawyers])
    problems += among("themes", told.themes, sorted(one.id for one in themes(connection)))
    refuse(problems)
