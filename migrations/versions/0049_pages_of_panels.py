"""How much is on agendas is counted from its index alone, and so is what panels did themselves."""

from alembic import op

from kdt.store.grants import grant

revision: str = "0049"
down_revision: str | None = "0045"

VIEW = "on_agendas"


def upgrade() -> None:
    # Its owner is not narrowed by the policy, whose columns no index holds; what only counts sees
    # no ids. Whatever has a panel is listed for a meeting of it.
    op.execute(
        f"create view {VIEW} as select panel, meeting_on from escalations where panel is not null"
    )
    grant(VIEW, "SELECT")
    op.execute(
        "create index ix_considerations_own on considerations (panel, occurred_on) "
        "where not imported"
    )


def downgrade() -> None:
    op.execute("drop index ix_considerations_own")
    op.execute(f"drop view {VIEW}")
