"""Looking into the read log and the ledger: for auditors alone, and logged before it is shown."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from kdt import words
from kdt.access.permissions import Actor, has
from kdt.access.table import Right
from kdt.errors import Forbidden
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
    """Log that an auditor looks, and let them. Raises Forbidden and NotLogged."""
    auditing = auditors(actors, right)
    places = [one.location for one in auditing]
    locations = None if None in places else tuple(one for one in places if one is not None)
    with reading(store) as connection:
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


def auditors(actors: Iterable[Actor], right: Right = Right.AUDIT) -> tuple[Actor, ...]:
    """The capacities in which somebody audits. Raises Forbidden when there are none."""
    found = tuple(one for one in actors if has(one, right))
    if not found:
        raise Forbidden(words.say("forbidden.audits"))
    return found


def may_audit(actors: Sequence[Actor], right: Right = Right.AUDIT) -> bool:
    """Whether one of these capacities audits."""
    return any(has(one, right) for one in actors)
