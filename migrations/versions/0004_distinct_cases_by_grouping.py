"""Distinct cases by month stand apart for each grouping: a question reads that one alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kdt.store.grants import grant

revision: str = "0004"
down_revision: str | None = "0003"

_MONTHS = """
    date_trunc('month', occurred_on)::date as occurred_on,
    date_trunc('month', recorded_on)::date as recorded_on
"""


def upgrade() -> None:
    op.drop_table("case_months")
    op.create_table(
        "case_months",
        sa.Column("grouping", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("previous", sa.Date(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
    )
    op.create_index(
        "ix_case_months_cell",
        "case_months",
        [
            "grouping",
            "occurred_on",
            "previous",
            "recorded_on",
            "level",
            "location",
            "question",
            "ground",
        ],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.execute(f"""
        insert into case_months
            (grouping, level, location, question, ground, occurred_on, recorded_on, previous,
            amount)
        select grouping, level, location, question, ground, occurred_on, recorded_on, previous,
            sum(amount)
        from (
            select grouping,
                case when grouping & 1 <> 0 then level end as level,
                case when grouping & 2 <> 0 then location end as location,
                case when grouping & 4 <> 0 then question end as question,
                case when grouping & 8 <> 0 then ground end as ground,
                {_MONTHS}, previous[grouping + 1] as previous, amount
            from case_days cross join generate_series(0, 15) as every(grouping)
        ) as cells
        group by 1, 2, 3, 4, 5, 6, 7, 8
    """)
    grant("case_months", "SELECT", "INSERT", "UPDATE", "DELETE")


def downgrade() -> None:
    op.drop_index("ix_case_months_cell", table_name="case_months")
    op.drop_table("case_months")
    op.create_table(
        "case_months",
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("previous", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "occurred_on",
            "recorded_on",
            "level",
            "location",
            "question",
            "ground",
            "previous",
            name=op.f("pk_case_months"),
        ),
    )
    op.execute(f"""
        insert into case_months
            (level, location, question, ground, occurred_on, recorded_on, previous, amount)
        select level, location, question, ground, occurred_on, recorded_on, previous, sum(amount)
        from (
            select level, location, question, ground, {_MONTHS},
                array(
                    select date_trunc('month', one)::date
                    from unnest(previous) with ordinality as list(one, place) order by place
                ) as previous,
                amount
            from case_days
        ) as cells
        group by 1, 2, 3, 4, 5, 6, 7
    """)
    grant("case_months", "SELECT", "INSERT", "UPDATE", "DELETE")
