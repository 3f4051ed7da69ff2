"""Reading of some subjects, from the ledger itself, what was recorded of each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, select

from kdt.ledger.model import ledger, ledger_people, ledger_texts
from kdt.ledger.table import Subject


@dataclass(frozen=True, slots=True)
class Step:
    """Something recorded of a subject with one text at most: what, by whom, when, its values, and
    why. `person` or `reason` is None where it was destroyed."""

    fact: str
    person: str | None
    at: datetime
    values: Mapping[str, Any]
    reason: str | None


def steps(
    connection: Connection, subject: Subject, only: str | None = None
) -> dict[str, tuple[Step, ...]]:
    """Of each of a kind what was recorded of it, in that order; or of the one with this id."""
    query = (
        select(
            ledger.c.subject_id,
            ledger.c.fact,
            ledger.c.recorded_at,
            ledger.c.content,
            ledger_people.c.person,
            ledger_texts.c.content.label("reason"),
        )
        .outerjoin_from(ledger, ledger_people, _same_place(ledger_people))
        .outerjoin(ledger_texts, _same_place(ledger_texts))
        .where(ledger.c.subject == subject)
        .order_by(ledger.c.subject_id, ledger.c.seq)
    )
    if only is not None:
        query = query.where(ledger.c.subject_id == only)
    found: dict[str, tuple[Step, ...]] = {}
    for row in connection.execute(query):
        values = json.loads(row.content)["values"]
        step = Step(row.fact, row.person, row.recorded_at, values, row.reason)
        found[row.subject_id] = (*found.get(row.subject_id, ()), step)
    return found


def _same_place(table: Table) -> ColumnElement[bool]:
    return and_(
        table.c.subject == ledger.c.subject,
        table.c.subject_id == ledger.c.subject_id,
        table.c.seq == ledger.c.seq,
    )
