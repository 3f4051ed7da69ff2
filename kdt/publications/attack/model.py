"""Everything published as one set of linear constraints: a column for each smallest part as it was
at a time, a row for each number printed."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from highspy import HighsLp, HighsModelStatus, HighsVarType, MatrixFormat, ObjSense, kHighsInf

# The solver itself: the class around it writes on standard output, where answers go.
from highspy._core import _Highs

from kdt.publications.attack.printed import Inside, Place, Printed

Columns = tuple[int, ...]
Knows = Callable[[Place], bool]

_OPTIONS: tuple[tuple[str, bool | int | float | str], ...] = (
    ("output_flag", False),
    ("threads", 1),
    ("parallel", "off"),
    ("random_seed", 11),
    ("mip_max_nodes", 500),
    ("mip_rel_gap", 0.05),
)


_FOUND = (HighsModelStatus.kOptimal, HighsModelStatus.kSolutionLimit)


class Unsolved(ValueError):
    """What was published contradicts itself: nothing it could be is allowed by all of it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds between cells whatever was printed of them: those of `more` are together at least
    those of `less`. Of the latter any may be unknown."""

    more: tuple[Place, ...]
    less: tuple[Place, ...]


Follows = Callable[[Collection[Place]], Iterable[Rule]]


def no_rules(_printed: Collection[Place]) -> Iterable[Rule]:
    """Nothing holds between cells but that they add up."""
    return ()


@dataclass(frozen=True, slots=True)
class Target:
    """A small cell to be narrowed: in which publication, the columns it is the sum of, what it is,
    and how many values must remain."""

    publication: str
    cell: Place
    columns: Columns
    truth: int
    least: int


@dataclass(frozen=True, slots=True)
class _Exactly:
    """What is printed as it is: so many of a category over some months."""

    columns: Columns
    category: str
    months: frozenset[str]
    amount: int


class Model:
    """What is known from outside. `never`: smallest parts that cannot be, as anybody knows;
    `known`: those an insider knows; `follows`: which rules there are between printed cells."""

    def __init__(
        self,
        everything: Sequence[tuple[Printed, Inside]],
        never: Knows,
        known: Knows,
        follows: Follows = no_rules,
    ) -> None:
        self._never, self._known = never, known
        self.truth: list[int] = []
        self._sure: list[bool] = []
        # Of those that are sure, the ones that are so to anybody.
        self._empty: set[int] = set()
        self._between: dict[Columns, tuple[float, float]] = {}
        # What holds between columns: sums of the first less those of the second.
        self._differences: list[tuple[Columns, Columns, float, float]] = []
        self._latest: dict[tuple[object, Place], int] = {}
        self._elsewhere: dict[Place, list[tuple[object, Columns, int]]] = {}
        self._cells: dict[Columns, tuple[str, Place, frozenset[str]]] = {}
        self._exactly: list[_Exactly] = []
        for one, inside in everything:
            self._read(one, inside)
        for rule in follows(self._elsewhere.keys()):
            self._rule(rule)

    def _read(self, one: Printed, inside: Inside) -> None:
        frame = (one.total, one.axes)
        column = self._columns(one, inside, frame)
        for cell, seen in one.cells.items():
            columns = tuple(sorted(column[part] for part in one.under(cell)))
            self._within(columns, seen.least, seen.most)
            self._same((frame, one.parts), cell, columns)
            self._cells.setdefault(columns, (one.id, cell, one.over(cell)))
        for cell, exact in one.exactly.items():
            columns = tuple(sorted(column[part] for part in one.under(cell)))
            self._within(columns, exact, exact)
            self._exactly.append(_Exactly(columns, cell[0], one.over(cell), exact))

    def _columns(self, one: Printed, inside: Inside, frame: object) -> dict[Place, int]:
        """The columns of one publication. What did not change since an earlier one is the same; of
        what did, it is known which way."""
        found = {}
        for part in one.smallest:
            truth, before = inside.counted.get(part, 0), self._latest.get((frame, part))
            if before is None or self.truth[before] != truth:
                new = len(self.truth)
                self.truth.append(truth)
                self._sure.append(self._known(part) or self._never(part))
                if self._never(part):
                    self._empty.add(new)
                if before is not None:
                    more = truth > self.truth[before]
                    step = (1.0, kHighsInf) if more else (-kHighsInf, -1.0)
                    self._differences.append(((new,), (before,), *step))
                self._latest[frame, part] = before = new
            found[part] = before
        return found

    def _within(self, columns: Columns, least: float, most: float) -> None:
        now = self._between.get(columns, (0, kHighsInf))
        self._between[columns] = (max(least, now[0]), min(most, now[1]))

    def _same(self, frame: object, cell: Place, columns: Columns) -> None:
        """The same cell in a table with other dimensions, or of other parts, is the same number, as
        long as it did not change in between."""
        truth = sum(self.truth[one] for one in columns)
        others = self._elsewhere.setdefault(cell, [])
        for theirs, other, was in reversed(others):
            if theirs != frame and was == truth:
                # What both are the sum of says nothing.
                plus, minus = (
                    tuple(one for one in these if one not in {*those})
                    for these, those in ((columns, other), (other, columns))
                )
                if plus or minus:
                    self._differences.append((plus, minus, 0, 0))
                break
        others.append((frame, columns, truth))

    def _rule(self, rule: Rule) -> None:
        """What a rule says of cells as they were printed last. What was known of one on another day
        than of the others may not keep to it, and then says nothing."""
        if any(cell not in self._elsewhere for cell in rule.more):
            return
        amounts: Counter[int] = Counter()
        for cell in rule.more:
            amounts.update(self._elsewhere[cell][-1][1])
        for cell in rule.less:
            if cell in self._elsewhere:
                amounts.subtract(self._elsewhere[cell][-1][1])
        if sum(amount * self.truth[one] for one, amount in amounts.items()) >= 0:
            plus = tuple(one for one, amount in amounts.items() for _ in range(amount))
            minus = tuple(one for one, amount in amounts.items() for _ in range(-amount))
            if len({*plus, *minus}) < len(plus) + len(minus):
                raise ValueError("a rule that counts a cell twice")
            self._differences.append((plus, minus, 0, kHighsInf))

    def targets(self, small: int, least: int) -> Iterator[Target]:
        """The cells of which 1 to `small` are not known already, each as it was: what an insider
        knows of a cell is no secret, and that there is nothing else points at nobody."""
        left = [(one, one.amount - self._known_of(one)) for one in self._exactly]
        for columns, (publication, cell, months) in self._cells.items():
            truth = sum(self.truth[one] for one in columns)
            unknown = sum(self.truth[one] for one in columns if not self._sure[one])
            if not 1 <= unknown <= small or self._given(columns):
                continue
            # What is published exactly may leave fewer by itself, to who knows some of it the more.
            by_itself = [
                rest + 1 for one, rest in left if one.category == cell[0] and months <= one.months
            ]
            yield Target(publication, cell, columns, truth, min([least, *by_itself]))

    def _given(self, columns: Columns) -> bool:
        """Whether a cell is known, or published exactly as is meant to be."""
        if all(self._sure[one] for one in columns):
            return True
        return any(
            {*columns} <= {*one.columns} and {*one.columns} - {*columns} <= self._empty
            for one in self._exactly
        )

    def _known_of(self, exactly: "_Exactly") -> int:
        """How many of those published exactly an insider knows, by the table that tells most."""
        found: Counter[object] = Counter()
        for (frame, part), column in self._latest.items():
            if part[0] == exactly.category and part[-1] in exactly.months and self._known(part):
                found[frame] += self.truth[column]
        return max(found.values(), default=0)

    def solver(self) -> "Solver":
        """The constraints as the solver takes them, in whole numbers."""
        rows: list[tuple[Columns, Columns, float, float]] = [
            (columns, (), *between) for columns, between in self._between.items()
        ]
        rows += self._differences
        lp = HighsLp()
        lp.num_col_, lp.num_row_ = len(self.truth), len(rows)
        sure = [truth if sure else None for truth, sure in zip(self.truth, self._sure, strict=True)]
        lp.col_cost_ = np.zeros(len(sure))
        lp.col_lower_ = np.array([0 if one is None else one for one in sure], float)
        lp.col_upper_ = np.array([kHighsInf if one is None else one for one in sure], float)
        lp.row_lower_ = np.array([least for *_, least, _ in rows], float)
        lp.row_upper_ = np.array([most for *_, most in rows], float)
        lp.a_matrix_.format_ = MatrixFormat.kRowwise
        lengths = [0, *(len(plus) + len(minus) for plus, minus, *_ in rows)]
        lp.a_matrix_.start_ = np.cumsum(lengths)
        lp.a_matrix_.index_ = np.array([one for plus, minus, *_ in rows for one in (*plus, *minus)])
        signs = [[1.0] * len(plus) + [-1.0] * len(minus) for plus, minus, *_ in rows]
        lp.a_matrix_.value_ = np.array([sign for row in signs for sign in row])
        lp.sense_ = ObjSense.kMaximize
        lp.integrality_ = [HighsVarType.kInteger] * len(sure)
        return Solver(lp)


class Solver:
    """One set of constraints, asked again and again."""

    def __init__(self, lp: HighsLp) -> None:
        self._size = lp.num_col_
        self._highs = _Highs()
        for option, value in _OPTIONS:
            self._highs.setOptionValue(option, value)
        self._highs.passModel(lp)
        self.asked = 0

    def most(
        self, weights: Sequence[tuple[Columns, float]]
    ) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        """A history for which the weighted sums are the most they can be. Raises Unsolved."""
        cost = np.zeros(self._size)
        for columns, weight in weights:
            cost[list(columns)] += weight
        self._highs.changeColsCost(self._size, np.arange(self._size, dtype=np.int32), cost)
        self._highs.run()
        self.asked += 1
        status = self._highs.getModelStatus()
        if status not in _FOUND or not isfinite(self._highs.getInfo().objective_function_value):
            raise Unsolved(str(status))
        return np.array(self._highs.getSolution().col_value)
