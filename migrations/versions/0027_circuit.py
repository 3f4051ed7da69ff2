"""The circuit of themes: the steps taken with each, and what it is about. Both only added to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kdt.store.grants import grant

revision: str = "0027"
down_revision: str | None = "0026"


def upgrade() -> None:
    texts = postgresql.ARRAY(sa.Text())
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "theme_steps",
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("owed_by", sa.Text()),
        sa.Column("due_on", sa.Date()),
        sa.Column("closed_as", sa.Text()),
        sa.Column("consultation", sa.Text()),
        sa.Column("target", sa.Text()),
        sa.Column("escalations", texts),
        sa.Column("replaces", sa.Integer()),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["theme"], ["themes.id"], name=op.f("fk_theme_steps_theme")),
        sa.ForeignKeyConstraint(["target"], ["themes.id"], name=op.f("fk_theme_steps_into")),
        sa.PrimaryKeyConstraint("theme", "seq", name=op.f("pk_theme_steps")),
    )
    op.create_table(
        "theme_profiles",
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at", moment, server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("stream", sa.Text()),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("codes", texts, nullable=False),
        sa.Column("sources", texts, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["theme"], ["themes.id"], name=op.f("fk_theme_profiles_theme")),
        sa.PrimaryKeyConstraint("theme", "recorded_at", name=op.f("pk_theme_profiles")),
    )
    grant("theme_steps", "SELECT", "INSERT")
    grant("theme_profiles", "SELECT", "INSERT")


def downgrade() -> None:
    # A release before reads of a theme that it was entered or changed, and how it stood then.
    told = (
        "select exists (select from ledger where subject = 'theme' and (fact not in "
        """('enter', 'change') or convert_from(content, 'UTF8') not like '%"status":%'))"""
    )
    if op.get_bind().scalar(sa.text(told)):
        raise RuntimeError("steps with themes were recorded: going back would lose them")
    for table in ("theme_profiles", "theme_steps"):
        op.drop_table(table)
