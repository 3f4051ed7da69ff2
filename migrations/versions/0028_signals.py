"""Signals of harshness and what is found of them, told in rows that are only added to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kdt.store.grants import grant

revision: str = "0028"
down_revision: str | None = "0027"

_TABLES = ("signal_views", "signal_terms")


def _of(*columns: "sa.Column[object]", table: str) -> None:
    op.create_table(
        table,
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        *columns,
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("signal", "recorded_at", name=op.f(f"pk_{table}")),
    )
    grant(table, "SELECT", "INSERT")


def upgrade() -> None:
    _of(
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("at_latest", sa.Boolean(), nullable=False),
        sa.Column("lawyers", sa.Text(), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("concerns", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("followed", sa.Text(), nullable=False),
        table="signal_terms",
    )
    _of(
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("assessor", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        table="signal_views",
    )


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from signal_terms)")):
        raise RuntimeError("signals were recorded: going back would lose them")
    for table in _TABLES:
        op.drop_table(table)
