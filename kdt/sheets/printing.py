"""Tables on paper: turned so that one key stands above the columns, and cut where they are wide."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from kdt import words
from kdt.paper import Document, Part
from kdt.sheets.table import Book, Column, Table, Value

# So many columns of numbers stand beside each other, upright and on its side.
_UPRIGHT, _ACROSS = 4, 8
_WIDE, _NUMBER, _TEXT = "wide", "number", "auto"

Key = tuple[Value, ...]
# The numbers of one place, by their line and by what stands above them.
Lines = dict[str, dict[Value, Value]]


def document(book: Book) -> Document:
    """The book as it is printed, with all that has to stand under figures: what holds for them,
    notes and definitions."""
    lead = tuple(
        f"{words.capital(one.column.title)}: {said(one.column, one.value)}" for one in book.facts
    )
    parts, across = book.parts, False
    if parts is None:
        across = any(len(_above(one)) > _UPRIGHT for one in book.tables)
        most = _ACROSS if across else _UPRIGHT
        parts = tuple(part for one in book.tables for part in _turned(one, most))
    closing = [Part(words.say("sheet.notes"), lines=book.notes)]
    if book.definitions:
        closing.append(_definitions(book))
    return Document(book.title, lead, (*parts, *closing), book.made_at, across=across)


def as_it_is(table: Table, heading: str | None = None) -> Part:
    """A table a line a row."""
    kinds = [_NUMBER if one.counts else _TEXT for one in table.columns]
    wide = kinds.index(_TEXT) if _TEXT in kinds else None
    return Part(
        heading,
        head=tuple(words.capital(one.title) for one in table.columns),
        rows=tuple(tuple(map(said, table.columns, row)) for row in table.rows),
        columns=tuple(_WIDE if at == wide else one for at, one in enumerate(kinds)),
    )


def said(column: Column, value: Value) -> str:
    """A value as it is printed."""
    value = column.said(value)
    if value is None:
        return words.say("sheet.not_registered")
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, date):
        return words.full_day(value)
    return words.number(value) if isinstance(value, int) else value


def _definitions(book: Book) -> Part:
    return Part(
        words.say("sheet.definitions"),
        head=(words.say("sheet.counted"), words.say("sheet.definition")),
        rows=tuple((words.capital(name), text) for name, text in book.definitions.items()),
        columns=(_TEXT, _WIDE),
    )


def _above(table: Table) -> list[Value]:
    """What stands above the columns of numbers: a value of the key `across`, each once."""
    at = _across(table)
    return [None] if at is None else [*dict.fromkeys(row[at] for row in table.rows)]


def _across(table: Table) -> int | None:
    names = [one.name for one in table.keys]
    return names.index(table.across) if table.across else None


def _turned(table: Table, most: int) -> Iterator[Part]:
    """A part for each place in the keys that stand neither beside nor above the numbers."""
    at, above = _across(table), _above(table)
    for place, lines in _places(table).items():
        for first in range(0, len(above), most):
            shown = above[first : first + most]
            yield Part(
                words.capital(", ".join(str(one) for one in place)) or table.title,
                head=("", *(_head(table, at, one) for one in shown)),
                rows=tuple(
                    (words.capital(line), *(_shown(cells.get(one, 0)) for one in shown))
                    for line, cells in lines.items()
                ),
                columns=(_WIDE, *[_NUMBER] * len(shown)),
            )


def _places(table: Table) -> dict[Key, Lines]:
    """The numbers by place. Where there is one column of them, the last key left tells the lines
    apart; where there are more, the columns do."""
    across = _across(table)
    counted = [(at, one) for at, one in enumerate(table.columns) if one.counts and one.printed]
    left = [at for at in range(len(table.keys)) if at != across]
    beside = left.pop() if len(counted) == 1 and left else None
    found: dict[Key, Lines] = {}
    for row in table.rows:
        lines = found.setdefault(tuple(said(table.keys[at], row[at]) for at in left), {})
        for at, column in counted:
            line = column.title if beside is None else said(table.keys[beside], row[beside])
            lines.setdefault(line, {})[None if across is None else row[across]] = row[at]
    return found


def _head(table: Table, across: int | None, above: Value) -> str:
    if across is None:
        return words.capital(words.say("sheet.amount"))
    return words.capital(said(table.keys[across], above))


def _shown(value: Value) -> str:
    return said(Column("", "", ""), value)
