"""Which escalations can be past their term: found from what ended long enough ago, with those of
the same case, so that what is within its term is not looked at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from kdt import clock
from kdt.retention.queries import What
from kdt.retention.terms import ANSWERED, Counted, Ending, Term
from kdt.store.writing import AnyRow

# A month that is shorter has the same last day for up to so many days of a longer one.
_SHORTER = timedelta(days=3)

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
_ROWS = """
    select e.id, e.seq, e.phase, e.last_on, e.recorded_at, e.case_id,
        answer.occurred_on as settled_on, answer.outcome, answer.ruling
    from escalations e left join lateral (
        select occurred_on, outcome, ruling from considerations
        where considerations.escalation_id = e.id and settles
        order by considerations.seq desc limit 1
    ) answer on true
    where {which}
"""
# What came to each end up to a day: none where there is no such day.
_PAST = text(
    _ROWS.format(
        which="""e.id in (
            select id from escalations where phase = 'withdrawn' and last_on <= :withdrawn
            union
            select id from escalations where phase = 'lapsed' and last_on <= :lapsed
            union
            select id from escalations where phase = 'closed' and last_on <= :closed
            union
            select escalation_id from considerations where settles and occurred_on <= :settled
            union
            select id from escalations where phase is null and recorded_at < :voided
                and id in (select escalation_id from entries where action = 'correct')
        )"""
    )
)
_NEAR = text(
    _ROWS.format(which="(e.case_id = any(:cases) or e.id = any(:ids)) and e.id <> all(:known)")
)
# The cases an escalation was of before a correction, and those it is of by one.
_CORRECTED = text("""
    with moved as (
        select escalation_id, said -> 'values' -> 'with' ->> 'case' as case_id
        from entries, lateral (select convert_from(content, 'UTF8')::jsonb as said) as plain
        where action = 'correct' and position(convert_to('"case"', 'UTF8') in content) > 0
            and said -> 'values' -> 'with' ? 'case'
    )
    select escalation_id, case_id::uuid from moved
    union
    select escalation_id, (convert_from(content, 'UTF8')::jsonb -> 'values' ->> 'case')::uuid
    from entries where action = 'open' and escalation_id in (select escalation_id from moved)
""")


@dataclass(frozen=True, slots=True)
class Found:
    """Escalations by their id, and of each all cases it is or was of."""

    rows: dict[str, AnyRow] = field(default_factory=dict)
    cases: dict[str, set[UUID]] = field(default_factory=dict)


def found(
    connection: Connection, terms: Mapping[str, Term | None], day: date, *, together: bool
) -> Found:
    """Those that can be past the term of their ending on a day; `together`: with all that have a
    case in common with one of them, or with another that has, and so on. Within `counting`."""
    days = _days(terms, day)
    result = Found()
    near = connection.execute(_PAST, days).all() if any(days.values()) else []
    if not near:
        return result
    moved: dict[str, set[UUID]] = defaultdict(set)
    for escalation, case in connection.execute(_CORRECTED):
        moved[escalation].add(case)
    while near:
        result.rows.update((row.id, row) for row in near)
        result.cases.update((row.id, {row.case_id, *moved.get(row.id, ())}) for row in near)
        if not together:
            break
        cases = set().union(*(result.cases[row.id] for row in near))
        ids = [one for one, its in moved.items() if not cases.isdisjoint(its)]
        asked = {"cases": [*cases], "ids": ids, "known": [*result.rows]}
        near = connection.execute(_NEAR, asked).all()
    return result


def left(connection: Connection, what: What, ids: Iterable[str]) -> set[str]:
    """Of which of these something is left. Within `counting`."""
    asked = text(f"select e.id from escalations e where e.id = any(:ids) and ({_LEFT[what]})")
    return {*connection.scalars(asked, {"ids": [*ids]})}


def latest(months: int, day: date) -> date:
    """The last day that can be past a term of so many months on a day."""
    return clock.later(day, -months) + _SHORTER


def _days(terms: Mapping[str, Term | None], day: date) -> dict[str, date | datetime | None]:
    """Up to when what ended in each way can be past its term."""
    days: dict[str, date] = {}
    for ending in Ending:
        term = terms[ending]
        if term is None or term.months is None:
            continue
        settled = term.counted is Counted.SETTLED
        way = ("settled" if settled else "closed") if ending in ANSWERED else str(ending)
        last = latest(term.months, day)
        days[way] = max(days.get(way, last), last)
    voided = days.get(Ending.VOIDED)
    return {
        **{way: days.get(way) for way in ("withdrawn", "lapsed", "closed", "settled")},
        "voided": clock.over(voided) if voided else None,
    }
