"""What waits now, counted: for whoever may see numbers but no cases."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from kdt.cases.model import escalations
from kdt.procedure.state import WAITING


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
            func.count().filter(escalations.c.decide_by < today),
            func.count().filter(escalations.c.unresolved_last),
            func.count().filter(escalations.c.held_over >= often),
        )
        .where(escalations.c.phase.in_(WAITING))
        .group_by(escalations.c.level, escalations.c.location)
        .order_by(escalations.c.level, escalations.c.location)
    )
    return [Waiting(*row) for row in connection.execute(query)]
