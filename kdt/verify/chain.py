"""The chain of one escalation: hashes, numbers and columns, and what stands apart from it."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import date
from operator import attrgetter

from kdt.store.writing import AnyRow
from kdt.verify.findings import Report
from kdt.verify.reading import Entry, Unreadable, read
from kdt.verify.retention import CONTENT, PEOPLE, Covered
from kdt.verify.rows import Rows

GENESIS = bytes(32)


def check(
    escalation: str, rows: Rows, today: date, covered: Covered, report: Report
) -> list[Entry]:
    """Check the chain of `escalation`; gives its entries, up to the first that cannot be read."""
    people = {row.seq: row for row in rows.people}
    previous, seq = GENESIS, 0
    read_so_far: list[Entry] = []
    whole = True
    for row in rows.entries:
        seq += 1
        if row.seq != seq:
            report.add("gap", escalation, seq)
            seq, whole = row.seq, False
        if hashlib.sha256(previous + row.content).digest() != row.hash:
            report.add("chain", escalation, row.seq)
        previous = row.hash
        person = people.get(row.seq)
        try:
            entry = read(row.content, person.person if person else None)
        except Unreadable as problem:
            report.add("unreadable", escalation, row.seq, part=str(problem))
            whole = False
            continue
        _columns(row, entry, report)
        _person(person, entry, row, covered, report)
        if whole:
            read_so_far.append(entry)
    report.entries += len(rows.entries)
    if whole:
        _texts(escalation, rows, read_so_far, today, covered, report)
    known = {row.seq for row in rows.entries}
    _strays(escalation, "person_stray", rows.people, known, report)
    _strays(escalation, "text_stray", rows.texts, known, report)
    return read_so_far


_COLUMNS = (
    "escalation_id",
    "seq",
    "ref",
    "action",
    "occurred_on",
    "recorded_at",
    "recorded_on",
    "import_id",
)
_stored = attrgetter(*_COLUMNS)


def _columns(row: AnyRow, entry: Entry, report: Report) -> None:
    act = entry.act
    stored = _stored(row)
    said = (
        entry.escalation,
        entry.seq,
        act.ref,
        act.action,
        act.occurred_on,
        act.recorded_at,
        act.recorded_on,
        uuid.UUID(entry.import_id) if entry.import_id else None,
    )
    if stored != said:
        for column, value, other in zip(_COLUMNS, said, stored, strict=True):
            if value != other:
                report.add("column", row.escalation_id, row.seq, column=column)


def _person(
    person: AnyRow | None, entry: Entry, row: AnyRow, covered: Covered, report: Report
) -> None:
    place = (row.escalation_id, row.seq)
    if person is None:
        if not covered.lawful(PEOPLE, *place):
            report.add("person_missing", *place)
    elif covered.overdue(PEOPLE, *place):
        report.add("still_there", *place)
    elif _digest(person.salt, person.person) != entry.person:
        report.add("person", row.escalation_id, row.seq)


def _texts(
    escalation: str,
    rows: Rows,
    entries: list[Entry],
    today: date,
    covered: Covered,
    report: Report,
) -> None:
    """The texts are those the entries speak of, and say what they said."""
    found = {(row.seq, row.field): row for row in rows.texts}
    for seq, entry in enumerate(entries, 1):
        for field, digest in entry.texts.items():
            row = found.pop((seq, field), None)
            if row is None:
                report.add("text_missing", escalation, seq, field=field)
            elif row.content is None:
                report.destroyed += 1
                # A day before it was written or yet to come, or a salt left behind: no destruction.
                # What came in destroyed never had a digest, nor a day that can be compared.
                gone = row.salt is None and row.destroyed_on is not None
                if not gone or (
                    digest
                    and not (
                        entry.act.recorded_on <= row.destroyed_on <= today
                        and covered.lawful(CONTENT, escalation, seq)
                    )
                ):
                    report.add("text_destroyed", escalation, seq, field=field)
            elif row.salt is None or _digest(row.salt, row.content) != digest:
                report.add("text", escalation, seq, field=field)
            elif row.destroyed_on is not None:
                report.add("text_destroyed", escalation, seq, field=field)
            elif covered.overdue(CONTENT, escalation, seq):
                report.add("still_there", escalation, seq)
    known = range(1, len(entries) + 1)
    for seq, field in found:
        if seq in known:
            report.add("text_unspoken", escalation, seq, field=field)


def _strays(
    escalation: str, code: str, rows: Iterable[AnyRow], known: set[int], report: Report
) -> None:
    for row in rows:
        if row.seq not in known:
            report.add(code, escalation, row.seq)


def _digest(salt: bytes, text: str) -> str:
    return hashlib.sha256(salt + text.encode()).hexdigest()
