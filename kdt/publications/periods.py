"""The periods a publication may be about: fixed ones, made of whole months. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PeriodKind(StrEnum):
    """What sort of period."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    YEAR_TO_DATE = "year_to_date"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


class NotPublishable(ValueError):
    """No period that is published; `nearest` is the one that holds it and comes closest."""

    def __init__(self, nearest: "Period") -> None:
        super().__init__(nearest.key)
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day of a month to the last day of one, within a calendar year."""

    kind: PeriodKind
    first: date
    until: date

    @property
    def months(self) -> tuple[str, ...]:
        """Its months, as a cell names them: 2026-03."""
        return tuple(
            f"{self.first.year}-{month:02}"
            for month in range(self.first.month, self.until.month + 1)
        )

    @property
    def is_year(self) -> bool:
        """Whether it is a whole year."""
        return len(self.months) == 12

    @property
    def key(self) -> str:
        """How a cell names it: its month, or its first and its last."""
        months = self.months
        return months[0] if len(months) == 1 else f"{months[0]}/{months[-1]}"


def of(kind: PeriodKind, until: date) -> Period:
    """The period of a kind that ends with the month of a day. Raises NotPublishable when no such
    one ends there."""
    last = until.replace(day=monthrange(until.year, until.month)[1])
    if kind is PeriodKind.YEAR_TO_DATE:
        return Period(kind, date(until.year, 1, 1), last)
    length = _MONTHS[kind]
    if until.month % length:
        end = -(-until.month // length) * length
        raise NotPublishable(of(kind, date(until.year, end, 1)))
    return Period(kind, date(until.year, until.month - length + 1, 1), last)


def between(first: date, until: date) -> Period:
    """The period of these days, both included. Raises NotPublishable, with the smallest one around
    them (within the year of the last day), when it is none."""
    around = [one for one in _of_year(until.year) if one.until >= until]
    for one in around:
        if (one.first, one.until) == (first, until):
            return one
    holding = [one for one in around if one.first <= first]
    raise NotPublishable(min(holding or around, key=lambda one: (len(one.months), one.until)))


def _of_year(year: int) -> Iterator[Period]:
    for kind in PeriodKind:
        length = _MONTHS.get(kind, 1)
        for month in range(length, 13, length):
            yield of(kind, date(year, month, 1))
