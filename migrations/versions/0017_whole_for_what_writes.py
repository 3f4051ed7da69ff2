"""Escalations for what writes, without the parts of the policy that hold for what reads alone."""

from alembic import op

from kdt.store.grants import grant

revision: str = "0017"
down_revision: str | None = "0016"

VIEW = "unscoped_escalations"


def upgrade() -> None:
    # Its owner is not narrowed by the policy; a transaction that only reads sees nothing of it.
    op.execute(
        f"create view {VIEW} as select * from escalations "
        "where current_setting('transaction_read_only') = 'off'"
    )
    grant(VIEW, "SELECT", "UPDATE")


def downgrade() -> None:
    op.execute(f"drop view {VIEW}")
