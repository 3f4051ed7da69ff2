"""Looking into the read log and the ledger: for auditors alone, and logged before it is shown."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, select

from kdt import words
from kdt.access.permissions import Actor, has
from kdt.access.table import Right
from kdt.cases import texts
from kdt.cases.model import escalations
from kdt.cases.sights import BY_NUMBER, visible
from kdt.errors import Forbidden, NotFound
from kdt.reads.codes import Look
from kdt.reads.service import Read, note
from kdt.store.engine import Store
from kdt.store.transaction import reading


@dataclass(frozen=True, slots=True)
class Looking:
    """An auditor at work on one snapshot. `locations`: whose cases they audit; None for all."""

    connection: Connection
    actors: tuple[Actor, ...]
    locations: tuple[str, ...] | None


@contextmanager
def looking(
    store: Store,
    actors: Iterable[Actor],
    look: Look,
    *,
    right: Right = Right.AUDIT,
    escalation: str | None = None,
    about: str | None = None,
) -> Iterator[Looking]:
    """Log that an auditor looks, and let them. Raises Forbidden, NotLogged, and NotFound when they
    may not know of the escalation or it is not there: what was typed then is not kept."""
    auditing = auditors(actors, right)
    places = [one.location for one in auditing]
    locations = None if None in places else tuple(one for one in places if one is not None)
    with reading(store) as connection:
        if escalation is not None and not _known(connection, auditing, escalation):
            texts.refused(connection, auditing, escalation, look)
            raise NotFound(words.say("refusal.not_found"))
        first = auditing[0]
        note(
            connection,
            Read(
                first.person,
                look,
                escalation=escalation,
                location=first.location,
                role=first.role,
                about=about,
            ),
        )
        yield Looking(connection, auditing, locations)


def _known(connection: Connection, actors: Sequence[Actor], escalation: str) -> bool:
    """Whether an escalation with this id is there for them to know of."""
    mine = visible(actors, BY_NUMBER) & (escalations.c.id == escalation)
    return connection.scalar(select(escalations.c.id).where(mine)) is not None


def auditors(actors: Iterable[Actor], right: Right = Right.AUDIT) -> tuple[Actor, ...]:
    """The capacities in which somebody audits. Raises Forbidden when there are none."""
    found = tuple(one for one in actors if has(one, right))
    if not found:
        raise Forbidden(words.say("forbidden.audits"))
    return found


def may_audit(actors: Sequence[Actor], right: Right = Right.AUDIT) -> bool:
    """Whether one of these capacities audits."""
    return any(has(one, right) for one in actors)
