"""A publication as a table for people, and as files: made from its document alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from kdt import clock, words
from kdt.publications.document import Document
from kdt.publications.periods import Period
from kdt.publications.rounding import Cell
from kdt.publications.tables import ALL, MONTH, TOPICS, WHOLE, of_theme
from kdt.sheets.table import Book, Column, Fact, Kind, Rows, Table
from kdt.tallies.measures import DIMENSIONS


@dataclass(frozen=True, slots=True)
class Line:
    """A category, with the cell of each column."""

    category: str
    total: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A publication as it is printed: its columns, and for each place in its dimensions (a heading,
    empty when there are none) a line a category; of one category alone, a line a place."""

    columns: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]


def title(one: Document) -> str:
    """What it is about, and over which period."""
    topic = words.say(f"publication.topic.{one.table.topic}")
    return words.say("publication.table_title", topic=topic, period=period(one))


def period(one: Document) -> str:
    """Its period in words."""
    return period_said(one.table.period)


def period_said(its: Period) -> str:
    """A period in words: maart 2026, or januari tot en met maart 2026."""
    first, last = _month(its.months[0]), _month(its.months[-1])
    if len(its.months) == 1:
        return last
    return f"{first.rpartition(' ')[0]} tot en met {last}"


def notes(one: Document) -> list[str]:
    """What stands under the table: source, reference date, rounding, what is exact, and what is
    otherwise than it was."""
    basis, bounds = one.basis, one.bounds
    months, whole = bounds.get(MONTH), bounds.get(WHOLE)
    if months is None or whole is None or months == whole:
        said = words.say("publication.bound_one", bound=months if whole is None else whole)
    else:
        said = words.say("publication.bound_two", month=months, whole=whole)
    rounded = "publication.rounded_5" if basis.base == 5 else "publication.rounded_other"
    found = [
        words.say("publication.source_example" if basis.demo else "publication.source"),
        words.say("publication.reference", day=words.full_day(basis.as_of)),
        words.say(rounded, base=basis.base, bound=said),
    ]
    topic = TOPICS[one.table.topic]
    if topic.by_theme or topic.standing:
        found.append(words.say(f"publication.about.{topic.code}"))
    found += [
        words.say("publication.exactly", year=cell[-1][:4], number=words.number(number))
        for cell, number in one.exactly.items()
    ]
    if basis.corrects:
        found.append(words.say("publication.corrects", publication=basis.corrects))
    changed = words.amount("cell", len(one.changes))
    found.append(
        words.say("publication.revision", cells=changed)
        if one.changes
        else words.say("publication.revision_none")
    )
    return found


def grid(one: Document) -> Grid:
    """The table as it is printed."""
    table = one.table
    months = table.period.months
    columns = [*months] if table.by_month else []
    if not columns or len(months) > 1:
        columns.append(table.period.key)
    groups = []
    values = [(*table.axes[name], ALL) if name in table.axes else (ALL,) for name in DIMENSIONS]
    for place in product(*values):
        lines = tuple(
            Line(
                category_said(one, category),
                category == table.topic,
                tuple((category, *place, column) for column in columns),
            )
            for category in table.categories
        )
        groups.append((_heading(one, place), lines))
    if len(table.categories) == 1 and len(groups) > 1:
        groups = [("", tuple(_by_place(*group) for group in groups))]
    return Grid(tuple(heading(one, column) for column in columns), tuple(groups))


def _by_place(place: str, lines: tuple[Line, ...]) -> Line:
    """The one line of a place, called by that: only where it was is told apart."""
    (line,) = lines
    whole = all(at == ALL for at in line.cells[0][1:-1])
    return Line(place, whole, line.cells)


def heading(one: Document, column: str) -> str:
    """A column of time in words."""
    months = one.table.period.months
    if column in months:
        return _month(column)
    return words.say("publication.whole")


def said(one: Document, cell: Cell) -> str:
    """A cell in words."""
    place = _heading(one, cell[1:-1])
    time = _month(cell[-1]) if cell[-1] in one.table.period.months else period(one)
    category = category_said(one, cell[0])
    return ", ".join(part for part in (place, category, time) if part)


def book(one: Document) -> Book:
    """The publication as a table to take away, with all that is printed under it."""
    basis, names = one.basis, _dimensions(one)
    places = [1 + DIMENSIONS.index(name) for name in names]
    rows: Rows = tuple(
        (*(cell[at] for at in places), cell[0], cell[-1], number, one.bound(cell))
        for cell, number in one.cells.items()
    )
    keys = (*(_dimension(one, name) for name in names), _categories(one), _periods(one))
    bound = replace(_column("bound", Kind.NUMBER), printed=False)
    values = (_column("number", Kind.NUMBER), bound)
    return Book(
        basis.id,
        title(one),
        _facts(one),
        (Table("figures", title(one), keys, values, rows, across="period"),),
        tuple(notes(one)),
        definitions(one),
        clock.over(basis.as_of),
    )


def category_said(one: Document, category: str) -> str:
    """A category in words, or what a theme is called."""
    names = {of_theme(theme): name for theme, name in one.basis.themes.items()}
    return names.get(category) or words.say(f"publication.category.{category}")


def value_said(one: Document, dimension: str, value: str) -> str:
    """A value of a dimension in words."""
    if value == ALL:
        return words.say("publication.all")
    if dimension == "location":
        return one.basis.labels.get(value, value)
    return words.say(f"{dimension}.{value}")


def definitions(one: Document) -> Mapping[str, str]:
    """What each measure in it counts, as it read then."""
    return {words.say(f"measure.{name}"): text for name, text in one.basis.definitions.items()}


def status(one: Document) -> str:
    """Whether its numbers may still change, in words."""
    return words.say(f"publication.status.{'final' if one.basis.final else 'provisional'}")


def _facts(one: Document) -> tuple[Fact, ...]:
    basis, its = one.basis, one.table.period
    said: dict[str, str | date] = {
        "publication": basis.id,
        "from": its.first,
        "until": its.until,
        "as_of": basis.as_of,
        "status": status(one),
        "source": words.say("figures.example" if basis.demo else "figures.registered"),
    }
    return tuple(
        Fact(_column(name, Kind.DAY if isinstance(value, date) else Kind.TEXT), value)
        for name, value in said.items()
    )


def _dimension(one: Document, name: str) -> Column:
    values = {value: value_said(one, name, value) for value in (*one.table.axes[name], ALL)}
    role = "geo" if name == "location" else None
    about = words.say(f"sheet.about.{name}")
    return Column(name, words.say(f"dimension.{name}"), about, words=values, role=role)


def _categories(one: Document) -> Column:
    known = {each: category_said(one, each) for each in one.table.categories}
    return _column("category", known=known)


def _periods(one: Document) -> Column:
    months = one.table.period.months
    known = {month: _month(month) for month in months} | {one.table.period.key: period(one)}
    return _column("period", known=known, role="time")


def _column(
    name: str,
    kind: Kind = Kind.TEXT,
    known: Mapping[str, str] | None = None,
    role: str | None = None,
) -> Column:
    title, about = words.say(f"sheet.column.{name}"), words.say(f"sheet.about.{name}")
    return Column(name, title, about, kind, known or {}, role=role)


def _dimensions(one: Document) -> list[str]:
    return [name for name in DIMENSIONS if name in one.table.axes]


def _heading(one: Document, place: Sequence[str]) -> str:
    if not _dimensions(one):
        return ""
    values = [
        value_said(one, name, value)
        for name, value in zip(DIMENSIONS, place, strict=True)
        if name in one.table.axes and value != ALL
    ]
    return ", ".join(values) or words.say("publication.total")


def _month(key: str) -> str:
    year, month = key.split("-")
    return f"{words.say(f'month.{int(month)}')} {year}"
