"""What may be gone: only what a confirmed selection in the ledger lists, or what an import brought
in without it. What a finished one lists, must be gone."""

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Text, and_, cast, select

from kdt.cases.model import case_numbers, escalations
from kdt.ledger.model import ledger, ledger_people
from kdt.retention.model import retention_items
from kdt.store.writing import AnyRow
from kdt.verify.findings import Report

CONTENT, PEOPLE, READS = "content", "people", "reads"
_SUBJECT, _CASE = "destruction", "request"
# What the ledger says of escalations beside their own log: its texts go with theirs, or are names.
_BESIDE = {CONTENT: {"hold"}, PEOPLE: {"escalation", "hold"}}


@dataclass(slots=True)
class Covered:
    """Up to which entry of each escalation texts, or people, may be gone, and must be; and the
    cases that came in without a number."""

    may: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    must: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    cases: set[uuid.UUID] = field(default_factory=set)
    # The cases of which somebody asked something, all of whose escalations may have lost their
    # people.
    unnamed: set[str] = field(default_factory=set)
    # All cases without a number, lawful or not.
    numberless: set[uuid.UUID] = field(default_factory=set)

    def lawful(self, what: str, escalation: str, seq: int) -> bool:
        """Whether a text, or who made an entry, may be gone."""
        return self.may[what].get(escalation, 0) >= seq

    def read_on(self, day: date) -> bool:
        """Whether it may be gone who read what on a day."""
        return day.isoformat() in self.may[READS]

    def beside(self, what: str, subject: str, subject_id: str) -> bool:
        """Whether texts, or people, of the ledger's facts about a subject may be gone."""
        if subject == _CASE:
            if what == PEOPLE:
                return subject_id in self.unnamed
            return uuid.UUID(subject_id) in self.numberless
        return subject in _BESIDE[what] and subject_id in self.may[what]

    def overdue(self, what: str, escalation: str, seq: int) -> bool:
        """Whether it must be gone."""
        return self.must[what].get(escalation, 0) >= seq


def load(connection: Connection, report: Report) -> Covered:
    """Read what was destroyed on whose word, and name the lists that are not those confirmed."""
    gone = select(case_numbers.c.case_id).where(case_numbers.c.number.is_(None))
    covered = Covered(numberless=set(connection.scalars(gone)))
    imported = connection.scalars(select(ledger.c.content).where(ledger.c.fact == "import"))
    for content in imported:
        values = json.loads(content)["values"]
        covered.cases.update(map(uuid.UUID, values.get("destroyed_cases", ())))
    for selection, facts in _told(connection).items():
        if "confirm" not in facts:
            continue
        prepared, prepared_by = facts["prepare"]
        confirmed, confirmed_by = facts["confirm"]
        if prepared_by == confirmed_by:
            report.add("destroyed_alone", where=selection)
        listed = connection.execute(
            select(retention_items).where(retention_items.c.selection == selection)
        ).all()
        if not _digest(listed) == prepared["digest"] == confirmed["digest"]:
            report.add("destroyed_list", where=selection)
            continue
        finished, _ = facts.get("finish", ({}, None))
        left = {*finished.get("held", ()), *finished.get("changed", ())}
        for row in listed:
            if row.unit in left:
                continue
            _reach(covered.may[prepared["what"]], row)
            if finished and row.result == "destroyed":
                _reach(covered.must[prepared["what"]], row)
    covered.unnamed.update(_unnamed(connection, covered))
    return covered


def _unnamed(connection: Connection, covered: Covered) -> Iterator[str]:
    asked = select(ledger.c.subject_id).where(ledger.c.subject == _CASE)
    case = cast(escalations.c.case_id, Text)
    of: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(
        select(case.label("case"), escalations.c.id).where(case.in_(asked))
    ):
        of[row.case].append(row.id)
    for one, its in of.items():
        if all(escalation in covered.may[PEOPLE] for escalation in its):
            yield one


def _told(connection: Connection) -> dict[str, dict[str, tuple[dict[str, Any], str | None]]]:
    """The facts of every selection: values and who recorded it, by kind."""
    found: dict[str, dict[str, tuple[dict[str, Any], str | None]]] = defaultdict(dict)
    rows = connection.execute(
        select(ledger.c.subject_id, ledger.c.fact, ledger.c.content, ledger_people.c.person)
        .outerjoin_from(
            ledger,
            ledger_people,
            and_(
                ledger.c.subject == ledger_people.c.subject,
                ledger.c.subject_id == ledger_people.c.subject_id,
                ledger.c.seq == ledger_people.c.seq,
            ),
        )
        .where(ledger.c.subject == _SUBJECT)
        .order_by(ledger.c.subject_id, ledger.c.seq)
    )
    for row in rows:
        found[row.subject_id][row.fact] = json.loads(row.content)["values"], row.person
    return found


def _reach(up_to: dict[str, int], row: AnyRow) -> None:
    up_to[row.escalation_id] = max(row.seq, up_to.get(row.escalation_id, 0))


def _digest(listed: Sequence[AnyRow]) -> str:
    lines = [
        json.dumps(
            [row.unit, row.escalation_id, row.seq, row.ending, row.since.isoformat()],
            ensure_ascii=False,
        )
        for row in sorted(listed, key=lambda row: (row.unit, row.escalation_id))
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
