"""Who read this case, and what this person read: the read log, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Connection, Text, cast, select

from kdt.access.model import people
from kdt.access.permissions import Actor
from kdt.audit.looking import Looking, looking
from kdt.cases.model import case_numbers, escalations
from kdt.cases.sights import BY_NUMBER, visible
from kdt.clock import AMSTERDAM
from kdt.reads.codes import Look, Result
from kdt.reads.model import read_details, reads
from kdt.store.engine import Store
from kdt.store.writing import AnyRow, AnySelect
from kdt.vocabulary import Purpose, Role

# Enough to see what went on; an export has all.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the read log. `person`, `origin` and `about` are None once destroyed."""

    id: int
    at: datetime
    trace: str
    look: Look
    result: Result
    door: str
    escalation: str | None
    location: str | None
    role: Role | None
    own: bool
    purpose: Purpose | None
    person: str | None
    label: str | None
    origin: str | None
    about: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the read log: of one escalation, or by one person; in a period of days in Amsterdam,
    both included. What is left out is not asked."""

    escalation: str | None = None
    person: str | None = None
    first: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody the product knows, by the random key that may stand in an address."""

    id: str
    key: UUID
    label: str


def lines(
    store: Store,
    actors: Iterable[Actor],
    wanted: Wanted,
    *,
    before: int | None = None,
    limit: int | None = PAGE,
) -> list[Line]:
    """The rows asked for, at most `limit` below number `before`. Raises Forbidden,
    NotFound and NotLogged."""
    look = Look.READS_OF_CASE if wanted.escalation is not None else Look.READS_OF_PERSON
    with looking(store, actors, look, escalation=wanted.escalation, about=wanted.person) as at_work:
        query = rows(at_work, wanted.first, wanted.until).order_by(reads.c.id.desc())
        if wanted.escalation is not None:
            query = query.where(reads.c.escalation_id == wanted.escalation)
        if wanted.person is not None:
            query = query.where(read_details.c.person == wanted.person)
        if before is not None:
            query = query.where(reads.c.id < before)
        return [line(row) for row in at_work.connection.execute(query.limit(limit))]


def rows(at_work: Looking, first: date | None, until: date | None) -> AnySelect:
    """The read log as far as this auditor may see it, with who it was."""
    query = (
        select(
            reads,
            read_details.c.person.label("who"),
            read_details.c.origin.label("whence"),
            read_details.c.about.label("whom"),
            people.c.label,
        )
        .outerjoin_from(reads, read_details, read_details.c.read_id == reads.c.id)
        .outerjoin(people, people.c.id == read_details.c.person)
    )
    if at_work.locations is not None:
        query = query.where(reads.c.location.in_(at_work.locations))
    if first is not None:
        query = query.where(reads.c.at >= _midnight(first))
    if until is not None:
        query = query.where(reads.c.at < _midnight(until + timedelta(days=1)))
    return query


def line(row: AnyRow) -> Line:
    """A row of `rows`."""
    got = row._mapping
    return Line(
        got["id"],
        got["at"],
        got["trace_id"],
        Look(got["look"]),
        Result(got["result"]),
        got["door"],
        got["escalation_id"],
        got["location"],
        Role(got["role"]) if got["role"] else None,
        got["own"],
        Purpose(got["purpose"]) if got["purpose"] else None,
        got["who"],
        got["label"],
        got["whence"],
        got["whom"],
    )


def readers(connection: Connection) -> list[Reader]:
    """Everybody the product knows, also who is out, by name."""
    found = connection.execute(select(people.c.id, people.c.key, people.c.label))
    return sorted((Reader(*row) for row in found), key=lambda one: one.label.lower())


def reader(connection: Connection, key: str) -> Reader | None:
    """The person with this key; None when there is none."""
    found = connection.execute(
        select(people.c.id, people.c.key, people.c.label).where(cast(people.c.key, Text) == key)
    ).one_or_none()
    return None if found is None else Reader(*found)


def of_case(connection: Connection, actors: Sequence[Actor], wanted: str) -> list[str]:
    """The escalations with this id, or of the case with this number, that these may know of."""
    found = connection.scalars(
        select(escalations.c.id)
        .outerjoin(case_numbers, case_numbers.c.case_id == escalations.c.case_id)
        .where(
            visible(actors, BY_NUMBER),
            (escalations.c.id == wanted) | (case_numbers.c.number == wanted),
        )
        .order_by(escalations.c.id)
    )
    return list(found)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)
