"""Signing in with the organisation's provider: who is on their way, what claims make somebody, and
more of each session."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    op.add_column("people", sa.Column("signed_in_at", sa.DateTime(timezone=True)))
    for name in ("began_at", "used_at"):
        op.add_column(
            "sessions",
            sa.Column(
                name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
            ),
        )
    op.add_column("sessions", sa.Column("browser", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_table(
        "sign_ins",
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("onward", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_sign_ins")),
    )
    op.create_index("ix_sign_ins_expires_at", "sign_ins", ["expires_at"])
    op.create_table(
        "mappings",
        sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("location", sa.Text()),
        sa.CheckConstraint(
            "location <> '*' or strpos(value, '*') > 0",
            name=op.f("ck_mappings_star_to_read_from"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mappings")),
        sa.UniqueConstraint(
            "claim",
            "value",
            "role",
            "location",
            name=op.f("uq_mappings_claim_value_role_location"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    grant("people", "UPDATE", columns=("label", "disabled", "signed_in_at"))
    grant("grants", "DELETE")
    grant("sessions", "UPDATE", columns=("used_at",))
    grant("sign_ins", "SELECT", "INSERT", "DELETE")
    grant("mappings", "SELECT", "INSERT", "DELETE")


def downgrade() -> None:
    # Who may do what follows from these; they cannot be had again.
    if op.get_bind().scalar(sa.text("select exists (select from mappings)")):
        raise RuntimeError("there are mappings to roles; a downgrade would lose them")
    op.execute("revoke update (label, disabled, signed_in_at) on people from kdt_app")
    op.execute("revoke delete on grants from kdt_app")
    op.drop_table("mappings")
    op.drop_table("sign_ins")
    op.drop_index("ix_sessions_person", table_name="sessions")
    op.execute("revoke update (used_at) on sessions from kdt_app")
    op.drop_column("sessions", "browser")
    op.drop_column("sessions", "used_at")
    op.drop_column("sessions", "began_at")
    op.drop_column("people", "signed_in_at")
