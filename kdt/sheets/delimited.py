"""Tables as text with a column mark: for a Dutch spreadsheet, and for programs with a description
(RFC 4180, and CSV on the Web)."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from kdt import words
from kdt.cells import plain
from kdt.sheets.packing import packed
from kdt.sheets.table import Book, Column, Kind, Table, Value

# By it a Dutch spreadsheet knows UTF-8.
_BYTE_ORDER_MARK = "\ufeff"
_DATATYPES = {
    Kind.TEXT: "string",
    Kind.NUMBER: "integer",
    Kind.DECIMAL: "decimal",
    Kind.DAY: "date",
}
METADATA = "csv-metadata.json"


def sheet(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows of text for a Dutch spreadsheet: semicolons, a byte-order mark, nothing a formula."""
    return _BYTE_ORDER_MARK + _written(head, [[*map(plain, row)] for row in rows], ";")


def dutch(book: Book) -> str:
    """The main table for a Dutch spreadsheet: words for codes, decimal commas, and what holds for
    every row on each."""
    table = book.main
    fixed = [_dutch(fact.column, fact.value) for fact in book.facts]
    head = [*(fact.column.title for fact in book.facts), *(one.title for one in table.columns)]
    rows = [[*fixed, *map(_dutch, table.columns, row)] for row in table.rows]
    return _BYTE_ORDER_MARK + _written(head, rows, ";")


def machine(table: Table) -> str:
    """A table for programs: codes, decimal points, ISO days; what is not registered is empty."""
    head = [one.name for one in table.columns]
    return _written(head, [[*map(_bare, row)] for row in table.rows], ",")


def metadata(book: Book, addresses: Sequence[str]) -> str:
    """What the tables for programs are (CSVW); `addresses`: of each, in their order."""
    tables = [
        _described(table, address) for table, address in zip(book.tables, addresses, strict=True)
    ]
    about = {
        "dc:title": book.title,
        "dc:description": [
            *(f"{fact.column.title}: {_dutch(fact.column, fact.value)}" for fact in book.facts),
            *book.notes,
        ],
    }
    context = {"@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}]}
    whole = {**about, **tables[0]} if len(tables) == 1 else {**about, "tables": tables}
    return json.dumps(context | whole, ensure_ascii=False, indent=1)


def package(book: Book) -> bytes:
    """Every table for programs with one description, the codes in words too, in a zip file."""
    whole = Book(
        book.name,
        book.title,
        book.facts,
        (*book.tables, _codes(book)),
        book.notes,
        book.definitions,
        book.made_at,
    )
    files = {f"{table.name}.csv": machine(table) for table in whole.tables}
    described = {METADATA: metadata(whole, [*files])}
    return packed({name: content.encode() for name, content in (files | described).items()})


def _codes(book: Book) -> Table:
    columns = [_column(name) for name in ("column", "code", "word")]
    rows = {
        (column.name, code): word
        for table in book.tables
        for column in table.columns
        for code, word in column.words.items()
    }
    measures = {
        ("measure", column.name): column.title
        for table in book.tables
        for column in table.values
        if column.counts
    }
    found = tuple((*key, word) for key, word in (rows | measures).items())
    return Table("codes", words.say("sheet.codes"), tuple(columns[:2]), (columns[2],), found)


def _column(name: str) -> Column:
    return Column(name, words.say(f"sheet.column.{name}"), words.say(f"sheet.about.{name}"))


def _described(table: Table, address: str) -> dict[str, object]:
    keys = {one.name for one in table.keys}
    return {
        "url": address,
        "dc:title": table.title,
        "tableSchema": {
            "columns": [
                {
                    "name": one.name,
                    "titles": [one.name],
                    "dc:title": one.title,
                    "dc:description": one.about,
                    "datatype": _DATATYPES[one.kind],
                    "required": one.name in keys,
                }
                for one in table.columns
            ],
            **({"primaryKey": [one.name for one in table.keys]} if table.keys else {}),
        },
    }


def _dutch(column: Column, value: Value) -> str:
    value = column.said(value)
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, date):
        return f"{value.day:02}-{value.month:02}-{value.year:04}"
    return _bare(value)


def _bare(value: Value) -> str:
    if isinstance(value, str):
        return plain(value)
    return "" if value is None else str(value)


def _written(head: Sequence[str], rows: Iterable[Sequence[str]], separator: str) -> str:
    out = StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
