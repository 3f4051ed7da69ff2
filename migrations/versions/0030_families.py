"""Which escalations belong together though they are about several cases."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0030"
down_revision: str | None = "0029"


def upgrade() -> None:
    op.create_table(
        "family_members",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("escalation_id", name=op.f("pk_family_members")),
    )
    op.create_index("ix_family_members_family", "family_members", ["family"], unique=False)
    grant("family_members", "SELECT", "INSERT", "DELETE")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from family_members)")):
        raise RuntimeError("escalations were put together: going back would lose that")
    op.drop_table("family_members")
