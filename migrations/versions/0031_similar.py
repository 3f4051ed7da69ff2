"""Similar cases: what was learnt of the texts, and where each text is by it."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import APP_ROLE, grant

revision: str = "0031"
down_revision: str | None = "0030"

TABLES = ("similar_even", "similar_odd")
_POINT = "halfvec(112)"

# What is derived from a text goes with it, in the same transaction, whoever destroys it.
_FORGET = """
    create function forget_similar() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
    begin
        delete from similar_even where escalation_id = new.escalation_id;
        delete from similar_odd where escalation_id = new.escalation_id;
        update similar_models set destroyed = destroyed + 1;
        return null;
    end $$
"""
_GOES_WITH = """
    create trigger forget_similar after update of content on entry_texts for each row
    when (new.seq = 1 and new.field = 'summary' and new.content is null and old.content is not null)
    execute function forget_similar()
"""


def upgrade() -> None:
    op.create_table(
        "similar_models",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "learnt_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("filled", sa.Boolean(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("destroyed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similar_models")),
    )  # fmt: skip
    for table in TABLES:
        op.execute(
            f"create table {table} (escalation_id text not null, point {_POINT} not null, "
            f"constraint pk_{table} primary key (escalation_id))"
        )
        op.execute(f"create index ix_{table}_point on {table} using hnsw (point halfvec_ip_ops)")
        op.execute(f"alter table {table} enable row level security")
        # What may be known of the escalation may be known of where its text is.
        op.execute(
            f"create policy within_scope on {table} for all to {APP_ROLE} using "
            "((select kdt_unscoped()) or exists (select from escalations e where "
            f"e.id = {table}.escalation_id)) with check (true)"
        )
        grant(table, "SELECT", "INSERT", "DELETE")
        op.execute(f"grant truncate on {table} to {APP_ROLE}")
    grant("similar_models", "SELECT", "INSERT", "DELETE")
    grant("similar_models", "UPDATE", columns=("filled", "place"))
    op.execute(f"grant maintain on similar_models, {', '.join(TABLES)} to {APP_ROLE}")
    op.execute(_FORGET)
    op.execute("revoke all on function forget_similar() from public")
    op.execute(_GOES_WITH)


def downgrade() -> None:
    # All of it is learnt again from the texts.
    op.execute("drop trigger forget_similar on entry_texts")
    op.execute("drop function forget_similar()")
    for table in TABLES:
        op.drop_table(table)
    op.drop_table("similar_models")
