"""Who read what was written of a case, and whose data were processed."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    op.create_table(
        "reads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trace_id", sa.Text(), nullable=False),
        sa.Column("look", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reads")),
    )
    op.create_index("ix_reads_at", "reads", ["at"])
    op.create_index("ix_reads_escalation_id", "reads", ["escalation_id", "id"])
    op.create_table(
        "read_details",
        sa.Column("read_id", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["read_id"], ["reads.id"], name=op.f("fk_read_details_read_id")),
        sa.PrimaryKeyConstraint("read_id", name=op.f("pk_read_details")),
    )
    op.create_index("ix_read_details_person", "read_details", ["person", "read_id"])
    op.create_table(
        "processings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("trace_id", sa.Text(), nullable=False),
        sa.Column("span_id", sa.Text(), nullable=False),
        sa.Column("parent_span_id", sa.Text(), nullable=True),
        sa.Column("foreign_span_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("data_subject", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processings")),
    )
    op.create_index("ix_processings_data_subject", "processings", ["data_subject", "id"])
    op.create_index("ix_processings_trace_id", "processings", ["trace_id"])
    for log in ("reads", "processings"):
        op.execute(f"""
            create trigger {log}_append_only before update or delete or truncate on {log}
            for each statement execute function refuse_change()
        """)
        op.execute(f"alter table {log} enable always trigger {log}_append_only")
    for table in ("reads", "read_details", "processings"):
        grant(table, "SELECT", "INSERT")


def downgrade() -> None:
    for log in ("reads", "processings"):
        if op.get_bind().scalar(sa.text(f"select exists (select from {log})")):
            raise RuntimeError(f"{log} holds rows; a downgrade would lose them")
    op.drop_table("processings")
    op.drop_table("read_details")
    op.drop_table("reads")
