"""Whether enough of a panel are at its meeting to record what an item ended in.

Asked with the other questions of an action, in the same round trip. It holds for a meeting with a
minimum, from the moment the first of the panel is entered as present; who takes no part in an item
is not counted for it, on either side (docs/decisions/0028).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from kdt.access.queries import seated
from kdt.cases.sights import officers_work
from kdt.cases.views import UNSCOPED
from kdt.procedure import Refusal
from kdt.store.driver import Statement
from kdt.store.writing import AnyRow, ask

# Whose meeting it is when something is not listed for it yet.
Slot = tuple[str, date]


class Code(StrEnum):
    """Why no outcome can be recorded; the Dutch stands under `refusal`."""

    TOO_FEW_PRESENT = "too_few_present"


# Who comes or goes holds this alone (kdt.meetings.attendance).
_LOCK = f"""
    select pg_advisory_xact_lock_shared(
        hashtextextended(coalesce(%s, panel) || ' ' || coalesce(%s, meeting_on)::text, 4)
    ) from {UNSCOPED} where id = %s
""".encode()


# Once the day is over, whoever was there counts for what is still registered of it.
def _standing(escalations: str) -> bytes:
    return f"""
        select m.attendance as minimum, k.location, t.people as barred,
            coalesce(array_agg(distinct p.person) filter (where h.counts), '{{}}') as present,
            coalesce(array_agg(distinct p.stands_for) filter (where h.counts), '{{}}') as taken
        from {escalations} e
        join meetings m
            on m.panel = coalesce(%s, e.panel) and m.held_on = coalesce(%s, e.meeting_on)
        join panels k on k.id = m.panel
        join meeting_attendance p on p.meeting = m.id
        cross join lateral (
            select array(
                select person from recusals where escalation_id = e.id
                union select e.brought_by where e.brought_by is not null
                union {officers_work("true", escalations)}
            ) as people
            -- Once, and not once again wherever it is named.
            offset 0
        ) t
        cross join lateral (
            select not array[p.person, p.stands_for] && t.people and (
                p.left_at is null
                or m.held_on < (clock_timestamp() at time zone 'Europe/Amsterdam')::date
            ) as counts
        ) h
        where e.id = %s and m.attendance > 0
        group by m.attendance, k.location, t.people
    """.encode()


_READING, _WRITING = _standing("escalations"), _standing(UNSCOPED)


def asked(escalation: str, slot: Slot | None = None) -> tuple[Statement, Statement]:
    """What `lacking` takes, for whoever asks something else as well: nobody comes or goes until the
    transaction ends. `slot` is the meeting where it is not the one the escalation is listed for."""
    given = (*(slot or (None, None)), escalation)
    return (_LOCK, given), (_WRITING, given)


def lacking(connection: Connection, found: Iterable[Sequence[Any]]) -> Refusal | None:
    """Why no outcome can be recorded now, in what was found; None when one can."""
    *_, rows = found
    for row in rows:
        if len(row.taken) < row.minimum:
            return _judged(connection, row)
    return None


def now_lacking(connection: Connection, escalation: str) -> Refusal | None:
    """The same for a page, which waits for nobody."""
    return lacking(connection, ask(connection, (_READING, (None, None, escalation))))


def _judged(connection: Connection, row: AnyRow) -> Refusal | None:
    """Who takes no part is missed by nobody, and nor is who has somebody in their place; the
    minimum is never more than there are."""
    elsewhere = {*row.barred, *row.taken, *row.present}
    missing = {
        seat.person: one.label
        for one, seat in seated(connection, row.location)
        if seat.on_behalf_of is None and seat.person not in elsewhere
    }
    # A seat that its holder and who stands in for them both take is one.
    present = len(row.taken)
    required = min(row.minimum, present + len(missing))
    if present >= required:
        return None
    details = {"present": present, "required": required, "missing": ", ".join(missing.values())}
    return Refusal(Code.TOO_FEW_PRESENT, details)
