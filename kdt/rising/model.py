"""What each weekly scan found. Derived: the same scan of the same record finds the same again."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    SmallInteger,
    Table,
    Text,
    func,
)

from kdt.store.metadata import metadata

# By the last day of the week looked at and how many files had been imported by then, for those
# change what came before: so each is scanned once, however many clocks knock.
rising_scans = Table(
    "rising_scans",
    metadata,
    Column("until", Date, primary_key=True),
    Column("imports", Integer, primary_key=True, autoincrement=False),
    Column(
        "scanned_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    # Whether there were weeks enough to say anything.
    Column("enough", Boolean, nullable=False),
)

rising_found = Table(
    "rising_found",
    metadata,
    Column("until", Date, primary_key=True),
    Column("imports", Integer, primary_key=True, autoincrement=False),
    Column("theme", Text, ForeignKey("themes.id"), primary_key=True),
    # The empty text: nationwide.
    Column("location", Text, primary_key=True),
    # In weeks: how long a time these cases came in.
    Column("span", SmallInteger, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("usual", Double, nullable=False),
    # How often a year something as unlikely turns up where nothing changes.
    Column("yearly", Double, nullable=False),
    ForeignKeyConstraint(["until", "imports"], ["rising_scans.until", "rising_scans.imports"]),
)
