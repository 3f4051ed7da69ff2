"""Facts of the ledger that are read from it alone: what was said of each subject of a kind."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select

from kdt.ledger.model import ledger, ledger_people
from kdt.store.writing import AnyRow
from kdt.verify.findings import Report, subject

# What is raised by values that are not what they should be.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class Said(NamedTuple):
    """A fact: its values, who recorded it and when."""

    values: dict[str, Any]
    person: str | None
    at: datetime


def said(connection: Connection, kind: str, report: Report) -> dict[str, dict[str, Said]]:
    """The facts of every subject of a kind, by fact, as far as they can be read; of one that was
    recorded twice the last."""
    found: dict[str, dict[str, Said]] = defaultdict(dict)
    rows = connection.execute(
        select(ledger, ledger_people.c.person)
        .outerjoin_from(
            ledger,
            ledger_people,
            and_(
                ledger.c.subject == ledger_people.c.subject,
                ledger.c.subject_id == ledger_people.c.subject_id,
                ledger.c.seq == ledger_people.c.seq,
            ),
        )
        .where(ledger.c.subject == kind)
        .order_by(ledger.c.subject_id, ledger.c.seq)
    )
    for row in rows:
        try:
            values = dict(json.loads(row.content)["values"])
        except UNREADABLE:
            unreadable(row, report)
            continue
        found[row.subject_id][row.fact] = Said(values, row.person, row.recorded_at)
    return found


def unreadable(row: AnyRow, report: Report) -> None:
    """Name a fact whose values cannot be read."""
    where = subject(row.subject, row.subject_id)
    report.add("unreadable", seq=row.seq, where=where, part="values")
