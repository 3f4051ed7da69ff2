"""A rounded table as whoever reads it sees it, and the ways in which it could be done wrong."""

from collections.abc import Mapping

from kdt.publications.attack import Inside, Place, Printed, Seen
from kdt.publications.tables import ALL, Table, summed
from kdt.tallies.measures import DIMENSIONS


def read(
    name: str, table: Table, rounded: Mapping[Place, int], bounds: Mapping[str, int]
) -> Printed:
    """The table as it is printed, every cell within the bound announced for it."""
    cells = {}
    for cell, number in rounded.items():
        bound = bounds["month" if cell[-1] in table.period.months else "whole"]
        if table.printed(cell):
            cells[cell] = Seen(number, max(0, number - bound), number + bound)
    return _printed(name, table, cells)


def nearest(name: str, table: Table, counted: Mapping[Place, int]) -> Printed:
    """Wrong: every number rounded on its own, totals too."""
    cells = {}
    for cell, amount in summed(table, counted).items():
        number = (amount + 2) // 5 * 5
        cells[cell] = Seen(number, max(0, number - 2), number + 2)
    return _printed(name, table, cells)


def with_zeros(one: Printed, table: Table, counted: Mapping[Place, int]) -> Printed:
    """Wrong: rounded as it should be, but what is empty is told from what is rounded to nothing."""
    cells = {
        cell: Seen(0, 0, 0)
        if not amount
        else one.cells[cell]._replace(least=max(1, one.cells[cell].least))
        for cell, amount in summed(table, counted).items()
    }
    return _printed(one.id, table, cells)


def hidden(name: str, table: Table, counted: Mapping[Place, int]) -> Printed:
    """Wrong: all as it is, but for cells under five, which are left out."""
    cells = {
        cell: Seen(None, 1, 4) if 0 < amount < 5 else Seen(amount, amount, amount)
        for cell, amount in summed(table, counted).items()
    }
    return _printed(name, table, cells)


def inside(table: Table, counted: Mapping[Place, int]) -> Inside:
    """What it really was."""
    return Inside({cell: counted.get(cell, 0) for cell in table.leaves})


def _printed(name: str, table: Table, cells: Mapping[Place, Seen]) -> Printed:
    axes = tuple(table.axes.get(one, (ALL,)) for one in DIMENSIONS)
    return Printed(name, table.topic, table.parts, axes, table.period.months, cells)
