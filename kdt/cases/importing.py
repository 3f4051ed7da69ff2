"""Importing a history file: every line through the same procedure, all of it or nothing.

Reading and judging happen in memory, chunk by chunk, while the rows of good lines are copied into
one transaction; a single bad line, and it is rolled back and all bad lines are reported. What is
known of escalations and cases is written down from time to time and forgotten, and read again when
a line asks for it: memory holds a part of the file, however long that is.
"""

import gc
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from sqlalchemy import Connection, Table, func, select, text

from kdt import words
from kdt.cases import dossiers, marking, suspending
from kdt.cases.judging import Judge
from kdt.cases.model import (
    case_numbers,
    considerations,
    entries,
    entry_texts,
    escalations,
    import_days,
    imports,
    record,
)
from kdt.cases.reading import read
from kdt.errors import KdtError
from kdt.ledger.service import By
from kdt.panels import history
from kdt.panels.desk import enter_imported
from kdt.progress import Progress, unseen
from kdt.reads import processing
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import Rows, copy, copy_by_insert, insert
from kdt.tallies.compaction import compact
from kdt.tallies.model import case_deltas, stay_deltas, tally_deltas
from kdt.tallies.stays import rows as stay_rows
from kdt.themes import history as of_themes
from kdt.themes import service as themes
from kdt.themes.model import theme_tags
from kdt.vocabulary import Action

# As many entries are known at a time.
HELD = 250_000

# Row-level security says who may read and write these.
_SECURED = frozenset({escalations, case_numbers, entry_texts})


class ImportRefused(KdtError):
    """The whole file is refused, before any line was judged."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """What is wrong with a line: its number (from 1), its `ref` if any, and the problems."""

    line: int
    ref: str | None
    problems: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """What an import did: nothing, when there are bad lines."""

    lines: int = 0
    entries: int = 0
    bad: list[BadLine] = field(default_factory=list)


def import_history(
    store: Store,
    file: Path,
    *,
    by: str,
    progress: Progress = unseen,
    demo: bool = False,
) -> Report:
    """Import a history file as `by`; `progress` is told bytes read, of how many.

    Raises ImportRefused when this record takes no import.

    `demo` is for the example year alone, which comes in parts: it goes into an empty record, which
    is marked as a demonstration first, or into one so marked.
    """
    try:
        with file.open("rb") as stream, writing(store) as connection:
            import_id = uuid.uuid4()
            last, marked = _alone(connection, demo=demo)
            digest = hashlib.file_digest(stream, "sha256").digest()
            stream.seek(0)
            # Checked with each chunk, not for all rows together at the end.
            connection.execute(text("set constraints all immediate"))
            judge = Judge(connection, import_id, last, demo=marked)
            insert(connection, [(imports, [(import_id, file.name, digest, by, judge.now)])])
            importer = By(by, import_id=import_id)
            _look_up_by_key(connection, wanted=True)
            report = _judged(connection, judge, stream, file.stat().st_size, progress)
            _look_up_by_key(connection, wanted=False)
            if report.bad:
                connection.rollback()
            else:
                if marked is None:
                    marking.decide(connection, importer, demo=demo or judge.demo)
                marking.imported(
                    connection, importer, import_id, file.name, digest, judge.numberless
                )
                _finish(connection, judge, importer)
                processing.note_imported(connection, import_id)
            return report
    except OSError as error:
        # Without a reason of the system's own, it is something that cannot be read twice.
        reason = words.why(error) if error.errno else words.say("import.no_plain_file")
        raise ImportRefused(words.say("import.unreadable", file=file.name, error=reason)) from error


def _look_up_by_key(connection: Connection, *, wanted: bool) -> None:
    """Of what this transaction writes nobody counted anything yet: left to guess, the planner reads
    whole tables for the few rows a line asks for by their key."""
    for way in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
        setting = select(func.set_config(way, "off" if wanted else "on", True))
        connection.execute(setting)


def _alone(connection: Connection, *, demo: bool) -> tuple[datetime | None, bool | None]:
    """Keep all other writers out until the end; the moment of the newest entry already there, and
    whether the record is marked as a demonstration (None: not decided yet)."""
    dossiers.begin_alone(connection)
    last = dossiers.last_recorded(connection)
    is_demo: bool | None = connection.scalar(select(record.c.demo))
    if demo and not (is_demo or (is_demo is None and last is None)):
        raise ImportRefused(words.say("import.not_empty"))
    if not demo and is_demo:
        raise ImportRefused(words.say("import.demo"))
    return last, is_demo


def _judged(
    connection: Connection,
    judge: Judge,
    stream: IO[bytes],
    size: int,
    progress: Progress,
) -> Report:
    report = Report()
    done = written_down = 0
    with _without_collector(), _Writer(connection) as writer, closing(read(stream)) as chunks:
        for lines, length in chunks:
            if judge.reads_record(one.line for one in lines):
                writer.wait()
            judge.prepare(one.line for one in lines if one.line is not None)
            for line, ref, problems in lines:
                report.lines += 1
                troubles = problems if line is None else judge.line(line, report.lines)
                if troubles:
                    sentences = tuple(map(words.sentence, troubles))
                    report.bad.append(BadLine(report.lines, ref, sentences))
            # Also after a bad line: what follows is judged by what is written down.
            writer.write(judge.take_rows())
            if judge.entries - written_down >= HELD:
                writer.wait()
                _write_down(connection, judge)
                judge.forget()
                gc.collect()  # of what was asked of the record
                written_down = judge.entries
            done += length
            progress(done, size)
    for number, named, problem in (*judge.sittings.unfinished(), *judge.talks.names_twice()):
        report.bad.append(BadLine(number, named, (words.sentence(problem),)))
    report.bad.sort(key=lambda one: one.line)
    report.entries = judge.entries
    return report


class _Writer:
    """Copies rows in a thread of its own, so that the next lines are judged meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1)
        self._running: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.wait()
        finally:
            self._thread.shutdown()

    def write(self, rows: list[tuple[Table, Rows]]) -> None:
        """Copy these after those before; whatever went wrong with those is raised here."""
        self.wait()
        self._running = self._thread.submit(self._copy, rows)

    def wait(self) -> None:
        """Until all was copied and the connection is free."""
        if self._running is not None:
            self._running.result()

    def _copy(self, rows: list[tuple[Table, Rows]]) -> None:
        for table, these in rows:
            _copy(self._connection, table, these)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of rows and not one cycle: looking for cycles takes a fifth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _copy(connection: Connection, table: Table, rows: Iterable[Sequence[object]]) -> None:
    (copy_by_insert if table in _SECURED else copy)(connection, table, rows)


def _finish(connection: Connection, judge: Judge, by: By) -> None:
    """Write what the whole file left standing: projections, meetings, themes and tallies."""
    enter_imported(
        connection,
        judge.locations,
        judge.panels.new,
        judge.sittings.slots,
        judge.meetings,
        by=by,
        at=judge.now,
    )
    history.enter_told(connection, by, judge.sittings.told)
    for theme in judge.called.new:
        themes.enter(connection, by, theme)
    of_themes.enter_told(connection, by, [*judge.talks.entered, *judge.talks.told])
    _write_down(connection, judge)
    copy(connection, theme_tags, judge.batch.tags)
    _count_days(connection)
    compact(connection)


def _count_days(connection: Connection) -> None:
    """Count what files brought, of each that was not counted yet."""
    of = entries.c
    key = (of.import_id, of.occurred_on, of.recorded_on)
    counted = select(import_days.c.import_id)
    brought = (
        select(*key, func.count())
        .where(
            of.action == Action.CONSIDER, of.import_id.is_not(None), of.import_id.not_in(counted)
        )
        .group_by(*key)
    )
    connection.execute(import_days.insert().from_select(import_days.columns.keys(), brought))


def _write_down(connection: Connection, judge: Judge) -> None:
    """Write where the escalations acted on now stand, and what that counts."""
    touched = judge.touched()
    existing = [one.dossier.id for one in touched if not one.new]
    if existing:
        for statement in (
            "delete from considerations where escalation_id = any(:ids)",
            "delete from escalations where id = any(:ids)",
        ):
            connection.execute(text(statement), {"ids": existing})
    _copy(connection, escalations, (dossiers.row(one.dossier, one.opened) for one in touched))
    copy(
        connection,
        considerations,
        dossiers.consideration_rows(row for one in touched for row in one.dossier.considerations),
    )
    tally, counted, stays = judge.take_counts()
    copy(connection, tally_deltas, tally.rows())
    copy(connection, case_deltas, dossiers.case_rows(counted))
    copy(connection, stay_deltas, stay_rows(stays))
    if existing:
        suspending.settle(connection, existing)
