"""The stays of what was recorded before they were counted, walked from the log a part at a time."""

from collections import Counter
from itertools import groupby

import sqlalchemy as sa
from alembic import op

from kdt.cases import entries
from kdt.cases.staying import added
from kdt.procedure import Refusal
from kdt.store.writing import raw
from kdt.tallies.stays import StayCell, rows

revision: str = "0047"
down_revision: str | None = "0046"

# What a server of the release before recorded since is counted by the clock.
_ENTRIES = """
    select escalation_id, content, missed.seq is not null as missed
    from entries left join stays_missed missed using (escalation_id, seq)
    order by escalation_id, seq
"""
# So is what is no walk through the procedure, as verification says: whoever reads it is told.
_MISSED = """
    insert into stays_missed select escalation_id, seq from entries
    where escalation_id = :escalation on conflict do nothing
"""
_NAMES = ", ".join((*StayCell._fields, "amount"))
_FOLD = f"""
    insert into stay_days ({_NAMES}) select {", ".join(StayCell._fields)}, sum(amount) from counted
    group by {", ".join(StayCell._fields)} having sum(amount) <> 0 order by begun_on
"""
# As many entries are read, and as many cells kept, at a time.
_READ, _CELLS = 5_000, 50_000


def upgrade() -> None:
    connection = op.get_bind()
    op.execute(
        f"create temp table counted on commit drop as select {_NAMES} from stay_days with no data"
    )
    found = connection.execute(sa.text(_ENTRIES), execution_options={"yield_per": _READ})
    counted: Counter[StayCell] = Counter()
    for escalation, group in groupby(found, key=lambda row: row.escalation_id):
        known = list(group)
        acts = [entries.act(row.content, None) for row in known]
        each = list(added(acts, entries.procedure_version(known[0].content)))
        if isinstance(each[-1], Refusal):
            connection.execute(sa.text(_MISSED), {"escalation": escalation})
            continue
        for row, cells in zip(known, each, strict=True):
            if not row.missed and not isinstance(cells, Refusal):
                counted.update(cells)
        if len(counted) > _CELLS:
            _write(connection, counted)
            counted.clear()
    _write(connection, counted)
    op.execute(_FOLD)


def downgrade() -> None:
    op.execute("delete from stay_deltas")
    op.execute("delete from stay_days")


def _write(connection: sa.Connection, counted: Counter[StayCell]) -> None:
    copying = f"copy counted ({_NAMES}) from stdin"
    with raw(connection).cursor() as cursor, cursor.copy(copying.encode()) as stream:
        for row in rows(counted):
            stream.write_row(row)
