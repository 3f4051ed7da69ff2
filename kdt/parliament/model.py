"""Parliamentary questions, told in rows that are only added to."""

from sqlalchemy import ARRAY, Boolean, Column, Date, DateTime, Table, Text, func

from kdt.store.metadata import metadata

# Of one question the newest row holds.
parliamentary_question_terms = Table(
    "parliamentary_question_terms",
    metadata,
    Column("question", Text, primary_key=True),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        primary_key=True,
        server_default=func.clock_timestamp(),
    ),
    Column("chamber", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    # What is counted for it, over which days.
    Column("measures", ARRAY(Text), nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    # Once an answer was sent: when, and as the record was known at the end of which day.
    Column("answered_on", Date),
    Column("as_of", Date),
    Column("stands", Boolean, nullable=False),
    Column("asked", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
)
