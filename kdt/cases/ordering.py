"""The order of an agenda, and why each item has its place, from what stands of an escalation.

Each criterion stands here once, as the database orders by it and as it is compared in memory; how
much they weigh is chosen by an administrator (`kdt.panels.weights`). The heaviest decides; only
where two are alike in that does the next count, and the id last, so that one order is the same
wherever it is made.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Connection

from kdt.cases.list_order import Columns
from kdt.panels import weights
from kdt.panels.weights import Weights
from kdt.vocabulary import Basis


class Waiting(NamedTuple):
    """An escalation as far as its place goes by it."""

    id: str
    unresolved_last: bool
    deadline: date | None
    held_over: int
    waiting_since: date | None

    @classmethod
    def of(cls, row: Any) -> Self:
        """From a row that has these, of a list or of the table."""
        return cls(*(getattr(row, name) for name in cls._fields))


class Placed(NamedTuple):
    """An escalation in its place, and what put it there."""

    id: str
    basis: Basis


class _Criterion(NamedTuple):
    """How the database orders by something, how it is compared in memory (the smaller comes first),
    and whether it says something of an escalation."""

    column: Callable[[Columns], ColumnElement[Any]]
    rank: Callable[[Waiting], object]
    speaks: Callable[[Waiting], bool]


_CRITERIA: Mapping[Basis, _Criterion] = {
    Basis.UNRESOLVED: _Criterion(
        lambda of: of.unresolved_last.desc(),
        lambda one: not one.unresolved_last,
        lambda one: one.unresolved_last,
    ),
    Basis.DEADLINE: _Criterion(
        lambda of: of.deadline.asc().nulls_last(),
        lambda one: one.deadline or date.max,
        lambda one: one.deadline is not None,
    ),
    Basis.HELD_OVER: _Criterion(
        lambda of: of.held_over.desc(),
        lambda one: -one.held_over,
        lambda one: one.held_over > 0,
    ),
    Basis.WAITING: _Criterion(
        lambda of: of.waiting_since.asc(),
        lambda one: one.waiting_since or date.max,
        lambda _: True,
    ),
}


class Order(NamedTuple):
    """The criteria that count, the heaviest first."""

    criteria: tuple[Basis, ...]

    def arranged(self, waiting: Iterable[Waiting]) -> list[Placed]:
        """Those in the order of the agenda."""
        return [Placed(one.id, self.basis(one)) for one in sorted(waiting, key=self.key)]

    def key(self, one: Waiting) -> tuple[object, ...]:
        """What is compared: the smaller comes first."""
        return (*(_CRITERIA[basis].rank(one) for basis in self.criteria), one.id)

    def basis(self, one: Waiting) -> Basis:
        """What put it in its place: the first criterion that says something of it."""
        return next(basis for basis in self.criteria if _CRITERIA[basis].speaks(one))

    def columns(self, of: Columns) -> list[ColumnElement[Any]]:
        """The same order, as the database sees it."""
        return [*(_CRITERIA[basis].column(of) for basis in self.criteria), of.id]


def order_by(weights: Weights) -> Order:
    """The order in which these weights put what waits."""
    weighed = {basis: int(getattr(weights, basis)) for basis in _CRITERIA}
    counting = [basis for basis in _CRITERIA if weighed[basis] > 0]
    return Order(tuple(sorted(counting, key=lambda basis: -weighed[basis])))


# As long as nobody chose otherwise.
FIRST = order_by(weights.FIRST)


def in_force(connection: Connection, on: date) -> Order:
    """The order in which agendas are drawn up on a day."""
    return order_by(weights.in_force(connection, on))
