"""Who stands in for whom, is recused, goes on with a case, or said what they read one for."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0007"
down_revision: str | None = "0006"

TABLES = ("delegations", "recusals", "hand_overs", "stated_purposes", "stand_ins")


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _person("giver"),
        _person("taker"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.CheckConstraint("giver <> taker", name=op.f("ck_delegations_another")),
        *_people("delegations", "giver", "taker"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index("ix_delegations_giver", "delegations", ["giver", "last_on"], unique=False)
    op.create_index("ix_delegations_taker", "delegations", ["taker", "last_on"], unique=False)
    op.create_table(
        "recusals",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        _person("person"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *_people("recusals", "person"),
        sa.PrimaryKeyConstraint("escalation_id", "person", name=op.f("pk_recusals")),
    )
    op.create_table(
        "hand_overs",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        _person("holder"),
        *_people("hand_overs", "holder"),
        sa.PrimaryKeyConstraint("escalation_id", name=op.f("pk_hand_overs")),
    )
    op.create_index("ix_hand_overs_holder", "hand_overs", ["holder"], unique=False)
    op.create_table(
        "stated_purposes",
        _person("person"),
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        *_people("stated_purposes", "person"),
        sa.PrimaryKeyConstraint(
            "person", "escalation_id", "stated_on", name=op.f("pk_stated_purposes")
        ),
    )
    op.create_table(
        "stand_ins",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        _person("person"),
        *_people("stand_ins", "person"),
        sa.PrimaryKeyConstraint("escalation_id", "seq", name=op.f("pk_stand_ins")),
    )
    grant("recusals", "SELECT", "INSERT")
    grant("stand_ins", "SELECT", "INSERT")
    grant("delegations", "SELECT", "INSERT")
    # To end it early; a row is changed in nothing else.
    grant("delegations", "UPDATE", columns=("last_on",))
    for table in ("hand_overs", "stated_purposes"):
        grant(table, "SELECT", "INSERT", "UPDATE")


def downgrade() -> None:
    for table in TABLES:
        if op.get_bind().scalar(sa.text(f"select exists (select from {table})")):
            raise RuntimeError(f"{table} holds what was recorded; a downgrade would lose it")
    for table in TABLES:
        op.drop_table(table)


def _person(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([one], ["people.id"], name=op.f(f"fk_{table}_{one}"))
        for one in columns
    ]
