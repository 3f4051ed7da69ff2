"""What an agenda is ordered by: how much each of four things weighs, from a day on."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt.panels.model import agenda_weights
from kdt.store.driver import Statement
from kdt.store.writing import AnyRow, ask

# The one order, as a subject of the ledger.
AGENDA = "agenda"
# What weighs nothing does not count; how long something waits always does, so that there is an
# order.
LEAST, MOST = 0, 9
LEAST_OF_WAITING = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each weighs in the order of an agenda: the heavier goes before the lighter, and of
    two that are alike the one that stands first here."""

    unresolved: int = 4
    deadline: int = 3
    held_over: int = 2
    waiting: int = 1


# As long as nobody chose otherwise.
FIRST = Weights()

_IN_FORCE = b"""
    select unresolved, deadline, held_over, waiting from agenda_weights
    where effective_on <= %s order by effective_on desc, recorded_at desc limit 1
"""


def asked(on: date) -> Statement:
    """Asks which weigh on a day, for whoever asks something else as well."""
    return _IN_FORCE, (on,)


def found(rows: list[AnyRow]) -> Weights:
    """The weights that were found."""
    return Weights(*rows[0]) if rows else FIRST


def in_force(connection: Connection, on: date) -> Weights:
    """The weights on a day."""
    (rows,) = ask(connection, asked(on))
    return found(rows)


def announced(connection: Connection, after: date) -> list[tuple[date, Weights]]:
    """What was chosen for later than a day, in order."""
    rows = connection.execute(
        select(agenda_weights)
        .where(agenda_weights.c.effective_on > after)
        .ext(distinct_on(agenda_weights.c.effective_on))
        .order_by(agenda_weights.c.effective_on, agenda_weights.c.recorded_at.desc())
    )
    return [
        (row.effective_on, Weights(row.unresolved, row.deadline, row.held_over, row.waiting))
        for row in rows
    ]
