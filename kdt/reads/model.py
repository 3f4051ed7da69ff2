"""Both logs' tables: insert-only, but for the details of a person, which stand apart."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
)

from kdt.store.metadata import metadata

reads = Table(
    "reads",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("trace_id", Text, nullable=False),
    Column("look", Text, nullable=False),
    Column("result", Text, nullable=False),
    # By which route or command, never what was typed in it.
    Column("door", Text, nullable=False),
    # Where it is about one, and it is there; its location with it.
    Column("escalation_id", Text),
    Column("location", Text),
    # In which capacity it was shown, and whether the reader brought it or goes on with it.
    Column("role", Text),
    Column("own", Boolean, nullable=False),
    Column("purpose", Text),
    # Digests of what stands in `read_details`.
    Column("person", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("about", Text),
    Index("ix_reads_at", "at"),
    Index("ix_reads_escalation_id", "escalation_id", "id"),
)

# Who it was, from which address, and about which person: with the salt of their digests, so that
# they can be destroyed while the log stays whole.
read_details = Table(
    "read_details",
    metadata,
    Column("read_id", BigInteger, ForeignKey("reads.id"), primary_key=True),
    Column("person", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("about", Text),
    Column("salt", LargeBinary, nullable=False),
    Index("ix_read_details_person", "person", "read_id"),
)

processings = Table(
    "processings",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("trace_id", Text, nullable=False),
    Column("span_id", Text, nullable=False),
    # Of the whole, where it concerned several people.
    Column("parent_span_id", Text),
    # The operation of another system that asked for it.
    Column("foreign_span_id", Text),
    Column("name", Text, nullable=False),
    Column("activity", Text, nullable=False),
    # The id of the case stands for the person it is about; none where that is told by the parts.
    Column("data_subject", Uuid),
    Column("version", Text, nullable=False),
    Column("start_time", DateTime(timezone=True), nullable=False),
    Column("end_time", DateTime(timezone=True), nullable=False),
    Index("ix_processings_data_subject", "data_subject", "id"),
    Index("ix_processings_trace_id", "trace_id"),
)
