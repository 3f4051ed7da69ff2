"""What waits, for what only counts it: no ids, so nothing to narrow."""

from alembic import op

from kdt.store.grants import grant

revision: str = "0029"
down_revision: str | None = "0028"

VIEW = "waiting"


def upgrade() -> None:
    # Its owner is not narrowed by the policy, whose columns no index holds: a long queue is counted
    # from the index in its order alone.
    op.execute(
        f"create view {VIEW} as select level, location, waiting_since, held_over from escalations "
        "where phase in ('queued', 'listed')"
    )
    grant(VIEW, "SELECT")


def downgrade() -> None:
    op.execute(f"drop view {VIEW}")
