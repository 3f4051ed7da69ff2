"""Addresses that are told of releases, in rows that are only added to, and what became of each."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0038"
down_revision: str | None = "0037"

_WAITS = sa.text("told is null or told = 'sending'")


def upgrade() -> None:
    op.create_table(
        "event_subscription_terms",
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "subscription", "recorded_at", name=op.f("pk_event_subscription_terms")
        ),
    )
    op.create_table(
        "event_deliveries",
        sa.Column("subscription", sa.Text(), nullable=False),
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told", sa.Text()),
        sa.Column("problem", sa.Text()),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subscription", "publication", name=op.f("pk_event_deliveries")),
    )
    op.create_index(
        "ix_event_deliveries_due_at",
        "event_deliveries",
        ["due_at"],
        unique=False,
        postgresql_where=_WAITS,
    )
    grant("event_subscription_terms", "SELECT", "INSERT")
    grant("event_deliveries", "SELECT", "INSERT")
    grant(
        "event_deliveries",
        "UPDATE",
        columns=("attempts", "told", "problem", "told_at", "due_at"),
    )


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from event_subscription_terms)")):
        raise RuntimeError("addresses were subscribed: going back would lose them")
    op.drop_index(
        "ix_event_deliveries_due_at", table_name="event_deliveries", postgresql_where=_WAITS
    )
    op.drop_table("event_deliveries")
    op.drop_table("event_subscription_terms")
