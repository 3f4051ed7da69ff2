"""Reading parliamentary questions, and what the record gives for them: at the reference date of the
answer, and now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt.parliament.model import parliamentary_question_terms as terms
from kdt.procedure import CURRENT
from kdt.register.figures import Query, Row, figures
from kdt.store.writing import AnyRow
from kdt.vocabulary import Measure


@dataclass(frozen=True, slots=True)
class ParliamentaryQuestion:
    """A question of Parliament: what was asked, by which measures and over which days it is
    counted, and once it was answered what was sent, when and as known at the end of which day;
    `stands` until it was withdrawn."""

    id: str
    chamber: str
    asked_on: date
    measures: tuple[Measure, ...]
    first: date
    until: date
    answered_on: date | None
    as_of: date | None
    asked: str
    answer: str
    reference: str
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Compared:
    """A number of a question at a level (None: all): as it was known when the answer was sent
    (None: none was), and as it is now."""

    measure: Measure
    level: str | None
    then: int | None
    now: int

    @property
    def difference(self) -> int | None:
        """How much was recorded or corrected since."""
        return None if self.then is None else self.now - self.then


def questions(connection: Connection) -> list[ParliamentaryQuestion]:
    """Every question that stands, the one asked last first."""
    newest = (
        select(terms)
        .ext(distinct_on(terms.c.question))
        .order_by(terms.c.question, terms.c.recorded_at.desc())
        .subquery()
    )
    found = connection.execute(
        select(newest).where(newest.c.stands).order_by(newest.c.asked_on.desc(), newest.c.question)
    )
    return [_read(row) for row in found]


def question(connection: Connection, wanted: str) -> ParliamentaryQuestion | None:
    """One question, withdrawn or not; None: not there."""
    row = connection.execute(
        select(terms)
        .where(terms.c.question == wanted)
        .order_by(terms.c.recorded_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _read(row)


def compared(connection: Connection, one: ParliamentaryQuestion) -> Sequence[Compared]:
    """The numbers of a question, each then and now."""
    now = _counted(connection, Query(one.first, one.until))
    then = (
        None if one.as_of is None else _counted(connection, Query(one.first, one.until, one.as_of))
    )
    levels: list[str | None] = [None, *(level.code for level in CURRENT.ladder.levels)]
    return [
        Compared(
            measure,
            level,
            None if then is None else then.get((level, measure), 0),
            now.get((level, measure), 0),
        )
        for measure in one.measures
        for level in levels
    ]


def _counted(connection: Connection, query: Query) -> dict[tuple[str | None, Measure], int]:
    """Every measure, at each level and as a whole."""
    by_level = Query(query.first, query.until, query.as_of, ("level",))
    rows: list[tuple[str | None, Row]] = [(None, row) for row in figures(connection, query)]
    every = [*rows, *((row.key[0], row) for row in figures(connection, by_level))]
    return {
        (level, measure): amount for level, row in every for measure, amount in row.amounts.items()
    }


def _read(row: AnyRow) -> ParliamentaryQuestion:
    return ParliamentaryQuestion(
        row.question,
        row.chamber,
        row.asked_on,
        tuple(map(Measure, row.measures)),
        row.first_on,
        row.last_on,
        row.answered_on,
        row.as_of,
        row.asked,
        row.answer,
        row.reference,
        row.stands,
    )
