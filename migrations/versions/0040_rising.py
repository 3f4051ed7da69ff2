"""What the weekly scan for rising themes found."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0040"
down_revision: str | None = "0039"


def upgrade() -> None:
    op.create_table(
        "rising_scans",
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("imports", sa.Integer(), nullable=False),
        sa.Column(
            "scanned_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("enough", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("until", "imports", name=op.f("pk_rising_scans")),
    )
    op.create_table(
        "rising_found",
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("imports", sa.Integer(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("span", sa.SmallInteger(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Double(), nullable=False),
        sa.Column("yearly", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["theme"], ["themes.id"], name=op.f("fk_rising_found_theme")),
        sa.ForeignKeyConstraint(
            ["until", "imports"],
            ["rising_scans.until", "rising_scans.imports"],
            name=op.f("fk_rising_found_until_imports"),
        ),
        sa.PrimaryKeyConstraint(
            "until", "imports", "theme", "location", name=op.f("pk_rising_found")
        ),
    )
    grant("rising_scans", "SELECT", "INSERT")
    grant("rising_found", "SELECT", "INSERT")


def downgrade() -> None:
    op.drop_table("rising_found")
    op.drop_table("rising_scans")
