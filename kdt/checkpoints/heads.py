"""The heads of every chain in the database."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, text

from kdt.checkpoints.format import Head
from kdt.verify.alone import Known

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


def older(
    connection: Connection, above: Sequence[tuple[str, str, int]], limit: datetime
) -> Iterator[tuple[tuple[str, str], Known]]:
    """The entries above these places (kind, id, seq; 0: from the first) whose moment is before a
    limit, and all facts of the record itself; those of the ledger first."""
    for log in LOGS:
        query = text(f"""
            select {log.kind} as kind, {log.id} as id, log.seq, log.hash, log.recorded_at,
                log.import_id, log.content
            from {log.table} as log
            join unnest(cast(:kinds as text[]), cast(:ids as text[]), cast(:seqs as int[]))
              as wanted(kind, id, seq)
              on wanted.kind = {log.kind} and wanted.id = {log.id} and log.seq > wanted.seq
            where log.recorded_at < :limit or {log.kind} = 'ledger:record'
            order by 1, 2, 3
        """)
        for start in range(0, len(above), _BATCH):
            kinds, ids, seqs = zip(*above[start : start + _BATCH], strict=True)
            lists = {"kinds": list(kinds), "ids": list(ids), "seqs": list(seqs), "limit": limit}
            for row in connection.execute(query, lists):
                # What an import brings in has its moments; a fact of the ledger never.
                came = str(row.import_id) if row.import_id and row.kind == "escalation" else None
                brings = _brings(row.content) if row.kind == "ledger:record" else None
                yield (row.kind, row.id), Known(row.seq, row.hash, row.recorded_at, came, brings)


def _brings(content: bytes) -> str | None:
    """The import a fact of the record is of; None when it is of none, or cannot be read."""
    try:
        found = json.loads(content)["values"].get("import")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if isinstance(found, str) else None
