"""What each weekly comparison found. Derived: it is reckoned from the record at any time."""

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    func,
)

from kdt.store.metadata import metadata

# By the last day of the week and how many files had been imported by then: each is done once.
difference_runs = Table(
    "difference_runs",
    metadata,
    Column("until", Date, primary_key=True),
    Column("imports", Integer, primary_key=True, autoincrement=False),
    Column(
        "compared_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    # How many profiles had enough cases to be compared.
    Column("profiles", Integer, nullable=False),
)

# Of the profiles that differ more than chance: cases by location and answer.
differences_found = Table(
    "differences_found",
    metadata,
    Column("until", Date, primary_key=True),
    Column("imports", Integer, primary_key=True, autoincrement=False),
    Column("question", Text, primary_key=True),
    Column("theme", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    # A ruling, or what became of the question about an inquiry.
    Column("answer", Text, primary_key=True),
    Column("cases", Integer, nullable=False),
    # Of the whole profile: how often chance alone makes as much difference.
    Column("chance", Double, nullable=False),
    ForeignKeyConstraint(
        ["until", "imports"], ["difference_runs.until", "difference_runs.imports"]
    ),
    ForeignKeyConstraint(["theme"], ["themes.id"]),
)
