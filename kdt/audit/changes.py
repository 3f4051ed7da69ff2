"""What was changed around the cases: roles, names, mappings, themes, panels, terms. The ledger as
people read it, newest first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, or_, select, tuple_

from kdt import words
from kdt.access.model import people
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.audit.looking import looking
from kdt.ledger.model import ledger, ledger_people, ledger_texts
from kdt.ledger.table import WHO, Subject
from kdt.reads.codes import Look
from kdt.store.engine import Store
from kdt.store.writing import AnyRow
from kdt.themes.model import signal_terms
from kdt.vocabulary import CLOSED_SOURCES

PAGE = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A fact of the ledger. `about`: what or whom, as it is called; `by`: who recorded it, None
    once that was destroyed; `details`: its values and texts in words, by name."""

    position: int
    ref: str
    subject: Subject
    subject_id: str
    fact: str
    about: str
    by: str | None
    role: str
    occurred_on: date
    recorded_at: datetime
    details: Mapping[str, str]


def changes(
    store: Store,
    actors: Iterable[Actor],
    *,
    subject: Subject | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Change]:
    """At most `limit` changes below position `before`. The seals on the read log are left out: they
    change nothing; what is about a reply of staff is for who assesses signals alone. Raises
    Forbidden and NotLogged."""
    with looking(store, actors, Look.CHANGES, right=Right.AUDIT_CHANGES) as at_work:
        query = (
            select(ledger, ledger_people.c.person.label("by"))
            .outerjoin(
                ledger_people,
                (ledger_people.c.subject == ledger.c.subject)
                & (ledger_people.c.subject_id == ledger.c.subject_id)
                & (ledger_people.c.seq == ledger.c.seq),
            )
            .where(ledger.c.subject != Subject.READS, ~_of_a_reply())
            .order_by(ledger.c.position.desc())
            .limit(limit)
        )
        if subject is not None:
            query = query.where(ledger.c.subject == subject)
        if before is not None:
            query = query.where(ledger.c.position < before)
        found = at_work.connection.execute(query).fetchall()
        return _changes(at_work.connection, found)


def _changes(connection: Connection, found: Sequence[AnyRow]) -> list[Change]:
    places = [(one.subject, one.subject_id, one.seq) for one in found]
    texts: dict[tuple[str, str, int], dict[str, str]] = {}
    # What was written about a case is read with the case, where that is logged; what was agreed in
    # a talk by who was there; what somebody finds of a signal by who assesses them.
    prose = or_(
        and_(ledger_texts.c.subject == Subject.ESCALATION, ledger_texts.c.field != WHO),
        ledger_texts.c.subject == Subject.CONSULTATION,
        and_(
            ledger_texts.c.subject == Subject.SIGNAL,
            ledger_texts.c.field.in_(("assessor", "reasons")),
        ),
    )
    for row in connection.execute(
        select(ledger_texts).where(
            tuple_(ledger_texts.c.subject, ledger_texts.c.subject_id, ledger_texts.c.seq).in_(
                places
            ),
            ~prose,
        )
    ):
        told = row.content or words.say("audit.destroyed")
        texts.setdefault((row.subject, row.subject_id, row.seq), {})[row.field] = told
    names = _names(connection, {one.subject_id for one in found})
    labels = _labels(connection)
    changed = []
    for one in found:
        content: dict[str, Any] = json.loads(one.content)
        written = texts.get((one.subject, one.subject_id, one.seq), {})
        details = {name: _worded(name, value) for name, value in content["values"].items()}
        details |= {name: labels.get(told, told) for name, told in written.items()}
        changed.append(
            Change(
                one.position,
                one.ref,
                Subject(one.subject),
                one.subject_id,
                one.fact,
                names.get((one.subject, one.subject_id)) or written.get("name") or "",
                None if one.by is None else labels.get(one.by, one.by),
                content["role"],
                one.occurred_on,
                one.recorded_at,
                details,
            )
        )
    return changed


def _of_a_reply() -> ColumnElement[bool]:
    """Whether a fact is about a signal of staff: of those numbers alone are told."""
    replies = select(signal_terms.c.signal).where(signal_terms.c.source.in_(CLOSED_SOURCES))
    return and_(ledger.c.subject == Subject.SIGNAL, ledger.c.subject_id.in_(replies))


def _names(connection: Connection, ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """What the subjects are called now: a person by label, the others as last named."""
    known = {
        (str(Subject.PERSON), key): label
        for key, label in connection.execute(
            select(cast(people.c.key, Text), people.c.label).where(
                cast(people.c.key, Text).in_(ids)
            )
        )
    }
    named = connection.execute(
        select(ledger_texts.c.subject, ledger_texts.c.subject_id, ledger_texts.c.content)
        .where(ledger_texts.c.subject_id.in_(ids), ledger_texts.c.field == "name")
        .order_by(ledger_texts.c.seq)
    )
    known |= {(subject, one): name for subject, one, name in named if name is not None}
    known |= {(str(Subject.ESCALATION), one): one for one in ids}
    return known


def _labels(connection: Connection) -> dict[str, str]:
    found = connection.execute(select(people.c.id, people.c.label))
    return {row.id: row.label for row in found}


def _worded(name: str, value: object) -> str:
    if isinstance(value, bool):
        if name == "open":
            return words.say("panels.open" if value else "panels.closed")
        return words.say("audit.yes" if value else "audit.no")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    for kind in (name, f"{name}_status", "theme_status"):
        if words.known(f"{kind}.{value}"):
            return words.say(f"{kind}.{value}")
    return str(value)
