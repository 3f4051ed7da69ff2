"""What is past its term: which escalations go together, what each ended in and since when.

Escalations of one case share its number, so a case goes as a whole or stays as a whole: when all
its escalations are past their terms. Who did what has a term of its own, and goes by escalation.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from kdt import clock
from kdt.retention.queries import What, held, timelines
from kdt.retention.terms import PEOPLE, Counted, Ending, Term, in_force
from kdt.store.moments import today
from kdt.store.scope import counting
from kdt.store.writing import AnyRow
from kdt.vocabulary import CLOSED_SOURCES, Outcome, Phase


class Standing(StrEnum):
    """How a unit stands: to go, past its term but held, partly past its term, or none of these."""

    DUE = "due"
    HELD = "held"
    WAITING = "waiting"
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class Item:
    """An escalation: its last entry, what it ended in since when, and the day its term is past; or
    a day of the read log, a meeting, a talk or a reply, as in `Listed`.

    `ending` is None as long as it did not end, `due_on` also where there is no term.
    """

    escalation: str
    seq: int
    ending: str | None
    since: date | None
    due_on: date | None
    held: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """What goes together, and of how many cases it is."""

    items: tuple[Item, ...]
    cases: int

    def standing(self, day: date) -> Standing:
        """How it stands on a day."""
        due = [one.due_on is not None and one.due_on <= day for one in self.items]
        if all(due):
            return Standing.HELD if any(one.held for one in self.items) else Standing.DUE
        return Standing.WAITING if any(due) else Standing.NOT_DUE


# Whether something is left of an escalation that `destroy_selected` takes: also what was recorded
# around it after its own texts or people went.
_LEFT: Mapping[What, str] = {
    What.CONTENT: """
        exists (
            select from entry_texts
            where entry_texts.escalation_id = e.id and content is not null
        ) or exists (
            select from case_numbers where case_numbers.case_id = e.case_id and number is not null
        ) or exists (
            select from ledger_texts where content is not null and (
                subject = 'hold' and subject_id = e.id
                or subject = 'escalation' and subject_id = e.id and field <> 'person'
                or subject = 'request' and subject_id = e.case_id::text
            )
        )
    """,
    What.PEOPLE: """
        exists (select from entry_people where entry_people.escalation_id = e.id)
        or e.brought_by is not null
        or exists (select from recusals where recusals.escalation_id = e.id)
        or exists (select from hand_overs where hand_overs.escalation_id = e.id)
        or exists (select from stated_purposes where stated_purposes.escalation_id = e.id)
        or exists (select from stand_ins where stand_ins.escalation_id = e.id)
        or exists (select from positions where positions.escalation_id = e.id)
        or exists (
            select from ledger_people
            where subject in ('escalation', 'hold') and subject_id = e.id
        ) or exists (
            select from ledger_texts
            where subject = 'escalation' and subject_id = e.id and field = 'person'
              and content is not null
        ) or exists (
            select from ledger_people
            where subject = 'request' and subject_id = e.case_id::text
        ) and not exists (
            select from entry_people join escalations other on other.id = escalation_id
            where other.case_id = e.case_id
        )
    """,
}
_READ = text("""
    select to_char(since, 'YYYY-MM-DD') as id, count(*) as seq, since
    from reads join read_details on read_id = reads.id,
        lateral (select (at at time zone 'Europe/Amsterdam')::date as since) as its
    group by since order by since
""")
# What stands beside the cases, as far as `destroy_selected_beside` would find something to take: by
# its id in the ledger, with its last fact there and the day its term is counted from.
_OF_CHAIN = """
    select {id}::text as id, {since} as since, (
        select max(seq) from ledger where subject = '{subject}' and subject_id = {id}::text
    ) as seq
    from ({each}) as each
    where exists (
        select from ledger_texts
        where subject = '{subject}' and subject_id = {id}::text and content is not null and {taken}
    )
    order by since, id
"""
BESIDE: Mapping[What, TextClause] = {
    What.ATTENDANCE: text(
        _OF_CHAIN.format(
            subject="meeting",
            id="each.id",
            since="each.held_on",
            each="select id, held_on from meetings",
            taken="field in ('person', 'stands_for')",
        )
    ),
    What.TALKS: text(
        _OF_CHAIN.format(
            subject="consultation",
            id="each.consultation",
            since="each.held_on",
            each="select distinct on (consultation) consultation, held_on "
            "from consultation_terms order by consultation, recorded_at desc",
            taken="true",
        )
    ),
    What.REPLIES: text(
        _OF_CHAIN.format(
            subject="signal",
            id="each.signal",
            since="each.received_on",
            each="select distinct on (signal) signal, received_on "
            "from signal_terms where source = any(:closed) order by signal, recorded_at desc",
            taken="field <> 'assessor'",
        )
    ).bindparams(closed=[*CLOSED_SOURCES]),
}
_ESCALATIONS = """
    select e.id, e.seq, e.phase, e.last_on, e.recorded_at, e.case_id,
        answer.occurred_on as settled_on, answer.outcome, answer.ruling, {left} as anything
    from escalations e left join lateral (
        select occurred_on, outcome, ruling from considerations
        where considerations.escalation_id = e.id and settles
        order by considerations.seq desc limit 1
    ) answer on true
    order by e.id
"""
# The cases an escalation was of before a correction, and those it is of by one.
_CORRECTED = text("""
    with moved as (
        select escalation_id, said -> 'values' -> 'with' ->> 'case' as case_id
        from entries, lateral (select convert_from(content, 'UTF8')::jsonb as said) as plain
        where action = 'correct' and said -> 'values' -> 'with' ? 'case'
    )
    select escalation_id, case_id::uuid from moved
    union
    select escalation_id, (convert_from(content, 'UTF8')::jsonb -> 'values' ->> 'case')::uuid
    from entries where action = 'open' and escalation_id in (select escalation_id from moved)
""")


def units(connection: Connection, what: What) -> list[Unit]:
    """Everything of which something is left, by what goes together."""
    if what is What.READS or what in BESIDE:
        return _beside(connection, what)
    day, known = today(connection), timelines(connection)
    terms = {kept: in_force(timeline, day) for kept, timeline in known.items()}
    holds = held(connection)
    items: dict[str, Item] = {}
    cases: dict[str, set[UUID]] = {}
    left: set[str] = set()
    with counting(connection, left=True):
        rows = connection.execute(text(_ESCALATIONS.format(left=_LEFT[what]))).all()
    for row in rows:
        ending = _ending(row)
        term = terms[PEOPLE if what is What.PEOPLE else ending] if ending else None
        since = _since(row, term) if ending else None
        due_on = term.due_on(since) if term and since else None
        items[row.id] = Item(row.id, row.seq, ending, since, due_on, row.id in holds)
        cases[row.id] = {row.case_id}
        if row.anything:
            left.add(row.id)
    for escalation, case in connection.execute(_CORRECTED):
        cases[escalation].add(case)
    groups = _together(cases) if what is What.CONTENT else [[one] for one in items]
    return [
        Unit(tuple(items[one] for one in group), len(set().union(*map(cases.__getitem__, group))))
        for group in groups
        if left.intersection(group)
    ]


def _beside(connection: Connection, what: What) -> list[Unit]:
    """Days of the read log, meetings, talks or replies of which something is left, each on its
    own."""
    term = in_force(timelines(connection)[what], today(connection))
    return [
        Unit(
            (
                Item(
                    row.id,
                    row.seq,
                    what,
                    row.since,
                    term.due_on(row.since) if term is not None else None,
                    held=False,
                ),
            ),
            0,
        )
        for row in connection.execute(_READ if what is What.READS else BESIDE[what])
    ]


def _ending(row: AnyRow) -> Ending | None:
    match row.phase:
        case None:
            return Ending.VOIDED
        case Phase.WITHDRAWN | Phase.LAPSED:
            return Ending(row.phase)
        case Phase.SETTLED | Phase.CLOSED:
            return Ending(row.ruling if row.outcome == Outcome.DECIDED else row.outcome)
        case _:
            return None


def _since(row: AnyRow, term: Term | None) -> date | None:
    """The day an ending is counted from under a term; None as long as there is no such day."""
    if row.phase is None:
        return clock.day(row.recorded_at)
    if row.phase not in (Phase.SETTLED, Phase.CLOSED):
        ended: date = row.last_on
        return ended
    if term is not None and term.counted is Counted.SETTLED:
        settled: date = row.settled_on
        return settled
    return row.last_on if row.phase == Phase.CLOSED else None


def _together(cases: Mapping[str, Iterable[UUID]]) -> list[list[str]]:
    """Escalations that share a case, or share one with another that does, and so on."""
    of: dict[UUID, list[str]] = defaultdict(list)
    for escalation, its in cases.items():
        for case in its:
            of[case].append(escalation)
    groups: list[list[str]] = []
    seen: set[str] = set()
    for first in cases:
        if first in seen:
            continue
        seen.add(first)
        group, reach = [first], [first]
        while reach:
            for case in cases[reach.pop()]:
                near = [one for one in of[case] if one not in seen]
                seen.update(near)
                reach += near
                group += near
        groups.append(sorted(group))
    return groups
