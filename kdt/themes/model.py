"""Themes from a list, the steps taken with them, which escalations show them, what is told about
them, and the forum that sees them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from kdt.store.metadata import metadata

themes = Table("themes", metadata, Column("id", Text, primary_key=True))

theme_terms = Table(
    "theme_terms",
    metadata,
    Column("theme", Text, ForeignKey("themes.id"), primary_key=True),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        primary_key=True,
        server_default=func.clock_timestamp(),
    ),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    CheckConstraint("status in ('proposed', 'confirmed', 'closed')", name="status"),
)

# Steps in the circuit, by their number in the theme's chain of the ledger. Only added to.
theme_steps = Table(
    "theme_steps",
    metadata,
    Column("theme", Text, ForeignKey("themes.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("action", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("owed_by", Text),
    Column("due_on", Date),
    Column("closed_as", Text),
    Column("consultation", Text),
    Column("target", Text, ForeignKey("themes.id")),
    Column("escalations", ARRAY(Text)),
    Column("replaces", Integer),
    Column("reasons", Text, nullable=False),
)

# Only added to: of one theme the row recorded last says what it is about and whose it is.
theme_profiles = Table(
    "theme_profiles",
    metadata,
    Column("theme", Text, ForeignKey("themes.id"), primary_key=True),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        primary_key=True,
        server_default=func.clock_timestamp(),
    ),
    Column("stream", Text),
    # The empty text: nobody.
    Column("owner", Text, nullable=False),
    Column("codes", ARRAY(Text), nullable=False),
    Column("sources", ARRAY(Text), nullable=False),
    Column("recorded_by", Text, nullable=False),
)


def _told(name: str, of: str, *columns: Column[Any]) -> Table:
    """A table that is only added to: of one the row recorded last says how it was told."""
    return Table(
        name,
        metadata,
        Column(of, Text, primary_key=True),
        Column(
            "recorded_at",
            DateTime(timezone=True),
            primary_key=True,
            server_default=func.clock_timestamp(),
        ),
        *columns,
        Column("recorded_by", Text, nullable=False),
    )


def _kept(kind: type[TypeEngine[Any]] | TypeEngine[Any], *names: str) -> Iterator[Column[Any]]:
    return (Column(name, kind, nullable=False) for name in names)


consultation_terms = _told(
    "consultation_terms",
    "consultation",
    *_kept(Date, "held_on"),
    *_kept(Text, "form"),
    *_kept(ARRAY(Text), "partners", "themes"),
    *_kept(Boolean, "stands"),
    # Of those who were there alone.
    *_kept(ARRAY(Text), "participants"),
    *_kept(Text, "agreements"),
)

# What somebody finds of a signal stands in rows of its own.
signal_terms = _told(
    "signal_terms",
    "signal",
    *_kept(Text, "source"),
    *_kept(Date, "received_on"),
    *_kept(Boolean, "at_latest"),
    *_kept(Text, "lawyers"),
    *_kept(ARRAY(Text), "themes"),
    *_kept(Boolean, "stands"),
    *_kept(Text, "title", "concerns", "origin", "reference", "followed"),
)

# The assessor is who is signed in, or whoever published it, by name or office.
signal_views = _told(
    "signal_views",
    "signal",
    *_kept(Text, "assessment"),
    *_kept(Boolean, "published"),
    *_kept(Text, "assessor", "reasons"),
)

# How satisfied organisations are stands in rows of its own.
implementation_test_terms = _told(
    "implementation_test_terms",
    "test",
    *_kept(Text, "kind"),
    *_kept(Date, "held_on"),
    *_kept(Text, "person", "capability"),
    *_kept(ARRAY(Text), "organisations"),
    *_kept(Boolean, "stands"),
    *_kept(Text, "title", "findings", "reference"),
)

implementation_test_opinions = _told(
    "implementation_test_opinions",
    "test",
    *_kept(Text, "organisation", "satisfaction"),
    *_kept(Date, "said_on"),
    *_kept(Text, "said", "reference"),
)

adjustment_terms = _told(
    "adjustment_terms",
    "adjustment",
    *_kept(Text, "kind", "status"),
    *_kept(Date, "since"),
    *_kept(Boolean, "at_latest"),
    *_kept(Text, "decided_by"),
    *_kept(ARRAY(Text), "themes", "signals", "tests"),
    *_kept(Boolean, "stands"),
    *_kept(Text, "title", "content", "reasons", "reference"),
)

# What was brought to the forum and what came of it, by the number of the fact in the item's chain;
# of the same field the newest row that has it holds. Only added to.
forum_steps = Table(
    "forum_steps",
    metadata,
    Column("item", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("fact", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("escalation", Text),
    Column("theme", Text, ForeignKey("themes.id")),
    # The problem as it was described, or what the forum said of it.
    Column("words", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

theme_tags = Table(
    "theme_tags",
    metadata,
    # A tag is +1 on the day it was recorded, -1 when a correction takes it back: so it can be
    # counted at any reference date.
    Column("escalation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("changed_by", Integer, primary_key=True),
    Column("theme", Text, ForeignKey("themes.id"), nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("amount", SmallInteger, primary_key=True, autoincrement=False),
    CheckConstraint("amount in (-1, 1)", name="amount"),
    Index("ix_theme_tags_theme", "theme", "occurred_on"),
)

# Which escalations have more than one row there with a theme: tagged again, or taken back. Of any
# other a row is a tag that stands, and no other is the same escalation's. Noted by a trigger.
theme_repeats = Table(
    "theme_repeats",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("theme", Text, ForeignKey("themes.id"), primary_key=True),
)
