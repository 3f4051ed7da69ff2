"""What was made of each publication, to the byte; all else about it stands in the ledger."""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, Text, func

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
