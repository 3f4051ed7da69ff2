"""What an administrator does about keeping: terms, holds, and destruction by two people.

Each is a fact of the ledger, recorded in the transaction of the thing itself. Of a destruction one
person prepares the list, which is then frozen, and another confirms it under its digest.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import Connection, select

from kdt import names, words
from kdt.access import permissions, repeats
from kdt.access import queries as access
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import dossiers, sights
from kdt.cases.model import escalations
from kdt.errors import Conflict, Forbidden, NotFound
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.retention.due import Standing, Unit, units
from kdt.retention.model import retention_items
from kdt.retention.queries import (
    Listed,
    Selection,
    Stage,
    What,
    applied,
    digest,
    held,
    in_order,
    items,
    selections,
)
from kdt.retention.terms import ANSWERED, KEPT, LONGEST_MONTHS, PEOPLE, Counted
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading, writing
from kdt.store.writing import insert
from kdt.values import Problem


def set_term(
    store: Store,
    actor: Actor,
    kept: str,
    *,
    months: int | None,
    counted: Counted = Counted.CLOSED,
    on: date | None = None,
) -> None:
    """Set the term of an ending, or of who did what, from a day on (today); None ends it.

    Raises Forbidden and InvalidInput.
    """
    permissions.require(actor, Right.RETAIN)
    if kept not in KEPT:
        details = {"given": kept[:50], "known": ", ".join(KEPT)}
        raise names.invalid(Problem("not_one_of", "kept", details))
    if months is not None and not 0 < months <= LONGEST_MONTHS:
        raise names.invalid(Problem("not_a_term", "amount", {"longest": LONGEST_MONTHS // 12}))
    if counted is Counted.SETTLED and kept not in (*ANSWERED, PEOPLE):
        raise names.invalid(Problem("never_settled", "counted"))
    with writing(store) as connection:
        day = on or today(connection)
        values: dict[str, object] = {"effective_on": day}
        if months is not None:
            values |= {"months": months, "counted_from": counted}
        fact = "end" if months is None else "set"
        append(connection, By(actor.person, actor.role), Fact(Subject.TERM, kept, fact, values))


def place(
    store: Store, actor: Actor, escalation: str, reason: str, *, key: str | None = None
) -> None:
    """Keep an escalation from destruction, for a reason, until lifted. A repeat with the same key
    changes nothing.

    Raises Forbidden, NotFound, InvalidInput, and Conflict when it is held already, or the key was
    used for something else.
    """
    _hold(store, actor, escalation, reason, key, placing=True)


def lift(
    store: Store, actor: Actor, escalation: str, reason: str, *, key: str | None = None
) -> None:
    """End a hold, for a reason. Raises as `place`; Conflict when there is none."""
    _hold(store, actor, escalation, reason, key, placing=False)


def _hold(
    store: Store, actor: Actor, escalation: str, reason: str, key: str | None, *, placing: bool
) -> None:
    permissions.require(actor, Right.HOLD)
    given = _given(reason)
    repeat = repeats.of(actor, key, Subject.HOLD, placing, escalation, given)
    with writing(store) as connection:
        if repeat.recorded(connection):
            return
        # Nothing is destroyed meanwhile, and nobody else places or lifts.
        dossiers.begin_alone(connection)
        if not _knows(connection, actor, escalation):
            raise NotFound(words.say("refusal.not_found"))
        if placing == (escalation in held(connection, escalation)):
            raise Conflict(words.say(f"retention.{'held_already' if placing else 'not_held'}"))
        fact = "place" if placing else "lift"
        texts = {"reason": given}
        append(
            connection,
            By(actor.person, actor.role),
            Fact(Subject.HOLD, escalation, fact, texts=texts),
        )
        repeat.record(connection, Subject.HOLD, escalation)


def _knows(connection: Connection, actor: Actor, escalation: str) -> bool:
    """Whether it is there, and the actor may know of it; who keeps the terms knows of each."""
    row = connection.execute(
        select(escalations).where(escalations.c.id == escalation)
    ).one_or_none()
    if row is None or permissions.has(actor, Right.RETAIN):
        return row is not None
    state = dossiers.state(row)
    return state is not None and permissions.sees(
        actor, sights.matter(connection, [actor], escalation, state)
    )


def prepare(store: Store, actor: Actor, what: What, *, key: str | None = None) -> str:
    """Freeze what is past its term today as a selection; gives its id, and for a repeat with the
    same key the same.

    Raises Forbidden, also to who is not known here by signing in, and Conflict when nothing is past
    its term, another selection still waits, or the key was used for something else.
    """
    repeat = repeats.of(actor, key, Subject.DESTRUCTION, "prepare", what)
    # Looking through everything keeps nobody waiting. What is recorded of it meanwhile is not
    # covered by the list, and stays for that.
    with reading(store) as connection:
        _may_decide(connection, actor)
        day = today(connection)
        due = [one for one in units(connection, what) if one.standing(day) is Standing.DUE]
        terms = applied(connection, what, day)
    rows = in_order(_listed(due))
    with writing(store) as connection:
        if made := repeat.recorded(connection):
            return made
        if not rows:
            raise Conflict(words.say("retention.nothing_due"))
        dossiers.begin_alone(connection)
        waiting = (Stage.PREPARED, Stage.CONFIRMED)
        if any(one.what is what and one.stage in waiting for one in selections(connection)):
            raise Conflict(words.say("retention.another_waits"))
        chosen = "D-" + secrets.token_hex(4)
        values = {
            "what": what,
            "due_on": day,
            "terms": terms,
            "escalations": len(rows),
            "cases": sum(one.cases for one in due),
            "digest": digest(rows),
        }
        _record(connection, actor, chosen, "prepare", values)
        insert(connection, [(retention_items, [(chosen, *one) for one in rows])])
        repeat.record(connection, Subject.DESTRUCTION, chosen)
    return chosen


def confirm(
    store: Store, actor: Actor, selection: str, seen: str, *, key: str | None = None
) -> None:
    """Have a selection destroyed, on the list whose digest was `seen`. It cannot be undone.

    Raises Forbidden, also to who prepared it and to who is not known here by signing in, NotFound,
    and Conflict when it does not wait for this, its list is not what was seen, or the key was used
    for something else.
    """
    repeat = repeats.of(actor, key, Subject.DESTRUCTION, "confirm", selection, seen)
    with writing(store) as connection:
        _may_decide(connection, actor)
        if repeat.recorded(connection):
            return
        found = _waiting(connection, selection)
        if found.prepared.person == actor.person:
            raise Forbidden(words.say("forbidden.confirms_own"))
        now = digest(items(connection, selection))
        if not seen == now == found.prepared.values["digest"]:
            raise Conflict(words.say("retention.list_changed"))
        _record(connection, actor, selection, "confirm", {"digest": now})
        repeat.record(connection, Subject.DESTRUCTION, selection)


def refuse(
    store: Store, actor: Actor, selection: str, reason: str, *, key: str | None = None
) -> None:
    """Let a selection go: nothing of it is destroyed. Whoever prepared it may do so too.

    Raises Forbidden, NotFound, InvalidInput and Conflict.
    """
    given = _given(reason)
    repeat = repeats.of(actor, key, Subject.DESTRUCTION, "refuse", selection, given)
    with writing(store) as connection:
        _may_decide(connection, actor)
        if repeat.recorded(connection):
            return
        _waiting(connection, selection)
        _record(connection, actor, selection, "refuse", {}, {"reason": given})
        repeat.record(connection, Subject.DESTRUCTION, selection)


def _waiting(connection: Connection, selection: str) -> Selection:
    """A selection that waits to be confirmed. Raises NotFound and Conflict."""
    # Nobody else decides on it meanwhile.
    dossiers.begin_alone(connection)
    found = next(iter(selections(connection, selection)), None)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    if found.stage is not Stage.PREPARED:
        raise Conflict(words.say("retention.not_waiting"))
    return found


def _may_decide(connection: Connection, actor: Actor) -> None:
    """Raise Forbidden unless it is somebody who may, and who is known by signing in: of whoever
    types a command nobody can tell whether it is another than who prepared."""
    permissions.require(actor, Right.RETAIN)
    if not access.enabled(connection, actor.person):
        raise Forbidden(words.say("forbidden.decides_unknown"))


def _record(
    connection: Connection,
    actor: Actor,
    selection: str,
    fact: str,
    values: Mapping[str, object],
    texts: Mapping[str, str] | None = None,
) -> None:
    by = By(actor.person, actor.role)
    append(connection, by, Fact(Subject.DESTRUCTION, selection, fact, values, texts or {}))


def _listed(due: Iterable[Unit]) -> Iterator[Listed]:
    for number, unit in enumerate(due, 1):
        for one in unit.items:
            if one.ending is None or one.since is None:
                raise ValueError(f"{one.escalation} did not end, and is not due")
            yield Listed(one.escalation, number, one.seq, one.ending, one.since)


def _given(reason: str) -> str:
    given = names.text_given("reason", reason)
    if not given:
        raise names.invalid(Problem("blank", "reason"))
    return given
