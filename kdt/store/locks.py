"""Advisory locks of PostgreSQL: a key means one thing in a database, so all of them stand here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from kdt.store.engine import Store

MIGRATION = 0x4B4454
# Every write to the record holds this shared; an import, which must be alone, holds it whole.
RECORD = 0x4B445452
READS = 0x4B445252
READS_SEALED = 0x4B445253
TALLIES_FOLDED = 0x4B445443
SCRUBBED = 0x4B445456
SIMILAR = 0x4B44544C
# Two changes at once of themes or of what is told about them, or of families: the second sees
# what the first made of it.
THEMES = 0x4B445448
FAMILIES = 0x4B44544D
PARLIAMENT = 0x4B44545A
SUBSCRIPTIONS = 0x4B445441
PUBLICATIONS = 0x4B445451
PUBLICATION_MADE = 0x4B445450


def hold(connection: Connection, key: int) -> None:
    """Let nobody else hold this until the transaction ends; waits for whoever does."""
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": key})


@contextmanager
def alone(store: "Store", key: int) -> Iterator[Connection | None]:
    """Keep every other process from this for as long as the block lasts; None where one is at it.
    On the connection each statement is a transaction of its own."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
        if not own.scalar(text("select pg_try_advisory_lock(:key)"), {"key": key}):
            yield None
            return
        try:
            yield own
        finally:
            own.execute(text("select pg_advisory_unlock(:key)"), {"key": key})
