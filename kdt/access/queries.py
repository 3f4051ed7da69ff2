"""Reading people: who they are and in which capacities they act."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, null, select, union_all

from kdt.access.model import delegations, grants, people, sessions
from kdt.access.permissions import Actor, has
from kdt.access.table import TABLE, Right
from kdt.store.moments import its_today
from kdt.store.writing import AnyRow
from kdt.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act, in each of the capacities granted, and in those of colleagues for whom
    they stand in now: role, location and who is away."""

    id: str
    label: str
    grants: tuple[tuple[Role, str | None], ...]
    standing_in: tuple[tuple[Role, str | None, str], ...] = ()

    @property
    def actors(self) -> tuple[Actor, ...]:
        """The person in each capacity, their own first."""
        return (
            *(Actor(self.id, role, location) for role, location in self.grants),
            *(Actor(self.id, *capacity) for capacity in self.standing_in),
        )


@dataclass(frozen=True, slots=True)
class OnTheRoll:
    """A person as an administrator sees them; `signed_in_at` is the last time, if ever."""

    person: Person
    disabled: bool
    signed_in_at: datetime | None


def person(connection: Connection, person_id: str) -> Person | None:
    """The person with this id, or None when there is none or they were disabled."""
    found = connection.execute(
        _PEOPLE.where(people.c.id == person_id, ~people.c.disabled)
    ).fetchall()
    return next(iter(_gathered(found)), None)


def person_of(
    connection: Connection, session: ColumnElement[bool], rests: ColumnElement[bool]
) -> tuple[Person, AnyRow] | None:
    """The person of a session, with its `csrf` and `rests`; None when there is no such session or
    they were disabled."""
    found = connection.execute(
        _PEOPLE.add_columns(sessions.c.csrf, rests)
        .join(sessions, sessions.c.person == people.c.id)
        .where(session, ~people.c.disabled)
    ).fetchall()
    return (_gathered(found)[0], found[0]) if found else None


def all_people(connection: Connection) -> list[Person]:
    """Everybody who is not disabled, in the order of their ids."""
    return _gathered(connection.execute(_PEOPLE.where(~people.c.disabled)))


def seated(connection: Connection, location: str | None) -> list[tuple[Person, Actor]]:
    """Who sits in the panel of a location (None: the one that has none), with every seat: their
    own first, and then those of colleagues they stand in for."""
    here = _HELD.c.role.in_(_SITTING) & _HELD.c.location.is_not_distinct_from(location)
    found = _gathered(connection.execute(_PEOPLE.where(~people.c.disabled, here)))
    return [(one, seat) for one in found for seat in one.actors if has(seat, Right.SIT)]


def enabled(connection: Connection, person_id: str) -> bool | None:
    """Whether a person may come in at all; None when there is none with this id."""
    disabled = connection.scalar(select(people.c.disabled).where(people.c.id == person_id))
    return None if disabled is None else not disabled


def on_the_roll(connection: Connection) -> list[OnTheRoll]:
    """Everybody who is known here, disabled or not, by what they are called."""
    known = {
        row.id: row
        for row in connection.execute(select(people.c.id, people.c.disabled, people.c.signed_in_at))
    }
    everybody = sorted(
        _gathered(connection.execute(_PEOPLE)), key=lambda one: (one.label.casefold(), one.id)
    )
    return [OnTheRoll(one, known[one.id].disabled, known[one.id].signed_in_at) for one in everybody]


def labels(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """What people are called, by id; who is not known here is left out."""
    found = connection.execute(select(people.c.id, people.c.label).where(people.c.id.in_(ids)))
    return {row.id: row.label for row in found}


_away, _own = people.alias("away"), grants.alias("own")
_LENDING = sorted({role for (role, _), row in TABLE.items() if Right.DELEGATE in row.rights})
_SITTING = sorted({role for (role, _), row in TABLE.items() if Right.SIT in row.rights})
# A colleague's capacity is lent for as long as they hold it themselves, and whoever it is lent to
# works with cases at that place.
_LENT = (
    select(delegations.c.taker, grants.c.role, grants.c.location, delegations.c.giver)
    .join_from(delegations, _away, and_(_away.c.id == delegations.c.giver, ~_away.c.disabled))
    .join(
        grants,
        and_(
            grants.c.person == delegations.c.giver,
            grants.c.role == delegations.c.role,
            grants.c.location.is_not_distinct_from(delegations.c.location),
        ),
    )
    .where(
        its_today().between(delegations.c.first_on, delegations.c.last_on),
        exists().where(
            _own.c.person == delegations.c.taker,
            _own.c.role.in_(_LENDING),
            _own.c.location.is_not_distinct_from(delegations.c.location),
        ),
    )
    .distinct()
)
_HELD = union_all(
    select(grants.c.person, grants.c.role, grants.c.location, null().label("giver")), _LENT
).subquery("held")
_PEOPLE = (
    select(people.c.id, people.c.label, _HELD.c.role, _HELD.c.location, _HELD.c.giver)
    .outerjoin_from(people, _HELD, _HELD.c.person == people.c.id)
    .order_by(people.c.id, _HELD.c.role, _HELD.c.location.nulls_first(), _HELD.c.giver)
)


def _gathered(rows: Iterable[AnyRow]) -> list[Person]:
    labels: dict[str, str] = {}
    held: dict[str, list[tuple[Role, str | None]]] = {}
    lent: dict[str, list[tuple[Role, str | None, str]]] = {}
    for row in rows:
        labels[row.id] = row.label
        if row.giver is not None:
            lent.setdefault(row.id, []).append((Role(row.role), row.location, row.giver))
        elif row.role is not None:
            held.setdefault(row.id, []).append((Role(row.role), row.location))
    return [
        Person(one, label, tuple(held.get(one, ())), tuple(lent.get(one, ())))
        for one, label in labels.items()
    ]
