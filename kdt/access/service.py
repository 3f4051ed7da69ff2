"""People and what they may do are entered; nothing entered before is changed."""

from collections.abc import Iterable

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from kdt.access.model import grants, people
from kdt.access.queries import Person


def enter(connection: Connection, new: Iterable[Person]) -> None:
    """Enter people with their grants, each once however often asked."""
    for person in new:
        connection.execute(
            insert(people).values(id=person.id, label=person.label).on_conflict_do_nothing()
        )
        for role, location in person.grants:
            connection.execute(
                insert(grants)
                .values(person=person.id, role=role, location=location)
                .on_conflict_do_nothing()
            )
