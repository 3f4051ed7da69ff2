"""What was made of each publication, to the byte, and who is told of its release; all else about it
stands in the ledger."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
    text,
)

from kdt.store.metadata import metadata

publications = Table(
    "publications",
    metadata,
    Column("publication", Text, primary_key=True),
    # What leaves the house; what it rests on and stays; and what an attack on it came to.
    Column("document", LargeBinary, nullable=False),
    Column("inside", LargeBinary, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
)

# How far the making of one is; of no matter once it is made.
publication_progress = Table(
    "publication_progress",
    metadata,
    Column("publication", Text, primary_key=True),
    Column("step", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column(
        "moved_at", DateTime(timezone=True), server_default=func.clock_timestamp(), nullable=False
    ),
)

# To which addresses it is told that something was released; of one the newest row holds.
event_subscription_terms = Table(
    "event_subscription_terms",
    metadata,
    Column("subscription", Text, primary_key=True),
    Column(
        "recorded_at",
        DateTime(timezone=True),
        primary_key=True,
        server_default=func.clock_timestamp(),
    ),
    Column("address", Text, nullable=False),
    Column("stands", Boolean, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

# What is to be told of a release, or was; made with the release itself.
event_deliveries = Table(
    "event_deliveries",
    metadata,
    Column("subscription", Text, primary_key=True),
    Column("publication", Text, primary_key=True),
    Column("released_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # What became of it, and of the last attempt, as codes; when; and from when it is due.
    Column("told", Text),
    Column("problem", Text),
    Column("told_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Index(
        "ix_event_deliveries_due_at",
        "due_at",
        postgresql_where=text("told is null or told = 'sending'"),
    ),
)
