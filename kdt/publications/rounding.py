"""Additive controlled rounding: every cell to a neighbouring multiple of the base, every total
still the sum of its parts. Pure: no database, no clock.

Which neighbour is drawn with a coin that only the installation's secret knows (an HMAC of the
cell), and an integer program keeps as many coins as the totals allow. So nobody can replay the
choice, and the same question always has the same answer.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count

import numpy as np
from highspy import HighsLp, HighsModelStatus, HighsVarType, MatrixFormat

# The solver itself: the class around it writes on standard output, where answers go.
from highspy._core import _Highs

# A place in a table: a code for each dimension, `*` for all of them.
Cell = tuple[str, ...]

# What a step outside the two neighbours costs, and what it costs to print another number than
# before; a coin costs at most `_COIN`.
_OUTSIDE = 50_000
_MOVED = 5_000
_COIN = 1_000
# The search is cut by what it has done, never by a clock: that would be another answer on a slower
# machine.
_NODES = 2_000
_SEED = 5


class NoRounding(Exception):
    """No bound that may be announced has an answer."""


@dataclass(frozen=True, slots=True)
class Before:
    """A cell as it was last published: what it was, and what was printed."""

    exact: int
    rounded: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A table to be rounded to multiples of `base`.

    `leaves`: what all else adds up from. `totals`: of which leaves each is the sum. `group`: by
    which announced bound a cell goes. `before`: what was published of these cells earlier. `down`:
    cells that may not be rounded up from nothing.
    """

    base: int
    leaves: Mapping[Cell, int]
    totals: Mapping[Cell, tuple[Cell, ...]]
    group: Mapping[Cell, str]
    before: Mapping[Cell, Before] = field(default_factory=dict)
    down: frozenset[Cell] = frozenset()


@dataclass(frozen=True, slots=True)
class Solution:
    """Each cell as it is printed, how far at most it lies from what it is (by group), and which
    cells are printed otherwise than before."""

    rounded: Mapping[Cell, int]
    bounds: Mapping[str, int]
    moved: tuple[Cell, ...]


def solve(problem: Problem, key: bytes, attempt: int = 0, *, widest: int = 100) -> Solution:
    """Round. What was published and did not change stays as it was printed, and what changed stays
    as long as it may. Where that cannot be within one step of the base, the bound is widened, as
    little as can be: first of what adds months up, then of all.

    `attempt` draws other coins. Raises NoRounding when more than `widest` steps were needed.
    """
    groups = sorted(set(problem.group.values()))
    table = _Table.of(problem)
    least = {one: table.steps_needed(one) for one in groups}
    for more in count():
        steps = {one: least[one] + _widened(one, groups, more) for one in groups}
        if max(steps.values()) > widest:
            raise NoRounding
        found = table.solved(steps, _coins(problem, key, attempt))
        if found is not None:
            bounds = {one: (1 + steps[one]) * problem.base - 1 for one in groups}
            return Solution(found, bounds, table.moved(found))
    raise AssertionError


def _widened(group: str, groups: Sequence[str], more: int) -> int:
    """How many steps a group is widened at the so manieth try: the last group first."""
    return (more + groups.index(group)) // len(groups)


def _coins(problem: Problem, key: bytes, attempt: int) -> dict[Cell, int]:
    """For each leaf what rounding up costs, less than nothing where its coin says up. It says so as
    often as the rest of the cell is of the base: on the average nothing is lost."""
    coins = {}
    for cell, exact in problem.leaves.items():
        said = "\x1f".join([str(attempt), *cell]).encode()
        drawn = int.from_bytes(hmac.digest(key, said, sha256)[:6]) / 2**48
        coins[cell] = round(_COIN * (drawn - exact % problem.base / problem.base)) or 1
    return coins


@dataclass(slots=True)
class _Row:
    """A cell as a constraint: the leaves it is the sum of, in multiples of the base."""

    cell: Cell
    leaves: tuple[int, ...]
    exact: int


@dataclass(slots=True)
class _Table:
    """A problem, numbered."""

    problem: Problem
    order: list[Cell]
    rows: list[_Row]

    @classmethod
    def of(cls, problem: Problem) -> "_Table":
        order = sorted(problem.leaves)
        place = {cell: number for number, cell in enumerate(order)}
        rows = [_Row(cell, (place[cell],), problem.leaves[cell]) for cell in order]
        for cell in sorted(problem.totals):
            parts = tuple(place[one] for one in problem.totals[cell])
            rows.append(_Row(cell, parts, sum(problem.leaves[order[one]] for one in parts)))
        return cls(problem, order, rows)

    def steps_needed(self, group: str) -> int:
        """How many steps outside the neighbours what is frozen takes."""
        off = [
            abs(self.problem.before[row.cell].rounded - row.exact) // self.problem.base
            for row in self.rows
            if self._frozen(row) and self.problem.group[row.cell] == group
        ]
        return max(off, default=0)

    def moved(self, rounded: Mapping[Cell, int]) -> tuple[Cell, ...]:
        """What is printed otherwise than before."""
        before = self.problem.before
        return tuple(
            row.cell
            for row in self.rows
            if row.cell in before and before[row.cell].rounded != rounded[row.cell]
        )

    def _frozen(self, row: _Row) -> bool:
        known = self.problem.before.get(row.cell)
        return known is not None and known.exact == row.exact

    def _range(self, row: _Row, steps: int) -> tuple[int, int]:
        """The multiples a cell may become."""
        base = self.problem.base
        if self._frozen(row):
            printed = self.problem.before[row.cell].rounded // base
            return printed, printed
        low, high = row.exact // base, -(-row.exact // base)
        if steps:
            reach = (1 + steps) * base - 1
            low, high = max(0, -((reach - row.exact) // base)), (row.exact + reach) // base
        if row.cell in self.problem.down and row.exact < base:
            high = 0
        return low, high

    def solved(self, steps: Mapping[str, int], coins: Mapping[Cell, int]) -> dict[Cell, int] | None:
        """The cells rounded within so many steps outside their neighbours; None: it cannot be."""
        program = _Program(len(self.order))
        base, group = self.problem.base, self.problem.group
        for row in self.rows:
            low, high = self._range(row, steps[group[row.cell]])
            near = row.exact // base, -(-row.exact // base)
            if len(row.leaves) == 1 and row.cell == self.order[row.leaves[0]]:
                program.bound(row.leaves[0], low, high, coins[row.cell])
            else:
                program.within(row.leaves, low, high)
            if low < near[0] or high > near[1]:
                program.within(row.leaves, *near, _OUTSIDE)
            if row.cell in self.problem.before and not self._frozen(row):
                printed = self.problem.before[row.cell].rounded // base
                if low <= printed <= high:
                    program.within(row.leaves, printed, printed, _MOVED)
        found = program.solved()
        if found is None:
            return None
        return {row.cell: base * sum(found[one] for one in row.leaves) for row in self.rows}


class _Program:
    """An integer program in the making."""

    def __init__(self, leaves: int) -> None:
        self._low = [0.0] * leaves
        self._high = [0.0] * leaves
        self._cost = [0.0] * leaves
        self._leaves = leaves
        self._starts = [0]
        self._index: list[int] = []
        self._value: list[float] = []
        self._between: list[tuple[float, float]] = []

    def bound(self, leaf: int, low: int, high: int, cost: int) -> None:
        self._low[leaf], self._high[leaf], self._cost[leaf] = low, high, cost

    def within(
        self, leaves: Sequence[int], low: int, high: int, penalty: int | None = None
    ) -> None:
        """The sum of these lies between; with a penalty, each step outside costs that."""
        self._index += leaves
        self._value += [1.0] * len(leaves)
        if penalty is not None:
            for sign in (1.0, -1.0):
                self._index.append(len(self._cost))
                self._value.append(sign)
                self._low.append(0)
                self._high.append(1000)
                self._cost.append(penalty)
        self._starts.append(len(self._index))
        self._between.append((low, high))

    def solved(self) -> list[int] | None:
        """The leaves; None when it cannot be."""
        lp = HighsLp()
        lp.num_col_, lp.num_row_ = len(self._cost), len(self._between)
        lp.col_cost_ = np.array(self._cost)
        lp.col_lower_, lp.col_upper_ = np.array(self._low, float), np.array(self._high, float)
        lp.row_lower_ = np.array([low for low, _ in self._between], float)
        lp.row_upper_ = np.array([high for _, high in self._between], float)
        lp.a_matrix_.format_ = MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self._starts)
        lp.a_matrix_.index_ = np.array(self._index)
        lp.a_matrix_.value_ = np.array(self._value)
        continuous = lp.num_col_ - self._leaves
        lp.integrality_ = [HighsVarType.kInteger] * self._leaves
        lp.integrality_ += [HighsVarType.kContinuous] * continuous
        highs = _Highs()
        for option, value in _OPTIONS.items():
            highs.setOptionValue(option, value)
        highs.passModel(lp)
        highs.run()
        if highs.getModelStatus() not in (
            HighsModelStatus.kOptimal,
            HighsModelStatus.kSolutionLimit,
        ) or not np.isfinite(highs.getInfo().objective_function_value):
            return None
        return [round(one) for one in highs.getSolution().col_value[: self._leaves]]


_OPTIONS: Mapping[str, bool | float | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": _SEED,
    "mip_max_nodes": _NODES,
    "mip_rel_gap": 0.02,
}
