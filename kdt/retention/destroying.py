"""Carrying out what two people decided: in batches, each whole or not at all, to be gone on with
after any interruption.

The database itself destroys nothing that a second person did not confirm (`destroy_selected`).
"""

import re
from collections.abc import Iterable
from pathlib import Path

from psycopg.errors import Diagnostic, LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from kdt import words
from kdt.cases import dossiers
from kdt.errors import KdtError
from kdt.ledger.service import PRODUCT, By, Fact, append
from kdt.ledger.table import Subject
from kdt.progress import Progress, unseen
from kdt.retention import statements
from kdt.retention.due import BESIDE
from kdt.retention.queries import Listed, Selection, Stage, What, items, selections
from kdt.signing import Key
from kdt.store import locks
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.store.writing import raw

# Units in one transaction: nobody else records meanwhile, so it takes a moment alone.
BATCH = 25
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
    "positions",
    "read_details",
    "meeting_attendance",
    "consultation_terms",
    "signal_terms",
    "signal_views",
    # What is derived from texts.
    "similar_models",
    "similar_even",
    "similar_odd",
)


class StillRead(KdtError):
    """Somebody reads on in the record as it stood before a destruction."""


_DESTROY = {
    What.CONTENT: text("select destroy_selected(:selection, :batch)"),
    What.PEOPLE: text("select destroy_selected(:selection, :batch)"),
    What.READS: text("select destroy_selected_reads(:selection, :batch)"),
    **{what: text("select destroy_selected_beside(:selection, :batch)") for what in BESIDE},
}


def carry_out(
    store: Store, folder: Path, progress: Progress = unseen, *, key: Key | None = None
) -> int:
    """Destroy what was confirmed; how many selections were finished. `progress` is told units.

    A statement, signed when there is a key, stands in `folder` before anything goes, so that it
    outlives the database; one that an interruption left behind its chain, or that is not signed
    yet, is written again. Raises StatementFailed when it cannot be written; then nothing is
    destroyed.
    """
    with reading(store) as connection:
        found = selections(connection)
    for one in found:
        if one.stage is Stage.DONE:
            statements.keep_up(store, folder, one.id, key)
    waiting = [one.id for one in found if one.stage is Stage.CONFIRMED]
    for selection in waiting:
        statements.keep(store, folder, selection, key)
        destroy(store, selection, progress)
        with writing(store) as connection:
            finish(connection, selection)
        statements.keep(store, folder, selection, key)
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


def scrub(store: Store, folder: Path, *, key: Key | None = None) -> bool:
    """Write anew the files of tables in which something was destroyed since the last time, so that
    nothing of it stays behind in them; whether there was anything to do, and nobody else at it.

    Each table is closed to everybody while it is written. That it was done is in the statements in
    `folder` too. Raises StatementFailed, and StillRead as long as somebody reads on in the record
    as it stood before a destruction; then it is to be done again.
    """
    with locks.alone(store, locks.SCRUBBED) as own:
        if own is None:
            return False
        try:
            # Whoever asks for a table waits behind whoever waits to have it alone.
            own.execute(text("set lock_timeout = '3s'"))
            done = _scrub(store, own)
        except OperationalError as error:
            if isinstance(error.orig, LockNotAvailable):
                raise StillRead(words.say("retention.still_read")) from error
            raise
        finally:
            own.execute(text("reset lock_timeout"))
    for selection in done:
        statements.keep_up(store, folder, selection, key)
    return bool(done)


def _scrub(store: Store, own: Connection) -> list[str]:
    """The selections of which nothing is left in the files, by what this did."""
    with reading(store) as connection:
        finished = [one.id for one in selections(connection) if _unscrubbed(one)]
    if not finished:
        return []
    if any(_rewrite(own, table) for table in _REWRITTEN):
        raise StillRead(words.say("retention.still_read"))
    with writing(store) as connection:
        dossiers.begin_alone(connection)
        still = {one.id for one in selections(connection) if _unscrubbed(one)}
        done = [one for one in finished if one in still]
        for selection in done:
            append(connection, By(PRODUCT), Fact(Subject.DESTRUCTION, selection, "scrub"))
    return done


def _rewrite(own: Connection, table: str) -> int:
    """Write the files of a table anew; how many old versions of rows they still hold, because a
    transaction that began before those were destroyed may yet read them."""
    left: list[int] = []

    def told(notice: Diagnostic) -> None:
        # "12 dead row versions cannot be removed yet", in the language of the server.
        found = re.match(r"\d+", notice.message_detail or "")
        if found:
            left.append(int(found[0]))

    driver = raw(own)
    driver.add_notice_handler(told)
    try:
        # What was common in a table is kept once more, for the planner: hence also ANALYZE.
        own.execute(text(f"vacuum (full, analyze, verbose) {table}"))
    finally:
        driver.remove_notice_handler(told)
    return left[0]


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
