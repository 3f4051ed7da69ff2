"""Replaying statements of destruction on a record restored from an older backup: what was destroyed
since stays destroyed. To be done before anything is served."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from kdt import clock, words
from kdt.cases import dossiers
from kdt.errors import Conflict
from kdt.ledger.model import ledger, ledger_people, ledger_texts
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.progress import Progress, unseen
from kdt.retention.destroying import destroy, finish
from kdt.retention.model import retention_items
from kdt.retention.queries import Stage, items
from kdt.retention.statements import Statement
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.store.writing import insert

# What of a list was left as it was: that stays so.
_LEFT = frozenset({"held", "changed"})


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did: statements replayed, and units destroyed once more."""

    statements: int
    units: int


def replay(
    store: Store, statements: Iterable[Statement], by: str, progress: Progress = unseen
) -> Replayed:
    """Put every confirmed destruction into effect again that this record does not know of, or has
    not finished; the ledger gets the facts back as they were, and who replayed them.

    Safe to repeat. Raises Conflict when this record says otherwise of a selection.
    """
    done, destroyed = 0, 0
    for one in statements:
        if not any(json.loads(fact["content"])["fact"] == Stage.CONFIRMED for fact in one.facts):
            continue
        with writing(store) as connection:
            dossiers.begin_alone(connection)
            _bring_back(connection, one)
        left = _left(store, one.selection)
        destroy(store, one.selection, progress)
        with writing(store) as connection:
            finish(connection, one.selection)
            if left:
                values = {"destroyed": left}
                append(
                    connection, By(by), Fact(Subject.DESTRUCTION, one.selection, "replay", values)
                )
        done, destroyed = done + 1, destroyed + left
    return Replayed(done, destroyed)


def _left(store: Store, selection: str) -> int:
    with reading(store) as connection:
        return len({one.unit for one in items(connection, selection) if one.result is None})


def _bring_back(connection: Connection, given: Statement) -> None:
    """The facts and the list of a statement, as far as they are not there."""
    known = connection.scalars(
        select(ledger.c.hash)
        .where(ledger.c.subject == Subject.DESTRUCTION, ledger.c.subject_id == given.selection)
        .order_by(ledger.c.seq)
    ).all()
    told = [bytes.fromhex(fact["hash"]) for fact in given.facts]
    together = min(len(known), len(told))
    if list(known[:together]) != told[:together]:
        raise Conflict(words.say("retention.other_history", selection=given.selection))
    facts: list[tuple[object, ...]] = []
    people: list[tuple[object, ...]] = []
    texts: list[tuple[object, ...]] = []
    for seq, fact in enumerate(given.facts[len(known) :], len(known) + 1):
        place = (Subject.DESTRUCTION, given.selection, seq)
        facts.append((*place, *_columns(fact)))
        people.append((*place, fact["person"]["person"], bytes.fromhex(fact["person"]["salt"])))
        if fact["reason"] is not None:
            salt = bytes.fromhex(fact["reason"]["salt"])
            texts.append((*place, "reason", fact["reason"]["content"], salt, None))
    insert(connection, [(ledger, facts), (ledger_people, people), (ledger_texts, texts)])
    if not items(connection, given.selection):
        rows = [
            (given.selection, *one[:-1], one.result if one.result in _LEFT else None)
            for one in given.listed
        ]
        insert(connection, [(retention_items, rows)])


def _columns(fact: Mapping[str, Any]) -> tuple[object, ...]:
    """The rest of a row of the ledger, which its content says."""
    entry = json.loads(fact["content"])
    recorded_at = datetime.fromisoformat(entry["recordedAt"])
    return (
        entry["ref"],
        entry["fact"],
        date.fromisoformat(entry["occurredOn"]),
        recorded_at,
        clock.day(recorded_at),
        None,
        fact["content"].encode(),
        bytes.fromhex(fact["hash"]),
    )
