"""What was selected for destruction, frozen; all else about it stands in the ledger."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table, Text, text

from kdt.store.metadata import metadata

retention_items = Table(
    "retention_items",
    metadata,
    Column("selection", Text, primary_key=True),
    Column("escalation_id", Text, primary_key=True),
    # What has a number in common goes together, or stays together.
    Column("unit", Integer, nullable=False),
    # The last entry there was: what came later is not covered.
    Column("seq", Integer, nullable=False),
    Column("ending", Text, nullable=False),
    Column("since", Date, nullable=False),
    # Filled in by `destroy_selected`, the only way to destroy.
    Column("result", Text),
    CheckConstraint("result in ('destroyed', 'held', 'changed', 'absent')", name="result"),
    Index("ix_retention_items_escalation_id", "escalation_id"),
    Index(
        "ix_retention_items_to_do",
        "selection",
        "unit",
        postgresql_where=text("result is null"),
    ),
)
