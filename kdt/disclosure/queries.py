"""Reading what was asked about a case by the person it is about, and all that is held of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Text, any_, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.cases.inputs import Prose
from kdt.cases.model import case_numbers, entries, entry_texts
from kdt.ledger.model import ledger, ledger_texts
from kdt.ledger.table import WHO, Subject
from kdt.reads.codes import Result
from kdt.reads.model import reads


@dataclass(frozen=True, slots=True)
class Told:
    """A fact about a request: what, when, its values, and what was worded (None: nothing, or it was
    destroyed with the case)."""

    fact: str
    at: datetime
    values: Mapping[str, Any]
    text: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """One thing recorded of the case: codes, days and texts; who did it by role alone. `done` is
    where it stands in words what was done."""

    escalation: str
    on: date
    recorded_at: datetime
    done: str
    role: str
    values: Mapping[str, Any]
    texts: Mapping[str, Prose]


@dataclass(frozen=True, slots=True)
class Looked:
    """That somebody was shown what was written of an escalation: when, in which role, and for what
    when they said so; not who."""

    escalation: str
    at: datetime
    role: str
    purpose: str | None


def case_of(connection: Connection, number: str) -> UUID | None:
    """The case with this number; None when there is none."""
    return connection.scalar(
        select(case_numbers.c.case_id).where(case_numbers.c.number == number.strip())
    )


def number_of(connection: Connection, case: UUID) -> str | None:
    """The number of a case; None when it is not there, or was destroyed."""
    return connection.scalar(select(case_numbers.c.number).where(case_numbers.c.case_id == case))


def told(connection: Connection, case: UUID) -> list[Told]:
    """What was recorded of requests about a case, in order."""
    rows = connection.execute(
        select(ledger.c.fact, ledger.c.recorded_at, ledger.c.content, ledger_texts.c.content)
        .outerjoin_from(
            ledger,
            ledger_texts,
            (ledger.c.subject == ledger_texts.c.subject)
            & (ledger.c.subject_id == ledger_texts.c.subject_id)
            & (ledger.c.seq == ledger_texts.c.seq),
        )
        .where(ledger.c.subject == Subject.REQUEST, ledger.c.subject_id == str(case))
        .order_by(ledger.c.seq)
    )
    return [Told(fact, at, json.loads(content)["values"], said) for fact, at, content, said in rows]


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked about a case, and how it stands: the last thing asked, when it came, and what
    was answered since (None: nothing yet). In codes and days."""

    case: UUID
    asked: str
    received_on: date
    answer: str | None


def requests(connection: Connection) -> list[Request]:
    """What was asked about which cases, by the last thing asked of each, the latest first."""
    rows = connection.execute(
        select(ledger.c.subject_id, ledger.c.fact, ledger.c.content)
        .where(ledger.c.subject == Subject.REQUEST, ledger.c.fact.in_(("receive", "answer")))
        .order_by(ledger.c.recorded_at)
    )
    found: dict[str, Request] = {}
    for case, fact, content in rows:
        values = json.loads(content)["values"]
        if fact == "receive":
            received_on = date.fromisoformat(values["received_on"])
            # What comes anew goes to the end.
            found.pop(case, None)
            found[case] = Request(UUID(case), values["asked"], received_on, None)
        else:
            found[case] = replace(found[case], answer=values["answer"])
    return list(reversed(found.values()))


def escalations(connection: Connection, case: UUID) -> list[str]:
    """The escalations that are, or once were, about a case."""
    return list(connection.scalars(_ESCALATIONS, {"case": str(case)}))


def held(connection: Connection, case: UUID) -> list[Held]:
    """Every entry of every escalation that is, or once was, about a case, and whatever was said
    of it beside its log; by escalation, as it was recorded."""
    of = literal(escalations(connection, case), ARRAY(Text))
    found = connection.execute(
        select(entries.c.escalation_id, entries.c.seq, entries.c.content)
        .where(entries.c.escalation_id == any_(of))
        .order_by(entries.c.escalation_id, entries.c.seq)
    ).all()
    texts: dict[tuple[str, int], dict[str, Prose]] = {}
    for row in connection.execute(
        select(entry_texts).where(entry_texts.c.escalation_id == any_(of))
    ):
        of_entry = texts.setdefault((row.escalation_id, row.seq), {})
        of_entry[row.field] = row.destroyed_on or row.content
    entered = [
        _held(row.escalation_id, "done", row.content, texts.get((row.escalation_id, row.seq), {}))
        for row in found
    ]
    return sorted([*entered, *_beside(connection, of)], key=attrgetter("escalation", "recorded_at"))


def _beside(connection: Connection, of: ColumnElement[Any]) -> list[Held]:
    """The facts beside the log of escalations that have prose."""
    found = connection.execute(
        select(ledger, ledger_texts.c.field, ledger_texts.c.destroyed_on, _TEXT)
        .join_from(
            ledger,
            ledger_texts,
            (ledger.c.subject == ledger_texts.c.subject)
            & (ledger.c.subject_id == ledger_texts.c.subject_id)
            & (ledger.c.seq == ledger_texts.c.seq),
        )
        .where(
            ledger.c.subject == Subject.ESCALATION,
            ledger.c.subject_id == any_(of),
            ledger_texts.c.field != WHO,
        )
        .order_by(ledger.c.subject_id, ledger.c.seq, ledger_texts.c.field)
    )
    return [
        _held(
            escalation,
            f"fact.{Subject.ESCALATION}",
            rows[0].content,
            {row.field: row.destroyed_on or row.text for row in rows},
        )
        for (escalation, _), of_fact in groupby(found, key=attrgetter("subject_id", "seq"))
        for rows in [list(of_fact)]
    ]


_TEXT = ledger_texts.c.content.label("text")


def looked(connection: Connection, escalations: Sequence[str]) -> list[Looked]:
    """Who was shown these, as far as it may be told: not by name."""
    rows = connection.execute(
        select(reads.c.escalation_id, reads.c.at, reads.c.role, reads.c.purpose)
        .where(
            reads.c.escalation_id == any_(literal(list(escalations), ARRAY(Text))),
            reads.c.result == Result.SHOWN,
            reads.c.role.is_not(None),
        )
        .order_by(reads.c.id)
    )
    return [Looked(*row) for row in rows]


_ESCALATIONS = text("""
    select distinct escalation_id from entries,
        lateral (select convert_from(content, 'UTF8')::jsonb -> 'values' as given) as said
    where action in ('open', 'correct')
      and (given ->> 'case' = :case or given -> 'with' ->> 'case' = :case)
    order by escalation_id
""")


def _held(escalation: str, kind: str, content: bytes, texts: Mapping[str, Prose]) -> Held:
    entry = json.loads(content)
    return Held(
        escalation,
        date.fromisoformat(entry["occurredOn"]),
        datetime.fromisoformat(entry["recordedAt"]),
        f"{kind}.{entry.get('action') or entry['fact']}",
        entry["role"],
        entry["values"],
        texts,
    )
