"""Tallies: additive cells by the day a thing happened and the day it was recorded.

New cells come in as deltas, in the transaction of the entry they count; the clock folds them into
days and months. What stands is always months + days + deltas, in one snapshot.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.store.metadata import metadata
from kdt.tallies.measures import ADDITIVE, column


def _key() -> list[Column[object]]:
    return [
        Column("level", Text, nullable=False),
        Column("location", Text, nullable=False),
        Column("question", Text, nullable=False),
        Column("ground", Text, nullable=False),
        # A month's cell stands on its first day.
        Column("occurred_on", Date, nullable=False),
        Column("recorded_on", Date, nullable=False),
    ]


KEY = tuple(column.name for column in _key())


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

case_months = Table(
    "case_months",
    metadata,
    *_key(),
    _previous(),
    Column("amount", Integer, nullable=False),
    PrimaryKeyConstraint(
        "occurred_on", "recorded_on", "level", "location", "question", "ground", "previous"
    ),
)
