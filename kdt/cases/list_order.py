"""In which order escalations are listed, and where a list goes on."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from kdt.cases.model import escalations
from kdt.procedure.state import ANSWERED, ENDED, WAITING
from kdt.store.writing import AnySelect
from kdt.vocabulary import Phase

# Those of `escalations`, or of a query that gives them on.
Columns = ReadOnlyColumnCollection[str, Any]
InOrder = Callable[[Columns], Sequence[ColumnElement[Any]]]
# Its question may be open in these.
_OPEN = tuple(one for one in Phase if one not in ANSWERED | ENDED)


class Order(StrEnum):
    """What a list begins with: what changed last, what must be decided first, or what has waited
    longest for a panel. What has no such day comes at the end."""

    CHANGED = "changed"
    DEADLINE = "deadline"
    WAITING = "waiting"


# Where a list goes on: the day the last row seen was ordered by, and its id.
Cursor = tuple[date, str]


def parts(
    query: AnySelect, order: Order, after: Cursor | None
) -> Iterator[tuple[AnySelect, InOrder]]:
    """A list in parts, each with its order: what has a day to be ordered by, and then what has
    none. The first is a small part of all there is, with an index of its own."""
    of = escalations.c
    day, last_id = after or (None, None)
    if order is Order.CHANGED:
        if after is not None:
            query = query.where(or_(of.last_on < day, and_(of.last_on == day, of.id > last_id)))
        yield query, lambda of: [of.last_on.desc(), of.id]
        return
    has, rest = _has_day(order), query.where(not_(_has_day(order)))
    if day == date.max:
        rest = rest.where(of.id > last_id)
    else:
        first, by = query.where(has), _day(order, of)
        if after is not None:
            first = first.where(or_(by > day, and_(by == day, of.id > last_id)))
        yield first, lambda of: [_day(order, of), of.id]
    yield rest, lambda of: [of.id]


def _day(order: Order, of: Columns) -> ColumnElement[date]:
    day: ColumnElement[date] = of.waiting_since if order is Order.WAITING else of.deadline
    return day


def _has_day(order: Order) -> ColumnElement[bool]:
    """What has such a day, as its index has it."""
    of = escalations.c
    if order is Order.WAITING:
        return and_(of.phase.in_(sorted(WAITING)), of.waiting_since.is_not(None))
    opened = and_(of.phase.in_(_OPEN), of.deadline.is_not(None))
    return and_(opened, not_(and_(of.phase == Phase.IN_INQUIRY, of.settled)))
