"""The proof export: every entry in its canonical bytes, and the newest checkpoint, so that somebody
without KDT can hold the one against the other. Specified in `docs/record.md`."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Connection, CursorResult, text

from kdt.checkpoints.heads import LOGS, Log
from kdt.depots import Depot
from kdt.progress import Progress, unseen
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.store.writing import AnyRow
from kdt.verify import checkpoints as kept

_STREAMED = 5_000
_CASES = """
    select case_id, salt, number from case_numbers where number is not null order by case_id
"""

Line = Mapping[str, object]


def write(
    store: Store,
    write: Callable[[bytes], object],
    place: Depot | None,
    *,
    with_texts: bool,
    progress: Progress = unseen,
) -> int:
    """Write the whole record as a proof; gives how many entries. `place`: where checkpoints are
    kept. `progress` is told entries written. Raises DepotFailed and CheckpointUnusable."""
    # First the checkpoint, then the record: what it covers is there.
    head = list(_head(place))
    with reading(store) as connection:
        return write_from(connection, write, head, with_texts=with_texts, progress=progress)


def write_from(
    connection: Connection,
    write: Callable[[bytes], object],
    head: list[Line],
    *,
    with_texts: bool,
    progress: Progress = unseen,
) -> int:
    """The same of what one connection sees."""
    of = sum(_count(connection, log) for log in LOGS)
    for line in head:
        write(_encoded(line))
    done = 0
    for log in LOGS:
        for line in _entries(connection, log, with_texts=with_texts):
            write(_encoded(line))
            if line["kind"] == "entry":
                done += 1
                progress(done, of)
    if with_texts:
        with _rows(connection, _CASES) as cases:
            for row in cases:
                salt, case = row.salt.hex(), str(row.case_id)
                write(_encoded({"kind": "case", "id": case, "salt": salt, "number": row.number}))
    return done


def _head(place: Depot | None) -> Iterator[Line]:
    """What kind of file it is, and the newest checkpoint with its heads, as they are kept."""
    yield {"kind": "proof", "version": 1}
    found = kept.newest(place) if place else None
    if place is None or found is None:
        return
    yield {"kind": "checkpoint", "content": found.content.decode()}
    for line in gzip.decompress(kept.heads_of(place, found)).splitlines():
        yield {"kind": "head", "head": json.loads(line)}


def _entries(connection: Connection, log: Log, *, with_texts: bool) -> Iterator[Line]:
    """The entries of a log, each followed by what stands apart from it."""
    order = f'{log.kind} collate "C", {log.id} collate "C", seq'
    entries = (
        f"select {log.kind} as kind, {log.id} as id, seq, content, hash "
        f"from {log.table} order by {order}"
    )
    with ExitStack() as opened:
        apart: Iterator[AnyRow] = iter(())
        if with_texts:
            apart = iter(opened.enter_context(_rows(connection, _apart(log))))
        beside = next(apart, None)
        for row in opened.enter_context(_rows(connection, entries)):
            place = (row.kind, row.id, row.seq)
            yield {
                "kind": "entry",
                "chain": place[:2],
                # What is no UTF-8 was not written by us; its hash will say so.
                "content": row.content.decode(errors="replace"),
                "hash": row.hash.hex(),
            }
            while beside is not None and beside[:3] <= place:
                if beside[:3] == place:
                    yield {
                        "kind": "apart",
                        "chain": place[:2],
                        "seq": row.seq,
                        "field": beside.field,
                        "salt": beside.salt.hex(),
                        "text": beside.said,
                    }
                beside = next(apart, None)


def _apart(log: Log) -> str:
    columns = f"{log.kind} as kind, {log.id} as id, seq"
    return f"""
        select kind, id, seq, field, salt, said from (
            select {columns}, '' as field, salt, person as said from {log.people}
            union all
            select {columns}, field, salt, content from {log.texts} where content is not null
        ) as apart order by kind collate "C", id collate "C", seq, field
    """


def _rows(connection: Connection, query: str) -> CursorResult[*tuple[Any, ...]]:
    return connection.execute(text(query), execution_options={"yield_per": _STREAMED})


def _count(connection: Connection, log: Log) -> int:
    return int(connection.scalar(text(f"select count(*) from {log.table}")) or 0)


def _encoded(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"
