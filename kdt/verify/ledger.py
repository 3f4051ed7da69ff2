"""The ledger: every chain, every column, and what stands apart from it; read by code of its own."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from kdt import clock
from kdt.ledger.model import ledger, ledger_people, ledger_texts
from kdt.ledger.table import FACTS, Subject
from kdt.store.writing import AnyRow
from kdt.verify import checkpoints
from kdt.verify.alone import Held, Known
from kdt.verify.findings import Report, subject
from kdt.verify.retention import PEOPLE, Covered

FORMAT = 2
_GENESIS = bytes(32)
_ALWAYS = frozenset(
    {
        "format", "subject", "id", "seq", "ref", "fact", "role", "person",
        "occurredOn", "recordedAt", "values", "texts",
    }
)  # fmt: skip
_COLUMNS = ("subject", "subject_id", "seq", "ref", "fact", "occurred_on", "recorded_at")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it was recorded; `texts` and `person` as they stand apart, None where gone."""

    subject: str
    id: str
    seq: int
    fact: str
    role: str
    values: Mapping[str, Any]
    texts: Mapping[str, str | None]
    person: str | None
    occurred_on: date
    recorded_at: datetime
    import_id: str | None


def facts(
    connection: Connection, report: Report, held: Held | None, covered: Covered
) -> Iterator[Fact]:
    """Check all chains, and hold them against a checkpoint; gives the facts that can be read, chain
    by chain and in order."""
    apart = _Apart(connection, covered)
    rows = connection.execute(
        select(ledger).order_by(ledger.c.subject, ledger.c.subject_id, ledger.c.seq),
        execution_options={"yield_per": 5_000},
    )
    for chain, of in groupby(rows, key=lambda row: (row.subject, row.subject_id)):
        entries = list(of)
        readable = list(_chain(chain, entries, apart, report))
        report.facts += len(entries)
        if held:
            _hold(held, chain, entries, readable, report)
        yield from readable
    apart.strays(report)


def _hold(
    held: Held, chain: tuple[str, str], rows: list[AnyRow], facts: list[Fact], report: Report
) -> None:
    brought = {fact.seq: fact.values["import"] for fact in facts if fact.fact == "import"}
    known = [Known(row.seq, row.hash, row.recorded_at, brings=brought.get(row.seq)) for row in rows]
    for wrong in held.chain((f"ledger:{chain[0]}", chain[1]), known):
        checkpoints.add(report, wrong)


def _chain(
    chain: tuple[str, str], rows: list[AnyRow], apart: "_Apart", report: Report
) -> Iterator[Fact]:
    previous, where, moment = _GENESIS, subject(*chain), None
    for number, row in enumerate(rows, 1):
        if row.seq != number:
            report.add("gap", seq=number, where=where)
        if hashlib.sha256(previous + row.content).digest() != row.hash:
            report.add("chain", seq=row.seq, where=where)
        previous = row.hash
        try:
            given = _read(row.content)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as problem:
            report.add("unreadable", seq=row.seq, where=where, part=str(problem))
            continue
        fact = apart.fact(given, row, where, report)
        if moment is not None and fact.recorded_at <= moment:
            report.add("fact_order", seq=row.seq, where=where)
        moment = fact.recorded_at
        said = (
            fact.subject, fact.id, fact.seq, given["ref"], fact.fact,
            fact.occurred_on, fact.recorded_at,
        )  # fmt: skip
        for column, value in zip(_COLUMNS, said, strict=True):
            if getattr(row, column) != value:
                report.add("column", seq=row.seq, where=where, column=column)
        if row.recorded_on != clock.day(fact.recorded_at):
            report.add("column", seq=row.seq, where=where, column="recorded_on")
        if row.import_id != (uuid.UUID(fact.import_id) if fact.import_id else None):
            report.add("column", seq=row.seq, where=where, column="import_id")
        yield fact


def _read(content: bytes) -> dict[str, Any]:
    """A fact in its canonical bytes. Raises ValueError, KeyError or TypeError naming a part."""
    given = json.loads(content)
    plain = json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if plain.encode() != content:
        raise ValueError("canonical")
    if not _ALWAYS <= given.keys() <= _ALWAYS | {"import"}:
        raise ValueError("fields")
    row = FACTS[Subject(given["subject"])][given["fact"]]
    if given["format"] != FORMAT:
        raise ValueError("format")
    if not row.values <= given["values"].keys() <= row.values | row.optional:
        raise ValueError("values")
    if given["texts"].keys() != row.texts:
        raise ValueError("texts")
    if clock.written(datetime.fromisoformat(given["recordedAt"])) != given["recordedAt"]:
        raise ValueError("recordedAt")
    date.fromisoformat(given["occurredOn"])
    if "import" in given:
        uuid.UUID(given["import"])
    return dict(given)


class _Apart:
    """People and texts by the entry they belong to; what was asked for is taken away."""

    def __init__(self, connection: Connection, covered: Covered) -> None:
        self._covered = covered
        self._people = {
            (row.subject, row.subject_id, row.seq): row
            for row in connection.execute(select(ledger_people))
        }
        self._texts = {
            (row.subject, row.subject_id, row.seq, row.field): row
            for row in connection.execute(select(ledger_texts))
        }

    def fact(self, given: Mapping[str, Any], row: AnyRow, where: str, report: Report) -> Fact:
        """The fact with what stands apart from it, which must be what it says."""
        place = (row.subject, row.subject_id, row.seq)
        person = self._people.pop(place, None)
        if person is None:
            if not self._covered.beside(PEOPLE, row.subject, row.subject_id):
                report.add("person_missing", seq=row.seq, where=where)
        elif self._covered.person_overdue(row.subject, row.subject_id, row.recorded_at):
            report.add("still_there", seq=row.seq, where=where)
        elif _digest(person.salt, person.person) != given["person"]:
            report.add("person", seq=row.seq, where=where)
        texts: dict[str, str | None] = {}
        for field, digest in given["texts"].items():
            text = self._texts.pop((*place, field), None)
            texts[field] = text.content if text is not None else None
            if text is None:
                report.add("text_missing", seq=row.seq, where=where, field=field)
            elif text.content is None:
                report.destroyed += 1
                lawful = self._covered.text_beside(row.subject, row.subject_id, field)
                if text.salt is not None or not lawful:
                    report.add("text_destroyed", seq=row.seq, where=where, field=field)
            elif text.salt is None or _digest(text.salt, text.content) != digest:
                report.add("text", seq=row.seq, where=where, field=field)
            elif self._covered.text_overdue(row.subject, row.subject_id, field, row.recorded_at):
                report.add("still_there", seq=row.seq, where=where)
        return Fact(
            given["subject"],
            given["id"],
            given["seq"],
            given["fact"],
            given["role"],
            given["values"],
            texts,
            person.person if person is not None else None,
            date.fromisoformat(given["occurredOn"]),
            datetime.fromisoformat(given["recordedAt"]),
            given.get("import"),
        )

    def strays(self, report: Report) -> None:
        """Name what belongs to no fact."""
        for kind, one, seq in self._people:
            report.add("person_stray", seq=seq, where=subject(kind, one))
        for kind, one, seq, _ in self._texts:
            report.add("text_stray", seq=seq, where=subject(kind, one))


def _digest(salt: bytes, text: str) -> str:
    return hashlib.sha256(salt + text.encode()).hexdigest()
