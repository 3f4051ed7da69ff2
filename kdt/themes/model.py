"""Themes from a list, the steps taken with them, which escalations show them, and the talks about
them."""

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

# Only added to: of one consultation the row recorded last says what it was, and whether it stands.
consultation_terms = Table(
    "consultation_terms",
    metadata,
    Column("consultation", Text, primary_key=True),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        primary_key=True,
        server_default=func.clock_timestamp(),
    ),
    Column("held_on", Date, nullable=False),
    Column("form", Text, nullable=False),
    Column("partners", ARRAY(Text), nullable=False),
    Column("themes", ARRAY(Text), nullable=False),
    Column("stands", Boolean, nullable=False),
    # Of those who were there alone.
    Column("participants", ARRAY(Text), nullable=False),
    Column("agreements", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

# As consultations are told; what somebody finds of a signal stands in rows of its own.
signal_terms = Table(
    "signal_terms",
    metadata,
    Column("signal", Text, primary_key=True),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        primary_key=True,
        server_default=func.clock_timestamp(),
    ),
    Column("source", Text, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("at_latest", Boolean, nullable=False),
    Column("lawyers", Text, nullable=False),
    Column("themes", ARRAY(Text), nullable=False),
    Column("stands", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("concerns", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("followed", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

signal_views = Table(
    "signal_views",
    metadata,
    Column("signal", Text, primary_key=True),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        primary_key=True,
        server_default=func.clock_timestamp(),
    ),
    Column("assessment", Text, nullable=False),
    Column("published", Boolean, nullable=False),
    # Who is signed in, or whoever published it, by name or office.
    Column("assessor", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

# As signals are told; how satisfied organisations are stands in rows of its own.
implementation_test_terms = Table(
    "implementation_test_terms",
    metadata,
    Column("test", Text, primary_key=True),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        primary_key=True,
        server_default=func.clock_timestamp(),
    ),
    Column("kind", Text, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("person", Text, nullable=False),
    Column("capability", Text, nullable=False),
    Column("organisations", ARRAY(Text), nullable=False),
    Column("stands", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

implementation_test_opinions = Table(
    "implementation_test_opinions",
    metadata,
    Column("test", Text, primary_key=True),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        primary_key=True,
        server_default=func.clock_timestamp(),
    ),
    Column("organisation", Text, nullable=False),
    Column("satisfaction", Text, nullable=False),
    Column("said_on", Date, nullable=False),
    Column("said", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

adjustment_terms = Table(
    "adjustment_terms",
    metadata,
    Column("adjustment", Text, primary_key=True),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        primary_key=True,
        server_default=func.clock_timestamp(),
    ),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("at_latest", Boolean, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("themes", ARRAY(Text), nullable=False),
    Column("signals", ARRAY(Text), nullable=False),
    Column("tests", ARRAY(Text), nullable=False),
    Column("stands", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
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
