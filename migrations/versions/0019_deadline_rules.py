"""By when the law wants a decision on which kind of application, and how far ahead to warn."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0019"
down_revision: str | None = "0018"


def upgrade() -> None:
    op.create_table(
        "deadline_rules",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("count", sa.SmallInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("extension", sa.SmallInteger(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("count > 0 and extension >= 0", name=op.f("ck_deadline_rules_a_term")),
        sa.PrimaryKeyConstraint(
            "rule", "effective_on", "recorded_at", name=op.f("pk_deadline_rules")
        ),
    )
    op.create_table(
        "deadline_warnings",
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days >= 0", name=op.f("ck_deadline_warnings_ahead")),
        sa.PrimaryKeyConstraint("effective_on", "recorded_at", name=op.f("pk_deadline_warnings")),
    )
    for table in ("deadline_rules", "deadline_warnings"):
        grant(table, "SELECT", "INSERT")


def downgrade() -> None:
    for table in ("deadline_rules", "deadline_warnings"):
        if op.get_bind().scalar(sa.text(f"select exists (select from {table})")):
            raise RuntimeError("deadlines were chosen: going back would lose them")
        op.drop_table(table)
