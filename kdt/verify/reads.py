"""The read log: every row is what was sealed, who read it is who was logged, and what was shown of
a case is among the processings."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from kdt import clock
from kdt.store.writing import AnyRow
from kdt.verify.findings import Report
from kdt.verify.retention import Covered

_BATCH = 10_000
_SEALS = text("select seq, content from ledger where subject = 'reads' order by subject_id, seq")
_ROWS = text("""
    select reads.*, d.person as who, d.origin as whence, d.about as whom, d.salt
    from reads left join read_details d on d.read_id = reads.id
    order by reads.id
""")
_UNPROCESSED = text("""
    select count(*) from reads
    where result = 'shown' and escalation_id is not null and look = 'case'
      and not exists (select from processings p where p.trace_id = reads.trace_id)
""")
_SEALED = (
    "id", "at", "trace_id", "look", "result", "door", "escalation_id", "location", "role", "own",
    "purpose", "person", "origin", "about",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Seal:
    """What the ledger says of the rows up to `last`, since the seal before it."""

    last: int
    count: int
    digest: str


def check(connection: Connection, covered: Covered, report: Report) -> None:
    """Check the read log against its seals, its details and the processings."""
    seals = iter(_seals(connection, report))
    seal = next(seals, None)
    found, taken = hashlib.sha256(), 0
    for row in connection.execute(_ROWS, execution_options={"yield_per": _BATCH}):
        while seal is not None and row.id > seal.last:
            _compare(seal, taken, found.hexdigest(), report)
            seal, found, taken = next(seals, None), hashlib.sha256(), 0
        report.reads += 1
        report.unsealed += seal is None
        taken += 1
        found.update(_line(row) + b"\n")
        if row.salt is None and not covered.read_on(clock.day(row.at)):
            report.add("read_details_gone", where=f"reads {row.id}")
        if row.salt is not None and not _is_who_it_says(row):
            report.add("read_details", where=f"reads {row.id}")
    while seal is not None:
        _compare(seal, taken, found.hexdigest(), report)
        seal, found, taken = next(seals, None), hashlib.sha256(), 0
    for _ in range(connection.scalar(_UNPROCESSED) or 0):
        report.add("read_unprocessed", where="processings")


def _seals(connection: Connection, report: Report) -> list[_Seal]:
    seals: list[_Seal] = []
    for row in connection.execute(_SEALS):
        try:
            values = json.loads(row.content)["values"]
            seal = _Seal(int(values["last"]), int(values["count"]), str(values["digest"]))
            follows = int(values["after"]) == (seals[-1].last if seals else 0)
        except (ValueError, KeyError, TypeError):
            report.add("seal_unreadable", where=f"ledger reads {row.seq}")
            continue
        if not follows or seal.last <= int(values["after"]):
            report.add("seal_order", where=f"ledger reads {row.seq}")
        seals.append(seal)
    return seals


def _compare(seal: _Seal, taken: int, digest: str, report: Report) -> None:
    if (taken, digest) != (seal.count, seal.digest):
        report.add("seal", where="reads", last=seal.last)


def _line(row: AnyRow) -> bytes:
    given = {name: row._mapping[name] for name in _SEALED}
    at: datetime = given["at"]
    given["at"] = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    kept = {name: value for name, value in given.items() if value is not None}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _is_who_it_says(row: AnyRow) -> bool:
    pairs = ((row.who, row.person), (row.whence, row.origin), (row.whom, row.about))
    return all(
        (said is None) == (logged is None)
        and (said is None or hashlib.sha256(row.salt + said.encode()).hexdigest() == logged)
        for said, logged in pairs
    )
