"""When cases first showed a theme: the day, and where they were brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Subquery, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from kdt.access.permissions import Actor
from kdt.cases import queries
from kdt.cases.model import escalations
from kdt.cases.queries import EscalationRow
from kdt.store.scope import counting
from kdt.themes.counting import tagged


@dataclass(frozen=True, slots=True)
class Tagged:
    """How many distinct cases first showed a theme on a day, of those brought at a location."""

    theme: str
    location: str
    day: date
    cases: int


def first_tags(connection: Connection, until: date) -> list[Tagged]:
    """All of them up to a day, as known at the end of it. A case counts once for a theme, whatever
    is brought of it again."""
    first = _first(connection, until)
    by = (first.c.theme, first.c.location, first.c.occurred_on)
    with counting(connection):
        found = connection.execute(select(*by, func.count()).group_by(*by).order_by(*by))
        return [Tagged(*row) for row in found]


def behind(
    connection: Connection,
    actors: Sequence[Actor],
    theme: str,
    location: str | None,
    first: date,
    until: date,
) -> list[EscalationRow]:
    """The escalations by which cases first showed a theme in a period, at a location where one is
    named: of those what these may know of, the newest first."""
    shown = _first(connection, until, theme).c
    wanted = [shown.occurred_on >= first]
    if location is not None:
        wanted.append(shown.location == location)
    with counting(connection):
        ids = connection.scalars(select(shown.id).where(*wanted)).all()
    return queries.these(connection, actors, ids, lambda of: [of.last_on.desc(), of.id])


def _first(connection: Connection, until: date, theme: str | None = None) -> Subquery:
    """By which escalation each case first showed each theme, or one theme. Within `counting`."""
    shown = tagged(connection, date.min, until, as_of=until)
    of = escalations.c
    return (
        select(shown.c.theme, of.location, shown.c.occurred_on, of.id)
        .ext(distinct_on(shown.c.theme, of.case_id))
        .join_from(shown, escalations, of.id == shown.c.escalation_id)
        .where(true() if theme is None else shown.c.theme == theme)
        .order_by(shown.c.theme, of.case_id, shown.c.occurred_on, of.id)
        .subquery()
    )
