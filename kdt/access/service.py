"""People and what they may do are entered; nothing entered before is changed."""

from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from kdt.access.model import grants, people
from kdt.access.queries import Person
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject


def enter(connection: Connection, by: By, new: Iterable[Person]) -> None:
    """Enter people with their grants, each once however often asked."""
    facts = [fact for person in new for fact in _entered(connection, person)]
    append(connection, by, *facts)


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
            values = {"role": role} if location is None else {"role": role, "location": location}
            facts.append(Fact(Subject.PERSON, str(key), "grant", values))
    return facts
