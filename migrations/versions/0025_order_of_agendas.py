"""What an agenda is ordered by, from a day on."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0025"
down_revision: str | None = "0024"


def upgrade() -> None:
    op.create_table(
        "agenda_weights",
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("unresolved", sa.SmallInteger(), nullable=False),
        sa.Column("deadline", sa.SmallInteger(), nullable=False),
        sa.Column("held_over", sa.SmallInteger(), nullable=False),
        sa.Column("waiting", sa.SmallInteger(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("effective_on", "recorded_at", name=op.f("pk_agenda_weights")),
    )
    grant("agenda_weights", "SELECT", "INSERT")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from agenda_weights)")):
        raise RuntimeError("agenda_weights holds what was recorded; a downgrade would lose it")
    op.drop_table("agenda_weights")
