"""What the dashboard shows of the figures: tables with a row for each value of each dimension, and
small charts by location."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from api.pages.multiples import Multiples, multiples
from api.pages.rendering import capital
from kdt import words
from kdt.register import lead_time_lines
from kdt.register.catalogue.lasting import IN_TIME
from kdt.register.dashboard import Amounts, Cells, Figures
from kdt.register.pace import Pace, Paces
from kdt.register.stays import TimeUnit
from kdt.tallies.measures import DIMENSIONS
from kdt.vocabulary import Measure

# What is told in the table, and in large on top of the page.
COLUMNS = (
    Measure.STOCK_START,
    Measure.ENTERED,
    Measure.LEFT,
    Measure.STOCK_END,
    Measure.CONSIDERED,
    Measure.DECISIONS,
    Measure.HELD_OVER,
    Measure.UNRESOLVED,
)
# A column narrower than a line says nothing.
_MOST_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """What a row is about, in words, and the page narrowed to that (None: it is all of it)."""

    label: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What a column tells, and the measure of the catalogue that says how it is counted."""

    label: str
    measure: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what it is about, and what is told of it, a value a column."""

    about: Subject
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the dimension they split; those of the first heading are of all together."""

    caption: str
    heads: tuple[Head, ...]
    groups: tuple[tuple[str | None, tuple[Line, ...]], ...]


# Of a value of a dimension.
Subjects = Callable[[str, str], Subject]
# What is told of a row, before it is words.
Told = TypeVar("Told", Amounts, Pace)


def figures_table(caption: str, period: Cells, subject: Subjects) -> Table:
    """What waited, came, went and was done, of all together and split by each dimension."""
    heads = tuple(Head(capital(words.say(f"measure.{one}")), one) for one in COLUMNS)
    split = {one: period.by(one) for one in DIMENSIONS}
    return _table(caption, heads, _amounts(period.total), split, _amounts, subject)


def pace_table(caption: str, found: Paces, subject: Subjects) -> Table | None:
    """How long answers took, alike; None where nothing came."""
    if found.total is None:
        return None
    told = {"came": "leadTimeCame", "open": "leadTimeOpen", "median": "leadTimeMedian"}
    heads = (
        *(Head(words.say(f"dashboard.{one}"), measure) for one, measure in told.items()),
        Head(capital(IN_TIME.name), IN_TIME.id),
    )
    return _table(caption, heads, _pace(found.total), found.by, _pace, subject)


def by_location(figures: Figures, measure: Measure, name: Callable[[str], str]) -> Multiples | None:
    """A small chart a location; None where there are too few months for one, or too many."""
    months = [*figures.months]
    if not 1 < len(months) <= _MOST_MONTHS:
        return None
    series = {name(place): amounts for place, amounts in figures.series(measure).items()}
    what = words.say(f"dashboard.by_month.{measure}")
    return multiples(words.say("dashboard.multiples", what=what), months, series)


def _table(
    caption: str,
    heads: tuple[Head, ...],
    total: tuple[str, ...],
    split: Mapping[str, Mapping[str, Told]],
    told: Callable[[Told], tuple[str, ...]],
    subject: Subjects,
) -> Table:
    everything = Line(Subject(words.say("figures.all")), total)
    groups: list[tuple[str | None, tuple[Line, ...]]] = [
        (
            capital(words.say(f"dimension.{dimension}")),
            tuple(Line(subject(dimension, value), told(one)) for value, one in values.items()),
        )
        for dimension, values in split.items()
    ]
    return Table(caption, heads, ((None, (everything,)), *groups))


def _amounts(amounts: Amounts) -> tuple[str, ...]:
    return tuple(words.number(amounts[one]) for one in COLUMNS)


def _pace(one: Pace) -> tuple[str, ...]:
    return (
        words.number(one.came),
        words.number(one.open),
        lead_time_lines.quantile(one.median, TimeUnit.WORKING_DAYS),
        lead_time_lines.share(one.within),
    )
