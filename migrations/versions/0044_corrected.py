"""Which escalations were ever corrected, without reading the whole log."""

import sqlalchemy as sa
from alembic import op

revision: str = "0044"
down_revision: str | None = "0042"


def upgrade() -> None:
    op.create_index(
        "ix_entries_corrected",
        "entries",
        ["escalation_id"],
        unique=False,
        postgresql_where=sa.text("action = 'correct'"),
    )


def downgrade() -> None:
    op.drop_index("ix_entries_corrected", table_name="entries")
