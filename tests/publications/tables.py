"""Invented tables for tests: counts thrown over locations, outcomes and months, by a seed."""

import random
from collections.abc import Iterator
from datetime import date

from kdt.publications import periods
from kdt.publications.periods import PeriodKind
from kdt.publications.rounding import Before, Cell, Problem, Solution, solve
from kdt.publications.tables import TOPICS, Table, problem, summed
from kdt.vocabulary import Outcome

KEY = b"a secret of an installation, for tests alone"
_OUTCOMES = (0.4, 0.2, 0.1, 0.1, 0.1, 0.09, 0.01)


class Chance:
    """Draws considerations: some locations have many, some hardly any."""

    def __init__(self, seed: int, locations: int) -> None:
        self.random = random.Random(seed)
        self.locations = tuple(f"loc{at:02}" for at in range(locations))
        self._weights = [self.random.random() ** 2 + 0.05 for _ in self.locations]

    def cell(self, month: str) -> Cell:
        """One consideration in a month."""
        outcome = self.random.choices([*TOPICS["considered"].parts], _OUTCOMES)[0]
        location = self.random.choices(self.locations, self._weights)[0]
        return (outcome, "*", location, "*", "*", month)


def year(
    seed: int, locations: int, amount: int, *, months: int = 12
) -> tuple[Table, dict[Cell, int]]:
    """A year up to a month by location and outcome, and what is in its smallest cells."""
    chance = Chance(seed, locations)
    period = periods.of(PeriodKind.YEAR_TO_DATE, date(2026, months, 1))
    counted: dict[Cell, int] = {}
    for _ in range(amount):
        cell = chance.cell(chance.random.choice(period.months))
        counted[cell] = counted.get(cell, 0) + 1
    table = Table("considered", period, by_month=True, axes={"location": chance.locations})
    return table, counted


def few(counted: dict[Cell, int]) -> list[str]:
    """The categories never rounded up: the one that is published exactly, while there are few."""
    unresolved = sum(amount for cell, amount in counted.items() if cell[0] == Outcome.UNRESOLVED)
    return [Outcome.UNRESOLVED] if unresolved < 5 else []


def monthly(
    seed: int, months: int, *, locations: int = 20, a_month: int = 125, late: float = 0.05
) -> Iterator[tuple[Table, dict[Cell, int], Problem, Solution]]:
    """Month after month the year to date by month, while some of each month is recorded in the
    next: the table, what is known by then, and how it was rounded."""
    chance = Chance(seed, locations)
    known: dict[Cell, int] = {}
    before: dict[Cell, Before] = {}
    waiting: list[Cell] = []
    for at in range(months):
        end = date(2021 + at // 12, at % 12 + 1, 1)
        period = periods.of(PeriodKind.YEAR_TO_DATE, end)
        drawn = [chance.cell(period.months[-1]) for _ in range(a_month)]
        held = [chance.random.random() < late for _ in drawn]
        for cell in [*waiting, *(one for one, off in zip(drawn, held, strict=True) if not off)]:
            known[cell] = known.get(cell, 0) + 1
        waiting = [one for one, off in zip(drawn, held, strict=True) if off]
        counted = {cell: amount for cell, amount in known.items() if cell[-1] in period.months}
        table = Table("considered", period, by_month=True, axes={"location": chance.locations})
        asked = problem(table, 5, counted, before, never_up=few(counted))
        made = solve(asked, KEY)
        yield table, counted, asked, made
        before |= {
            cell: Before(exact, made.rounded[cell])
            for cell, exact in summed(table, counted).items()
        }
