"""Queues, lists and what answers rest on are read by an index, however long the record is."""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    op.create_index(
        "ix_escalations_queue",
        "escalations",
        [
            "level",
            sa.literal_column("unresolved_last DESC"),
            "decide_by",
            sa.literal_column("held_over DESC"),
            "waiting_since",
            "id",
        ],
        unique=False,
        postgresql_where=sa.text("phase in ('queued', 'listed')"),
    )
    op.create_index(
        "ix_escalations_last_on",
        "escalations",
        [sa.literal_column("last_on DESC"), "id"],
        unique=False,
        postgresql_where=sa.text("phase is not null"),
    )
    op.create_index(
        "ix_escalations_unresolved_at",
        "escalations",
        ["unresolved_at"],
        unique=False,
        postgresql_where=sa.text("unresolved_at is not null"),
    )
    op.create_index(
        "ix_entries_considered",
        "entries",
        ["occurred_on", "recorded_on", "import_id"],
        unique=False,
        postgresql_where=sa.text("action = 'consider'"),
    )
    op.create_index(
        "ix_entries_own",
        "entries",
        ["recorded_on"],
        unique=False,
        postgresql_where=sa.text("import_id is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_entries_own", table_name="entries", postgresql_where=sa.text("import_id is null")
    )
    op.drop_index(
        "ix_entries_considered",
        table_name="entries",
        postgresql_where=sa.text("action = 'consider'"),
    )
    op.drop_index(
        "ix_escalations_unresolved_at",
        table_name="escalations",
        postgresql_where=sa.text("unresolved_at is not null"),
    )
    op.drop_index(
        "ix_escalations_last_on",
        table_name="escalations",
        postgresql_where=sa.text("phase is not null"),
    )
    op.drop_index(
        "ix_escalations_queue",
        table_name="escalations",
        postgresql_where=sa.text("phase in ('queued', 'listed')"),
    )
