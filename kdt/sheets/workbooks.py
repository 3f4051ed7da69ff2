"""Tables as a workbook: OpenDocument, which the government asks for, and XLSX. Text is written as
text, so that no name is taken for a formula."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from kdt import words
from kdt.paper import REPLACED
from kdt.sheets.packing import packed, unpacked
from kdt.sheets.table import Book, Column, Table, Value

# A sheet's name is no longer, and holds none of these, in either program.
_LONGEST = 31
_NOT_NAMED = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_WIDEST = 60
# What XML cannot hold, so neither program can.
_NOT_HELD = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHEETS = "sheet.explained"

Row = Sequence[Value]


def ods(book: Book) -> bytes:
    """As an OpenDocument spreadsheet."""
    from odfdo import Cell, Document
    from odfdo import Row as OdfRow
    from odfdo import Table as OdfTable

    made = Document("spreadsheet")
    made.body.clear()
    for name, rows in _sheets(book):
        sheet = OdfTable(name)
        for row in rows:
            line = OdfRow()
            for value in row:
                # A date alone would be read as a moment; a string is always one of text.
                cell = Cell(value, cell_type="string") if isinstance(value, str) else Cell(value)
                line.append_cell(cell, clone=False)
            sheet.append_row(line, clone=False)
        made.body.append(sheet)
    made.meta.title = _held(book.title)
    made.meta.language = "nl-NL"
    made.meta.generator = "KDT"
    made.meta.creation_date = book.made_at
    made.meta.date = book.made_at
    out = BytesIO()
    made.save(out)
    return packed(unpacked(out.getvalue()), bare="mimetype")


def xlsx(book: Book) -> bytes:
    """As an Office Open XML workbook."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    out = BytesIO()
    made = Workbook(out, {"in_memory": True})
    made.set_properties({"title": _held(book.title), "created": book.made_at.replace(tzinfo=None)})
    head = made.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    shapes = {
        int: made.add_format({"num_format": "#,##0"}),
        Decimal: made.add_format({"num_format": "#,##0.0"}),
        date: made.add_format({"num_format": "dd-mm-yyyy", "align": "left"}),
        str: made.add_format({"text_wrap": True, "valign": "top"}),
    }
    for name, rows in _sheets(book):
        sheet = made.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is None:
                    continue
                shape = head if at == 0 else shapes[type(value)]
                if isinstance(value, str):
                    sheet.write_string(at, column, value, shape)
                elif isinstance(value, date):
                    sheet.write_datetime(at, column, value, shape)
                else:
                    sheet.write_number(at, column, value, shape)
        for column, width in enumerate(_widths(rows)):
            sheet.set_column(column, column, width)
    made.close()
    return out.getvalue()


def _sheets(book: Book) -> Iterator[tuple[str, list[Row]]]:
    """The name and rows of each sheet: the tables in words, and last what is printed under them."""
    for table in book.tables:
        yield _name(table.title), [*map(_writable, _rows(table))]
    yield words.say(_SHEETS), [*map(_writable, _explained(book))]


def _rows(table: Table) -> list[Row]:
    head: list[Row] = [[one.title for one in table.columns]]
    return head + [[*map(Column.said, table.columns, row)] for row in table.rows]


def _explained(book: Book) -> Iterator[Row]:
    yield [book.title]
    for fact in book.facts:
        yield [fact.column.title, fact.column.said(fact.value)]
    for note in book.notes:
        yield [note]
    for name, text in book.definitions.items():
        yield [name, text]


def _writable(row: Row) -> Row:
    return [_held(value) if isinstance(value, str) else value for value in row]


def _held(text: str) -> str:
    return _NOT_HELD.sub(REPLACED, text)


def _name(title: str) -> str:
    return _held(title).translate(_NOT_NAMED)[:_LONGEST].strip()


def _widths(rows: Sequence[Row]) -> list[int]:
    """How wide each column is, in characters."""
    longest: dict[int, int] = {}
    for row in rows:
        for column, value in enumerate(row):
            longest[column] = max(longest.get(column, 8), len(str(value or "")))
    return [min(longest[column] + 2, _WIDEST) for column in sorted(longest)]
