"""The figures of a period as they are seen together: narrowed to some values, split by each
dimension, and by month.

A figure of one value of a dimension is its row when it is split by that dimension. So all of it
comes out of one question, split by every dimension, and is added up here. What counts once across
rows does not add up, and is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from sqlalchemy import Connection

from kdt.register.catalogue import table as catalogue
from kdt.register.figures import Query, by_month, figures
from kdt.tallies.measures import DIMENSIONS
from kdt.themes.counting import months
from kdt.vocabulary import Measure

Place = Mapping[str, str]
Amounts = Mapping[Measure, int]

ADDS_UP = tuple(one for one in Measure if catalogue.of(one).adds_up >= {*DIMENSIONS})


@dataclass(frozen=True, slots=True)
class Cells:
    """Amounts by their place in each dimension."""

    cells: Sequence[tuple[Place, Amounts]]

    def at(self, where: Place) -> "Cells":
        """Those that have these values."""
        return Cells([one for one in self.cells if where.items() <= one[0].items()])

    def by(self, dimension: str) -> dict[str, Amounts]:
        """The amounts of each value there is, in order."""
        found: dict[str, list[tuple[Place, Amounts]]] = {}
        for cell in self.cells:
            found.setdefault(cell[0][dimension], []).append(cell)
        return {value: Cells(found[value]).total for value in sorted(found)}

    @property
    def total(self) -> Amounts:
        """All of them together; with none there is nothing of anything."""
        return {
            measure: sum(amounts.get(measure, 0) for _, amounts in self.cells)
            for measure in ADDS_UP
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period, and those that can be told by month."""

    period: Cells
    months: Mapping[date, Cells]

    def at(self, where: Place) -> "Figures":
        """Those of these values."""
        months = {month: cells.at(where) for month, cells in self.months.items()}
        return Figures(self.period.at(where), months)

    def series(self, measure: Measure) -> dict[str, list[int]]:
        """A measure of each location by month; of the stock, what there was at its end."""
        there = self.period.by("location")
        months = [cells.by("location") for cells in self.months.values()]
        nothing = Cells([]).total
        found = {}
        for location, period in there.items():
            amounts = [month.get(location, nothing) for month in months]
            net = [one[Measure.ENTERED] - one[Measure.LEFT] for one in amounts]
            if measure is Measure.STOCK_END:
                found[location] = [*accumulate(net, initial=period[Measure.STOCK_START])][1:]
            else:
                found[location] = [one[measure] for one in amounts]
        return found


# What a question is about, wherever it is put: locations are compared at these alone.
ABOUT = ("question", "ground")
# What a period can be told of month by month.
MONTHLY = (
    Measure.STOCK_END,
    Measure.ENTERED,
    Measure.LEFT,
    Measure.CONSIDERED,
    Measure.DECISIONS,
    Measure.HELD_OVER,
)


def read(connection: Connection, query: Query) -> Figures:
    """The figures of a period, as known at its reference date; every month from the first in which
    something happened to the last."""
    split = replace(query, by=DIMENSIONS)
    counted: dict[date, list[tuple[Place, Amounts]]] = {}
    for key, month, amounts in by_month(connection, split, MONTHLY[1:]):
        place = dict(zip(DIMENSIONS, key, strict=True))
        counted.setdefault(month, []).append((place, amounts))
    all_months = months(min(counted), max(counted)) if counted else ()
    period = of_period(connection, query)
    return Figures(period, {month: Cells(counted.get(month, [])) for month in all_months})


def of_period(connection: Connection, query: Query) -> Cells:
    """The figures of a period alone."""
    found = figures(connection, replace(query, by=DIMENSIONS))
    return Cells([(dict(zip(DIMENSIONS, row.key, strict=True)), row.amounts) for row in found])
