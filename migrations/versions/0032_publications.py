"""Publications: what was made of each, which is only added to, and how far the making is."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0032"
down_revision: str | None = "0031"

_APPEND_ONLY = """
    create trigger publications_append_only before update or delete or truncate on publications
    for each statement execute function refuse_change();
    alter table publications enable always trigger publications_append_only
"""


def upgrade() -> None:
    op.create_table(
        "publications",
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("inside", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("publication", name=op.f("pk_publications")),
    )
    op.execute(_APPEND_ONLY)
    grant("publications", "SELECT", "INSERT")
    op.create_table(
        "publication_progress",
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column(
            "moved_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("publication", name=op.f("pk_publication_progress")),
    )
    grant("publication_progress", "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from publications)")):
        raise RuntimeError("something was published: going back would lose it")
    op.drop_table("publication_progress")
    op.drop_table("publications")
