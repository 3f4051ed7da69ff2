"""The texts of a case as people read them: screens and API have no other way to them."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor, Matter
from kdt.access.table import Knows
from kdt.cases.inputs import Prose
from kdt.cases.model import entry_texts, escalations
from kdt.errors import Forbidden
from kdt.reads.codes import Look, Result
from kdt.reads.service import Read, note
from kdt.store.scope import counting


def read(
    connection: Connection, actors: Sequence[Actor], escalation: str, matter: Matter
) -> dict[tuple[int, str], Prose]:
    """The texts of an escalation by entry number and field, for a person in these capacities; of
    one that was destroyed, the day.

    That they are read, or were refused, is logged first. Raises Forbidden when none of these
    capacities is shown text, and NotLogged.
    """
    state = matter.state
    reader = permissions.reader(actors, matter)
    read = Read(
        actors[0].person,
        Look.CASE,
        Result.NO_TEXT if reader is None else Result.SHOWN,
        escalation,
        state.location,
        state.case,
    )
    if reader is None:
        note(connection, read)
        raise Forbidden(words.say("forbidden.reads_text"))
    theirs = (state.brought_by, matter.held_by)
    asks = reader.row.knows is Knows.OWN and reader.stands_for not in theirs
    note(
        connection,
        replace(
            read,
            role=reader.role,
            own=reader.person in theirs,
            purpose=matter.purpose if asks else None,
            about=reader.on_behalf_of,
        ),
    )
    return _texts(connection, escalation)


def refused(
    connection: Connection, actors: Sequence[Actor], escalation: str, look: Look = Look.CASE
) -> None:
    """Log that somebody asked for the texts of an escalation, or who read them, of which they may
    not know or that is not there (what they typed is not kept). Raises NotLogged."""
    if not actors:
        return
    # The database hides from whoever asks that it is there; the log says so to the auditor alone.
    with counting(connection):
        location = connection.scalar(
            select(escalations.c.location).where(
                escalations.c.id == escalation, escalations.c.phase.is_not(None)
            )
        )
    if location is None:
        note(connection, Read(actors[0].person, look, Result.NOT_THERE))
    else:
        known = (Result.NOT_KNOWN, escalation, location)
        note(connection, Read(actors[0].person, look, *known))


def _texts(connection: Connection, escalation: str) -> dict[tuple[int, str], Prose]:
    found = connection.execute(
        select(
            entry_texts.c.seq,
            entry_texts.c.field,
            entry_texts.c.content,
            entry_texts.c.destroyed_on,
        ).where(entry_texts.c.escalation_id == escalation)
    )
    return {(one.seq, one.field): one.destroyed_on or one.content for one in found}
