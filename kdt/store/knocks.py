"""When the clock last did each of its jobs, by whatever server: a row a job."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, Connection, DateTime, Table, Text, func, select
from sqlalchemy.dialects.postgresql import insert

from kdt.store.engine import Store
from kdt.store.metadata import metadata
from kdt.store.transaction import at_once

# Lost in a crash without harm: the next knock comes within the hour.
knocks = Table(
    "knocks",
    metadata,
    Column("job", Text, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    prefixes=["UNLOGGED"],
)


def note(store: Store, job: str) -> None:
    """Note that a job was done now."""
    new = insert(knocks).values(job=job, at=func.now())
    with at_once(store) as connection:
        connection.execute(
            new.on_conflict_do_update(index_elements=["job"], set_={"at": new.excluded.at})
        )


def last(connection: Connection) -> Mapping[str, datetime]:
    """When each job that was ever done was last done."""
    return {row.job: row.at for row in connection.execute(select(knocks))}
