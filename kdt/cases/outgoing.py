"""Reading the outbox: what was recorded, for other systems to follow."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Connection, cast, func, select, tuple_
from sqlalchemy.types import Text

from kdt.cases.model import outbox

# The transaction and the number of the last event seen.
Place = tuple[int, int]
BEGINNING: Place = (0, 0)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One entry that was recorded: which, what kind, and when."""

    place: Place
    escalation: str
    seq: int
    action: str
    at: datetime


def events(connection: Connection, after: Place, limit: int) -> list[Outgoing]:
    """At most `limit` events after a place, in an order that never changes.

    What comes of a transaction that was begun before one still running waits for that one: so a
    reader who goes on from the last place seen misses nothing that commits late.
    """
    oldest_running = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
    found = connection.execute(
        select(outbox)
        .where(
            outbox.c.transaction < oldest_running,
            tuple_(outbox.c.transaction, outbox.c.id) > tuple_(*after),
        )
        .order_by(outbox.c.transaction, outbox.c.id)
        .limit(limit)
    )
    return [
        Outgoing((row.transaction, row.id), row.escalation_id, row.seq, row.type, row.at)
        for row in found
    ]
