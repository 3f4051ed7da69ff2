"""How a theme runs over time: since when it is seen, by month, and whether it went down after what
was answered."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from kdt.themes import circuit, counting
from kdt.themes.effect import Effect, effect
from kdt.themes.model import theme_tags
from kdt.themes.queries import Taken
from kdt.vocabulary import ThemeAction

# What a page shows, and as far back as is looked for an effect.
YEAR = timedelta(days=365)
_YEARS = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Trend:
    """Escalations a month by its first day, and what can be said of the time since a day; both None
    as long as nothing was answered."""

    months: tuple[tuple[date, int], ...]
    since: date | None
    effect: Effect | None

    @property
    def first_on(self) -> date | None:
        """The first month, of those looked at, in which it was seen."""
        return next((month for month, count in self.months if count), None)


def trend(connection: Connection, theme: str, taken: list[Taken], today: date) -> Trend:
    """The same of one theme, with the steps that were taken with it."""
    begun: date | None = connection.scalar(select(func.min(theme_tags.c.occurred_on)))
    first = max(begun or today, today - _YEARS)
    months = tuple(counting.by_month(connection, theme, first, today))
    since = answered_on(taken)
    if since is None:
        return Trend(months, None, None)
    # Tags began somewhere in the first month: it is not a whole one.
    return Trend(months, since, effect(months[1:], since, today))


def answered_on(taken: list[Taken]) -> date | None:
    """The day of the last answer that stands; or of the end, for what was closed without one."""
    force = [*circuit.in_force(one.step for one in taken)]
    for action in (ThemeAction.ANSWER, ThemeAction.CLOSE):
        days = [one.occurred_on for one in force if one.action is action]
        if days:
            return days[-1]
    return None
