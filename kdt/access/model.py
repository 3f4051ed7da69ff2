"""People as the product knows them, and in which capacity they act where."""

from sqlalchemy import Boolean, Column, ForeignKey, Table, Text, UniqueConstraint, false

from kdt.store.metadata import metadata

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
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
