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
from kdt.retention import past
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


_READ = text("""
    select to_char(since, 'YYYY-MM-DD') as id, count(*) as seq, since
    from reads join read_details on read_id = reads.id,
        lateral (select (at at time zone 'Europe/Amsterdam')::date as since) as its
    where at < :over group by since order by since
""")
# What stands beside the cases, as far as `destroy_selected_beside` would find something to take: by
# its id in the ledger, with its last fact there and the day its term is counted from.
_OF_CHAIN = """
    select {id}::text as id, {since} as since, (
        select max(seq) from ledger where subject = '{subject}' and subject_id = {id}::text
    ) as seq
    from ({each}) as each
    where {since} <= :past and exists (
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


def units(connection: Connection, what: What) -> list[Unit]:
    """Everything of which something is left and some of which is past its term, by what goes
    together."""
    day, known = today(connection), timelines(connection)
    terms = {kept: in_force(timeline, day) for kept, timeline in known.items()}
    if what is What.READS or what in BESIDE:
        return _beside(connection, what, terms[what], day)
    if what is What.PEOPLE:
        terms = dict.fromkeys(Ending, terms[PEOPLE])
    holds = held(connection)
    with counting(connection, left=True):
        found = past.found(connection, terms, day, together=what is What.CONTENT)
        left = past.left(connection, what, found.rows)
    items: dict[str, Item] = {}
    for row in found.rows.values():
        ending = _ending(row)
        term = terms[ending] if ending else None
        since = _since(row, term) if ending else None
        due_on = term.due_on(since) if term and since else None
        items[row.id] = Item(row.id, row.seq, ending, since, due_on, row.id in holds)
    groups = _together(found.cases) if what is What.CONTENT else [[one] for one in items]
    every = [
        Unit(
            tuple(items[one] for one in group),
            len(set().union(*map(found.cases.__getitem__, group))),
        )
        for group in groups
        if left.intersection(group)
    ]
    return [one for one in every if one.standing(day) is not Standing.NOT_DUE]


def _beside(connection: Connection, what: What, term: Term | None, day: date) -> list[Unit]:
    """Days of the read log, meetings, talks or replies of which something is left, each on its
    own."""
    if term is None or term.months is None:
        return []
    last = past.latest(term.months, day)
    rows = connection.execute(
        _READ if what is What.READS else BESIDE[what],
        {"over": clock.over(last)} if what is What.READS else {"past": last},
    )
    every = [
        Unit((Item(row.id, row.seq, what, row.since, term.due_on(row.since), held=False),), 0)
        for row in rows
    ]
    return [one for one in every if one.standing(day) is not Standing.NOT_DUE]


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
