"""The order of an agenda, and why each item has its place: pure, from what stands of an escalation.

The first of the criteria decides; only where two are alike in that does the next count, and the id
last, so that one order is the same wherever it is made.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from kdt.vocabulary import Basis


class Waiting(NamedTuple):
    """An escalation as far as its place goes by it."""

    id: str
    unresolved_last: bool
    decide_by: date | None
    held_over: int
    waiting_since: date | None


class Placed(NamedTuple):
    """An escalation in its place, and what put it there."""

    id: str
    basis: Basis


def arranged(waiting: Iterable[Waiting], criteria: tuple[Basis, ...]) -> list[Placed]:
    """Those in the order of the agenda."""
    return [
        Placed(one.id, basis(one, criteria))
        for one in sorted(waiting, key=lambda one: key(one, criteria))
    ]


def key(one: Waiting, criteria: tuple[Basis, ...]) -> tuple[object, ...]:
    """What is compared: the smaller comes first."""
    return (*(_RANK[criterion](one) for criterion in criteria), one.id)


def basis(one: Waiting, criteria: tuple[Basis, ...]) -> Basis:
    """What put it in its place: the first criterion that says something of it."""
    return next((criterion for criterion in criteria if _SPEAKS[criterion](one)), Basis.WAITING)


_RANK: Mapping[Basis, Callable[[Waiting], object]] = {
    Basis.UNRESOLVED: lambda one: not one.unresolved_last,
    Basis.DEADLINE: lambda one: one.decide_by or date.max,
    Basis.HELD_OVER: lambda one: -one.held_over,
    Basis.WAITING: lambda one: one.waiting_since or date.max,
}
_SPEAKS: Mapping[Basis, Callable[[Waiting], bool]] = {
    Basis.UNRESOLVED: lambda one: one.unresolved_last,
    Basis.DEADLINE: lambda one: one.decide_by is not None,
    Basis.HELD_OVER: lambda one: one.held_over > 0,
    Basis.WAITING: lambda _: True,
}
