"""Figures as a page shows them: the table, the balance it must keep, and the charts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from api.pages import charts
from api.pages.charts import Bar, Point
from api.pages.figure_lists import Amount, Link
from api.pages.rendering import capital, day_long
from kdt import words
from kdt.register.catalogue import table as catalogue
from kdt.register.catalogue.model import Balance as Rule
from kdt.register.catalogue.table import BY_OUTCOME
from kdt.register.figures import Query, Row
from kdt.themes.counting import months as months_between
from kdt.vocabulary import Measure

# How the measures stand in the table: a heading, and those under it.
_GROUPS: Mapping[str, tuple[Measure, ...]] = {
    "flow": (
        Measure.REFERRED,
        Measure.STOCK_START,
        Measure.ENTERED,
        Measure.LEFT,
        Measure.STOCK_END,
        Measure.OPEN_AFTER_UNRESOLVED,
    ),
    "work": (Measure.CASES_HANDLED, Measure.CONSIDERED),
    "outcomes": (
        Measure.DECISIONS,
        Measure.DECISIONS_IN_FAVOUR,
        Measure.DECISIONS_AGAINST,
        Measure.DECISIONS_OTHER,
        Measure.INTERVIEWS_ORDERED,
        Measure.INVESTIGATIONS_ORDERED,
        Measure.INQUIRIES_NOT_NEEDED,
        Measure.INFORMATION_REQUESTED,
        Measure.REFERRED_UP,
        Measure.REFERRED_UP_NOT_SETTLED,
        Measure.REFERRED_UP_BELONGS_NATIONALLY,
        Measure.HELD_OVER,
        Measure.UNRESOLVED,
    ),
    "ends": (Measure.WITHDRAWN, Measure.LAPSED, Measure.REOPENED),
}
_PARTS = frozenset(
    {
        Measure.DECISIONS_IN_FAVOUR,
        Measure.DECISIONS_AGAINST,
        Measure.DECISIONS_OTHER,
        Measure.REFERRED_UP_NOT_SETTLED,
        Measure.REFERRED_UP_BELONGS_NATIONALLY,
    }
)
# More bars, or more months, than this say less than the table.
_MOST_BARS = 24
_MOST_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A measure in the table: an amount a column, and over all of them."""

    measure: Measure
    part: bool
    adds_up: bool
    amounts: tuple[Amount, ...]
    total: Amount


@dataclass(frozen=True, slots=True)
class Table:
    """The figures, a column a row of the answer; `columns` are their places in words."""

    caption: str
    columns: tuple[tuple[str, ...], ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """What must hold of a row, in words and in numbers; it closes, or something is wrong."""

    label: str
    said: str
    sum: str
    closes: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its caption, and the table it draws where the page has none yet."""

    caption: str
    svg: Markup
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, tuple[int, ...]], ...] = ()
    # What the marks in the picture stand for.
    notes: tuple[str, ...] = ()


def table(query: Query, rows: Sequence[Row], total: Row, link: Link) -> Table:
    """The table for a question; `total` is the answer to the same without dimensions."""
    period = words.say("figures.caption", first=day_long(query.first), until=day_long(query.until))
    return Table(
        capital(period),
        tuple(places(query, row.key) for row in rows),
        tuple(
            (
                words.say(f"figures.{heading}"),
                tuple(_line(query, one, rows, total, link) for one in measures),
            )
            for heading, measures in _GROUPS.items()
        ),
    )


def balances(rows: Sequence[Row], placed: Callable[[Row], str]) -> tuple[Balance, ...]:
    """The balances of each row, by where it stands in words."""
    return tuple(
        Balance(
            placed(row),
            capital(words.say(f"catalogue.balance.{one.code}")),
            _summed(one, row),
            one.closes(row.amounts),
        )
        for one in catalogue.BALANCES
        for row in rows
    )


def adds_up(rows: Sequence[Row], total: Row) -> Balance:
    """That every consideration stands in one row."""
    parts = [row.amounts[Measure.CONSIDERED] for row in rows]
    whole = total.amounts[Measure.CONSIDERED]
    added = " + ".join(map(words.number, parts))
    label, said = capital(words.say("figures.all")), words.say("figures.rows_add_up")
    return Balance(label, said, f"{added} = {words.number(whole)}", sum(parts) == whole)


def _summed(one: Rule, row: Row) -> str:
    """A balance in numbers: 3 + 12 - 9 = 6."""
    plus = " + ".join(words.number(row.amounts[measure]) for measure in one.plus)
    minus = "".join(f" - {words.number(row.amounts[measure])}" for measure in one.minus)
    return f"{plus}{minus} = {words.number(row.amounts[one.equals])}"


def definitions(shown: Collection[Measure]) -> tuple[tuple[Measure, str, str], ...]:
    """Each of these measures in the order of the table, its unit and what it counts."""
    return tuple(
        (one, words.say(f"catalogue.unit.{catalogue.of(one).unit}"), catalogue.of(one).meaning)
        for measures in _GROUPS.values()
        for one in measures
        if one in shown
    )


def place(query: Query, row: Row) -> str:
    """Where a row stands, in words: lokaal KDT, Den Bosch."""
    return ", ".join(places(query, row.key))


def word(dimension: str, value: str) -> str:
    """A value of a dimension in Dutch; a location is its own name."""
    key = f"{dimension}.{value}"
    return words.say(key) if words.known(key) else value


def by_outcome(query: Query, rows: Sequence[Row]) -> Chart | None:
    """What considerations ended in: a bar a row or, undivided, a bar an outcome."""
    if len(rows) > _MOST_BARS or not any(row.amounts[Measure.CONSIDERED] for row in rows):
        return None
    kinds = {code: words.say(f"outcome.{code}") for code in BY_OUTCOME}
    unit, caption = words.say("figures.considerations"), words.say("figures.by_outcome")
    pieces = []
    for row in rows:
        for code, measures in BY_OUTCOME.items():
            amount = sum(row.amounts[one] for one in measures)
            if query.by:
                pieces.append(Bar(place(query, row), kinds[code], amount))
            else:
                pieces.append(Bar(capital(kinds[code]), unit, amount))
    shown = tuple(kinds.values()) if query.by else (unit,)
    return Chart(caption, charts.bars(caption, unit, tuple(pieces), shown))


def by_month(
    query: Query, found: Mapping[tuple[str, ...], Mapping[date, int]], caption: str
) -> Chart | None:
    """An amount by month, a small chart a row when there are several."""
    counted = {month for amounts in found.values() for month in amounts}
    months = [*months_between(min(counted), max(counted))] if counted else []
    if not 1 < len(months) <= _MOST_MONTHS or len(found) > _MOST_BARS:
        return None
    unit = words.say("figures.considerations")
    named = {key: place(query, Row(key, {})) for key in found}
    points = tuple(
        Point(named[key], month, amounts.get(month, 0))
        for key, amounts in found.items()
        for month in months
    )
    return Chart(
        caption,
        charts.months(caption, unit, points, columns=4),
        tuple(named.values()),
        tuple(
            (
                charts.month_name(month),
                tuple(amounts.get(month, 0) for amounts in found.values()),
            )
            for month in months
        ),
    )


def places(query: Query, key: tuple[str, ...]) -> tuple[str, ...]:
    """Where a row stands, a word for each dimension."""
    first, *rest = map(word, query.by, key) if query.by else (words.say("figures.all"),)
    return capital(first), *rest


def _line(query: Query, measure: Measure, rows: Sequence[Row], total: Row, link: Link) -> Line:
    return Line(
        measure,
        measure in _PARTS,
        catalogue.of(measure).adds_up >= {*query.by},
        tuple(
            Amount(row.amounts[measure], link(measure, dict(zip(query.by, row.key, strict=True))))
            for row in rows
        ),
        Amount(total.amounts[measure], link(measure, {})),
    )
