"""The texts of a case as people read them: screens and API have no other way to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor, Matter
from kdt.access.table import Knows
from kdt.cases.inputs import Prose
from kdt.cases.model import escalations
from kdt.errors import Forbidden
from kdt.ledger.table import WHO, Subject
from kdt.reads.codes import Look, Result
from kdt.reads.service import Read, note
from kdt.store.scope import counting
from kdt.store.writing import AnyRow, ask


@dataclass(frozen=True, slots=True)
class Written:
    """The texts of an escalation: of its entries by number and field, and of what was said beside
    its log by number and field there; of one that was destroyed, the day."""

    entries: Mapping[tuple[int, str], Prose]
    beside: Mapping[tuple[int, str], Prose]

    def said(self, field: str) -> dict[int, Prose]:
        """One field of what was said beside its log, by number."""
        return {seq: text for (seq, name), text in self.beside.items() if name == field}


def read(
    connection: Connection, actors: Sequence[Actor], escalation: str, matter: Matter
) -> Written:
    """The texts of an escalation, for a person in these capacities.

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


_OF_ENTRIES = b"""
    select seq, field, content, destroyed_on from entry_texts where escalation_id = %s
"""
_BESIDE = f"""
    select seq, field, content, destroyed_on from ledger_texts
    where subject = '{Subject.ESCALATION}' and subject_id = %s and field <> '{WHO}'
""".encode()


def _texts(connection: Connection, escalation: str) -> Written:
    this = (escalation,)
    of_entries, beside = ask(connection, (_OF_ENTRIES, this), (_BESIDE, this))
    return Written(_prose(of_entries), _prose(beside))


def _prose(found: Iterable[AnyRow]) -> dict[tuple[int, str], Prose]:
    return {(one.seq, one.field): one.destroyed_on or one.content for one in found}
