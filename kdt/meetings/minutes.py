"""The minutes of a meeting: what was discussed and what it came to, from the record itself.

No second copy of anything is kept. What the chair approves is which entries they are: of each case
the consideration, and the head of its chain at that moment, which fixes every word by its digest.
So approved minutes read the same for ever, as far as their texts were not destroyed; what is
corrected afterwards stands beside it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from kdt import clock, hashing
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import before_panel
from kdt.cases.answers import Answer
from kdt.cases.discussed import Discussed, discussed
from kdt.cases.model import entries
from kdt.cases.queries import EscalationRow
from kdt.errors import refused
from kdt.ledger.model import ledger
from kdt.ledger.table import Subject
from kdt.meetings.hall import Code, entered, tell
from kdt.panels import agendas
from kdt.panels.model import attestations, meeting_attendance, minutes
from kdt.panels.slots import Meeting, meeting
from kdt.store.engine import Store
from kdt.store.writing import AnyRow

# The form of what is approved.
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Closed:
    """That a meeting was closed: by whom, when, and what they attested."""

    person: str
    at: datetime
    attested: str


@dataclass(frozen=True, slots=True)
class Approval:
    """That the minutes were approved: by whom and when."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A case that was discussed. `seen`: as this person sees it, None where it is not for them;
    `answer`: what it came to, as approved or as long as it is not as it stands; `now`: what stands
    since, where it was corrected after approval, and `voided` where nothing does; `consented`: it
    was recorded without discussion."""

    escalation: str
    late: str | None
    seen: Discussed | None
    answer: Answer | None
    now: Answer | None = None
    voided: bool = False
    consented: bool = False


@dataclass(frozen=True, slots=True)
class Minutes:
    """What is written of a meeting. `present`: who was there, by their ids; `digest`: of what the
    chair approves, or would."""

    meeting: Meeting
    closed: Closed | None
    approval: Approval | None
    present: tuple[str, ...]
    items: tuple[Item, ...]
    not_reached: tuple[EscalationRow, ...]
    digest: str


def read(
    connection: Connection, actors: Sequence[Actor], panel: str, held_on: date
) -> Minutes | None:
    """The minutes of a meeting, for whoever serves its panel; None where there is no meeting. That
    each case is read is logged first. Raises NotLogged."""
    found = meeting(connection, panel, held_on)
    if found is None:
        return None
    closed, approved = _closed(connection, found.id), _approved(connection, found.id)
    if closed is None or (approved is not None and approved.recorded_at < closed.at):
        approved = None
    content = _content(connection, found, closed) if approved is None else approved.content
    told = json.loads(content)
    late = _late(connection, found)
    kept = {one["escalation"]: one["seq"] for one in told["items"]}
    seen = discussed(connection, actors, kept)
    return Minutes(
        found,
        closed,
        None if approved is None else Approval(approved.recorded_by, approved.recorded_at),
        _present(connection, found.id, None if approved is None else approved.recorded_at),
        tuple(
            _item(one, seen.get(one["escalation"]), late.get(one["escalation"]))
            for one in told["items"]
        ),
        # What was carried over since, after a correction, is not in what was approved.
        tuple(
            one
            for one in before_panel.not_reached(connection, found.id)
            if one.id in told["notReached"]
        ),
        _digest(content),
    )


def approve(store: Store, actors: Sequence[Actor], panel: str, held_on: date, digest: str) -> None:
    """Approve the minutes of a meeting that was closed. `digest`: of what the chair read.

    Raises NotFound, Forbidden and Refused.
    """
    with entered(store, actors, panel, held_on, Right.APPROVE) as hall:
        row = agendas.locked(hall.connection, panel, held_on)
        found = meeting(hall.connection, panel, held_on)
        closed = None if row is None else _closed(hall.connection, row.id)
        if row is None or found is None or closed is None:
            raise refused(Code.MEETING_NOT_CLOSED, held_on=held_on)
        earlier = _approved(hall.connection, row.id)
        if earlier is not None and earlier.recorded_at > closed.at:
            raise refused(Code.MINUTES_APPROVED, held_on=held_on)
        content = _content(hall.connection, found, closed)
        if _digest(content) != digest:
            raise refused(Code.MINUTES_CHANGED)
        values = {"panel": panel, "held_on": held_on, "digest": digest}
        told = tell(hall, row.id, "approve_minutes", values)
        kept = {"recorded_by": hall.by.person, "recorded_at": told.recorded_at}
        hall.connection.execute(insert(minutes).values(meeting=row.id, content=content, **kept))


def _content(connection: Connection, of: Meeting, closed: Closed | None) -> str:
    """What is approved, in codes, ids and hashes alone."""
    taken = before_panel.considered_at(connection, of.panel, of.held_on)
    heads = _heads(connection, [one.escalation.id for one in taken])
    content: dict[str, object] = {
        "format": _FORMAT,
        "meeting": of.id,
        "panel": of.panel,
        "heldOn": of.held_on.isoformat(),
        "agenda": of.version,
        # Who came and went is in the meeting's own chain up to here.
        "chain": _chain(connection, of.id),
        "attested": closed and {"at": clock.written(closed.at), "what": closed.attested},
        "items": [
            {"escalation": one.escalation.id, "consideration": one.ref, **heads[one.escalation.id]}
            for one in taken
        ],
        "notReached": [one.id for one in before_panel.not_reached(connection, of.id)],
    }
    return hashing.encoded(content).decode()


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _heads(connection: Connection, escalations: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The newest entry of each: its number and its hash, in hexadecimal."""
    found = connection.execute(
        select(entries.c.escalation_id, entries.c.seq, entries.c.hash)
        .where(entries.c.escalation_id.in_(escalations))
        .order_by(entries.c.seq)
    )
    return {row.escalation_id: {"seq": row.seq, "head": row.hash.hex()} for row in found}


def _item(kept: dict[str, Any], seen: Discussed | None, late: str | None) -> Item:
    escalation, ref = kept["escalation"], kept["consideration"]
    if seen is None:
        return Item(escalation, late, None, None)
    then = next((one for one in seen.answers_then if one.ref == ref), None)
    now = next((one for one in seen.answers if one.ref == ref), None)
    since = None if now == then else now
    return Item(escalation, late, seen, then, since, now is None, ref in seen.consented)


def _chain(connection: Connection, number: int) -> dict[str, Any]:
    """The newest fact of a meeting: its number and its hash, in hexadecimal."""
    row = connection.execute(
        select(ledger.c.seq, ledger.c.hash)
        .where(ledger.c.subject == Subject.MEETING, ledger.c.subject_id == str(number))
        .order_by(ledger.c.seq.desc())
        .limit(1)
    ).one_or_none()
    return {} if row is None else {"seq": row.seq, "head": row.hash.hex()}


def _present(connection: Connection, number: int, until: datetime | None) -> tuple[str, ...]:
    """Who was at a meeting, by when they first came; `until`: as it was known then."""
    there = meeting_attendance.c
    query = (
        select(there.person)
        .where(there.meeting == number)
        .group_by(there.person)
        .order_by(func.min(there.arrived_at), there.person)
    )
    if until is not None:
        query = query.where(there.arrived_at < until)
    return tuple(connection.scalars(query))


def _late(connection: Connection, of: Meeting) -> dict[str, str]:
    """Why something came on the agenda after it was drawn up, by escalation."""
    made = agendas.versions(connection, of.id) if of.version else []
    return {one.escalation: one.late for one in made[-1].items if one.late} if made else {}


def _closed(connection: Connection, number: int) -> Closed | None:
    row = _newest(connection, attestations, number)
    if row is None or row.attested is None:
        return None
    return Closed(row.recorded_by, row.recorded_at, row.attested)


def _approved(connection: Connection, number: int) -> AnyRow | None:
    return _newest(connection, minutes, number)


def _newest(connection: Connection, table: Any, number: int) -> AnyRow | None:
    query = select(table).where(table.c.meeting == number)
    return connection.execute(query.order_by(table.c.recorded_at.desc()).limit(1)).one_or_none()
