"""How much is on agendas is counted from its index alone, and so is what panels did themselves; how
much came by import is counted once, for what was imported does not change."""

import sqlalchemy as sa
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
    op.create_table(
        "import_days",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("considered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_days_import_id")
        ),
        sa.PrimaryKeyConstraint(
            "import_id", "occurred_on", "recorded_on", name=op.f("pk_import_days")
        ),
    )
    grant("import_days", "SELECT", "INSERT")
    op.execute(
        "insert into import_days (import_id, occurred_on, recorded_on, considered) "
        "select import_id, occurred_on, recorded_on, count(*) from entries "
        "where action = 'consider' and import_id is not null "
        "group by import_id, occurred_on, recorded_on"
    )


def downgrade() -> None:
    op.drop_table("import_days")
    op.execute("drop index ix_considerations_own")
    op.execute(f"drop view {VIEW}")
