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
    found = read_each(connection, actors, {escalation: matter})
    if escalation not in found:
        raise Forbidden(words.say("forbidden.reads_text"))
    return found[escalation]


def read_each(
    connection: Connection, actors: Sequence[Actor], matters: Mapping[str, Matter]
) -> dict[str, Written]:
    """The same of several, in as many statements as of one; those of which none of these
    capacities is shown text are left out. Raises NotLogged."""
    reading = {one: _reading(actors, one, matter) for one, matter in matters.items()}
    note(connection, *reading.values())
    shown = [one for one, read in reading.items() if read.result is Result.SHOWN]
    return _texts(connection, shown)


def _reading(actors: Sequence[Actor], escalation: str, matter: Matter) -> Read:
    """What is logged of it."""
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
        return read
    theirs = (state.brought_by, matter.held_by)
    asks = reader.row.knows is Knows.OWN and reader.stands_for not in theirs
    return replace(
        read,
        role=reader.role,
        own=reader.person in theirs,
        purpose=matter.purpose if asks else None,
        about=reader.on_behalf_of,
    )


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
    select escalation_id as id, seq, field, content, destroyed_on from entry_texts
    where escalation_id = any(%s)
"""
_BESIDE = f"""
    select subject_id as id, seq, field, content, destroyed_on from ledger_texts
    where subject = '{Subject.ESCALATION}' and subject_id = any(%s) and field <> '{WHO}'
""".encode()


def _texts(connection: Connection, escalations: Sequence[str]) -> dict[str, Written]:
    if not escalations:
        return {}
    these = ([*escalations],)
    of_entries, beside = ask(connection, (_OF_ENTRIES, these), (_BESIDE, these))
    first, second = _prose(of_entries), _prose(beside)
    return {one: Written(first.get(one, {}), second.get(one, {})) for one in escalations}


def _prose(found: Iterable[AnyRow]) -> dict[str, dict[tuple[int, str], Prose]]:
    gathered: dict[str, dict[tuple[int, str], Prose]] = {}
    for one in found:
        told = one.destroyed_on or one.content
        gathered.setdefault(one.id, {})[one.seq, one.field] = told
    return gathered
