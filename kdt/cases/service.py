"""Doing things with escalations: lock, let the procedure decide, write, commit, answer.

Each call is one transaction, and what it returns was committed. Whoever calls again with the same
idempotency key gets the same answer and changes nothing.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from kdt import clock, words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor, Matter
from kdt.access.repeats import Answer, Repeat
from kdt.cases import (
    around,
    dossiers,
    inquiries,
    lookups,
    quorum,
    recording,
    suspending,
    taking,
)
from kdt.cases.dossiers import Taken
from kdt.cases.inputs import Inputs
from kdt.cases.lookups import Slots
from kdt.cases.model import escalations, notices, outbox, record
from kdt.cases.recording import Batch, Dossier
from kdt.errors import InvalidInput, Refused, Stale
from kdt.panels import agendas
from kdt.procedure import CURRENT, Act, History, Refusal, State, Step
from kdt.reads import processing
from kdt.reads.codes import Activity
from kdt.reads.model import processings
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import AnyRow, ask
from kdt.tallies.cells import Considered
from kdt.vocabulary import Action, Late

# Letters and digits that cannot be taken for one another when read out loud.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do. `occurred_on` is a day in Amsterdam: today, or of a consideration the day of
    its meeting, when left out. `late`: why something is listed though the agenda was drawn up."""

    action: Action
    inputs: Inputs
    occurred_on: date | None = None
    late: Late = Late.UNSTATED


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded: the escalation as it then stood, and the refs of the new entries."""

    escalation: str
    version: int
    phase: str | None
    level: str | None
    refs: tuple[str, ...]

    def as_answer(self) -> Answer:
        """What is kept of it for a repeat."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of_answer(cls, answer: Answer) -> "Receipt":
        """What was kept."""
        return cls(**{**answer, "refs": tuple(answer["refs"])})


def perform(
    store: Store,
    actor: Actor,
    escalation: str | None,
    commands: Sequence[Command],
    *,
    version: int | None = None,
    key: str | None = None,
) -> Receipt:
    """Do all `commands`, or none, on an escalation (None: the first command opens one).

    `version` is the number of the last entry the caller saw; `key` makes a repeat harmless.
    Raises NotFound, Conflict (somebody else was first, or the key was used for something else),
    Refused and Unavailable.
    """
    with writing(store) as connection:
        return perform_within(connection, actor, escalation, commands, version=version, key=key)


def perform_within(
    connection: Connection,
    actor: Actor,
    escalation: str | None,
    commands: Sequence[Command],
    *,
    version: int | None = None,
    key: str | None = None,
) -> Receipt:
    """The same as part of a transaction under way."""
    repeat = repeats.of(actor, key, escalation, commands, version)
    if earlier := repeat.earlier(connection):
        return Receipt.of_answer(earlier)
    ground = _taken(connection, actor, escalation, version, commands)
    receipt = _record_all(connection, actor, ground, commands, repeat)
    around.stood_in(connection, actor, receipt.escalation, receipt.version, receipt.refs)
    return receipt


@dataclass(frozen=True, slots=True)
class _Ground:
    """What actions begin on: the escalation, locked; how access looks at it, None for a new one,
    which has nothing around it; the agendas something is listed for; and who attends the meeting
    it is listed for, None where that was not asked."""

    taken: Taken
    matter: Matter | None
    slots: Slots
    attending: Sequence[Sequence[AnyRow]] | None = None


def _taken(
    connection: Connection,
    actor: Actor,
    escalation: str | None,
    version: int | None,
    commands: Sequence[Command],
) -> _Ground:
    """What there is of an escalation to act on it; a new one has nothing yet to lock. Raises
    NotFound and Stale."""
    named = lookups.slots_named((one.action, one.inputs.values) for one in commands)
    if escalation is None:
        moment = dossiers.begin(connection)
        connection.execute(insert(record).values(id=1, demo=False).on_conflict_do_nothing())
        found = ask(connection, *lookups.asked(named)) if named else []
        new = Taken(Dossier(_new_id(connection)), moment)
        return _Ground(new, None, lookups.as_slots(named, found))
    # A correction may bear on several cases, which are locked together once they are known.
    considering = _do(commands, Action.CONSIDER) and not _do(commands, Action.CORRECT)
    attending = quorum.asked(escalation) if considering else ()
    also = (*attending, *lookups.asked(named))
    seen = taking.take(connection, actor, escalation, *also, considering=considering)
    there, listed = seen.also[: len(attending)], seen.also[len(attending) :]
    if version is not None and version != seen.taken.dossier.seq:
        raise Stale(words.say("refusal.stale_version"))
    slots = lookups.as_slots(named, listed)
    return _Ground(seen.taken, seen.matter, slots, there if considering else None)


def _record_all(
    connection: Connection,
    actor: Actor,
    ground: _Ground,
    commands: Sequence[Command],
    repeat: Repeat,
) -> Receipt:
    taken = ground.taken
    dossier, moment = taken.dossier, taken.moment
    new, opened = dossier.seq == 0, dossier.state
    batch = Batch()
    books: dict[str, list[Considered]] = {}
    if dossier.state is not None and taken.considered is not None:
        books[dossier.state.case] = taken.considered

    def case_book(case: str) -> list[Considered]:
        if case not in books:
            books[case] = dossiers.considered(connection, case)
        return books[case]

    corrects = _do(commands, Action.CORRECT)
    if corrects:
        dossier.past = [] if new else dossiers.past(connection, dossier.id)
        moment = dossiers.moment(connection, _cases_counted(connection, dossier, commands))
    listed_for = _slot(dossier.state)
    processed: list[tuple[object, ...]] = []
    moves: list[tuple[Command, State | None]] = []
    for command in commands:
        before = dossier.state
        moves.append((command, before))
        act = _act(connection, actor, ground, command, moment.now)
        result = recording.record(
            dossier,
            act,
            command.inputs.texts,
            batch,
            case_book=case_book,
            act_book=lambda: [one.act for one in dossiers.past(connection, dossier.id)],
            opening_version=CURRENT.version,
        )
        if isinstance(result, Refusal):
            raise Refused(result)
        if command.action is Action.CONSIDER:
            attending = ground.attending
            if attending is None or _slot(before) != listed_for:
                attending = ask(connection, *quorum.asked(dossier.id, _slot(before)))
            if lacking := quorum.lacking(connection, attending):
                raise Refused(lacking)
        if opened is None and isinstance(result, Step):
            opened = result.after
        concerned = {one.case for one in (before, dossier.state) if one is not None}
        processed += processing.rows(Activity.DECIDE, command.action, concerned, moment.now)
    state = dossier.state
    receipt = Receipt(
        dossier.id,
        dossier.seq,
        state.phase if state else None,
        state.level if state else None,
        tuple(entry.ref for entry in batch.entries),
    )
    dossiers.save(
        connection,
        dossier,
        cast("State", opened),
        batch,
        new=new,
        rewritten=corrects,
        others=[
            (outbox, _outgoing(batch, moment.transaction)),
            (processings, processed),
            (notices, _to_tell(batch)),
        ],
        also=repeat.answered(receipt.as_answer()),
    )
    if corrects:
        suspending.settle(connection, [dossier.id])
    afters = [before for _, before in moves[1:]] + [dossier.state]
    for (command, before), after in zip(moves, afters, strict=True):
        _on_agendas(
            connection, dossier.id, command, (_slot(before), _slot(after)), ground.slots, moment
        )
    return receipt


def _to_tell(batch: Batch) -> list[tuple[object, ...]]:
    """Of what whoever goes on with it is told."""
    return [
        (entry.escalation_id, entry.seq, entry.recorded_at, None, None)
        for entry in batch.entries
        if entry.action is Action.CONSIDER
    ]


def _slot(state: State | None) -> tuple[str, date] | None:
    """The meeting something is listed for."""
    if state is None or state.panel is None or state.meeting_on is None:
        return None
    return state.panel, state.meeting_on


def _on_agendas(
    connection: Connection,
    escalation: str,
    command: Command,
    move: tuple[tuple[str, date] | None, tuple[str, date] | None],
    slots: Slots,
    moment: dossiers.Moment,
) -> None:
    """Let agendas that were drawn up follow what came on them or left them; those of days gone by
    stay as they were."""
    before, after = move
    today = clock.day(moment.now)
    if before == after:
        return
    if before is not None and before[1] >= today and command.action is not Action.CONSIDER:
        agendas.went(connection, *before, escalation, command.action)
    coming_to = None if after is None else slots.get(after)
    if after is not None and after[1] >= today and not (coming_to and coming_to.agenda_open):
        listed = command.action is Action.LIST
        agendas.came(connection, *after, escalation, command.late, listed=listed)


def _act(
    connection: Connection,
    actor: Actor,
    ground: _Ground,
    command: Command,
    now: datetime,
) -> Act:
    """The command as an act: its actor allowed, its names looked up, its day filled in."""
    dossier, matter = ground.taken.dossier, ground.matter
    state, today = dossier.state, clock.day(now)
    refusal = None
    if command.action is Action.OPEN:
        refusal = permissions.may_open(actor, cast("str", command.inputs.values["location"]))
    elif state is not None:
        here = replace(matter, state=state) if matter else Matter(state)
        refusal = permissions.refused(actor, command.action, here)
        if refusal is None and command.action is Action.CORRECT:
            history = History([one.act for one in dossier.past or ()])
            ref = cast("str", command.inputs.values["replaces"])
            about = history.corrected(ref)
            refusal = permissions.may_correct(actor, about, history.considered_by(ref), here)
    if refusal is not None:
        raise Refused(refusal)
    found = lookups.resolve(connection, command.action, command.inputs.values, today, ground.slots)
    if isinstance(found, Refusal):
        raise Refused(found)
    occurred_on = command.occurred_on
    if command.action is Action.CONSIDER:
        if occurred_on is None and state is not None:
            occurred_on = state.meeting_on
        if problems := inquiries.unexplained(command.inputs, occurred_on or today):
            raise InvalidInput(problems, " ".join(map(words.sentence, problems)))
    return Act(
        ref=secrets.token_hex(8),
        action=command.action,
        actor=actor.person,
        role=actor.role,
        occurred_on=occurred_on or today,
        # Whoever waited for the lock may hold an older moment than the entry waited for.
        recorded_at=max(now, dossier.recorded_at or now),
        recorded_on=clock.day(max(now, dossier.recorded_at or now)),
        values=found.values,
        prose=frozenset(command.inputs.texts),
        panel=found.panel,
    )


def _do(commands: Iterable[Command], action: Action) -> bool:
    return any(command.action is action for command in commands)


def _cases_counted(
    connection: Connection, dossier: Dossier, commands: Iterable[Command]
) -> set[str]:
    """The cases whose considerations a correction may come to count otherwise: every case the
    escalation was ever of, for voiding one brings back a case that no command names."""
    numbers = {case for command in commands for case in _cases(command.inputs.values)}
    ids = {dossiers.case_of(connection, number) for number in sorted(numbers)}
    return ids.union(*(_cases(one.act.values) for one in dossier.past or ()))


def _cases(values: Mapping[str, object]) -> set[str]:
    """The cases that inputs name: numbers in a command, ids in an act."""
    changes = cast("Mapping[str, object]", values.get("with", {}))
    return {cast("str", named["case"]) for named in (values, changes) if "case" in named}


def _outgoing(batch: Batch, transaction: int) -> list[tuple[object, ...]]:
    return [
        (transaction, entry.escalation_id, entry.seq, entry.action, entry.recorded_at)
        for entry in batch.entries
    ]


def _new_id(connection: Connection) -> str:
    """A short id that says nothing and can be read out loud."""
    while True:
        new = "V-" + "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
        if connection.scalar(select(escalations.c.id).where(escalations.c.id == new)) is None:
            return new
