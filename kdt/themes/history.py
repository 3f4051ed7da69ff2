"""Themes, and what is told about them and in the forum, as a history file has it: every fact of
theirs, in the order in which they were recorded, and since when each was known."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert

from kdt import clock, words
from kdt.ledger import known
from kdt.ledger.model import ledger
from kdt.ledger.service import By, Fact, append_alone
from kdt.ledger.table import Subject
from kdt.themes import telling
from kdt.themes.adjusting import ADJUSTMENTS
from kdt.themes.circuit import ROW
from kdt.themes.consulting import CONSULTATIONS
from kdt.themes.model import (
    forum_steps,
    theme_profiles,
    theme_steps,
    theme_terms,
    themes,
)
from kdt.themes.signalling import SIGNALS, VIEWS
from kdt.themes.telling import Remark, Row, Said, Sort
from kdt.themes.testing import OPINIONS, TESTS
from kdt.vocabulary import Role

SORTS: Mapping[Subject, Sort[Any]] = {
    one.subject: one for one in (CONSULTATIONS, SIGNALS, TESTS, ADJUSTMENTS)
}
REMARKS: Mapping[tuple[Subject, str], Remark[Any]] = {
    (one.sort.subject, one.fact): one for one in (VIEWS, OPINIONS)
}
SUBJECTS = (Subject.THEME, *SORTS, Subject.FORUM)
ENTER, CHANGE, WITHDRAW, DESCRIBE = "enter", "change", "withdraw", "describe"
BRING, CONCLUDE = "bring", "conclude"
_DAYS = frozenset({"held_on", "received_on", "since", "said_on", "due_on"})
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class ThemeFact:
    """A fact as it was recorded, with values and texts as the ledger has them; but what a step
    takes back goes by its `ref`, until it is known which number that has here."""

    ref: str
    recorded_at: datetime
    occurred_on: date
    actor: str
    role: Role
    subject: Subject
    id: str
    fact: str
    values: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def begins(self) -> bool:
        """Whether it is the first of its chain."""
        return self.fact in (ENTER, BRING)

    @property
    def said(self) -> Said:
        """What was told."""
        return Said(self.values, self.texts)


def is_told(connection: Connection) -> bool:
    """Whether there is anything to say of themes but what an import without moments called them."""
    of_themes = ledger.c.subject.in_(SUBJECTS)
    return bool(connection.scalar(select(exists().where(of_themes, ~_plain()))))


def told(
    connection: Connection, *, entered: bool | None = None, closed: bool = False
) -> Iterator[ThemeFact]:
    """What was recorded, in that order: themes being entered, all but that, or (None) both.
    `closed`: nobody was at a talk of which it was destroyed who was there, as the product has it;
    else whoever told of it was, without whom it could not have been told."""
    refs: dict[tuple[str, int], str] = {}
    found = connection.execute(_TOLD, execution_options={"yield_per": _BATCH})
    with found:
        for row in found:
            if row.subject == Subject.THEME:
                refs[row.subject_id, row.seq] = row.ref
                if entered is (row.fact != ENTER):
                    continue
            elif entered:
                continue
            yield _fact(row, refs, closed=closed)


def enter_told(connection: Connection, by: By, entered: Sequence[ThemeFact]) -> None:
    """Record facts, each on behalf of who recorded it first, and keep them where they are read.
    `by`: who imports them."""
    if not entered:
        return
    facts = []
    for one in entered:
        fact = Fact(one.subject, one.id, one.fact, one.values, one.texts, one.occurred_on, one.ref)
        since = known.since(fact, one.recorded_at)
        facts.append((By(one.actor, one.role, by.import_id), since))
    recorded = append_alone(connection, facts)
    kept: dict[Table, list[Row]] = defaultdict(list)
    last = _Last(connection)
    for one, new in zip(entered, recorded, strict=True):
        if one.subject is Subject.THEME and one.fact == ENTER:
            kept[themes].append({"id": one.id})
        table, row = _row(one, new.seq, last)
        last.put(one, table, row)
        when = {"recorded_by": one.actor, "recorded_at": one.recorded_at}
        kept[table].append({**row, **when})
    for table in sorted(kept, key=lambda table: table is not themes):
        connection.execute(insert(table), kept[table])


class _Last:
    """How each was told last, in the record and in what came in since."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[tuple[str, str], Row] = {}

    def put(self, fact: ThemeFact, table: Table, row: Row) -> None:
        """It is told so from now on."""
        self._rows[table.name, fact.id] = row

    def of(self, fact: ThemeFact, table: Table, column: str) -> Row:
        """The row in a table that goes by this column."""
        told = self._rows.get((table.name, fact.id))
        if told is None:
            newest = select(table).where(table.c[column] == fact.id)
            query = newest.order_by(table.c.recorded_at.desc()).limit(1)
            told = self._connection.execute(query).one()._asdict()
        return told


def _row(fact: ThemeFact, seq: int, last: _Last) -> tuple[Table, Row]:
    """The row that follows from a fact, and where it stands."""
    if remark := REMARKS.get((fact.subject, fact.fact)):
        return remark.table, remark.row(fact.id, fact.said)
    if sort := SORTS.get(fact.subject):
        if fact.fact == WITHDRAW:
            return sort.table, telling.over(last.of(fact, sort.table, sort.id))
        return sort.table, sort.row(fact.id, fact.said)
    if fact.subject is Subject.FORUM:
        values = {"escalation": None, "theme": None, **fact.values}
        step = {"item": fact.id, "seq": seq, "fact": fact.fact, "occurred_on": fact.occurred_on}
        return forum_steps, {**step, **values, **fact.texts}
    if fact.fact in ROW:
        values = {one: fact.values.get(one) for one in _INPUTS}
        days = {"occurred_on": fact.occurred_on, "recorded_on": clock.day(fact.recorded_at)}
        step = {"theme": fact.id, "seq": seq, "action": fact.fact}
        return theme_steps, {**step, **days, **values, **fact.texts}
    if fact.fact == DESCRIBE:
        lines = {one: fact.texts[one].split("\n") if fact.texts[one] else [] for one in _LINES}
        about = {"stream": fact.values.get("stream"), "owner": fact.texts["owner"]}
        return theme_profiles, {"theme": fact.id, **about, **lines}
    status = fact.values.get("status") or last.of(fact, theme_terms, "theme")["status"]
    return theme_terms, {"theme": fact.id, "status": status, **fact.texts}


_LINES = ("codes", "sources")
_INPUTS = ("owed_by", "due_on", "closed_as", "consultation", "target", "escalations", "replaces")


def _fact(row: Any, refs: Mapping[tuple[str, int], str], *, closed: bool) -> ThemeFact:
    role, said = known.said(row)
    values: dict[str, Any] = {
        name: date.fromisoformat(value) if name in _DAYS else value for name, value in said.items()
    }
    if "replaces" in values:
        values["replaces"] = refs[row.subject_id, values["replaces"]]
    return ThemeFact(
        row.ref,
        row.known_at.astimezone(UTC),
        row.occurred_on,
        row.person,
        role,
        Subject(row.subject),
        row.subject_id,
        row.fact,
        values,
        {
            name: _left(name, [] if closed else row.tellers) if text is None else text
            for name, text in (row.texts or {}).items()
        },
    )


def _left(name: str, tellers: Sequence[str]) -> str:
    """What still is known of a text that was destroyed after its term: that it was, and that
    whoever told of a talk was there."""
    if name == "participants":
        return "\n".join(sorted(tellers))
    return words.say("theme_text.destroyed") if name in _NEVER_BLANK else ""


_NEVER_BLANK = frozenset({"title", "concerns", "reasons"})


def _plain() -> ColumnElement[bool]:
    """A theme entered by an import that did not say since when it was known."""
    return and_(
        ledger.c.subject == Subject.THEME,
        ledger.c.fact == ENTER,
        ledger.c.import_id.is_not(None),
        func.convert_from(ledger.c.content, "UTF8").not_like(f'%"{known.VALUE}":%'),
    )


_TOLD = text(f"""
    select {known.COLUMNS},
        array(
            select distinct t.person from ledger_people t
            where f.subject = 'consultation'
                and t.subject = f.subject and t.subject_id = f.subject_id
        ) as tellers
    from {known.FACTS}
    where f.subject = any(:subjects)
    order by known_at, f.position
""").bindparams(subjects=[*SUBJECTS])
