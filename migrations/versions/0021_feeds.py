"""Addresses at which a calendar program fetches meetings."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0021"
down_revision: str | None = "0020"


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("panel", sa.Text(), nullable=True),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_feeds_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_feeds")),
        sa.UniqueConstraint(
            "person",
            "panel",
            name=op.f("uq_feeds_person_panel"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    grant("feeds", "SELECT", "INSERT", "DELETE")
    grant("feeds", "UPDATE", columns=("digest", "made_at"))


def downgrade() -> None:
    # Whoever had an address makes a new one.
    op.drop_table("feeds")
