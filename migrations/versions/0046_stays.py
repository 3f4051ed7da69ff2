"""Stays are counted as they are recorded, so that lead times need no walk of the log.

A server of the release before goes on while it is replaced, and counts none: the log itself notes
what such a server records. What was recorded until now is counted by the next revision.
"""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0046"
down_revision: str | None = "0048"

_NOTE = """
    create function note_missed_stays() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
        insert into stays_missed (escalation_id, seq) values (new.escalation_id, new.seq);
        return null;
    end $$;
    revoke all on function note_missed_stays() from public;
    create trigger entries_stays_missed after insert on entries for each row
        when (current_setting('kdt.stays', true) is distinct from 'counted')
        execute function note_missed_stays()
"""
_KEY = [
    "begun_on",
    "level",
    "whole",
    "location",
    "question",
    "ground",
    "ended_on",
    "ended_as",
    "recorded_on",
]


def _cell() -> list[sa.Column[object]]:
    return [
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_as", sa.Text(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "stay_deltas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *_cell(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_deltas")),
    )
    op.create_table("stay_days", *_cell())
    op.create_index(
        "ix_stay_days_cell", "stay_days", _KEY, unique=True, postgresql_nulls_not_distinct=True
    )
    op.create_table(
        "stays_missed",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("escalation_id", "seq", name=op.f("pk_stays_missed")),
    )
    for table in ("stay_deltas", "stay_days"):
        grant(table, "SELECT", "INSERT", "UPDATE", "DELETE")
    grant("stays_missed", "SELECT", "DELETE")
    op.execute(_NOTE)


def downgrade() -> None:
    op.execute("drop trigger entries_stays_missed on entries")
    op.execute("drop function note_missed_stays()")
    op.drop_table("stays_missed")
    op.drop_index("ix_stay_days_cell", table_name="stay_days")
    op.drop_table("stay_days")
    op.drop_table("stay_deltas")
