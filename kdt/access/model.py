"""People as the product knows them, and in which capacity they act where."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
)

from kdt.store.metadata import metadata

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    # What the ledger knows the person by: random, so that it says nothing once this row is gone.
    Column("key", Uuid, nullable=False, unique=True, server_default=func.gen_random_uuid()),
    Column("label", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
)

grants = Table(
    "grants",
    metadata,
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("role", Text, nullable=False),
    # NULL: nationally, or all locations.
    Column("location", Text),
    UniqueConstraint("person", "role", "location", postgresql_nulls_not_distinct=True),
)

sessions = Table(
    "sessions",
    metadata,
    # Of the random token the browser holds.
    Column("digest", LargeBinary, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_sessions_expires_at", "expires_at"),
)

# How many requests somebody may still make now. Lost in a crash without harm, so not written twice.
rates = Table(
    "rates",
    metadata,
    # A person's id, or the address of who is not signed in; the kind before it.
    Column("who", Text, primary_key=True),
    Column("room", Double, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    prefixes=["UNLOGGED"],
)
