"""How often somebody may ask: a bucket for each person, and for each address of who is not signed
in. It stands in a table, so that it is one bucket over any number of servers.

A bucket holds the requests of a minute and fills up evenly; an empty one refuses, and a refusal
takes nothing out.
"""

from datetime import timedelta

from sqlalchemy import Connection, delete, func, text

from kdt import words
from kdt.access.model import rates
from kdt.errors import KdtError
from kdt.store.engine import Store
from kdt.store.transaction import at_once

# What a client that was refused is told to wait.
WAIT_SECONDS = 5
# By then any bucket is full again, as a new one is.
_FULL_AFTER = timedelta(minutes=10)


class TooMany(KdtError):
    """Somebody asks more than is answered."""


def take(store: Store, who: str, most: int) -> None:
    """Take one request out of somebody's bucket of `most` a minute; raises TooMany when empty.

    One statement, which is its own transaction and waits for no disk.
    """
    with at_once(store) as connection:
        taken = connection.scalar(_TAKE, {"who": who, "most": most})
    if taken is None:
        raise TooMany(words.say("api.status.429"))


def forget(connection: Connection) -> int:
    """Drop the buckets that are full again; how many."""
    full = rates.c.at < func.now() - _FULL_AFTER
    return connection.execute(delete(rates).where(full)).rowcount


# The clock may be set back; a bucket does not run empty of that.
_ROOM = "least(:most, r.room + greatest(0, extract(epoch from excluded.at - r.at)) * :most / 60.0)"
_TAKE = text(
    f"""
    insert into rates as r (who, room, at) values (:who, cast(:most as integer) - 1, now())
    on conflict (who) do update set room = {_ROOM} - 1, at = excluded.at where {_ROOM} >= 1
    returning true
    """
)
