"""Appending to the ledger, within the transaction of what it records: no change without its fact,
no fact without its change."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from kdt import clock, hashing
from kdt.ledger.model import ledger, ledger_people, ledger_texts
from kdt.ledger.table import FACTS, Subject
from kdt.store.driver import Statement
from kdt.store.writing import ask, insert
from kdt.vocabulary import Role

# Format 1 is an entry of the log of escalations.
FORMAT = 2
# Who does what no person asked for: the product itself.
PRODUCT = "kdt"

# The one chain about the record as a whole.
THE_RECORD = "record"

# Two moments of one chain are never the same: they tell which of two terms came later.
_TICK = timedelta(microseconds=1)

_LOCK = b"select pg_advisory_xact_lock(hashtextextended(%s, 2))"
_NOW = b"select clock_timestamp() as now"
_HEAD = (
    b"select seq, hash, recorded_at from ledger where subject = %s and subject_id = %s "
    b"order by seq desc limit 1"
)
_HEADS = (
    b"select distinct on (subject_id) subject, subject_id, seq, hash, recorded_at from ledger "
    b"where subject = %s and subject_id = any(%s) order by subject_id, seq desc"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to record of a subject. `occurred_on`: a day in Amsterdam, today if left out;
    `ref`: what a history file calls it, chosen here if left out."""

    subject: Subject
    id: str
    fact: str
    values: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    occurred_on: date | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class By:
    """Who records it, in which role; `import_id` where it came with a history file."""

    person: str
    role: Role = Role.ADMINISTRATOR
    import_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact as recorded. Of one chain no two have the same `recorded_at`."""

    ref: str
    seq: int
    recorded_at: datetime


@dataclass(slots=True)
class _Chain:
    """How far the chain of a subject is."""

    seq: int = 0
    head: bytes = hashing.GENESIS
    recorded_at: datetime | None = None


def append(connection: Connection, by: By, *facts: Fact) -> list[Recorded]:
    """Record facts, each at the end of its subject's chain, which is held until the transaction
    ends. Raises ValueError when one is not as `FACTS` says: that is our error, not a person's."""
    chains, now = _chains(connection, {(fact.subject, fact.id) for fact in facts})
    return _appended(connection, [(by, fact) for fact in facts], chains, now)


def append_alone(connection: Connection, told: Sequence[tuple[By, Fact]]) -> list[Recorded]:
    """The same for whoever holds the whole record (`kdt.cases.dossiers.begin_alone`), so that
    nobody else adds to these chains: however many there are, none is locked."""
    subjects: dict[Subject, set[str]] = {}
    for _, fact in told:
        subjects.setdefault(fact.subject, set()).add(fact.id)
    asked: list[Statement] = [
        (_HEADS, (subject, list(ids))) for subject, ids in sorted(subjects.items())
    ]
    *found, now = ask(connection, *asked, (_NOW, ()))
    chains = {(Subject(one.subject), one.subject_id): _chain(one) for rows in found for one in rows}
    for subject, ids in subjects.items():
        for one in ids:
            chains.setdefault((subject, one), _Chain())
    return _appended(connection, told, chains, now[0].now)


def _appended(
    connection: Connection,
    told: Sequence[tuple[By, Fact]],
    chains: Mapping[tuple[Subject, str], "_Chain"],
    now: datetime,
) -> list[Recorded]:
    for _, fact in told:
        _check(fact)
    rows: list[tuple[object, ...]] = []
    people: list[tuple[object, ...]] = []
    texts: list[tuple[object, ...]] = []
    recorded = []
    for by, fact in told:
        chain = chains[fact.subject, fact.id]
        moment = max(now, chain.recorded_at + _TICK) if chain.recorded_at else now
        place = (fact.subject, fact.id, chain.seq + 1)
        salts = {name: hashing.salt() for name in ("", *fact.texts)}
        content = _content(place, fact, by, moment, salts)
        chain.seq, chain.recorded_at = chain.seq + 1, moment
        chain.head = hashing.link(chain.head, content.bytes)
        days = (content.occurred_on, moment, clock.day(moment))
        rows.append(
            (*place, content.ref, fact.fact, *days, by.import_id, content.bytes, chain.head)
        )
        people.append((*place, by.person, salts[""]))
        texts += [(*place, name, text, salts[name], None) for name, text in fact.texts.items()]
        recorded.append(Recorded(content.ref, chain.seq, moment))
    insert(connection, [(ledger, rows), (ledger_people, people), (ledger_texts, texts)])
    return recorded


@dataclass(frozen=True, slots=True)
class _Content:
    ref: str
    occurred_on: date
    bytes: bytes


def _content(
    place: tuple[Subject, str, int], fact: Fact, by: By, moment: datetime, salts: dict[str, bytes]
) -> _Content:
    ref, occurred_on = fact.ref or secrets.token_hex(8), fact.occurred_on or clock.day(moment)
    subject, subject_id, seq = place
    entry: dict[str, object] = {
        "format": FORMAT,
        "subject": subject,
        "id": subject_id,
        "seq": seq,
        "ref": ref,
        "fact": fact.fact,
        "role": by.role,
        "person": hashing.digest(salts[""], by.person),
        "occurredOn": occurred_on.isoformat(),
        "recordedAt": clock.written(moment),
        "values": fact.values,
        "texts": {name: hashing.digest(salts[name], text) for name, text in fact.texts.items()},
    }
    if by.import_id is not None:
        entry["import"] = str(by.import_id)
    return _Content(ref, occurred_on, hashing.encoded(entry))


def _chains(
    connection: Connection, subjects: set[tuple[Subject, str]]
) -> tuple[dict[tuple[Subject, str], _Chain], datetime]:
    """The chains as they stand, each locked, in one order so that two never wait crosswise."""
    ordered = sorted(subjects)
    locks: list[Statement] = [(_LOCK, (f"{kind} {one}",)) for kind, one in ordered]
    heads: list[Statement] = [(_HEAD, subject) for subject in ordered]
    answers = ask(connection, *locks, *heads, (_NOW, ()))
    found = zip(ordered, answers[len(locks) : -1], strict=True)
    chains = {subject: _chain(rows[0]) if rows else _Chain() for subject, rows in found}
    now: datetime = answers[-1][0].now
    return chains, now


def _chain(row: Any) -> _Chain:
    return _Chain(row.seq, row.hash, row.recorded_at)


def _check(fact: Fact) -> None:
    row = FACTS[fact.subject].get(fact.fact)
    if row is None:
        raise ValueError(f"no fact {fact.fact!r} of {fact.subject}")
    if not row.values <= fact.values.keys() <= row.values | row.optional:
        raise ValueError(f"{fact.subject} {fact.fact}: not with {sorted(fact.values)}")
    if fact.texts.keys() != row.texts:
        raise ValueError(f"{fact.subject} {fact.fact}: not with texts {sorted(fact.texts)}")
    if any(value is None for value in fact.values.values()):
        raise ValueError(f"{fact.subject} {fact.fact}: a value that is none is left out")
