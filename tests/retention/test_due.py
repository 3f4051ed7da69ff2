"""What is past its term, found from its end: the same as by looking at every case there is."""

import json
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, select

from kdt import clock
from kdt.cases.importing import import_history
from kdt.cases.model import entries
from kdt.procedure import Walk
from kdt.register.from_log import walked
from kdt.retention import past, service
from kdt.retention.due import Standing, Unit, units
from kdt.retention.queries import What
from kdt.retention.terms import ANSWERED, PEOPLE, Counted, Ending, Term
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading
from tests.oracle.generator import encode, generate
from tests.retention.record import FIRST

Told = dict[frozenset[str], Standing]
Terms = dict[str, Term]


@pytest.mark.parametrize("seed", range(8))
def test_what_is_past_its_term_is_what_looking_at_every_case_finds(
    seed: int, store: Store, tmp_path: Path
) -> None:
    rng = Random(seed)
    file = tmp_path / "history.jsonl"
    file.write_bytes(encode(generate(seed, 40)))
    assert import_history(store, file, by="beheer").bad == []
    with reading(store) as connection:
        day = today(connection)
        # So that much of what ended then is past its term, and not all of it.
        months = (day.year - 2022) * 12 + day.month - 6
    terms: Terms = {}
    for kept in (*Ending, PEOPLE):
        if rng.random() < 0.2:
            continue
        counted = rng.choice([*Counted]) if kept in (*ANSWERED, PEOPLE) else Counted.CLOSED
        terms[kept] = Term(day, months - rng.randrange(8), counted)
        service.set_term(store, FIRST, kept, months=terms[kept].months, counted=counted)
    with reading(store) as connection:
        ids = [*connection.scalars(select(entries.c.escalation_id).distinct())]
    held = set(rng.sample(sorted(ids), 5))
    for one in held:
        service.place(store, FIRST, one, "Beroep.")
    with reading(store) as connection:
        for what in (What.CONTENT, What.PEOPLE):
            found = told(units(connection, what), day)
            assert found == slowly(connection, what, terms, held, day)
            assert found or (what is What.PEOPLE and PEOPLE not in terms)


def told(found: list[Unit], day: date) -> Told:
    return {frozenset(one.escalation for one in unit.items): unit.standing(day) for unit in found}


def slowly(connection: Connection, what: What, terms: Terms, held: set[str], day: date) -> Told:
    """By walking every history, and by every case any entry ever named."""
    if what is What.PEOPLE:
        terms = {ending: terms[PEOPLE] for ending in Ending if PEOPLE in terms}
    histories = {one: walk for one, (walk,) in walked(connection, (None,))}
    found: Told = {}
    groups = together(connection) if what is What.CONTENT else [{one} for one in histories]
    for group in groups:
        over = {one: is_over(connection, one, histories[one], terms, day) for one in group}
        if all(over.values()):
            found[frozenset(group)] = Standing.HELD if group & held else Standing.DUE
        elif any(over.values()):
            found[frozenset(group)] = Standing.WAITING
    return found


def is_over(connection: Connection, escalation: str, walk: Walk, terms: Terms, day: date) -> bool:
    state = walk.state
    if state is None:
        last = connection.scalars(
            select(entries.c.recorded_on).where(entries.c.escalation_id == escalation)
        ).all()
        return Ending.VOIDED in terms and later(max(last), terms[Ending.VOIDED]) <= day
    if state.phase in ("withdrawn", "lapsed"):
        return state.phase in terms and later(state.last_on, terms[state.phase]) <= day
    if state.phase not in ("settled", "closed"):
        return False
    answer = next(step.act for step in reversed(walk.steps) if step.settles)
    outcome = str(answer.values["outcome"])
    term = terms.get(str(answer.values["ruling"]) if outcome == "decided" else outcome)
    if term is None:
        return False
    if term.counted is Counted.SETTLED:
        return later(answer.occurred_on, term) <= day
    return state.phase == "closed" and later(state.last_on, term) <= day


def later(day: date, term: Term) -> date:
    assert term.months is not None
    return clock.later(day, term.months)


def together(connection: Connection) -> list[set[str]]:
    """Escalations that any entry ever said are of one case, until nothing joins any more."""
    named: dict[str, set[str]] = defaultdict(set)
    for escalation, content in connection.execute(
        select(entries.c.escalation_id, entries.c.content)
    ):
        values = json.loads(content)["values"]
        for given in (values, values.get("with", {})):
            if "case" in given:
                named[given["case"]].add(escalation)
    groups: list[set[str]] = []
    for these in named.values():
        joined = [one for one in groups if one & these]
        groups = [one for one in groups if not one & these]
        groups.append(these.union(*joined))
    return groups


def test_no_day_that_is_past_a_term_is_later_than_is_looked_for() -> None:
    for months in (1, 2, 11, 12, 60):
        for number in range(3 * 366):
            day = date(2023, 1, 1) + timedelta(days=number)
            for since in (past.latest(months, day) + timedelta(days=one) for one in range(1, 5)):
                assert clock.later(since, months) > day
