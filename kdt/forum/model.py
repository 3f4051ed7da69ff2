"""What was brought to the forum, and what came of it; only added to."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, Table, Text

from kdt.store.metadata import metadata

# By the number of the fact in the item's chain; of the same field the newest row that has it holds.
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
