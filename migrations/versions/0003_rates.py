"""How many requests each person, or address, may still make."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.create_table(
        "rates",
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("room", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_rates")),
        prefixes=["UNLOGGED"],
    )
    grant("rates", "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    op.drop_table("rates")
