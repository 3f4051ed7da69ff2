"""Reading themes: the list, and how often each was seen."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt.themes.model import theme_tags, theme_terms


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it is called and stands now."""

    id: str
    name: str
    description: str
    status: str


def themes(connection: Connection) -> list[Theme]:
    """Every theme, by name."""
    newest = (
        select(theme_terms)
        .ext(distinct_on(theme_terms.c.theme))
        .order_by(theme_terms.c.theme, theme_terms.c.recorded_at.desc())
        .subquery()
    )
    found = connection.execute(select(newest).order_by(newest.c.name))
    return [Theme(row.theme, row.name, row.description, row.status) for row in found]


def open_themes(connection: Connection) -> set[str]:
    """The ids of the themes that can be tagged."""
    return {theme.id for theme in themes(connection) if theme.status != "closed"}


def counts(
    connection: Connection, first: date, until: date, as_of: date | None = None
) -> dict[str, int]:
    """How many escalations were tagged with each theme from `first` to `until` (both included), as
    known at the end of `as_of`. An escalation with several themes counts for each."""
    known = select(theme_tags.c.escalation_id, theme_tags.c.seq, theme_tags.c.theme).where(
        theme_tags.c.occurred_on.between(first, until)
    )
    if as_of is not None:
        known = known.where(theme_tags.c.recorded_on <= as_of)
    standing = (
        known.group_by(
            theme_tags.c.escalation_id,
            theme_tags.c.seq,
            theme_tags.c.theme,
            theme_tags.c.occurred_on,
        )
        .having(func.sum(theme_tags.c.amount) > 0)
        .subquery()
    )
    found = connection.execute(
        select(standing.c.theme, func.count(standing.c.escalation_id.distinct())).group_by(
            standing.c.theme
        )
    )
    return {row[0]: row[1] for row in found}
