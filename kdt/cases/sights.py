"""Which escalations somebody may know of: `permissions.sees` as a part of queries."""

from collections.abc import Collection, Iterable

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    any_,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from kdt.access.permissions import Actor, Matter
from kdt.access.table import Knows, Shown
from kdt.cases.model import escalations
from kdt.procedure import CURRENT, State
from kdt.themes.model import theme_tags

BY_NUMBER = frozenset({Shown.CASE_NUMBER})


def visible(
    actors: Iterable[Actor], needed: Collection[Shown] = frozenset()
) -> ColumnElement[bool]:
    """The rows that one of these may know of, and is shown what is `needed` of."""
    return or_(false(), *(_known(actor) for actor in actors if actor.row.shows.issuperset(needed)))


def is_themed() -> ColumnElement[bool]:
    """Whether an escalation shows a theme."""
    return escalations.c.id.in_(tagged())


def tagged() -> Select[str]:
    """The escalations with a theme that was not taken back."""
    return (
        select(theme_tags.c.escalation_id)
        .group_by(theme_tags.c.escalation_id, theme_tags.c.theme)
        .having(func.sum(theme_tags.c.amount) > 0)
    )


def by_theme(actors: Iterable[Actor]) -> bool:
    """Whether one of these knows escalations by their themes."""
    return any(actor.row.knows is Knows.THEMED for actor in actors)


def matter(
    connection: Connection, actors: Iterable[Actor], escalation: str, state: State
) -> Matter:
    """An escalation as access looks at it, with as much of it as these make it ask for."""
    if not by_theme(actors):
        return Matter(state)
    shows = exists(tagged().where(theme_tags.c.escalation_id == escalation))
    return Matter(state, themed=bool(connection.scalar(select(shows))))


def _known(actor: Actor) -> ColumnElement[bool]:
    match actor.row.knows:
        case Knows.NONE:
            return false()
        case Knows.OWN:
            return escalations.c.brought_by == actor.person
        case Knows.LOCATION:
            return escalations.c.location == actor.location
        case Knows.REFERRED_UP:
            return any_(escalations.c.reached) == CURRENT.ladder.top
        case Knows.THEMED:
            here = true() if actor.location is None else escalations.c.location == actor.location
            return and_(is_themed(), here)
        case Knows.ALL:
            return true()
