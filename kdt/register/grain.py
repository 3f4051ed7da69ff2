"""The grain of time: a period cut into days, ISO weeks, months, quarters or years. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# More pieces than this are asked for by mistake: three years of days.
MOST = 1_100


class Grain(StrEnum):
    """How long a piece is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a period by its name (2022-01-05, 2022-W01, 2022-01, 2022-Q1, 2022), as far as it
    lies in the period."""

    name: str
    first: date
    until: date


def pieces(grain: Grain, first: date, until: date) -> Iterator[Piece]:
    """The pieces of a period, in order; the first and the last may be cut."""
    at = first
    while True:
        end = min(_end(grain, at), until)
        yield Piece(name(grain, at), at, end)
        if end >= until:
            return
        at = end + timedelta(days=1)


def too_many(grain: Grain, first: date, until: date) -> bool:
    """Whether a period has more pieces than anybody reads."""
    shortest = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28, Grain.QUARTER: 90, Grain.YEAR: 365}
    return (until - first).days // shortest[grain] > MOST


def name(grain: Grain, day: date) -> str:
    """The name of the piece a day lies in."""
    match grain:
        case Grain.DAY:
            return day.isoformat()
        case Grain.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        case Grain.MONTH:
            return f"{day.year:04}-{day.month:02}"
        case Grain.QUARTER:
            return f"{day.year:04}-Q{_quarter(day) + 1}"
        case Grain.YEAR:
            return f"{day.year:04}"


def _end(grain: Grain, day: date) -> date:
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            left = date.max - day
            return day + min(timedelta(days=6 - day.weekday()), left)
        case Grain.MONTH:
            return _before(day.year, day.month + 1)
        case Grain.QUARTER:
            return _before(day.year, 3 * _quarter(day) + 4)
        case Grain.YEAR:
            return date(day.year, 12, 31)


def _before(year: int, month: int) -> date:
    """The day before the first of a month, of the next year from 13 on."""
    if month > 12:
        return date(year, 12, 31)
    return date(year, month, 1) - timedelta(days=1)


def _quarter(day: date) -> int:
    return (day.month - 1) // 3
