"""Playing the example year in: month by month through the product's own import.

How far it is follows from the names of the parts that were imported, so that every process can see
it and a year that was broken off goes on where it stopped.
"""

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, text

from kdt import clock, words
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases import marking
from kdt.cases.dossiers import begin_alone, last_recorded
from kdt.cases.importing import ImportRefused, import_history
from kdt.cases.model import imports, record
from kdt.demo import circuits, follow_up, going_live, parliament, publishing, signals, talks
from kdt.demo.generator import generate
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.differences.keeping import compare_when_due
from kdt.ledger.service import PRODUCT, By
from kdt.panels.planning import plan_ahead
from kdt.progress import Progress, unseen
from kdt.rising.keeping import scan_when_due
from kdt.store import locks
from kdt.store.engine import Store, connect
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role

# A month a part: the year shows itself within seconds, and grows.
PARTS = 13
SIZE = 4_000
_BY = "voorbeeldjaar"
_NAME = "voorbeeldjaar-{end}-deel-{part}-van-{parts}.jsonl"
_NAMED = re.compile(r"voorbeeldjaar-(\d{4}-\d\d-\d\d)-deel-(\d+)-van-(\d+)\.jsonl")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the example year that ends on a day has been played in, in parts."""

    end: date
    done: int
    parts: int

    @property
    def finished(self) -> bool:
        """Whether all of it is there."""
        return self.done == self.parts

    @property
    def percent(self) -> int:
        """How much of it is there."""
        return 100 * self.done // self.parts


def standing(connection: Connection) -> Standing | None:
    """How far the example year is; None as long as no part of one is in this record."""
    newest = connection.scalar(
        select(imports.c.file_name).order_by(imports.c.imported_at.desc()).limit(1)
    )
    named = None if newest is None else _NAMED.fullmatch(newest)
    if named is None:
        return None
    return Standing(date.fromisoformat(named[1]), int(named[2]), int(named[3]))


def percent(connection: Connection) -> int | None:
    """For a page: how much of the example year is in; None when nothing more is to come."""
    if not connection.scalar(select(record.c.demo)):
        return None
    if found := standing(connection):
        return None if found.finished else found.percent
    return None if last_recorded(connection) else 0


def begin(store: Store) -> None:
    """Mark an empty record as a demonstration and enter the example people; again, it does nothing.

    Raises ImportRefused when the record holds anything else.
    """
    people = (
        Person(one.id, one.label, tuple((Role(role), where) for role, where in one.grants))
        for one in EXAMPLE_PEOPLE
    )
    by = By(PRODUCT)
    with writing(store) as connection:
        begin_alone(connection)
        marked = connection.scalar(select(record.c.demo))
        if marked is False or (marked is None and last_recorded(connection) is not None):
            raise ImportRefused(words.say("import.not_empty"))
        if marked is None:
            marking.decide(connection, by, demo=True)
        enter(connection, by, people)


def play(
    store: Store, folder: Path, now: datetime, *, size: int = SIZE, progress: Progress = unseen
) -> tuple[Standing, int]:
    """Play in what is still missing of the year, plan the meetings ahead and let its locations go
    live; how it stands, and how many entries came in.

    Its files stand in `folder` for as long as they are read. A year that was begun on another day
    ends on that day. `progress` is told parts done.
    """
    with reading(store) as connection:
        found = standing(connection)
    found = found or Standing(clock.day(now), 0, PARTS)
    count = 0
    if not found.finished:
        with _alone(store) as alone, tempfile.TemporaryDirectory(dir=folder) as own:
            for part, lines in enumerate(_parts(found.end, now, size), start=1):
                if part > found.done:
                    name = _NAME.format(end=found.end, part=part, parts=PARTS)
                    count += _import(alone, Path(own) / name, lines)
                progress(part, PARTS)
        found = Standing(found.end, PARTS, PARTS)
    plan_ahead(store, now)
    talks.enter_all(store, found.end)
    circuits.follow_all(store, found.end)
    circuits.tag_afterwards(store)
    circuits.bring_all(store)
    signals.enter_all(store, found.end)
    follow_up.enter_all(store, found.end)
    going_live.begin(store, found.end)
    publishing.publish_some(store, folder, found.end)
    parliament.ask_some(store, found.end)
    scan_when_due(store, now)
    compare_when_due(store, now)
    return found, count


def _parts(end: date, now: datetime, size: int) -> Iterator[list[dict[str, Any]]]:
    """The lines by the month they were recorded in; what stands before them is in the first."""
    months: dict[tuple[int, int], list[dict[str, Any]]] = {
        divmod(end.year * 12 + end.month - 1 - ago, 12): [] for ago in reversed(range(PARTS))
    }
    first = next(iter(months))
    for line in generate(end, now, escalations=size):
        moment = line.get("recordedAt")
        month = (int(moment[:4]), int(moment[5:7]) - 1) if moment else first
        months[month].append(line)
    yield from months.values()


def _import(store: Store, file: Path, lines: list[dict[str, Any]]) -> int:
    header = {"kind": "history", "version": 2}
    with file.open("w", encoding="utf-8") as out:
        for line in (header, *(line for line in lines if line.get("kind") != "history")):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    report = import_history(store, file, by=_BY, demo=True)
    file.unlink()
    if report.bad:
        # Nobody can mend this but we.
        raise RuntimeError(f"the example year is refused: {report.bad[0]}")
    return report.entries


@contextmanager
def _alone(store: Store) -> Iterator[Store]:
    """The record through one session that keeps all other writers waiting until the year is in:
    what they did in between would be newer than the months still to come."""
    engine = connect(store.url)
    try:
        with engine.connect() as connection:
            # Held by the session, which goes back to the pool and is taken from it again.
            connection.execute(text("select pg_advisory_lock(:key)"), {"key": locks.RECORD})
            connection.commit()
        yield Store(engine, store.url, engine.dispose)
    finally:
        engine.dispose()
