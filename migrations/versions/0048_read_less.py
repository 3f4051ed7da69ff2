"""How often themes were seen is counted from cells, as other figures are; what the top of the
ladder held over, and what came to nothing, is found by an index of its own."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0048"
down_revision: str | None = "0049"

# Noted by the database itself, so that a release from before this, which still runs, does so too.
_NOTE = """
    create function note_theme_tags() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
        insert into theme_deltas (theme, occurred_on, recorded_on, number)
        select theme, occurred_on, recorded_on, count(*) from added
        group by theme, occurred_on, recorded_on;
        insert into theme_repeats (escalation_id, theme)
        select tags.escalation_id, tags.theme from theme_tags as tags
        where (tags.escalation_id, tags.theme) in (select escalation_id, theme from added)
        group by tags.escalation_id, tags.theme having count(*) > 1
        on conflict do nothing;
        return null;
    end $$
"""
_NOTED = """
    create trigger note_theme_tags after insert on theme_tags referencing new table as added
    for each statement execute function note_theme_tags()
"""
_BEFORE = (
    """
    insert into theme_days (theme, occurred_on, recorded_on, number)
    select theme, occurred_on, recorded_on, count(*) from theme_tags
    group by theme, occurred_on, recorded_on
    """,
    """
    insert into theme_repeats (escalation_id, theme)
    select escalation_id, theme from theme_tags
    group by escalation_id, theme having count(*) > 1
    """,
)


def upgrade() -> None:
    op.create_table(
        "theme_repeats",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["theme"], ["themes.id"], name=op.f("fk_theme_repeats_theme")),
        sa.PrimaryKeyConstraint("escalation_id", "theme", name=op.f("pk_theme_repeats")),
    )
    op.create_table(
        "theme_deltas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *_cell(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_deltas")),
    )
    op.create_table(
        "theme_days",
        *_cell(),
        sa.PrimaryKeyConstraint("occurred_on", "theme", "recorded_on", name=op.f("pk_theme_days")),
    )
    grant("theme_repeats", "SELECT")
    grant("theme_deltas", "SELECT", "DELETE")
    grant("theme_days", "SELECT", "INSERT", "UPDATE")
    op.execute(_NOTE)
    op.execute("revoke all on function note_theme_tags() from public")
    op.execute(_NOTED)
    for statement in _BEFORE:
        op.execute(statement)
    op.execute(
        "create index ix_considerations_held_over on considerations (level, escalation_id) "
        "include (occurred_on) where outcome = 'held_over'"
    )
    op.execute(
        "create index ix_escalations_ended on escalations (phase, last_on, level) "
        "where phase in ('withdrawn', 'lapsed')"
    )
    op.drop_index("ix_considerations_level", table_name="considerations")


def downgrade() -> None:
    op.create_index("ix_considerations_level", "considerations", ["level", "occurred_on"])
    op.execute("drop index ix_escalations_ended")
    op.execute("drop index ix_considerations_held_over")
    op.execute("drop trigger note_theme_tags on theme_tags")
    op.execute("drop function note_theme_tags()")
    for table in ("theme_days", "theme_deltas", "theme_repeats"):
        op.drop_table(table)


def _cell() -> list[sa.Column[Any]]:
    return [
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
    ]
