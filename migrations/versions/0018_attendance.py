"""Who of a panel was at a meeting."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0018"
down_revision: str | None = "0017"


def upgrade() -> None:
    op.create_table(
        "meeting_attendance",
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("stands_for", sa.Text(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "left_at > arrived_at", name=op.f("ck_meeting_attendance_left_after_arriving")
        ),
        sa.ForeignKeyConstraint(
            ["meeting"], ["meetings.id"], name=op.f("fk_meeting_attendance_meeting_meetings")
        ),
        sa.PrimaryKeyConstraint(
            "meeting", "person", "arrived_at", name=op.f("pk_meeting_attendance")
        ),
    )
    op.create_index(
        "ix_meeting_attendance_present",
        "meeting_attendance",
        ["meeting", "person"],
        unique=True,
        postgresql_where=sa.text("left_at is null"),
    )
    grant("meeting_attendance", "SELECT", "INSERT")
    grant("meeting_attendance", "UPDATE", columns=("left_at",))


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from meeting_attendance)")):
        raise RuntimeError("who was at meetings was recorded: going back would lose it")
    op.drop_index(
        "ix_meeting_attendance_present",
        table_name="meeting_attendance",
        postgresql_where=sa.text("left_at is null"),
    )
    op.drop_table("meeting_attendance")
