"""Reading what the last comparison found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection, select, tuple_

from kdt.access.permissions import Actor
from kdt.cases import answered
from kdt.cases.answered import About
from kdt.cases.queries import EscalationRow
from kdt.differences.model import difference_runs, differences_found

# Cases answered in so many days up to the end of the week are compared.
YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Difference:
    """Cases with a question and a theme that were answered otherwise at one location than at
    another: how many, by location and answer. Chance alone makes as much difference in `chance` of
    all times."""

    about: About
    cases: Mapping[str, Mapping[str, int]]
    chance: float

    @property
    def question(self) -> str:
        """Which question was put."""
        return self.about.question

    @property
    def theme(self) -> str:
        """Which theme the cases show."""
        return self.about.theme

    @property
    def amount(self) -> int:
        """How many cases were compared."""
        return sum(sum(answers.values()) for answers in self.cases.values())


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of the cases answered from `first` to `until`: how many profiles had enough
    cases, and those that differ more than chance, by theme and question."""

    first: date
    until: date
    compared_at: datetime
    profiles: int
    differences: tuple[Difference, ...]


def last_comparison(connection: Connection) -> Comparison | None:
    """The last one, or None as long as there was none."""
    of, by = difference_runs.c, differences_found.c
    newest = select(of.until, of.imports).order_by(of.until.desc(), of.imports.desc()).limit(1)
    found = connection.execute(
        select(difference_runs, by.question, by.theme, by.location, by.answer, by.cases, by.chance)
        .outerjoin_from(difference_runs, differences_found)
        .where(tuple_(of.until, of.imports) == newest.scalar_subquery())
        .order_by(by.theme, by.question, by.location, by.answer)
    ).all()
    if not found:
        return None
    one = found[0]
    span = (one.until - YEAR + timedelta(days=1), one.until)
    differences = []
    told = (row for row in found if row.theme is not None)
    for (theme, question), rows in groupby(told, key=lambda row: (row.theme, row.question)):
        cases: dict[str, dict[str, int]] = {}
        chance = 1.0
        for row in rows:
            cases.setdefault(row.location, {})[row.answer] = row.cases
            chance = row.chance
        about = About(question, theme, tuple(cases))
        differences.append(Difference(about, cases, chance))
    return Comparison(*span, one.compared_at, one.profiles, tuple(differences))


def behind(
    connection: Connection, actors: Sequence[Actor], found: Comparison
) -> Iterable[tuple[Difference, list[EscalationRow]]]:
    """Each difference with the escalations by which its cases were answered, as far as these may
    know of them."""
    asked = [one.about for one in found.differences]
    cases = answered.behind(connection, actors, asked, found.first, found.until)
    return zip(found.differences, cases, strict=True)
