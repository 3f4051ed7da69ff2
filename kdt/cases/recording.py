"""Recording an act: the one place where an act becomes rows. The service and the import both come
through here; only how the rows reach the database differs."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, cast

from kdt import hashing
from kdt.cases import entries
from kdt.cases.inputs import Prose
from kdt.cases.staying import ActBook, corrected, stepped
from kdt.procedure import (
    VERSIONS,
    Act,
    Code,
    History,
    Refusal,
    State,
    Step,
    Walk,
    decide,
    judge,
)
from kdt.tallies.cells import CaseCell, Considered, Tally, case_cell, changed
from kdt.tallies.stays import Open, StayCell
from kdt.vocabulary import Action


class EntryRow(NamedTuple):
    """A row of the log."""

    escalation_id: str
    seq: int
    ref: str
    action: str
    occurred_on: date
    recorded_at: datetime
    recorded_on: date
    import_id: uuid.UUID | None
    content: bytes
    hash: bytes


class PersonRow(NamedTuple):
    """Who did it, with the salt of the digest in the entry."""

    escalation_id: str
    seq: int
    person: str
    salt: bytes


class TextRow(NamedTuple):
    """A text of an entry, with the salt of its digest, or the day it was destroyed."""

    escalation_id: str
    seq: int
    field: str
    content: str | None
    salt: bytes | None
    destroyed_on: date | None


class ConsiderationRow(NamedTuple):
    """A consideration as it stands."""

    escalation_id: str
    seq: int
    ref: str
    case_id: str
    panel: str
    level: str
    occurred_on: date
    outcome: str
    ruling: str | None
    inquiry: str | None
    referral: str | None
    settles: bool
    imported: bool
    due_on: date | None


class TagRow(NamedTuple):
    """A theme tagged (+1), or taken back (-1) by the entry `changed_by`."""

    escalation_id: str
    seq: int
    changed_by: int
    theme: str
    occurred_on: date
    recorded_on: date
    amount: int


class Past(NamedTuple):
    """An act of the past, with the number of its entry."""

    seq: int
    imported: bool
    act: Act


@dataclass(slots=True)
class Dossier:
    """One escalation as it stands in the record, and how to get at its past."""

    id: str
    state: State | None = None
    version: int = 0
    seq: int = 0
    head: bytes = hashing.GENESIS
    recorded_at: datetime | None = None
    # Filled when first asked for; kept current from then on.
    past: list[Past] | None = None
    considerations: list[ConsiderationRow] = field(default_factory=list)
    # The stays that are open; None until it matters.
    begun: Open | None = None


@dataclass(slots=True)
class Batch:
    """The rows that follow from acts, until they are written."""

    entries: list[EntryRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    texts: list[TextRow] = field(default_factory=list)
    tags: list[TagRow] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    cases: Counter[tuple[CaseCell, date]] = field(default_factory=Counter)
    stays: Counter[StayCell] = field(default_factory=Counter)
    salt: Callable[[], bytes] = hashing.salt


# The considerations of a case, by its id; recording keeps the lists current and sorted.
CaseBook = Callable[[str], list[Considered]]


def record(
    dossier: Dossier,
    act: Act,
    texts: Mapping[str, Prose],
    batch: Batch,
    *,
    case_book: CaseBook,
    act_book: ActBook,
    import_id: uuid.UUID | None = None,
    opening_version: int,
) -> Step | Walk | Refusal:
    """Let the procedure decide on `act`; when it may, add its rows to `batch` and move `dossier`.

    Everything is changed or, on a refusal, nothing. For a correction `dossier.past` must be filled.
    """
    if dossier.recorded_at is not None and act.recorded_at < dossier.recorded_at:
        return Refusal(Code.RECORDED_BEFORE_PREVIOUS)
    procedure = VERSIONS[dossier.version or opening_version]
    seq = dossier.seq + 1
    result: Step | Walk | Refusal
    if act.action is Action.CORRECT:
        if not dossier.seq:
            return Refusal(Code.NOT_OPENED)
        result = _corrected(dossier, act, batch, case_book)
    else:
        result = decide(procedure, dossier.state, act)
        if isinstance(result, Step):
            batch.tally.add(result, result.after, act.recorded_on)
            cells, dossier.begun = stepped(result, dossier.begun, procedure.version, act_book)
            batch.stays.update(cells)
            dossier.state = result.after
            if act.action is Action.CONSIDER:
                _considered(dossier, seq, result, batch, case_book, import_id is not None)
            elif act.action is Action.TAG:
                batch.tags.append(_tag(dossier.id, seq, seq, act, act.recorded_on, 1))
    if isinstance(result, Refusal):
        return result
    dossier.version = procedure.version
    _append(dossier, seq, act, texts, batch, procedure.version, import_id)
    return result


def _append(
    dossier: Dossier,
    seq: int,
    act: Act,
    texts: Mapping[str, Prose],
    batch: Batch,
    version: int,
    import_id: uuid.UUID | None,
) -> None:
    """The entry itself, chained, with its person and texts in rows of their own."""
    salt = batch.salt()
    person = cast("str", act.actor)
    digests: dict[str, str] = {}
    for name, text in texts.items():
        if isinstance(text, date):
            digests[name] = ""
            batch.texts.append(TextRow(dossier.id, seq, name, None, None, text))
        else:
            text_salt = batch.salt()
            digests[name] = hashing.digest(text_salt, text)
            batch.texts.append(TextRow(dossier.id, seq, name, text, text_salt, None))
    content = entries.content(
        dossier.id,
        seq,
        act,
        person=hashing.digest(salt, person),
        texts=digests,
        procedure=version,
        import_id=str(import_id) if import_id else None,
    )
    head = hashing.link(dossier.head, content)
    batch.entries.append(
        EntryRow(
            dossier.id,
            seq,
            act.ref,
            act.action,
            act.occurred_on,
            act.recorded_at,
            act.recorded_on,
            import_id,
            content,
            head,
        )
    )
    batch.people.append(PersonRow(dossier.id, seq, person, salt))
    dossier.seq, dossier.head, dossier.recorded_at = seq, head, act.recorded_at
    if dossier.past is not None:
        dossier.past.append(Past(seq, import_id is not None, act))


def _considered(
    dossier: Dossier, seq: int, step: Step, batch: Batch, case_book: CaseBook, imported: bool
) -> None:
    row = _consideration(dossier.id, seq, step, step.after, imported)
    dossier.considerations.append(row)
    known = case_book(step.after.case)
    one = _counted(row, step.after)
    if known and one < known[-1]:
        cells = changed(known, [*known, one])
        known.append(one)
        known.sort()
    else:
        cells = Counter([case_cell(known, one)])
        known.append(one)
    for cell, amount in cells.items():
        batch.cases[cell, step.act.recorded_on] += amount


def _corrected(dossier: Dossier, act: Act, batch: Batch, case_book: CaseBook) -> Walk | Refusal:
    """Walk the whole history with and without the correction; all that differs is dated to it."""
    past = cast("list[Past]", dossier.past)
    procedure = VERSIONS[dossier.version]
    acts = [one.act for one in past]
    after = judge(procedure, acts, act)
    if isinstance(after, Refusal):
        return after
    # What was recorded was accepted, so it walks.
    before = cast("Walk", History(acts).walk(procedure))
    batch.tally.replace((before.steps, before.state), (after.steps, after.state), act.recorded_on)
    cells, dossier.begun = corrected(before, after, act.recorded_on)
    batch.stays.update(cells)
    origin = {one.act.ref: one for one in past}
    _retag(dossier, before, after, origin, act.recorded_on, batch)
    dossier.considerations = considerations(dossier.id, after, past)
    for case in {state.case for state in (before.state, after.state) if state is not None}:
        known = case_book(case)
        moved = [one for one in known if one.escalation != dossier.id]
        if after.state is not None and after.state.case == case:
            moved += [_counted(row, after.state) for row in dossier.considerations]
            moved.sort()
        for cell, amount in changed(known, moved).items():
            batch.cases[cell, act.recorded_on] += amount
        known[:] = moved
    dossier.state = after.state
    return after


def considerations(escalation: str, walk: Walk, past: Iterable[Past]) -> list[ConsiderationRow]:
    """The considerations that stand, each under the number of the entry that first recorded it."""
    origin = {one.act.ref: one for one in past}
    return [
        _consideration(
            escalation, origin[step.act.ref].seq, step, walk.state, origin[step.act.ref].imported
        )
        for step in walk.steps
        if step.act.action is Action.CONSIDER and walk.state is not None
    ]


def _retag(
    dossier: Dossier,
    before: Walk,
    after: Walk,
    origin: Mapping[str, Past],
    recorded_on: date,
    batch: Batch,
) -> None:
    tags = [
        {step.act.ref: step.act for step in walk.steps if step.act.action is Action.TAG}
        for walk in (before, after)
    ]
    for here, there, amount in ((tags[0], tags[1], -1), (tags[1], tags[0], 1)):
        batch.tags += [
            _tag(dossier.id, origin[ref].seq, dossier.seq + 1, tag, recorded_on, amount)
            for ref, tag in here.items()
            if there.get(ref) != tag
        ]


def _consideration(
    escalation: str, seq: int, step: Step, state: State, imported: bool
) -> ConsiderationRow:
    values, before = step.act.values, cast("State", step.before)
    return ConsiderationRow(
        escalation,
        seq,
        step.act.ref,
        state.case,
        cast("str", before.panel),
        cast("str", before.level),
        step.act.occurred_on,
        cast("str", values["outcome"]),
        cast("str | None", values.get("ruling")),
        cast("str | None", values.get("inquiry")),
        cast("str | None", values.get("referral")),
        step.settles,
        imported,
        cast("date | None", values.get("due_on")),
    )


def _counted(row: ConsiderationRow, state: State) -> Considered:
    return Considered(
        row.occurred_on,
        row.escalation_id,
        row.seq,
        row.level,
        state.location,
        state.question,
        state.ground,
    )


def _tag(
    escalation: str, seq: int, changed_by: int, act: Act, recorded_on: date, amount: int
) -> TagRow:
    theme = cast("str", act.values["theme"])
    return TagRow(escalation, seq, changed_by, theme, act.occurred_on, recorded_on, amount)
