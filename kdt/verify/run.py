"""The whole verification, in one snapshot: nothing is written, nothing is repaired."""

from sqlalchemy import Connection

from kdt import words
from kdt.progress import Progress, unseen
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.verify import (
    agendas,
    chain,
    checkpoints,
    folding,
    ledger,
    names,
    projections,
    protection,
    publications,
    reads,
    retention,
    rows,
    standing,
    tallies,
)
from kdt.verify.alone import Held, Known
from kdt.verify.cells import Cells
from kdt.verify.findings import Report
from kdt.verify.folding import Folded
from kdt.verify.reading import Entry
from kdt.verify.rows import Rows
from kdt.verify.staying import Stays


def verify(store: Store, progress: Progress = unseen, held: Held | None = None) -> Report:
    """Verify the whole record, held against a checkpoint; `progress` is told escalations done.

    Raises Unavailable when the database cannot be read to the end.
    """
    with reading(store) as connection:
        return examine(connection, progress, held)


def examine(
    connection: Connection, progress: Progress = unseen, held: Held | None = None
) -> Report:
    """Verify all that one connection sees; the caller holds it to one snapshot."""
    report = Report(held=held)
    today = moments.today(connection)
    protection.check(connection, report)
    covered = retention.load(connection, report)
    standing.compare(connection, ledger.facts(connection, report, held, covered), report)
    agendas.check(connection, report)
    publications.check(connection, report)
    known = names.load(connection, covered, report)
    cells, stays = Cells(), Stays()
    ids = rows.escalation_ids(connection)
    for done, (escalation, found) in enumerate(rows.histories(connection, ids), 1):
        entries = chain.check(escalation, found, today, covered, report)
        report.escalations += bool(found.entries)
        if held:
            _hold(held, escalation, found, report)
        for seq, entry in enumerate(entries, 1):
            known.check(escalation, seq, entry, report)
        if not found.entries:
            report.add("no_entries", escalation)
        elif len(entries) == len(found.entries):
            folded = _fold(escalation, found, entries, report)
            if folded is not None:
                cells.add(escalation, folded)
                stays.add(folded, {row.seq for row in found.missed})
        progress(done, len(ids))
    for wrong in held.missing() if held else ():
        checkpoints.add(report, wrong)
    known.unused(report)
    reads.check(connection, covered, report)
    known.without_number(report)
    tallies.compare(connection, cells, report)
    stays.compare(connection, report)
    tallies.balance(connection, report)
    tallies.imported(connection, report)
    # Both engines count on a record that holds together; one that does not was named above.
    if report.sound:
        tallies.engines(connection, today, report)
    return report


def _fold(escalation: str, found: Rows, entries: list[Entry], report: Report) -> Folded | None:
    """Walk one history, and compare what is read from it; None when it is no walk."""
    if len({entry.procedure for entry in entries}) > 1:
        report.add("procedure", escalation)
    try:
        folded = folding.fold(entries)
    except folding.Broken as broken:
        report.add("not_allowed", escalation, broken.seq, refusal=words.sentence(broken.refusal))
        return None
    projections.compare(escalation, found, folded, report)
    return folded


def _hold(held: Held, escalation: str, found: Rows, report: Report) -> None:
    """Hold one history against the checkpoint."""
    entries = [
        Known(row.seq, row.hash, row.recorded_at, str(row.import_id) if row.import_id else None)
        for row in found.entries
    ]
    if entries:
        for wrong in held.chain(("escalation", escalation), entries):
            checkpoints.add(report, wrong)
