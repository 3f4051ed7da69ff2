"""How cases were answered at their location, by question and theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Subquery, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt.access.permissions import Actor
from kdt.cases import queries
from kdt.cases.model import considerations, escalations
from kdt.cases.queries import EscalationRow
from kdt.procedure import CURRENT
from kdt.store.scope import counting
from kdt.themes.counting import tagged

_LOCAL = tuple(one.code for one in CURRENT.ladder.levels if one.per_location)


@dataclass(frozen=True, slots=True)
class CaseAnswered:
    """A case with a question and a theme, answered by the local panel: the ruling, or what became
    of the question about an inquiry."""

    question: str
    theme: str
    location: str
    ground: str
    answer: str


@dataclass(frozen=True, slots=True)
class About:
    """Cases with a question and a theme, answered at these locations."""

    question: str
    theme: str
    locations: tuple[str, ...]


def answered(connection: Connection, first: date, until: date) -> list[CaseAnswered]:
    """The cases local panels answered from `first` to `until`, as known now. A case counts once for
    each question and theme, as it was answered last."""
    last = _last(connection, first, until).c
    with counting(connection):
        found = connection.execute(
            select(last.question, last.theme, last.location, last.ground, last.answer).order_by(
                last.question, last.theme, last.id
            )
        )
        return [CaseAnswered(*row) for row in found]


def behind(
    connection: Connection,
    actors: Sequence[Actor],
    asked: Sequence[About],
    first: date,
    until: date,
) -> list[list[EscalationRow]]:
    """Of each that is asked, the escalations by which its cases were answered last from `first` to
    `until`: of those what these may know of, by location, the newest first. As many statements for
    many as for one."""
    if not asked:
        return []
    last = _last(connection, first, until).c
    with counting(connection):
        found = connection.execute(
            select(last.id, last.question, last.theme, last.location).where(
                last.theme.in_({one.theme for one in asked})
            )
        ).all()
    ids = [row.id for row in found]
    known = queries.these(
        connection, actors, ids, lambda of: [of.location, of.last_on.desc(), of.id]
    )

    def about(one: About) -> set[str]:
        return {
            row.id
            for row in found
            if (row.question, row.theme) == (one.question, one.theme)
            and row.location in one.locations
        }

    wanted = map(about, asked)
    return [[each for each in known if each.id in these] for these in wanted]


def _last(connection: Connection, first: date, until: date) -> Subquery:
    """By which escalation each case was answered last. Within `counting`."""
    # Worked out once: right after an import the server knows nothing of its tables yet, and would
    # work it out again for every consideration.
    tags = select(tagged(connection, date.min, date.max)).cte("tags")
    shown = tags.prefix_with("MATERIALIZED", dialect="postgresql")
    of, by = escalations.c, considerations.c
    answer: ColumnElement[str] = func.coalesce(by.ruling, by.outcome)
    return (
        select(of.id, of.question, shown.c.theme, of.location, of.ground, answer.label("answer"))
        .ext(distinct_on(of.question, shown.c.theme, of.case_id))
        .join_from(considerations, escalations, of.id == by.escalation_id)
        .join(shown, shown.c.escalation_id == of.id)
        .where(by.settles, by.level.in_(_LOCAL), by.occurred_on.between(first, until))
        .order_by(
            of.question, shown.c.theme, of.case_id, by.occurred_on.desc(), of.id, by.seq.desc()
        )
        .subquery()
    )
