"""People and what they may do are entered, and changed by what the organisation says of them or by
an administrator. No change without its fact in the ledger."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from kdt.access import sessions
from kdt.access.mapping import Grant
from kdt.access.model import grants, people
from kdt.access.queries import Person
from kdt.ledger.service import PRODUCT, By, Fact, append
from kdt.ledger.table import Subject
from kdt.vocabulary import Role


def enter(connection: Connection, by: By, new: Iterable[Person]) -> None:
    """Enter people with their grants, each once however often asked."""
    facts = [fact for person in new for fact in _entered(connection, person)]
    append(connection, by, *facts)


def signed_in(connection: Connection, person: Person) -> None:
    """Make somebody who signed in known as they are now; what they may no longer do is taken."""
    facts = _entered(connection, person)
    # Held, so that two arrivals of one person do not mix.
    known = connection.execute(
        select(people.c.key, people.c.label).where(people.c.id == person.id).with_for_update()
    ).one()
    if known.label != person.label:
        facts.append(Fact(Subject.PERSON, str(known.key), "rename", texts={"label": person.label}))
    connection.execute(
        update(people)
        .where(people.c.id == person.id)
        .values(label=person.label, signed_in_at=func.now())
    )
    held = connection.execute(
        select(grants.c.role, grants.c.location).where(grants.c.person == person.id)
    ).fetchall()
    for row in held:
        grant = Role(row.role), row.location
        if grant not in person.grants:
            facts += _revoked(connection, person.id, str(known.key), grant)
    append(connection, By(PRODUCT), *facts)


def set_disabled(connection: Connection, by: By, person_id: str, *, disabled: bool) -> bool:
    """Shut somebody out, which ends their sessions, or let them in again; whether there is such a
    person. The same again changes nothing."""
    known = connection.execute(
        select(people.c.key, people.c.disabled).where(people.c.id == person_id).with_for_update()
    ).one_or_none()
    if known is None:
        return False
    if known.disabled != disabled:
        connection.execute(update(people).where(people.c.id == person_id).values(disabled=disabled))
        fact = "disable" if disabled else "enable"
        append(connection, by, Fact(Subject.PERSON, str(known.key), fact))
    if disabled:
        sessions.end_all(connection, person_id)
    return True


def _entered(connection: Connection, person: Person) -> list[Fact]:
    """Enter one; the facts of what was not there before."""
    facts: list[Fact] = []
    key = connection.scalar(
        insert(people)
        .values(id=person.id, label=person.label)
        .on_conflict_do_nothing()
        .returning(people.c.key)
    )
    if key is not None:
        texts = {"person": person.id, "label": person.label}
        facts.append(Fact(Subject.PERSON, str(key), "enter", texts=texts))
    else:
        key = connection.scalar(select(people.c.key).where(people.c.id == person.id))
    for role, location in person.grants:
        new = connection.scalar(
            insert(grants)
            .values(person=person.id, role=role, location=location)
            .on_conflict_do_nothing()
            .returning(grants.c.role)
        )
        if new is not None:
            facts.append(Fact(Subject.PERSON, str(key), "grant", _values((role, location))))
    return facts


def _revoked(connection: Connection, person_id: str, key: str, grant: Grant) -> list[Fact]:
    role, location = grant
    gone = connection.execute(
        delete(grants).where(
            grants.c.person == person_id,
            grants.c.role == role,
            grants.c.location.is_not_distinct_from(location),
        )
    )
    return [Fact(Subject.PERSON, key, "revoke", _values(grant))] if gone.rowcount else []


def _values(grant: Grant) -> dict[str, object]:
    role, location = grant
    return {"role": role} if location is None else {"role": role, "location": location}
