"""Tallies: additive cells by the day a thing happened and the day it was recorded, and the stays
lead times are reckoned from.

New cells come in as deltas, in the transaction of the entry they count; the clock folds them into
days and months. What stands is always months + days + deltas, in one snapshot.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.store.metadata import metadata
from kdt.tallies.measures import ADDITIVE, DIMENSIONS, column


def _key(*, within: bool = False) -> list[Column[Any]]:
    return [
        *(Column(dimension, Text, nullable=within) for dimension in DIMENSIONS),
        # A month's cell stands on its first day.
        Column("occurred_on", Date, nullable=False),
        Column("recorded_on", Date, nullable=False),
    ]


KEY = tuple(column.name for column in _key())
# What makes a cell of a grouping one; in the order in which a question narrows it down.
GROUPED = ("grouping", "occurred_on", "previous", "recorded_on", *DIMENSIONS)


def _amounts() -> list[Column[int]]:
    return [Column(column(measure), Integer, nullable=False) for measure in ADDITIVE]


tally_deltas = Table(
    "tally_deltas",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    *_key(),
    *_amounts(),
)

tally_days = Table(
    "tally_days",
    metadata,
    *_key(),
    *_amounts(),
    PrimaryKeyConstraint("occurred_on", "recorded_on", "level", "location", "question", "ground"),
    Index("ix_tally_days_recorded_on", "recorded_on"),
)

tally_months = Table(
    "tally_months",
    metadata,
    *_key(),
    *_amounts(),
    PrimaryKeyConstraint("occurred_on", "recorded_on", "level", "location", "question", "ground"),
)


def _previous() -> Column[object]:
    # For each of the 16 groupings of level, location, question and ground (a bit each), the day the
    # same case was considered before in that grouping, or NULL.
    return Column("previous", ARRAY(Date), nullable=False)


case_deltas = Table(
    "case_deltas",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    *_key(),
    _previous(),
    Column("amount", Integer, nullable=False),
)

case_days = Table(
    "case_days",
    metadata,
    *_key(),
    _previous(),
    Column("amount", Integer, nullable=False),
    PrimaryKeyConstraint(
        "occurred_on", "recorded_on", "level", "location", "question", "ground", "previous"
    ),
    Index("ix_case_days_recorded_on", "recorded_on"),
)

# The same by month, once for each grouping, so that a question about one reads that one alone.
# A dimension the grouping does not look at is NULL; so is `previous` where there was none. That one
# stays a day: a period may begin on any.
case_months = Table(
    "case_months",
    metadata,
    Column("grouping", SmallInteger, nullable=False),
    *_key(within=True),
    Column("previous", Date),
    Column("amount", Integer, nullable=False),
    Index("ix_case_months_cell", *GROUPED, unique=True, postgresql_nulls_not_distinct=True),
)


def _of_themes() -> list[Column[Any]]:
    # How many rows `theme_tags` has of a theme. An escalation is to count once: of which it has
    # several is in `theme_repeats`, and read from the rows themselves.
    return [
        Column("theme", Text, nullable=False),
        Column("occurred_on", Date, nullable=False),
        Column("recorded_on", Date, nullable=False),
        Column("number", Integer, nullable=False),
    ]


theme_deltas = Table(
    "theme_deltas",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    *_of_themes(),
)

theme_days = Table(
    "theme_days",
    metadata,
    *_of_themes(),
    PrimaryKeyConstraint("occurred_on", "theme", "recorded_on"),
)


def _stay() -> list[Column[Any]]:
    return [
        # Where it stayed; "" when the cell is about the escalation as a whole alone.
        Column("level", Text, nullable=False),
        # Whether it is about the escalation as a whole, first queue to answer, as well.
        Column("whole", Boolean, nullable=False),
        *(Column(dimension, Text, nullable=False) for dimension in DIMENSIONS[1:]),
        Column("begun_on", Date, nullable=False),
        # NULL in the cell of what began.
        Column("ended_on", Date),
        Column("ended_as", Text),
        Column("recorded_on", Date, nullable=False),
    ]


# What makes a cell of stays one; in the order in which a question narrows it down.
STAY_KEY = ("begun_on", *(column.name for column in _stay() if column.name != "begun_on"))

# How many stays began, and how many ended: as many are open as began and did not end.
stay_deltas = Table(
    "stay_deltas",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    *_stay(),
    Column("amount", Integer, nullable=False),
)

stay_days = Table(
    "stay_days",
    metadata,
    *_stay(),
    Column("amount", Integer, nullable=False),
    Index("ix_stay_days_cell", *STAY_KEY, unique=True, postgresql_nulls_not_distinct=True),
)

# The entries of which no stays are counted yet: those of a server of the release before, while they
# are replaced one by one. A trigger on the log notes them.
stays_missed = Table(
    "stays_missed",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
)
