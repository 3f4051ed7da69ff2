"""A meeting as its members read it ahead: each item with what is proposed, what was said in which
seat, and what it lacks to go without discussion. Codes and days alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from kdt.access.permissions import Actor, has
from kdt.access.queries import seated
from kdt.access.table import Right
from kdt.cases.proposals import FIELDS
from kdt.cases.sights import officers_work
from kdt.meetings.agreeing import Reading, Said
from kdt.store.driver import Statement
from kdt.store.writing import AnyRow, ask
from kdt.vocabulary import Stance

_ROUNDS = """
    (
        select id, case_id, brought_by, (
            select count(*) from considerations c where c.escalation_id = escalations.id
        ) as round
        from escalations where id = any(%s)
    ) e
"""
_PROPOSED = f"""
    select distinct on (p.escalation_id) p.*
    from {_ROUNDS} join proposals p on p.escalation_id = e.id and p.round = e.round
    order by p.escalation_id, p.seq desc
""".encode()
_SAID = f"""
    select distinct on (p.escalation_id, p.person) p.*
    from {_ROUNDS} join positions p on p.escalation_id = e.id and p.round = e.round
    order by p.escalation_id, p.person, p.seq desc
""".encode()
_BARRED = f"""
    select e.id as escalation_id, array(
        select r.person from recusals r where r.escalation_id = e.id
        union select e.brought_by where e.brought_by is not null
        union {officers_work("{} = any(who.people)")}
    ) as people
    from {_ROUNDS}, (select %s::text[] as people) who
""".encode()


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a panel: whose it is, by id and by what they are called."""

    person: str
    label: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """An item as it is read ahead; `proposed` is the outcome with what it carries, if any."""

    escalation: str
    proposed: Mapping[str, str]
    reading: Reading


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is listed for a meeting, as the seats of its panel read it ahead; `location` is that of
    the panel."""

    location: str | None
    seats: tuple[Seat, ...]
    items: tuple[Prepared, ...]

    def seat_of(self, actors: Iterable[Actor]) -> str | None:
        """In whose seat somebody reads it, rather their own; None for who only looks in."""
        sitting = (one for one in actors if has(one, Right.SIT) and one.location == self.location)
        return next((one.stands_for for one in sitting), None)


def preparation(
    connection: Connection, location: str | None, minimum: int | None, ids: Sequence[str]
) -> Preparation:
    """What is listed for a meeting of the panel of a location, in the order given, as it is read
    ahead; `minimum`: how many of the panel must be there."""
    of = seats(connection, location)
    return Preparation(location, of, tuple(prepared(connection, ids, of, minimum)))


def seats(connection: Connection, location: str | None) -> tuple[Seat, ...]:
    """The seats of the panel of a location (None: the one that has none)."""
    found = seated(connection, location)
    own = {one.id: one.label for one, seat in found if seat.on_behalf_of is None}
    return tuple(Seat(person, label) for person, label in own.items())


def prepared(
    connection: Connection, ids: Sequence[str], of: Sequence[Seat], minimum: int | None
) -> list[Prepared]:
    """Items of a meeting as they are read ahead, in the order given; `minimum`: how many of the
    panel must be there."""
    people = [one.person for one in of]
    these = list(ids)
    asked = (_asked(_PROPOSED, these), _asked(_SAID, these), _asked(_BARRED, these, people))
    proposed, said, barred = ask(connection, *asked) if ids else ([], [], [])
    newest = {row.escalation_id: row for row in proposed}
    by_seat: dict[str, dict[str, Said]] = {}
    for row in said:
        told = Said(Stance(row.stance), row.proposal)
        by_seat.setdefault(row.escalation_id, {})[row.person] = told
    out = {row.escalation_id: row.people for row in barred}
    return [
        Prepared(
            one,
            _values(newest.get(one)),
            Reading(
                newest[one].seq if one in newest else None,
                by_seat.get(one, {}),
                people,
                out.get(one, ()),
                minimum or 0,
                one in newest and newest[one].inquiry is not None,
            ),
        )
        for one in ids
    ]


def _asked(query: bytes, *given: object) -> Statement:
    return query, given


def _values(row: AnyRow | None) -> dict[str, str]:
    if row is None:
        return {}
    return {name: value for name in FIELDS if (value := getattr(row, name)) is not None}
