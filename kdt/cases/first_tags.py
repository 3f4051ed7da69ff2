"""When cases first showed a theme: the day, and where they were brought."""

from collections.abc import Collection, Sequence
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


@dataclass(frozen=True, slots=True)
class Showing:
    """Cases that first showed a theme from a day on, at a location where one is named."""

    theme: str
    location: str | None
    first: date


def first_tags(connection: Connection, until: date) -> list[Tagged]:
    """All of them up to a day, as known at the end of it. A case counts once for a theme, whatever
    is brought of it again."""
    first = _first(connection, until)
    by = (first.c.theme, first.c.location, first.c.occurred_on)
    with counting(connection):
        found = connection.execute(select(*by, func.count()).group_by(*by).order_by(*by))
        return [Tagged(*row) for row in found]


def behind(
    connection: Connection, actors: Sequence[Actor], asked: Sequence[Showing], until: date
) -> list[list[EscalationRow]]:
    """Of each that is asked, the escalations by which its cases first showed it up to a day: of
    those what these may know of, the newest first. As many statements for many as for one."""
    if not asked:
        return []
    shown = _first(connection, until, {one.theme for one in asked}).c
    earliest = min(one.first for one in asked)
    with counting(connection):
        found = connection.execute(
            select(shown.id, shown.theme, shown.location, shown.occurred_on).where(
                shown.occurred_on >= earliest
            )
        ).all()
    ids = [row.id for row in found]
    known = queries.these(connection, actors, ids, lambda of: [of.last_on.desc(), of.id])

    def shows(one: Showing) -> set[str]:
        return {
            row.id
            for row in found
            if (row.theme, one.location or row.location) == (one.theme, row.location)
            and row.occurred_on >= one.first
        }

    wanted = map(shows, asked)
    return [[each for each in known if each.id in these] for these in wanted]


def _first(connection: Connection, until: date, themes: Collection[str] | None = None) -> Subquery:
    """By which escalation each case first showed each theme, or these. Within `counting`."""
    shown = tagged(connection, date.min, until, as_of=until)
    of = escalations.c
    return (
        select(shown.c.theme, of.location, shown.c.occurred_on, of.id)
        .ext(distinct_on(shown.c.theme, of.case_id))
        .join_from(shown, escalations, of.id == shown.c.escalation_id)
        .where(true() if themes is None else shown.c.theme.in_(themes))
        .order_by(shown.c.theme, of.case_id, shown.c.occurred_on, of.id)
        .subquery()
    )
