"""When the clock last did each of its jobs."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.create_table(
        "knocks",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_knocks")),
        prefixes=["UNLOGGED"],
    )
    grant("knocks", "SELECT", "INSERT", "UPDATE")


def downgrade() -> None:
    op.drop_table("knocks")
