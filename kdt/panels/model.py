"""Locations, panels and meetings. Names and closing are effective-dated and only ever added."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.ledger.table import Subject
from kdt.store.metadata import metadata

locations = Table(
    "locations",
    metadata,
    # The name it was first given: figures and history files carry it, whatever it is called later.
    Column("id", Text, primary_key=True),
)

panels = Table(
    "panels",
    metadata,
    Column("id", Text, primary_key=True),
    Column("level", Text, nullable=False),
    Column("location", Text, ForeignKey("locations.id")),
    # Days of the week it meets (Monday is 1), and the hour in Amsterdam.
    Column("weekdays", ARRAY(SmallInteger), nullable=False),
    Column("starts_at", Time, nullable=False),
    UniqueConstraint("level", "location", postgresql_nulls_not_distinct=True),
    CheckConstraint("weekdays <@ array[1,2,3,4,5,6,7]::smallint[]", name="weekdays"),
)


def _naming() -> list[Column[object]]:
    return [
        Column("effective_on", Date, primary_key=True),
        Column("name", Text, nullable=False),
        Column("open", Boolean, nullable=False),
        Column("recorded_by", Text, nullable=False),
        Column(
            "recorded_at",
            DateTime(timezone=True),
            primary_key=True,
            server_default=func.clock_timestamp(),
        ),
    ]


location_terms = Table(
    "location_terms",
    metadata,
    Column("location", Text, ForeignKey("locations.id"), primary_key=True),
    *_naming(),
)

panel_terms = Table(
    "panel_terms",
    metadata,
    Column("panel", Text, ForeignKey("panels.id"), primary_key=True),
    *_naming(),
)

# Where the terms of each are read.
TERMS = {Subject.LOCATION: location_terms, Subject.PANEL: panel_terms}

meetings = Table(
    "meetings",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("panel", Text, ForeignKey("panels.id"), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("starts_at", Time, nullable=False),
    # The row decides: however many clocks knock, a panel meets once a day.
    UniqueConstraint("panel", "held_on"),
    Index("ix_meetings_held_on", "held_on"),
)
