"""A publication as anybody can read it, and whether it is what it says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

# Category, a value for each dimension, and the month or months; `*` is all of a dimension.
Place = tuple[str, ...]
ALL = "*"


class Seen(NamedTuple):
    """What a cell says: the number printed (None: it is hidden), and between which two it lies."""

    number: int | None
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Printed:
    """One publication. `total`: the category that is the sum of `parts` (none: it has no parts).
    `axes`: every value of each dimension, in the order of a cell. `months`: what it is about.
    `exactly`: what is printed as it is, beside the cells."""

    id: str
    total: str
    parts: tuple[str, ...]
    axes: tuple[tuple[str, ...], ...]
    months: tuple[str, ...]
    cells: Mapping[Place, Seen]
    exactly: Mapping[Place, int] = field(default_factory=dict)

    @property
    def smallest(self) -> Iterator[Place]:
        """The smallest parts everything in it is a sum of, printed or not."""
        return product(self.parts or (self.total,), *self.axes, self.months)

    def over(self, cell: Place) -> frozenset[str]:
        """The months a cell is about."""
        return frozenset({cell[-1]} if cell[-1] in self.months else self.months)

    def under(self, cell: Place) -> Iterator[Place]:
        """The smallest parts a cell is the sum of."""
        parts = self.parts if cell[0] == self.total and self.parts else (cell[0],)
        months = (cell[-1],) if cell[-1] in self.months else self.months
        axes = (
            every if value == ALL else (value,)
            for value, every in zip(cell[1:-1], self.axes, strict=True)
        )
        return product(parts, *axes, months)

    def not_adding(self) -> Iterator[Place]:
        """Totals that are not the sum of what is printed under them, along some way of adding."""
        for cell, seen in self.cells.items():
            for below in self._ways(cell):
                numbers = [self.cells[one].number for one in below if one in self.cells]
                known = [number for number in numbers if number is not None]
                whole = seen.number is not None and len(known) == len(below)
                if whole and sum(known) != seen.number:
                    yield cell
                    break

    def _ways(self, cell: Place) -> Iterator[list[Place]]:
        """The cells a cell is the sum of: by each dimension it is a total in."""
        for at, value in enumerate(cell):
            if at == 0:
                below = self.parts if value == self.total else ()
            elif at == len(cell) - 1:
                below = () if value in self.months else self.months
            else:
                below = self.axes[at - 1] if value == ALL else ()
            if below and below != (value,):
                yield [(*cell[:at], part, *cell[at + 1 :]) for part in below]


@dataclass(frozen=True, slots=True)
class Inside:
    """What it really was: the smallest parts; those left out are empty."""

    counted: Mapping[Place, int]

    def of(self, one: Printed, cell: Place) -> int:
        """What a cell really was."""
        return sum(self.counted.get(part, 0) for part in one.under(cell))

    def outside(self, one: Printed) -> Iterator[Place]:
        """Cells that are not what they are said to be."""
        for cell, seen in one.cells.items():
            if not seen.least <= self.of(one, cell) <= seen.most:
                yield cell
        for cell, exact in one.exactly.items():
            if exact != self.of(one, cell):
                yield cell
