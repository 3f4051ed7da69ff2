"""Dossiers to and from the database: an escalation's row, its past, and what its case was
considered for. All of it within the caller's transaction."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, func, select

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
from kdt.cases.recording import Batch, ConsiderationRow, Dossier, Past
from kdt.cases.views import UNSCOPED
from kdt.procedure import State
from kdt.store import locks
from kdt.store.driver import Statement
from kdt.store.writing import AnyRow, Rows, ask, columns, insert
from kdt.tallies.cells import CaseCell, Considered
from kdt.tallies.model import case_deltas, stay_deltas, tally_deltas
from kdt.tallies.stays import rows as stay_rows
from kdt.themes.model import theme_tags
from kdt.vocabulary import Ground, Phase, Question

_FIELDS = columns(escalations)
_LOCK: Statement = (b"select pg_advisory_xact_lock_shared(%s)", (locks.RECORD,))
_LOCK_WHOLE: Statement = (b"select pg_advisory_xact_lock(%s)", (locks.RECORD,))
_LOCK_CASE = b"select pg_advisory_xact_lock(hashtextextended(%s, 0))"
_LOCK_CASE_OF = (
    f"select pg_advisory_xact_lock(hashtextextended(case_id::text, 0)) from {UNSCOPED} "
    "where id = %s"
).encode()
_NOW = b"select clock_timestamp() as now, pg_current_xact_id()::text::bigint as transaction"
_LOAD = f"select {', '.join(_FIELDS)} from {UNSCOPED} where id = %s for update".encode()
# Whatever moves an escalation leaves its deadline, the last column, to `kdt.cases.suspending`.
_MOVE = (
    f"update {UNSCOPED} set {', '.join(f'{name} = %s' for name in _FIELDS[1:-1])} where id = %s"
).encode()
_CONSIDERED = f"""
    select c.occurred_on, c.escalation_id, c.seq, c.level, e.location, e.question, e.ground,
        c.case_id::text as case_id
    from considerations c join {UNSCOPED} e on e.id = c.escalation_id where c.case_id =
"""
_CONSIDERED_IN = f"{_CONSIDERED} any(%s)".encode()
_CONSIDERED_OF = f"{_CONSIDERED} (select case_id from {UNSCOPED} where id = %s)".encode()


@dataclass(frozen=True, slots=True)
class Moment:
    """When a write happens by the database's clock (UTC), and in which of its transactions."""

    now: datetime
    transaction: int


@dataclass(frozen=True, slots=True)
class Taken:
    """An escalation taken up for a write: nobody else writes to it until the transaction ends."""

    dossier: Dossier
    moment: Moment
    # Of its case, in the order they are counted; None when it was not asked for.
    considered: list[Considered] | None = None
    # What else was asked: the rows of each.
    also: Sequence[list[Any]] = ()


def begin(connection: Connection) -> Moment:
    """Begin a write to the record: no import runs until the transaction ends."""
    _, (now,) = ask(connection, _LOCK, (_NOW, ()))
    return Moment(*now)


def begin_alone(connection: Connection) -> None:
    """Begin a write while nobody else writes to the record, until the transaction ends."""
    ask(connection, _LOCK_WHOLE)


def take(
    connection: Connection, escalation: str, *also: Statement, considering: bool
) -> Taken | None:
    """Begin a write to one escalation, its row locked; None when there is none. `also` is asked in
    the same round trip.

    `considering` locks its case as well, and asks what that was considered for. What waited for
    another is recorded after it, so the clock is read once all locks are held.
    """
    this = (escalation,)
    first: tuple[Statement, ...] = (_LOCK, (_LOAD, this))
    if considering:
        of_case: tuple[Statement, ...] = ((_LOCK_CASE_OF, this), (_NOW, ()), (_CONSIDERED_OF, this))
        _, found, _, (now,), rows, *others = ask(connection, *first, *of_case, *also)
        book = _book(rows)
    else:
        _, found, (now,), *others = ask(connection, *first, (_NOW, ()), *also)
        book = None
    return Taken(dossier(found[0]), Moment(*now), book, others) if found else None


def moment(connection: Connection, cases: Iterable[str]) -> Moment:
    """Lock cases in one order, so that two writers never wait crosswise, and then read the clock:
    what waited for another is recorded after it."""
    held = [(_LOCK_CASE, (one,)) for one in sorted(set(cases))]
    *_, found = ask(connection, *held, (_NOW, ()))
    return Moment(*found[0])


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
    """The row of `escalations` for a dossier whose term nothing suspends. `opened` stands in where
    the opening was voided."""
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
        now.decide_by,
    )


def past(connection: Connection, escalation: str) -> list[Past]:
    """All acts of an escalation, in order, with who did them."""
    return pasts(connection, [escalation])[escalation]


def pasts(connection: Connection, escalations: Sequence[str]) -> dict[str, list[Past]]:
    """The same of several."""
    found = connection.execute(
        select(
            entries.c.escalation_id,
            entries.c.seq,
            entries.c.import_id,
            entries.c.content,
            entry_people.c.person,
        )
        .outerjoin_from(
            entries,
            entry_people,
            (entries.c.escalation_id == entry_people.c.escalation_id)
            & (entries.c.seq == entry_people.c.seq),
        )
        .where(entries.c.escalation_id.in_(escalations))
        .order_by(entries.c.escalation_id, entries.c.seq)
    )
    gathered: dict[str, list[Past]] = {one: [] for one in escalations}
    for one in found:
        act = canonical.act(one.content, one.person)
        gathered[one.escalation_id].append(Past(one.seq, one.import_id is not None, act))
    return gathered


def considered(connection: Connection, case: str) -> list[Considered]:
    """Every consideration of a case as it stands, in the order they are counted."""
    return considered_of(connection, [case])[case]


def considered_of(connection: Connection, cases: Iterable[str]) -> dict[str, list[Considered]]:
    """The same of several."""
    rows: dict[str, list[Any]] = {case: [] for case in cases}
    (found,) = ask(connection, (_CONSIDERED_IN, ([uuid.UUID(case) for case in rows],)))
    for row in found:
        rows[row.case_id].append(row)
    return {case: _book(these) for case, these in rows.items()}


def case_of(connection: Connection, number: str) -> str:
    """The id of the case with this number, made when it is new."""
    known = select(case_numbers.c.case_id).where(case_numbers.c.number == number)
    found = connection.scalar(known)
    if found is None:
        new, salt = canonical.case_id(number)
        # Whoever loses the race for a new number finds the winner's.
        ask(connection, (_LOCK_CASE, (number,)))
        found = connection.scalar(known)
        if found is None:
            insert(connection, [(cases, [(new,)]), (case_numbers, [(new, number, salt, None)])])
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
    others: Sequence[tuple[Table, Rows]] = (),
    also: Sequence[Statement] = (),
) -> None:
    """Write what was recorded, `others` and `also`, in one round trip with what comes next.
    `rewritten`: its considerations may have changed, not only grown."""
    if rewritten:
        connection.execute(
            delete(considerations).where(considerations.c.escalation_id == dossier.id)
        )
    values = row(dossier, opened)
    moved: list[Statement] = [] if new else [(_MOVE, (*values[1:-1], dossier.id))]
    insert(
        connection,
        [
            (entries, batch.entries),
            (entry_people, batch.people),
            (entry_texts, batch.texts),
            (escalations, [values] if new else []),
            (considerations, list(consideration_rows(dossier.considerations))),
            (theme_tags, batch.tags),
            (tally_deltas, list(batch.tally.rows())),
            (case_deltas, case_rows(batch.cases)),
            (stay_deltas, list(stay_rows(batch.stays))),
            *others,
        ],
        *moved,
        *also,
        at_last=True,
    )


def _book(rows: Iterable[Any]) -> list[Considered]:
    return sorted(Considered(*one[:-1]) for one in rows)


def case_rows(cells: Mapping[tuple[CaseCell, date], int]) -> list[tuple[object, ...]]:
    """Case cells, each with the day it was recorded, as rows."""
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
        for (cell, recorded_on), amount in cells.items()
        if amount
    ]


def consideration_rows(found: Iterable[ConsiderationRow]) -> Iterator[tuple[object, ...]]:
    """Considerations as their table holds them."""
    place = ConsiderationRow._fields.index("case_id")
    for one in found:
        yield (*one[:place], uuid.UUID(one.case_id), *one[place + 1 :])


def last_recorded(connection: Connection) -> datetime | None:
    """The moment of the newest entry, or None for an empty record."""
    return cast("datetime | None", connection.scalar(select(func.max(entries.c.recorded_at))))
