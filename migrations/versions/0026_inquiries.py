"""By when an inquiry that was ordered is due, and what officers still owe a panel."""

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"

_OWED = sa.text("phase in ('in_inquiry', 'settled')")


def upgrade() -> None:
    # What is recorded so far says of no inquiry when it was due.
    op.add_column("considerations", sa.Column("due_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_escalations_owed",
        "escalations",
        ["level", "location", "last_on", "id"],
        unique=False,
        postgresql_where=_OWED,
    )


def downgrade() -> None:
    if op.get_bind().scalar(
        sa.text("select exists (select from considerations where due_on is not null)")
    ):
        raise RuntimeError("inquiries were ordered with a day: going back would lose it")
    op.drop_index("ix_escalations_owed", table_name="escalations", postgresql_where=_OWED)
    op.drop_column("considerations", "due_on")
