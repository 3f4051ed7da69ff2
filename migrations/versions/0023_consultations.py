"""Talks about themes, each told in rows that are only added to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kdt.store.grants import grant

revision: str = "0023"
down_revision: str | None = "0022"


def upgrade() -> None:
    texts = postgresql.ARRAY(sa.Text())
    op.create_table(
        "consultation_terms",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("partners", texts, nullable=False),
        sa.Column("themes", texts, nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("participants", texts, nullable=False),
        sa.Column("agreements", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consultation", "recorded_at", name=op.f("pk_consultation_terms")),
    )
    grant("consultation_terms", "SELECT", "INSERT")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from consultation_terms)")):
        raise RuntimeError("talks were recorded: going back would lose them")
    op.drop_table("consultation_terms")
