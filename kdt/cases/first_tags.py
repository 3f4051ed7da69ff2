"""When cases first showed a theme: the day, and where they were brought."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Subquery, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt.cases.model import escalations
from kdt.store.scope import counting
from kdt.themes.counting import maybe_tagged, tagged, tagged_escalations


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


def behind(connection: Connection, asked: Sequence[Showing], until: date) -> list[set[str]]:
    """Of each that is asked, the escalations by which its cases first showed it up to a day,
    whoever may know of them. As many statements for many as for one."""
    if not asked:
        return []
    earliest = min(one.first for one in asked)
    shown = _first(connection, until, {one.theme for one in asked}, earliest).c
    with counting(connection):
        found = connection.execute(
            select(shown.id, shown.theme, shown.location, shown.occurred_on).where(
                shown.occurred_on >= earliest
            )
        ).all()

    def shows(one: Showing) -> set[str]:
        return {
            row.id
            for row in found
            if (row.theme, one.location or row.location) == (one.theme, row.location)
            and row.occurred_on >= one.first
        }

    return [*map(shows, asked)]


def _first(
    connection: Connection,
    until: date,
    themes: Collection[str] | None = None,
    since: date | None = None,
) -> Subquery:
    """By which escalation each case first showed each theme, or these; of cases that showed one of
    them `since` a day alone. Within `counting`."""
    of, among = escalations.c, None
    if themes is not None and since is not None:
        lately = maybe_tagged(connection, themes, since, until)
        these = select(of.case_id).where(of.id.in_(lately))
        among = tagged_escalations().in_(select(of.id).where(of.case_id.in_(these)))
    shown = tagged(connection, date.min, until, as_of=until, themes=themes, among=among)
    return (
        select(shown.c.theme, of.location, shown.c.occurred_on, of.id)
        .ext(distinct_on(shown.c.theme, of.case_id))
        .join_from(shown, escalations, of.id == shown.c.escalation_id)
        .order_by(shown.c.theme, of.case_id, shown.c.occurred_on, of.id)
        .subquery()
    )
