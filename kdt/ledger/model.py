"""The ledger's tables: as the log of escalations, with people and texts in rows of their own."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from kdt.store.metadata import metadata

ledger = Table(
    "ledger",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("ref", Text, nullable=False, unique=True),
    Column("fact", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    # The day of recorded_at in Amsterdam: what a reference date is held against.
    Column("recorded_on", Date, nullable=False),
    Column("import_id", Uuid, ForeignKey("imports.id")),
    Column("content", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("subject", "subject_id", "seq"),
    CheckConstraint("occurred_on <= recorded_on", name="not_in_the_future"),
)


def _place() -> tuple[Column[str], Column[str], Column[int], ForeignKeyConstraint]:
    return (
        Column("subject", Text, primary_key=True),
        Column("subject_id", Text, primary_key=True),
        Column("seq", Integer, primary_key=True),
        ForeignKeyConstraint(
            ["subject", "subject_id", "seq"],
            ["ledger.subject", "ledger.subject_id", "ledger.seq"],
        ),
    )


ledger_people = Table(
    "ledger_people",
    metadata,
    *_place(),
    Column("person", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
)

ledger_texts = Table(
    "ledger_texts",
    metadata,
    *_place(),
    Column("field", Text, primary_key=True),
    Column("content", Text),
    Column("salt", LargeBinary),
    Column("destroyed_on", Date),
    CheckConstraint("(content is null) = (destroyed_on is not null)", name="text_or_destroyed"),
)
