"""Implementation tests are recorded by a policy adviser, and what each organisation says of what
followed beside them.

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
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import TEST_TEXTS, Subject
from kdt.store import locks, moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.themes import implementation
from kdt.themes.checking import among, refuse
from kdt.themes.implementation import ImplementationTest
from kdt.themes.model import implementation_test_opinions, implementation_test_terms
from kdt.values import Problem
from kdt.vocabulary import ImplementationKind, LookedAt, Organisation, Satisfaction


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    TEST_WITHDRAWN = "test_withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a test; `title` says which proposal it was about."""

    kind: str
    held_on: date
    title: str
    organisations: Collection[str]
    person: str = LookedAt.UNKNOWN
    capability: str = LookedAt.UNKNOWN
    findings: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """How satisfied an organisation said to be with what followed, and where that stands."""

    organisation: str
    satisfaction: str
    said_on: date
    said: str = ""
    reference: str = ""


def enter(store: Store, actor: Actor, told: Told, *, key: str | None = None) -> str:
    """Record a test that was held; its id. A repeat with the same key gives the same.

    Raises Forbidden, InvalidInput and Conflict (the key was used for something else).
    """
    permissions.require(actor, Right.FOLLOW_UP)
    repeat = repeats.of(actor, key, Subject.TEST, told)
    with writing(store) as connection:
        if made := repeat.recorded(connection):
            return made
        new = f"T-{secrets.token_hex(4).upper()}"
        _record(connection, actor, new, told, "enter")
        repeat.record(connection, Subject.TEST, new)
    return new


def change(store: Store, actor: Actor, test: str, told: Told) -> None:
    """Tell anew what it was. Raises Forbidden, NotFound, InvalidInput and Refused."""
    with writing(store) as connection:
        _standing(connection, actor, test)
        _record(connection, actor, test, told, "change")


def withdraw(store: Store, actor: Actor, test: str) -> None:
    """Say that it was not held after all. Raises Forbidden, NotFound and Refused."""
    with writing(store) as connection:
        known = _standing(connection, actor, test)
        _tell(connection, actor, Fact(Subject.TEST, test, "withdraw"), replace(known, stands=False))


def hear(store: Store, actor: Actor, test: str, heard: Heard, *, key: str | None = None) -> None:
    """Record how satisfied one who took part is. Raises Forbidden, NotFound, InvalidInput, Refused
    and Conflict."""
    repeat = repeats.of(actor, key, Subject.TEST, test, heard)
    with writing(store) as connection:
        if repeat.recorded(connection):
            return
        known = _standing(connection, actor, test)
        problems = among("organisation", [heard.organisation], known.organisations)
        problems += among("satisfaction", [heard.satisfaction], [*Satisfaction])
        if heard.said_on > moments.today(connection):
            problems.append(Problem("said_in_the_future", "saidOn"))
        refuse(problems)
        values = {
            "organisation": heard.organisation,
            "satisfaction": heard.satisfaction,
            "said_on": heard.said_on,
        }
        texts = {name: names.text_given(name, getattr(heard, name)) for name in _HEARD}
        fact = Fact(Subject.TEST, test, "hear", values, texts)
        (told,) = append(connection, By(actor.person, actor.role), fact)
        connection.execute(
            insert(implementation_test_opinions).values(
                test=test,
                **values,
                **texts,
                recorded_by=actor.person,
                recorded_at=told.recorded_at,
            )
        )
        repeat.record(connection, Subject.TEST, test)


_HEARD = ("said", "reference")


def _standing(connection: Connection, actor: Actor, wanted: str) -> ImplementationTest:
    """The test, for nobody else to change until the transaction ends."""
    permissions.require(actor, Right.FOLLOW_UP)
    locks.hold(connection, locks.TESTS)
    found = implementation.one(connection, wanted)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    if not found.stands:
        raise refused(Code.TEST_WITHDRAWN)
    return found


def _record(connection: Connection, actor: Actor, wanted: str, told: Told, fact: str) -> None:
    _check(connection, told)
    known = ImplementationTest(
        wanted,
        told.kind,
        told.held_on,
        told.person,
        told.capability,
        tuple(one for one in Organisation if one in told.organisations),
        names.given("title", told.title),
        names.text_given("findings", told.findings),
        names.text_given("reference", told.reference),
    )
    values = {
        "test_kind": known.kind,
        "held_on": known.held_on,
        "person_effect": known.person,
        "capability": known.capability,
        "organisations": [*known.organisations],
    }
    _tell(connection, actor, Fact(Subject.TEST, wanted, fact, values, _texts(known)), known)


def _texts(known: ImplementationTest) -> dict[str, str]:
    return {name: getattr(known, name) for name in TEST_TEXTS}


def _tell(connection: Connection, actor: Actor, fact: Fact, known: ImplementationTest) -> None:
    (recorded,) = append(connection, By(actor.person, actor.role), fact)
    connection.execute(
        insert(implementation_test_terms).values(
            test=known.id,
            kind=known.kind,
            held_on=known.held_on,
            person=known.person,
            capability=known.capability,
            organisations=[*known.organisations],
            stands=known.stands,
            **_texts(known),
            recorded_by=actor.person,
            recorded_at=recorded.recorded_at,
        )
    )


def _check(connection: Connection, told: Told) -> None:
    """Raise InvalidInput, naming all that is wrong with it."""
    problems = among("kind", [told.kind], [*ImplementationKind])
    if told.held_on > moments.today(connection):
        problems.append(Problem("tested_in_the_future", "heldOn"))
    if not told.organisations:
        problems.append(Problem("missing", "organisations"))
    problems += among("organisations", told.organisations, [*Organisation])
    problems += among("person", [told.person], [*LookedAt])
    problems += among("capability", [told.capability], [*LookedAt])
    refuse(problems)
