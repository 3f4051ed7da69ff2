"""Reading themes: the list, and how often each was seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Date, Subquery, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt.themes.model import theme_tags, theme_terms
from kdt.vocabulary import ThemeStatus


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it is called and stands now."""

    id: str
    name: str
    description: str
    status: str

    @property
    def open(self) -> bool:
        """Whether escalations can be tagged with it."""
        return self.status != ThemeStatus.CLOSED


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
    return {theme.id for theme in themes(connection) if theme.open}


def theme(connection: Connection, theme_id: str) -> Theme | None:
    """One theme, or None."""
    return next((one for one in themes(connection) if one.id == theme_id), None)


def counts(
    connection: Connection, first: date, until: date, as_of: date | None = None
) -> dict[str, int]:
    """How many escalations were tagged with each theme from `first` to `until` (both included), as
    known at the end of `as_of`. An escalation with several themes counts for each."""
    standing = _standing(first, until, as_of)
    found = connection.execute(
        select(standing.c.theme, func.count(standing.c.escalation_id.distinct())).group_by(
            standing.c.theme
        )
    )
    return {row[0]: row[1] for row in found}


def by_month(
    connection: Connection, theme_id: str, first: date, until: date, as_of: date | None = None
) -> list[tuple[date, int]]:
    """How many escalations were tagged with a theme in each month from that of `first` to that of
    `until`, by the month's first day. One tagged twice, in two months, counts in both."""
    standing = _standing(first.replace(day=1), until, as_of)
    month = func.date_trunc("month", standing.c.occurred_on).cast(Date)
    found = connection.execute(
        select(month, func.count(standing.c.escalation_id.distinct()))
        .where(standing.c.theme == theme_id)
        .group_by(month)
    )
    known: dict[date, int] = {row[0]: row[1] for row in found}
    return [(day, known.get(day, 0)) for day in _months(first, until)]


def _standing(first: date, until: date, as_of: date | None) -> Subquery:
    """The tags of a period that were not taken back, as known at the end of `as_of`."""
    tags = select(
        theme_tags.c.escalation_id, theme_tags.c.seq, theme_tags.c.theme, theme_tags.c.occurred_on
    ).where(theme_tags.c.occurred_on.between(first, until))
    if as_of is not None:
        tags = tags.where(theme_tags.c.recorded_on <= as_of)
    return (
        tags.group_by(
            theme_tags.c.escalation_id,
            theme_tags.c.seq,
            theme_tags.c.theme,
            theme_tags.c.occurred_on,
        )
        .having(func.sum(theme_tags.c.amount) > 0)
        .subquery()
    )


def _months(first: date, until: date) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, until.year * 12 + until.month):
        yield date(number // 12, number % 12 + 1, 1)
