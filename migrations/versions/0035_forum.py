"""The IND-wide forum: what was brought to it and what came of that, in rows only added to."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0035"
down_revision: str | None = "0034"


def upgrade() -> None:
    op.create_table(
        "forum_steps",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("escalation", sa.Text()),
        sa.Column("theme", sa.Text()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["theme"], ["themes.id"], name=op.f("fk_forum_steps_theme")),
        sa.PrimaryKeyConstraint("item", "seq", name=op.f("pk_forum_steps")),
    )
    grant("forum_steps", "SELECT", "INSERT")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from forum_steps)")):
        raise RuntimeError("something was brought to the forum: going back would lose it")
    op.drop_table("forum_steps")
