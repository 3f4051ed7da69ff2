"""The heads of every chain in the database."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from kdt.checkpoints.format import Head

_BATCH = 10_000


class Log(NamedTuple):
    """A table of chained entries, in SQL: the kind of each chain and the id of what it is about;
    and the tables of what stands apart from it."""

    kind: str
    id: str
    table: str
    people: str
    texts: str


# The ledger first: it says which imports there were.
LOGS = (
    Log("'ledger:' || subject", "subject_id", "ledger", "ledger_people", "ledger_texts"),
    Log("cast('escalation' as text)", "escalation_id", "entries", "entry_people", "entry_texts"),
)


def heads(connection: Connection) -> list[Head]:
    """The last entry of each chain."""
    found = []
    for log in LOGS:
        key = f"{log.kind}, {log.id}"
        query = (
            f"select distinct on ({key}) {log.kind}, {log.id}, seq, hash from {log.table} "
            f"order by {key}, seq desc"
        )
        found += [Head(*row) for row in connection.execute(text(query))]
    return found


def at(
    connection: Connection, places: Sequence[tuple[str, str, int]]
) -> Mapping[tuple[str, str, int], bytes]:
    """The hashes of the entries at these places (kind, id, seq), as far as they are there."""
    found: dict[tuple[str, str, int], bytes] = {}
    for start in range(0, len(places), _BATCH):
        kinds, ids, seqs = zip(*places[start : start + _BATCH], strict=True)
        for log in LOGS:
            query = text(f"""
                select {log.kind} as kind, {log.id} as id, log.seq, log.hash from {log.table} as log
                join unnest(cast(:kinds as text[]), cast(:ids as text[]), cast(:seqs as int[]))
                  as wanted(kind, id, seq)
                  on wanted.kind = {log.kind} and wanted.id = {log.id} and wanted.seq = log.seq
            """)
            lists = {"kinds": list(kinds), "ids": list(ids), "seqs": list(seqs)}
            found |= {
                (row.kind, row.id, row.seq): row.hash for row in connection.execute(query, lists)
            }
    return found
