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
    # Also what was undone since: that stands in the ledger, which a release before cannot read.
    told = (
        "select exists (select from ledger where subject = 'escalation' and fact in "
        "('join_family', 'brought_together', 'leave_family', 'left_alone'))"
    )
    if op.get_bind().scalar(sa.text(told)):
        raise RuntimeError("escalations were put together: going back would lose that")
    op.drop_table("family_members")
