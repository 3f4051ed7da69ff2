"""The arithmetic of tallies: what acts add to which cells. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from kdt.procedure import State, Step
from kdt.tallies.measures import ADDITIVE

POSITION = {measure: position for position, measure in enumerate(ADDITIVE)}

GROUPINGS = range(16)
# A consideration nobody discussed before, in any grouping.
NONE_BEFORE: tuple[date | None, ...] = (None,) * len(GROUPINGS)


class Cell(NamedTuple):
    """Where an amount is added: the dimensions, the day it happened and the day it was recorded."""

    level: str
    location: str
    question: str
    ground: str
    occurred_on: date
    recorded_on: date


class Tally:
    """Amounts gathered by cell; what cancels out leaves nothing."""

    def __init__(self) -> None:
        self._cells: dict[Cell, list[int]] = {}

    def add(self, step: Step, state: State, recorded_on: date, sign: int = 1) -> None:
        """Add what `step` counts as, under the question and ground in force in `state`."""
        for measure, level, amount in step.counts:
            cell = Cell(
                level,
                state.location,
                state.question,
                state.ground,
                step.act.occurred_on,
                recorded_on,
            )
            amounts = self._cells.get(cell)
            if amounts is None:
                amounts = self._cells[cell] = [0] * len(ADDITIVE)
            amounts[POSITION[measure]] += sign * amount

    def replace(
        self,
        before: tuple[Sequence[Step], State | None],
        after: tuple[Sequence[Step], State | None],
        recorded_on: date,
    ) -> None:
        """A correction: the difference between two walks, dated to its own recording."""
        for (steps, state), sign in ((before, -1), (after, 1)):
            if state is not None:
                for step in steps:
                    self.add(step, state, recorded_on, sign)

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The cells that hold something, in one order, so that two writers never wait crosswise."""
        for cell in sorted(self._cells):
            amounts = self._cells[cell]
            if any(amounts):
                yield (*cell, *amounts)


class Considered(NamedTuple):
    """One consideration of a case, as far as counting distinct cases goes."""

    day: date
    escalation: str
    seq: int
    level: str
    location: str
    question: str
    ground: str


class CaseCell(NamedTuple):
    """Where a consideration is counted, with the day of the one before in each grouping.

    A case is counted once in [a, b] because exactly one of its considerations there has none
    before it from a on: distinct = considerations in [a, b] whose previous one is before a.
    """

    level: str
    location: str
    question: str
    ground: str
    occurred_on: date
    previous: tuple[date | None, ...]


def case_cells(considered: Iterable[Considered]) -> Counter[CaseCell]:
    """The cells of one case."""
    cells: Counter[CaseCell] = Counter()
    earlier: list[Considered] = []
    for one in sorted(considered):
        cells[case_cell(earlier, one)] += 1
        earlier.append(one)
    return cells


def case_cell(earlier: Sequence[Considered], one: Considered) -> CaseCell:
    """The cell of a consideration that comes after all of `earlier` (in their order)."""
    previous = NONE_BEFORE
    if earlier:
        found: list[date | None] = list(NONE_BEFORE)
        open_groupings = set(GROUPINGS)
        for before in reversed(earlier):
            same = _same(before, one)
            for grouping in [g for g in open_groupings if g & same == g]:
                found[grouping] = before.day
                open_groupings.discard(grouping)
            if not open_groupings:
                break
        previous = tuple(found)
    return CaseCell(one.level, one.location, one.question, one.ground, one.day, previous)


def changed(before: Iterable[Considered], after: Iterable[Considered]) -> Counter[CaseCell]:
    """What to add to the cells of a case (or take off) to go from one to the other."""
    difference = case_cells(after)
    difference.subtract(case_cells(before))
    return Counter({cell: amount for cell, amount in difference.items() if amount})


def grouping(dimensions: Iterable[str]) -> int:
    """The number of a grouping: a bit for each dimension."""
    bits = {"level": 1, "location": 2, "question": 4, "ground": 8}
    return sum(bits[name] for name in set(dimensions))


def _same(one: Considered, other: Considered) -> int:
    """The dimensions in which two considerations agree, as the bits of a grouping."""
    return (
        (one.level == other.level)
        | (one.location == other.location) << 1
        | (one.question == other.question) << 2
        | (one.ground == other.ground) << 3
    )
