"""The rules by which a deadline is proposed, and how far ahead one is warned: only ever added to;
of two that speak of the same day the later recorded counts."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, DateTime, SmallInteger, Table, Text

from kdt.store.metadata import metadata

deadline_rules = Table(
    "deadline_rules",
    metadata,
    Column("rule", Text, primary_key=True),
    # For applications of that day and later.
    Column("effective_on", Date, primary_key=True),
    # What kind of application it covers, and where it stands in the law.
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("count", SmallInteger, nullable=False),
    Column("unit", Text, nullable=False),
    # By how much it can be extended at most, in the same unit; 0: not.
    Column("extension", SmallInteger, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), primary_key=True),
    CheckConstraint("count > 0 and extension >= 0", name="a_term"),
)

deadline_warnings = Table(
    "deadline_warnings",
    metadata,
    Column("effective_on", Date, primary_key=True),
    # Working days ahead from which a deadline is near.
    Column("days", SmallInteger, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), primary_key=True),
    CheckConstraint("days >= 0", name="ahead"),
)
