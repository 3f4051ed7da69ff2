"""What the weekly comparison of cases alike found."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0041"
down_revision: str | None = "0040"


def upgrade() -> None:
    op.create_table(
        "difference_runs",
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("imports", sa.Integer(), nullable=False),
        sa.Column(
            "compared_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("profiles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("until", "imports", name=op.f("pk_difference_runs")),
    )
    op.create_table(
        "differences_found",
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("imports", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("chance", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["theme"], ["themes.id"], name=op.f("fk_differences_found_theme")),
        sa.ForeignKeyConstraint(
            ["until", "imports"],
            ["difference_runs.until", "difference_runs.imports"],
            name=op.f("fk_differences_found_until_imports"),
        ),
        sa.PrimaryKeyConstraint(
            "until",
            "imports",
            "question",
            "theme",
            "location",
            "answer",
            name=op.f("pk_differences_found"),
        ),
    )
    grant("difference_runs", "SELECT", "INSERT")
    grant("differences_found", "SELECT", "INSERT")


def downgrade() -> None:
    op.drop_table("differences_found")
    op.drop_table("difference_runs")
