"""Questions of Parliament, each told in rows that are only added to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kdt.store.grants import grant

revision: str = "0037"
down_revision: str | None = "0036"

_TABLE = "parliamentary_question_terms"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("chamber", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("measures", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("as_of", sa.Date()),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("question", "recorded_at", name=op.f(f"pk_{_TABLE}")),
    )
    grant(_TABLE, "SELECT", "INSERT")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text(f"select exists (select from {_TABLE})")):
        raise RuntimeError("questions of Parliament were recorded: going back would lose them")
    op.drop_table(_TABLE)
