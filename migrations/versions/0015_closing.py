"""Meetings are closed: who attested that all of it is recorded; and since when each was planned."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0015"
down_revision: str | None = "0014"


def upgrade() -> None:
    op.create_table(
        "attestations",
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("attested", sa.Text(), nullable=True),
        sa.Column("considered", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(attested is null) = (reason is not null)"
            " and (attested is null) = (considered is null)",
            name=op.f("ck_attestations_attested_or_reason"),
        ),
        sa.ForeignKeyConstraint(["meeting"], ["meetings.id"], name=op.f("fk_attestations_meeting")),
        sa.PrimaryKeyConstraint("meeting", "recorded_at", name=op.f("pk_attestations")),
    )
    op.add_column(
        "meetings",
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
    )
    # When these were planned was not kept: on their own day they were there.
    op.execute(
        "update meetings set recorded_at = least(clock_timestamp(),"
        " held_on::timestamp at time zone 'Europe/Amsterdam')"
    )
    grant("attestations", "SELECT", "INSERT")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from attestations)")):
        raise RuntimeError("meetings were closed: going back would lose who attested what")
    op.drop_column("meetings", "recorded_at")
    op.drop_table("attestations")
