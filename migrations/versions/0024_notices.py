"""What is to be told by mail, and where."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0024"
down_revision: str | None = "0023"


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("escalation_id", "seq", name=op.f("pk_notices")),
    )
    op.create_index(
        "ix_notices_recorded_at",
        "notices",
        ["recorded_at"],
        unique=False,
        postgresql_where=sa.text("told is null or told = 'sending'"),
    )
    op.create_table(
        "mail_addresses",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_mail_addresses_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_mail_addresses")),
    )
    grant("notices", "SELECT", "INSERT")
    grant("notices", "UPDATE", columns=("told", "told_at"))
    grant("mail_addresses", "SELECT", "INSERT", "DELETE")
    grant("mail_addresses", "UPDATE", columns=("address",))


def downgrade() -> None:
    if op.get_bind().scalar(
        sa.text("select exists (select from notices where told is null or told = 'sending')")
    ):
        raise RuntimeError("somebody is still to be told of an answer: going back would lose that")
    # What was told was told, and addresses come again as people sign in.
    op.drop_table("mail_addresses")
    op.drop_index(
        "ix_notices_recorded_at",
        table_name="notices",
        postgresql_where=sa.text("told is null or told = 'sending'"),
    )
    op.drop_table("notices")
