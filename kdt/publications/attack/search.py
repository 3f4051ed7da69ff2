"""Looking for the least and the most each small cell can be.

A program is asked of many cells at once, and the history it comes up with counts for all of them.
So few programs are needed; the cells that are left are looked for one by one. No search is cut by a
clock, and what is not shown to be possible counts as given away.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

from kdt.publications.attack.model import Model, Target
from kdt.publications.attack.printed import Place

# Told how many cells are done, of how many.
Watch = Callable[[int, int], None]

_CLOSE = 1e-6
# With fewer left, each is looked for on its own.
_FEW = 12
_TURNS = 40


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A small cell of which too few values remain: in which publication, and how many."""

    publication: str
    cell: Place
    remaining: int


class Search:
    """The search through one model."""

    def __init__(self, model: Model, targets: Sequence[Target]) -> None:
        self.targets = targets
        self._solver = model.solver()
        self._low = [float(one.truth) for one in targets]
        self._high = [float(one.truth) for one in targets]

    @property
    def programs(self) -> int:
        """How many programs were solved."""
        return self._solver.asked

    def narrowed(self, watch: Watch) -> Iterator[Narrowed]:
        """The targets of which too few values remain."""
        for turn in range(_TURNS):
            left = self._left()
            watch(len(self.targets) - len(left), len(self.targets))
            if len(left) < _FEW:
                break
            # All at once, then ever other halves of them.
            chosen = [at for at in left if turn < 2 or at >> turn // 2 - 1 & 1]
            self._push(chosen or left, -1 if turn % 2 else 1)
        left = self._left()
        for done, at in enumerate(left):
            watch(len(self.targets) - len(left) + done, len(self.targets))
            for way in (1, -1):
                if self._remaining(at) < self.targets[at].least:
                    self._push([at], way)
            one, remaining = self.targets[at], self._remaining(at)
            if remaining < one.least:
                yield Narrowed(one.publication, one.cell, remaining)
        watch(len(self.targets), len(self.targets))

    def _left(self) -> list[int]:
        return [at for at, one in enumerate(self.targets) if self._remaining(at) < one.least]

    def _remaining(self, at: int) -> int:
        """How many whole numbers were found to be possible."""
        return floor(self._high[at] + _CLOSE) - ceil(self._low[at] - _CLOSE) + 1

    def _push(self, chosen: Sequence[int], way: int) -> None:
        """See how far these go all at once, and keep what that shows of every target."""
        found = self._solver.most([(self.targets[at].columns, way) for at in chosen])
        for at, one in enumerate(self.targets):
            value = float(found[list(one.columns)].sum())
            self._low[at], self._high[at] = min(self._low[at], value), max(self._high[at], value)
