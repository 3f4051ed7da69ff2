"""What is open by its deadline, and the inquiries panels ordered, are found without reading all
that was answered or discussed."""

from alembic import op

revision: str = "0045"
down_revision: str | None = "0044"


def upgrade() -> None:
    op.execute(
        "create index ix_escalations_pressing on escalations (location, deadline, id) "
        "where phase in ('draft', 'queued', 'listed', 'returned', 'in_inquiry') "
        "and deadline is not null"
    )
    op.execute(
        "create index ix_considerations_inquiry on considerations (panel, occurred_on) "
        "include (case_id, inquiry, escalation_id, seq) where inquiry is not null"
    )
    op.execute(
        "create index ix_considerations_ordered on considerations (case_id, inquiry, occurred_on) "
        "include (escalation_id, seq) where inquiry is not null"
    )


def downgrade() -> None:
    op.execute("drop index ix_considerations_ordered")
    op.execute("drop index ix_considerations_inquiry")
    op.execute("drop index ix_escalations_pressing")
