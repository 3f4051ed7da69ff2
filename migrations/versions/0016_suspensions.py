"""Days on which the legal term of a case does not run, and the deadline that follows from them."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0016"
down_revision: str | None = "0015"

_WAITING = sa.text("phase in ('queued', 'listed')")


def _queue(day: str) -> None:
    """The order of an agenda, by this day."""
    op.drop_index("ix_escalations_queue", table_name="escalations", postgresql_where=_WAITING)
    op.create_index(
        "ix_escalations_queue",
        "escalations",
        [
            "level",
            sa.text("unresolved_last DESC"),
            day,
            sa.text("held_over DESC"),
            "waiting_since",
            "id",
        ],
        unique=False,
        postgresql_where=_WAITING,
    )


def upgrade() -> None:
    op.create_table(
        "suspensions",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_suspensions_in_order")),
        sa.PrimaryKeyConstraint("escalation_id", "seq", name=op.f("pk_suspensions")),
    )
    grant("suspensions", "SELECT", "INSERT", "DELETE")
    grant("suspensions", "UPDATE", columns=("last_on",))
    op.add_column("escalations", sa.Column("deadline", sa.Date(), nullable=True))
    op.execute("update escalations set deadline = decide_by where decide_by is not null")
    _queue("deadline")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from suspensions)")):
        raise RuntimeError("terms were suspended: going back would lose that")
    _queue("decide_by")
    op.drop_column("escalations", "deadline")
    op.drop_table("suspensions")
