"""Minutes that the chair approved: which entries they are."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0020"
down_revision: str | None = "0019"


def upgrade() -> None:
    op.create_table(
        "minutes",
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["meeting"], ["meetings.id"], name=op.f("fk_minutes_meeting")),
        sa.PrimaryKeyConstraint("meeting", "recorded_at", name=op.f("pk_minutes")),
    )
    grant("minutes", "SELECT", "INSERT")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from minutes)")):
        raise RuntimeError("minutes were approved: going back would lose which")
    op.drop_table("minutes")
