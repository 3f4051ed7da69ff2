"""Sealing the read log: every so often the rows since the last seal are recorded in the ledger, as
one digest. So the read log is as hard to alter as the record, and no reader waits for another.

What is not sealed yet, a few minutes at most, could be altered unseen by whoever owns the database.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from kdt import clock, hashing
from kdt.ledger.model import ledger
from kdt.ledger.service import PRODUCT, By, Fact, append
from kdt.ledger.table import Subject
from kdt.reads.model import reads
from kdt.store import locks
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import AnyRow

# The one chain of seals.
THE_READ_LOG = "reads"
# A seal covers at most so many rows, so that it fits in memory.
MOST = 20_000
_HOLD = text("select pg_advisory_xact_lock(:lock)")
_COLUMNS = [column.name for column in reads.columns]


def seal_reads(store: Store, _now: datetime) -> None:
    """Seal all rows written so far."""
    with writing(store) as connection:
        connection.execute(_HOLD, {"lock": locks.READS})
        # Whoever wrote a row has committed by now, and who comes later gets a higher number.
        newest = connection.scalar(select(func.max(reads.c.id))) or 0
    while _seal_some(store, newest):
        pass


def _seal_some(store: Store, newest: int) -> bool:
    """Seal the next rows up to `newest`; whether there were any."""
    with writing(store) as connection:
        connection.execute(_HOLD, {"lock": locks.READS_SEALED})
        after = _sealed(connection)
        rows = connection.execute(
            select(reads)
            .where(reads.c.id > after, reads.c.id <= newest)
            .order_by(reads.c.id)
            .limit(MOST)
        ).fetchall()
        if rows:
            values = {
                "after": after,
                "last": rows[-1].id,
                "count": len(rows),
                "digest": _digest(rows),
            }
            append(connection, By(PRODUCT), Fact(Subject.READS, THE_READ_LOG, "seal", values))
    return len(rows) == MOST


def _sealed(connection: Connection) -> int:
    """The number of the last row that was sealed."""
    last = connection.scalar(
        select(ledger.c.content)
        .where(ledger.c.subject == Subject.READS, ledger.c.subject_id == THE_READ_LOG)
        .order_by(ledger.c.seq.desc())
        .limit(1)
    )
    return 0 if last is None else int(json.loads(last)["values"]["last"])


def _digest(rows: Sequence[AnyRow]) -> str:
    found = hashlib.sha256()
    for row in rows:
        found.update(hashing.encoded(_line(row)) + b"\n")
    return found.hexdigest()


def _line(row: AnyRow) -> dict[str, object]:
    """A row as it is sealed: what it does not have is left out."""
    # A column's name is more than a string, which the writer of JSON does not take.
    given = {str(name): row._mapping[name] for name in _COLUMNS} | {"at": clock.written(row.at)}
    return {name: value for name, value in given.items() if value is not None}
