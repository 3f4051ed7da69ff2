"""Carrying out what two people decided: in batches, each whole or not at all, to be gone on with
after any interruption.

The database itself destroys nothing that a second person did not confirm (`destroy_selected`).
"""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, text

from kdt.cases import dossiers
from kdt.ledger.service import PRODUCT, By, Fact, append
from kdt.ledger.table import Subject
from kdt.progress import Progress, unseen
from kdt.retention import statements
from kdt.retention.queries import Listed, Selection, Stage, What, items, selections
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing

# Units in one transaction: nobody else records meanwhile, so it takes a moment alone.
BATCH = 25
# "KDTV" in ASCII: the key of the lock that lets one process at a time write the files anew.
_SCRUB_LOCK = 0x4B445456
# What held something that was destroyed; in what order is of no matter.
_REWRITTEN = (
    "entry_texts",
    "entry_people",
    "case_numbers",
    "ledger_texts",
    "ledger_people",
    "escalations",
    "recusals",
    "hand_overs",
    "stated_purposes",
    "stand_ins",
    "read_details",
)
_DESTROY = {
    What.CONTENT: text("select destroy_selected(:selection, :batch)"),
    What.PEOPLE: text("select destroy_selected(:selection, :batch)"),
    What.READS: text("select destroy_selected_reads(:selection, :batch)"),
}


def carry_out(store: Store, folder: Path, progress: Progress = unseen) -> int:
    """Destroy what was confirmed; how many selections were finished. `progress` is told units.

    A statement stands in `folder` before anything goes, so that it outlives the database; one that
    an interruption left behind its chain is written again. Raises StatementFailed when it cannot be
    written; then nothing is destroyed.
    """
    with reading(store) as connection:
        found = selections(connection)
    for one in found:
        if one.stage is Stage.DONE:
            statements.keep_up(store, folder, one.id)
    waiting = [one.id for one in found if one.stage is Stage.CONFIRMED]
    for selection in waiting:
        statements.keep(store, folder, selection)
        destroy(store, selection, progress)
        with writing(store) as connection:
            finish(connection, selection)
        statements.keep(store, folder, selection)
    return len(waiting)


def destroy(store: Store, selection: str, progress: Progress = unseen) -> None:
    """Destroy what a selection lists, as far as it has not been."""
    with reading(store) as connection:
        (found,) = selections(connection, selection)
        of = len({one.unit for one in items(connection, selection)})
    left = of
    while left:
        with writing(store) as connection:
            left = connection.execute(
                _DESTROY[found.what], {"selection": selection, "batch": BATCH}
            ).scalar_one()
        progress(of - left, of)


def scrub(store: Store, folder: Path) -> bool:
    """Write anew the files of tables in which something was destroyed since the last time, so that
    nothing of it stays behind in them; whether there was anything to do, and nobody else at it.

    Each table is closed to everybody while it is written. That it was done is in the statements in
    `folder` too. Raises StatementFailed.
    """
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
        if not own.scalar(text("select pg_try_advisory_lock(:key)"), {"key": _SCRUB_LOCK}):
            return False
        try:
            done = _scrub(store, own)
        finally:
            own.execute(text("select pg_advisory_unlock(:key)"), {"key": _SCRUB_LOCK})
    for selection in done:
        statements.keep_up(store, folder, selection)
    return bool(done)


def _scrub(store: Store, own: Connection) -> list[str]:
    """The selections of which nothing is left in the files, by what this did."""
    with reading(store) as connection:
        finished = [one.id for one in selections(connection) if _unscrubbed(one)]
    if not finished:
        return []
    for table in _REWRITTEN:
        # What was common in a table is kept once more, for the planner: hence also ANALYZE.
        own.execute(text(f"vacuum (full, analyze) {table}"))
    with writing(store) as connection:
        dossiers.begin_alone(connection)
        still = {one.id for one in selections(connection) if _unscrubbed(one)}
        done = [one for one in finished if one in still]
        for selection in done:
            append(connection, By(PRODUCT), Fact(Subject.DESTRUCTION, selection, "scrub"))
    return done


def results(listed: Iterable[Listed]) -> dict[str, list[int]]:
    """The units of a list by what became of them."""
    found: dict[str, set[int]] = {}
    for one in listed:
        found.setdefault(one.result or "waiting", set()).add(one.unit)
    return {result: sorted(units) for result, units in found.items()}


def finish(connection: Connection, selection: str) -> None:
    """Record what became of a selection that was carried out to the end; once."""
    dossiers.begin_alone(connection)
    (found,) = selections(connection, selection)
    if found.stage is not Stage.CONFIRMED:
        # Another process was as far as this one.
        return
    of = results(items(connection, selection))
    values = {
        "destroyed": len(of.get("destroyed", [])),
        "held": of.get("held", []),
        "changed": of.get("changed", []),
    }
    append(connection, By(PRODUCT), Fact(Subject.DESTRUCTION, selection, "finish", values))


def _unscrubbed(selection: Selection) -> bool:
    done = [one.fact for one in selection.steps if one.fact in ("finish", "scrub", "replay")]
    return done[-1:] in (["finish"], ["replay"])
