"""What waits now, counted: however much it is, no row of it is read into memory."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from kdt.cases.model import escalations
from kdt.cases.views import ON_AGENDAS, WAITING_NOW
from kdt.procedure.state import WAITING
from kdt.store.scope import counting


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at one level, brought from one location, and the day the oldest came there."""

    level: str
    location: str
    count: int
    oldest: date
    overdue: int
    unresolved: int
    held_often: int


def waiting(connection: Connection, today: date, *, often: int) -> list[Waiting]:
    """What waits by level and location. `overdue`: past its legal deadline today; `unresolved`: the
    top could not settle it last time; `held_often`: held over `often` times or more."""
    query = (
        select(
            escalations.c.level,
            escalations.c.location,
            func.count(),
            func.min(escalations.c.waiting_since),
            func.count().filter(escalations.c.deadline < today),
            func.count().filter(escalations.c.unresolved_last),
            func.count().filter(escalations.c.held_over >= often),
        )
        .where(escalations.c.phase.in_(WAITING))
        .group_by(escalations.c.level, escalations.c.location)
        .order_by(escalations.c.level, escalations.c.location)
    )
    with counting(connection):
        return [Waiting(*row) for row in connection.execute(query)]


@dataclass(frozen=True, slots=True)
class Before:
    """What waits for one panel: in its queue, on its agendas, and held over often."""

    queued: int
    listed: int
    held_often: int


def before(
    connection: Connection, panel: str, level: str, location: str | None, *, often: int
) -> Before:
    """What waits for a panel (no location: at a level that has none)."""
    waits = WAITING_NOW.c
    query = select(func.count(), func.count().filter(waits.held_over >= often)).where(
        waits.level == level
    )
    if location is not None:
        query = query.where(waits.location == location)
    on_it = select(func.count()).where(ON_AGENDAS.c.panel == panel).scalar_subquery()
    waiting, held_often, listed = connection.execute(query.add_columns(on_it)).one()
    return Before(waiting - listed, listed, held_often)
