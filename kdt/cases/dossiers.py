"""Dossiers to and from the database: an escalation's row, its past, and what its case was
considered for. All of it within the caller's transaction."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from kdt.cases import entries as canonical
from kdt.cases.model import (
    case_numbers,
    cases,
    considerations,
    entries,
    entry_people,
    entry_texts,
    escalations,
)
from kdt.cases.recording import Batch, Dossier, Past
from kdt.procedure import State
from kdt.store.writing import AnyRow, Rows, insert
from kdt.tallies.cells import Considered
from kdt.tallies.model import case_deltas, tally_deltas
from kdt.themes.model import theme_tags
from kdt.vocabulary import Ground, Phase, Question

# Every write to the record holds this shared; an import, which must be alone, holds it whole.
RECORD_LOCK = 0x4B445452

_FIELDS = tuple(column.name for column in escalations.columns)
_LOCK = text("select pg_advisory_xact_lock_shared(:key), clock_timestamp()").bindparams(
    key=RECORD_LOCK
)
_TRANSACTION = text("select pg_current_xact_id()::text::bigint")
_LOCK_CASE = text("select pg_advisory_xact_lock(hashtextextended(:case, 0))")
_LOAD = select(escalations).where(escalations.c.id == bindparam("id")).with_for_update()


def begin(connection: Connection) -> datetime:
    """Begin a write to the record; gives the database's clock, in UTC."""
    return cast("datetime", connection.execute(_LOCK).one()[1])


def transaction_id(connection: Connection) -> int:
    """The number of this transaction: what a reader of the outbox goes by."""
    return cast("int", connection.scalar(_TRANSACTION))


def load(connection: Connection, escalation: str) -> Dossier | None:
    """The dossier, its row locked until the transaction ends; None when there is none."""
    row = connection.execute(_LOAD, {"id": escalation}).one_or_none()
    return None if row is None else dossier(row)


def dossier(row: AnyRow) -> Dossier:
    """The dossier in a row of `escalations`."""
    return Dossier(row.id, state(row), row.version, row.seq, row.head, row.recorded_at)


def state(row: AnyRow) -> State | None:
    """The state in a row of `escalations`; None where even the opening was voided."""
    if row.phase is None:
        return None
    return State(
        version=row.version,
        phase=Phase(row.phase),
        level=row.level,
        case=str(row.case_id),
        location=row.location,
        question=Question(row.question),
        ground=Ground(row.ground),
        brought_by=row.brought_by,
        decide_by=row.decide_by,
        last_on=row.last_on,
        settled=row.settled,
        panel=row.panel,
        meeting_on=row.meeting_on,
        reached=tuple(row.reached),
        waiting_since=row.waiting_since,
        held_over=row.held_over,
        unresolved_at=row.unresolved_at,
        unresolved_last=row.unresolved_last,
    )


def row(dossier: Dossier, opened: State) -> tuple[object, ...]:
    """The row of `escalations` for a dossier. `opened` stands in where the opening was voided."""
    now = dossier.state or opened
    return (
        dossier.id,
        now.version,
        now.phase if dossier.state else None,
        now.level if dossier.state else None,
        uuid.UUID(now.case),
        now.location,
        now.question,
        now.ground,
        now.brought_by,
        now.decide_by,
        now.last_on,
        now.settled,
        now.panel if dossier.state else None,
        now.meeting_on if dossier.state else None,
        list(now.reached),
        now.waiting_since if dossier.state else None,
        now.held_over,
        now.unresolved_at,
        now.unresolved_last,
        dossier.seq,
        dossier.head,
        dossier.recorded_at,
    )


def past(connection: Connection, escalation: str) -> list[Past]:
    """All acts of an escalation, in order, with who did them."""
    found = connection.execute(
        select(entries.c.seq, entries.c.import_id, entries.c.content, entry_people.c.person)
        .outerjoin_from(
            entries,
            entry_people,
            (entries.c.escalation_id == entry_people.c.escalation_id)
            & (entries.c.seq == entry_people.c.seq),
        )
        .where(entries.c.escalation_id == escalation)
        .order_by(entries.c.seq)
    )
    return [
        Past(one.seq, one.import_id is not None, canonical.act(one.content, one.person))
        for one in found
    ]


def texts(connection: Connection, escalation: str) -> dict[tuple[int, str], AnyRow]:
    """The texts of an escalation by entry number and field (content, destroyed_on)."""
    found = connection.execute(
        select(
            entry_texts.c.seq,
            entry_texts.c.field,
            entry_texts.c.content,
            entry_texts.c.destroyed_on,
        ).where(entry_texts.c.escalation_id == escalation)
    )
    return {(one.seq, one.field): one for one in found}


def lock_cases(connection: Connection, ids: Iterable[str]) -> None:
    """Lock cases in one order, so that two writers never wait crosswise."""
    for one in sorted(set(ids)):
        connection.execute(_LOCK_CASE, {"case": one})


def considered(connection: Connection, case: str) -> list[Considered]:
    """Every consideration of a case as it stands, in the order they are counted."""
    found = connection.execute(
        select(
            considerations.c.occurred_on,
            considerations.c.escalation_id,
            considerations.c.seq,
            considerations.c.level,
            escalations.c.location,
            escalations.c.question,
            escalations.c.ground,
        )
        .join_from(considerations, escalations)
        .where(considerations.c.case_id == uuid.UUID(case))
    )
    return sorted(Considered(*one) for one in found)


def case_of(connection: Connection, number: str) -> str:
    """The id of the case with this number, made when it is new."""
    known = select(case_numbers.c.case_id).where(case_numbers.c.number == number)
    found = connection.scalar(known)
    if found is None:
        new, salt = canonical.case_id(number)
        # Whoever loses the race for a new number finds the winner's.
        lock_cases(connection, [number])
        found = connection.scalar(known)
        if found is None:
            insert(connection, [(cases, [(new,)]), (case_numbers, [(new, number, salt)])])
            found = new
    return str(found)


def save(
    connection: Connection,
    dossier: Dossier,
    opened: State,
    batch: Batch,
    *,
    new: bool,
    rewritten: bool,
    others: Sequence[tuple[object, Rows]] = (),
) -> None:
    """Write what was recorded. `rewritten`: its considerations may have changed, not only grown."""
    if rewritten:
        connection.execute(
            delete(considerations).where(considerations.c.escalation_id == dossier.id)
        )
    values = row(dossier, opened)
    if not new:
        connection.execute(
            update(escalations).where(escalations.c.id == dossier.id),
            dict(zip(_FIELDS, values, strict=True)),
        )
    insert(
        connection,
        [
            (entries, batch.entries),
            (entry_people, batch.people),
            (entry_texts, batch.texts),
            (escalations, [values] if new else []),
            (considerations, dossier.considerations),
            (theme_tags, batch.tags),
            (tally_deltas, list(batch.tally.rows())),
            (case_deltas, case_rows(batch)),
            *others,  # type: ignore[list-item]
        ],
    )


def case_rows(batch: Batch) -> list[tuple[object, ...]]:
    """The case cells of a batch as rows, in one order."""
    return [
        (
            cell.level,
            cell.location,
            cell.question,
            cell.ground,
            cell.occurred_on,
            recorded_on,
            list(cell.previous),
            amount,
        )
        for (cell, recorded_on), amount in batch.cases.items()
        if amount
    ]


def last_recorded(connection: Connection) -> datetime | None:
    """The moment of the newest entry, or None for an empty record."""
    return cast("datetime | None", connection.scalar(select(func.max(entries.c.recorded_at))))
