"""Implementation tests, how satisfied who took part is, and adjustments, in rows that are only
added to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kdt.store.grants import grant

revision: str = "0034"
down_revision: str | None = "0033"

_TABLES = ("adjustment_terms", "implementation_test_opinions", "implementation_test_terms")


def upgrade() -> None:
    texts = postgresql.ARRAY(sa.Text())
    _create(
        "implementation_test_terms",
        "test",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("capability", sa.Text(), nullable=False),
        sa.Column("organisations", texts, nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
    )
    _create(
        "implementation_test_opinions",
        "test",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("satisfaction", sa.Text(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
    )
    _create(
        "adjustment_terms",
        "adjustment",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("at_latest", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("themes", texts, nullable=False),
        sa.Column("signals", texts, nullable=False),
        sa.Column("tests", texts, nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    for table in _TABLES:
        if op.get_bind().scalar(sa.text(f"select exists (select from {table})")):
            raise RuntimeError("tests or adjustments were recorded: going back would lose them")
    for table in _TABLES:
        op.drop_table(table)


def _create(table: str, key: str, *columns: "sa.Column[object]") -> None:
    op.create_table(
        table,
        sa.Column(key, sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        *columns,
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(key, "recorded_at", name=op.f(f"pk_{table}")),
    )
    grant(table, "SELECT", "INSERT")
