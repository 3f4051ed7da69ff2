"""What tells whether anything of a meeting changed: its agenda, what stands on it or was
considered, who is there, whether it is closed. Made of ids and numbers, it says nothing else."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from kdt.store.writing import ask

Slot = tuple[str, date]

# What stands or stood there, each with the number of its last entry.
_MARKS = b"""
    select m.panel, m.held_on, md5(concat_ws(' ',
        m.version,
        (select max(seq) from ledger where subject = 'meeting' and subject_id = m.id::text),
        (select string_agg(e.id || e.seq, ',' order by e.id) from escalations e
         where e.panel = m.panel and e.meeting_on = m.held_on),
        (select string_agg(c.escalation_id || '.' || c.seq || '.' || e.seq, ','
                           order by c.escalation_id, c.seq)
         from considerations c join escalations e on e.id = c.escalation_id
         where c.panel = m.panel and c.occurred_on = m.held_on)
    )) as mark
    from unnest(%s::text[], %s::date[]) as slot (panel, held_on)
    join meetings m using (panel, held_on)
"""


def marks(connection: Connection, slots: Collection[Slot]) -> dict[Slot, str]:
    """The mark of each meeting as it stands: another as soon as anything of it is."""
    panels, days = [one for one, _ in slots], [one for _, one in slots]
    (found,) = ask(connection, (_MARKS, (panels, days)))
    return {(row.panel, row.held_on): row.mark for row in found}
