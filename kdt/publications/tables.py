"""What a publication is a table of, and how its cells add up. Pure.

A cell is named by its category, level, location, question, ground and time; `*` stands for all of a
dimension. Everything is counted by month, also where months are not printed: so a later table that
does print them agrees with this one. Themes are categories too, those of the axis `theme`: what
shows two of them counts in both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from kdt.publications.periods import Period
from kdt.publications.rounding import Before, Cell, Problem
from kdt.register.catalogue.model import Division
from kdt.register.catalogue.table import BY_OUTCOME, EXACT_BY_YEAR
from kdt.tallies.measures import DIMENSIONS
from kdt.vocabulary import Measure, Outcome

ALL = "*"
THEME = Division.THEME.value
# What is announced apart: months, and what adds them up.
MONTH, WHOLE = "month", "whole"
# A table with more cells than this is solved by nobody while they wait, and read by nobody.
MOST_CELLS = 8_000
MOST_DIMENSIONS = 2


@dataclass(frozen=True, slots=True)
class Topic:
    """What is counted: the category that is the sum, and those it is the sum of (each by the
    measures that add up to it; none: the sum alone).

    `by_theme`: the measure that is divided by themes, which are the parts. `standing`: it is so at
    the end of a month, and no sum of months. `beside`: other topics that say something of it.
    """

    code: str
    total: Measure | None
    parts: Mapping[str, tuple[Measure, ...]]
    by_theme: Measure | None = None
    standing: bool = False
    beside: tuple[str, ...] = ()

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All that is counted for it."""
        counted = [one for measures in self.parts.values() for one in measures]
        return (*counted, *(one for one in (self.total, self.by_theme) if one))


# A category stands for one thing whatever the table: `decided` is a part of the first and the sum
# of the second.
TOPICS: Mapping[str, Topic] = {
    one.code: one
    for one in (
        Topic("considered", Measure.CONSIDERED, BY_OUTCOME),
        Topic(Outcome.DECIDED, None, {each.value: (each,) for each in BY_OUTCOME[Outcome.DECIDED]}),
        Topic("referred", Measure.REFERRED, {}),
        Topic(
            "ended",
            None,
            {"withdrawn": (Measure.WITHDRAWN,), "lapsed": (Measure.LAPSED,)},
        ),
        Topic("themes", None, {}, by_theme=Measure.CONSIDERED, beside=("considered",)),
        Topic(
            "stock",
            Measure.STOCK_END,
            {},
            standing=True,
            beside=("considered", "referred", "ended"),
        ),
    )
}
# Published exactly, nationwide and by year: that it never happened must be sayable [K 3].
(EXACT,) = EXACT_BY_YEAR


@dataclass(frozen=True, slots=True)
class Table:
    """A topic over a period, by dimensions, each with every value there is: a row is there whether
    or not there is something in it. `by_month`: whether months are printed."""

    topic: str
    period: Period
    by_month: bool
    axes: Mapping[str, tuple[str, ...]]

    @property
    def parts(self) -> tuple[str, ...]:
        """The categories the whole is the sum of."""
        if TOPICS[self.topic].by_theme:
            return tuple(map(of_theme, self.axes[THEME]))
        return tuple(TOPICS[self.topic].parts)

    @property
    def categories(self) -> tuple[str, ...]:
        """What a row may be about, the parts first."""
        return (*self.parts, self.topic)

    @property
    def leaves(self) -> Iterator[Cell]:
        """The cells all others add up from."""
        parts = self.parts or (self.topic,)
        values = [self.axes.get(one, (ALL,)) for one in DIMENSIONS]
        return product(parts, *values, self.period.months)

    @property
    def size(self) -> int:
        """How many cells there are, with all sums."""
        size = len(self.period.months) + (len(self.period.months) > 1)
        for values in (self.axes[one] for one in DIMENSIONS if one in self.axes):
            size *= len(values) + 1
        return size * len(self.categories)

    def printed(self, cell: Cell) -> bool:
        """Whether a cell is on paper."""
        return self.by_month or cell[-1] == self.period.key


def of_theme(theme: str) -> str:
    """The category of a theme, which is no word of another topic."""
    return f"{THEME}:{theme}"


def totals(table: Table) -> dict[Cell, tuple[Cell, ...]]:
    """Every sum in a table, with the leaves it is the sum of."""
    found: dict[Cell, list[Cell]] = {}
    whole = table.period.key
    for leaf in table.leaves:
        choices = [
            dict.fromkeys((leaf[0], table.topic)),
            *(dict.fromkeys((one, ALL)) for one in leaf[1:-1]),
            dict.fromkeys((leaf[-1], whole)),
        ]
        for cell in product(*choices):
            if cell != leaf:
                found.setdefault(cell, []).append(leaf)
    return {cell: tuple(leaves) for cell, leaves in found.items()}


def problem(
    table: Table,
    base: int,
    exact: Mapping[Cell, int],
    before: Mapping[Cell, Before],
    *,
    never_up: Iterable[str] = (),
) -> Problem:
    """The rounding of a table. `exact`: its leaves, those with nothing in them left out.
    `never_up`: categories of which a few are never rounded up."""
    leaves = {cell: exact.get(cell, 0) for cell in table.leaves}
    if stray := exact.keys() - leaves.keys():
        raise ValueError(f"counted outside the table: {min(stray)}")
    sums = totals(table)
    every = [*leaves, *sums]
    months = {*table.period.months}
    return Problem(
        base,
        leaves,
        sums,
        {cell: MONTH if cell[-1] in months else WHOLE for cell in every},
        {cell: before[cell] for cell in every if cell in before},
        frozenset(cell for cell in every if cell[0] in {*never_up}),
    )


def together(one: tuple[str, Period], other: tuple[str, Period]) -> bool:
    """Whether two tables, each a topic over a period, must agree or say something of each other: of
    the same year; what stands at the end of one, of the next as well."""
    apart = abs(one[1].first.year - other[1].first.year)
    standing = TOPICS[one[0]].standing or TOPICS[other[0]].standing
    return apart <= standing and related(one[0], other[0])


def related(one: str, other: str) -> bool:
    """Whether two topics have a category in common, so that their tables must agree, or one says
    something of the other."""
    first, second = TOPICS[one], TOPICS[other]
    if one in second.beside or other in first.beside:
        return True
    return not {one, *first.parts}.isdisjoint({other, *second.parts})


def summed(table: Table, leaves: Mapping[Cell, int]) -> dict[Cell, int]:
    """Every cell of a table from its leaves."""
    own = {cell: leaves.get(cell, 0) for cell in table.leaves}
    return own | {cell: sum(own[one] for one in its) for cell, its in totals(table).items()}


def in_order(table: Table, cells: Iterable[Cell]) -> Sequence[Cell]:
    """Cells as they are written down, always the same."""
    order = {code: number for number, code in enumerate(table.categories)}
    return sorted(cells, key=lambda cell: (order[cell[0]], cell[1:]))
