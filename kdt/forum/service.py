"""Anybody who works with KDT brings a case they may know of, or a problem that comes back, to the
IND-wide forum. What the forum makes of it is a rode draad, one there was or a new one, or none with
reasons: never a ruling. Whoever keeps the rode draden records it.

It is no level of the ladder: what happens with the case goes on by itself.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from kdt import names, words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import view
from kdt.errors import Forbidden, InvalidInput, NotFound, refused
from kdt.forum import queries
from kdt.forum.queries import Item
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.themes.model import forum_steps
from kdt.themes.queries import theme
from kdt.themes.service import added, changing
from kdt.values import Problem


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    FORUM_ITEM_CONCLUDED = "forum_item_concluded"
    FORUM_ITEM_WITHDRAWN = "forum_item_withdrawn"


@dataclass(frozen=True, slots=True)
class Concluded:
    """What the forum made of an item on a day: a rode draad there is, or the name of a new one, or
    neither; and why."""

    discussed_on: date
    reasons: str
    theme: str | None = None
    name: str | None = None


def bring(
    store: Store,
    actor: Actor,
    problem: str,
    escalation: str | None = None,
    *,
    key: str | None = None,
) -> str:
    """Bring a problem, with the escalation that shows it where there is one; the item's id. A
    repeat with the same key gives the same. Raises InvalidInput and Conflict."""
    problem = names.text_given("problem", problem)
    if not problem:
        raise names.invalid(Problem("missing", "problem"))
    repeat = repeats.of(actor, key, Subject.FORUM, problem, escalation)
    with writing(store) as connection:
        if made := repeat.recorded(connection):
            return made
        if escalation is not None and view.matter(connection, [actor], escalation) is None:
            # Whether it is there is not told to who may not know of it.
            details = {"given": escalation[:50], "known": ""}
            raise names.invalid(Problem("not_one_of", "escalation", details))
        new = f"F-{secrets.token_hex(4).upper()}"
        values = {} if escalation is None else {"escalation": escalation}
        fact = Fact(Subject.FORUM, new, "bring", values, {"words": problem})
        _record(connection, actor, fact)
        repeat.record(connection, Subject.FORUM, new)
    return new


def withdraw(store: Store, actor: Actor, wanted: str) -> None:
    """Take back what one brought oneself, before the forum took it. Raises Forbidden, NotFound and
    Refused."""
    with changing(store) as connection:
        known = _waiting(connection, wanted)
        check_brought(actor.person, known)
        _record(connection, actor, Fact(Subject.FORUM, wanted, "withdraw", {}, {"words": ""}))


def conclude(
    store: Store, actor: Actor, wanted: str, told: Concluded, *, key: str | None = None
) -> str | None:
    """Record what the forum made of an item; the id of the rode draad, or None. Told again, the
    last holds and both stay. Raises Forbidden, NotFound, InvalidInput, Refused and Conflict."""
    permissions.require(actor, Right.MANAGE_THEMES)
    reasons = names.text_given("reasons", told.reasons)
    repeat = repeats.of(actor, key, Subject.FORUM, wanted, told)
    with changing(store) as connection:
        if (answer := repeat.earlier(connection)) is not None:
            return answer["theme"] and str(answer["theme"])
        known = _found(connection, wanted)
        if known.withdrawn:
            raise refused(Code.FORUM_ITEM_WITHDRAWN)
        _check(connection, known, told, reasons)
        led_to = told.theme
        if told.name is not None:
            led_to = added(connection, actor, told.name, known.problem).id
        values = {} if led_to is None else {"theme": led_to}
        texts = {"words": reasons}
        fact = Fact(Subject.FORUM, wanted, "conclude", values, texts, occurred_on=told.discussed_on)
        _record(connection, actor, fact)
        repeat.record(connection, Subject.FORUM, wanted, theme=led_to)
    return led_to


def check_brought(person: str, known: Item) -> None:
    """Raise Forbidden unless this person brought it."""
    if known.brought_by != person:
        raise Forbidden(words.say("forbidden.not_brought"))


def _check(connection: Connection, known: Item, told: Concluded, reasons: str) -> None:
    """Raise InvalidInput, naming all that is wrong with it."""
    problems = []
    if not known.brought_on <= told.discussed_on <= moments.today(connection):
        problems.append(Problem("not_a_forum_day", "discussedOn"))
    if told.theme is not None and told.name is not None:
        problems.append(Problem("one_or_the_other", "name"))
    if told.theme is not None and theme(connection, told.theme) is None:
        problems.append(Problem("not_one_of", "theme", {"given": told.theme[:50], "known": ""}))
    if not reasons and told.theme is None and told.name is None:
        problems.append(Problem("missing", "reasons"))
    if problems:
        raise InvalidInput(problems, " ".join(words.sentence(one) for one in problems))


def _found(connection: Connection, wanted: str) -> Item:
    known = queries.item(connection, wanted)
    if known is None:
        raise NotFound(words.say("refusal.not_found"))
    return known


def _waiting(connection: Connection, wanted: str) -> Item:
    known = _found(connection, wanted)
    if known.withdrawn:
        raise refused(Code.FORUM_ITEM_WITHDRAWN)
    if known.discussed_on is not None:
        raise refused(Code.FORUM_ITEM_CONCLUDED)
    return known


def _record(connection: Connection, actor: Actor, fact: Fact) -> None:
    (recorded,) = append(connection, By(actor.person, actor.role), fact)
    connection.execute(
        insert(forum_steps).values(
            item=fact.id,
            seq=recorded.seq,
            fact=fact.fact,
            occurred_on=fact.occurred_on or moments.today(connection),
            escalation=fact.values.get("escalation"),
            theme=fact.values.get("theme"),
            words=fact.texts["words"],
            recorded_by=actor.person,
            recorded_at=recorded.recorded_at,
        )
    )
