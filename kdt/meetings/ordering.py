"""The order of an agenda, and why each item has its place: pure, from what stands of an escalation.

The first of its criteria decides; only where two are alike in that does the next count, and the id
last, so that one order is the same wherever it is made. The database says the same in
`kdt.cases.before_panel`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, Self

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


def arranged(waiting: Iterable[Waiting]) -> list[Placed]:
    """Those in the order of the agenda."""
    return [Placed(one.id, basis(one)) for one in sorted(waiting, key=key)]


def key(one: Waiting) -> tuple[object, ...]:
    """What is compared: the smaller comes first."""
    return (*(rank(one) for rank, _ in _CRITERIA.values()), one.id)


def basis(one: Waiting) -> Basis:
    """What put it in its place: the first criterion that says something of it."""
    return next(criterion for criterion, (_, speaks) in _CRITERIA.items() if speaks(one))


# In their order: how each ranks an escalation, and of which it says something.
_CRITERIA: Mapping[Basis, tuple[Callable[[Waiting], object], Callable[[Waiting], bool]]] = {
    Basis.UNRESOLVED: (lambda one: not one.unresolved_last, lambda one: one.unresolved_last),
    Basis.DEADLINE: (
        lambda one: one.deadline or date.max,
        lambda one: one.deadline is not None,
    ),
    Basis.HELD_OVER: (lambda one: -one.held_over, lambda one: one.held_over > 0),
    Basis.WAITING: (lambda one: one.waiting_since or date.max, lambda _: True),
}
