"""One table in every format, read back by another hand and compared cell by cell."""

import csv
import io
import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl  # type: ignore[import-untyped]
import pikepdf
import pytest
from csvw import TableGroup  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from kdt.cells import plain
from kdt.paper import pdf
from kdt.sheets import delimited
from kdt.sheets.formats import FORMATS
from kdt.sheets.printing import document
from kdt.sheets.statistics import json_stat
from kdt.sheets.table import Book, Column, Fact, Kind, Table, Value
from kdt.sheets.workbooks import ods, xlsx

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

PLACE = Column("location", "locatie", "Waar.", role="geo")
LEVEL = Column("level", "niveau", "Op welk niveau.", words={"local": "lokaal", "*": "alle"})
NUMBER = Column("number", "aantal", "Hoeveel.", Kind.NUMBER, unit="zaken")
SHARE = Column("share", "aandeel (%)", "Welk deel.", Kind.DECIMAL)
SINCE = Column("since", "sinds", "Vanaf wanneer.", Kind.DAY)
COLUMNS = (PLACE, LEVEL, NUMBER, SHARE, SINCE)


def book(rows: Sequence[tuple[Value, ...]]) -> Book:
    """A book of one table with every kind of column."""
    table = Table("cases", "Zaken", COLUMNS[:2], COLUMNS[2:], tuple(rows), across="level")
    as_of = Fact(Column("as_of", "peildatum", "Tot en met.", Kind.DAY), date(2022, 11, 8))
    notes = ("Afgerond op vijftallen.",)
    made_at = datetime(2022, 11, 9, tzinfo=UTC)
    return Book("kdt-zaken", "Zaken, 2022", (as_of,), (table,), notes, {"zaken": "Wat."}, made_at)


ROWS: Sequence[tuple[Value, ...]] = (
    ("Den Bosch", "local", 4730, Decimal("97.5"), date(2022, 1, 3)),
    ("=1+1", "local", 0, None, None),
    ('@Zwolle; "Oost"', "*", None, Decimal("0.0"), date(2022, 2, 1)),
    ("-5", "*", -5, Decimal("-12.5"), None),
)
BOOK = book(ROWS)

# What both programs can hold: XML has no control characters.
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=12)
rows = st.lists(
    st.tuples(
        names.filter(lambda one: one == one.strip() and one != ""),
        st.sampled_from(["local", "*"]),
        st.none() | st.integers(-(10**9), 10**9),
        st.none() | st.decimals(-100, 100, places=1, allow_nan=False, allow_infinity=False),
        st.none() | st.dates(date(1901, 1, 1), date(2200, 1, 1)),
    ),
    max_size=6,
    unique_by=lambda row: row[:2],
)


def said(row: Sequence[Value]) -> list[Value]:
    """A row as people read it."""
    return [column.said(value) for column, value in zip(COLUMNS, row, strict=True)]


def read_ods(content: bytes) -> dict[str, list[list[Value]]]:
    """The sheets of an OpenDocument spreadsheet, by the types their cells declare."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.infolist()[0].filename == "mimetype"
        root = ElementTree.fromstring(opened.read("content.xml"))
    return {
        str(sheet.get(f"{_TABLE}name")): [
            [_ods_cell(cell) for cell in row.iter(f"{_TABLE}table-cell")]
            for row in sheet.iter(f"{_TABLE}table-row")
        ]
        for sheet in root.iter(f"{_TABLE}table")
    }


def _ods_cell(cell: ElementTree.Element) -> Value:
    assert cell.get(f"{_TABLE}formula") is None
    kind, value = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_OFFICE}value")
    if kind is None:
        return None
    if kind == "float":
        number = Decimal(str(value))
        return int(number) if "." not in str(value) else number
    if kind == "date":
        return date.fromisoformat(str(cell.get(f"{_OFFICE}date-value"))[:10])
    assert kind == "string"
    return "".join(_ods_text(one) for one in cell.iter(f"{_TEXT}p"))


def _ods_text(node: ElementTree.Element) -> str:
    text = node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            text += " " * int(child.get(f"{_TEXT}c", "1"))
        text += _ods_text(child) if child.tag != f"{_TEXT}s" else ""
        text += child.tail or ""
    return text


def read_xlsx(content: bytes) -> dict[str, list[list[Value]]]:
    """The sheets of a workbook; no cell holds a formula."""
    opened = openpyxl.load_workbook(io.BytesIO(content))
    found = {}
    for sheet in opened:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        found[sheet.title] = [
            [one.date() if isinstance(one, datetime) else one for one in row]
            for row in sheet.iter_rows(values_only=True)
        ]
    return found


def from_statistics(given: Mapping[str, Any]) -> dict[tuple[str, ...], float]:
    """The numbers of a JSON-stat dataset, by their place."""
    ids, size = given["id"], given["size"]
    codes = [given["dimension"][one]["category"]["index"] for one in ids]
    assert [len(one) for one in codes] == size
    value = given["value"]
    value = dict(enumerate(value)) if isinstance(value, list) else value
    found = {}
    for at, amount in value.items():
        rest, place = int(at), []
        for axis, of in zip(reversed(codes), reversed(size), strict=True):
            rest, index = divmod(rest, of)
            place.append(axis[index])
        assert rest == 0
        found[tuple(reversed(place))] = amount
    return found


@given(rows)
@settings(max_examples=10, deadline=None)
def test_workbooks_hold_the_table_cell_by_cell(rows: list[tuple[Value, ...]]) -> None:
    made = book(rows)
    for content, reader in ((ods(made), read_ods), (xlsx(made), read_xlsx)):
        found = reader(content)
        head, *lines = found["Zaken"]
        assert head == [one.title for one in COLUMNS]
        width = len(COLUMNS)
        padded = [[*line, *[None] * (width - len(line))] for line in lines]
        assert [[*map(_same, line)] for line in padded] == [[*map(_same, said(r))] for r in rows]


def _same(value: Value | float) -> object:
    """A number as it is, whatever type the program gives it."""
    return float(value) if isinstance(value, int | float | Decimal) else value


@pytest.mark.parametrize("written", ["\x0b", "\x01", "\ufffe"])
def test_what_a_workbook_cannot_hold_is_replaced(written: str) -> None:
    given = replace(
        book([(f"Den{written}Bosch", "local", 1, None, None)]),
        title=f"Zaken{written}2022",
        notes=(f"Kamerstuk{written}1",),
    )
    for content in (read_ods(ods(given)), read_xlsx(xlsx(given))):
        assert content["Zaken"][1][0] == "Den\ufffdBosch"
        [_, explained] = content.values()
        cells = {cell for row in explained for cell in row}
        assert {"Zaken\ufffd2022", "Kamerstuk\ufffd1"} <= cells


def test_a_workbook_says_what_belongs_under_the_table() -> None:
    for found in (read_ods(ods(BOOK)), read_xlsx(xlsx(BOOK))):
        explained = {str(row[0]): row[1:] for row in found["Toelichting"]}
        assert {"Zaken, 2022", "peildatum", "Afgerond op vijftallen.", "zaken"} <= {*explained}
        assert explained["peildatum"][0] == date(2022, 11, 8)


@given(rows)
@settings(max_examples=25, deadline=None)
def test_the_file_for_programs_is_rfc_4180(rows: list[tuple[Value, ...]]) -> None:
    content = delimited.machine(book(rows).main)
    head, *lines = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    assert head == [one.name for one in COLUMNS]
    assert lines == [
        [plain(one) if isinstance(one, str) else "" if one is None else str(one) for one in row]
        for row in rows
    ]
    assert content.count("\r\n") == len(rows) + 1


def test_the_file_for_people_is_dutch() -> None:
    content = delimited.dutch(BOOK)
    assert content.startswith("\ufeff")
    found = list(csv.DictReader(io.StringIO(content[1:], newline=""), delimiter=";"))
    assert found[0] == {
        "peildatum": "08-11-2022",
        "locatie": "Den Bosch",
        "niveau": "lokaal",
        "aantal": "4730",
        "aandeel (%)": "97,5",
        "sinds": "03-01-2022",
    }
    assert [row["locatie"] for row in found[1:]] == ["'=1+1", '\'@Zwolle; "Oost"', "'-5"]
    assert [row["aantal"] for row in found[1:]] == ["0", "", "-5"]


def test_a_package_describes_its_own_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(delimited.package(BOOK))) as opened:
        opened.extractall(tmp_path)
    group = TableGroup.from_file(tmp_path / delimited.METADATA)
    assert all(table.check_primary_key() for table in group.tables)
    found = {table.url.string: list(table) for table in group.tables}
    read = [tuple(map(_day, row.values())) for row in found["cases.csv"]]
    assert read == [tuple(plain(v) if isinstance(v, str) else v for v in row) for row in ROWS]
    codes = {(row["column"], row["code"]): row["word"] for row in found["codes.csv"]}
    assert codes["level", "local"] == "lokaal"
    assert codes["measure", "number"] == "aantal"


def _day(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


@given(rows)
@settings(max_examples=25, deadline=None)
def test_json_stat_gives_back_every_number(rows: list[tuple[Value, ...]]) -> None:
    given = json.loads(json_stat(book(rows)))
    assert (given["version"], given["class"]) == ("2.0", "dataset")
    expected: dict[tuple[str, ...], float] = {
        (str(row[0]), str(row[1]), column.name): float(str(value))
        for row in rows
        for column, value in zip(COLUMNS[2:4], row[2:4], strict=True)
        if value is not None
    }
    found = from_statistics(given)
    assert found.keys() == expected.keys()
    assert all(math.isclose(amount, expected[place]) for place, amount in found.items())
    assert given["role"] == {"geo": ["location"], "metric": ["measure"]}


def test_paper_carries_the_numbers_and_what_belongs_under_them() -> None:
    made = document(BOOK)
    printed = {
        (part.heading, line[0], above): cell
        for part in made.parts
        if part.rows and part.head and part.head[0] == ""
        for line in part.rows
        for above, cell in zip(part.head[1:], line[1:], strict=True)
    }
    assert printed["Den Bosch", "Aantal", "Lokaal"] == "4.730"
    assert printed['@Zwolle; "Oost"', "Aantal", "Alle"] == "niet geregistreerd"
    assert made.lead == ("Peildatum: 8 november 2022",)
    with pikepdf.open(io.BytesIO(pdf(made))) as opened, opened.open_metadata() as meta:
        assert meta["pdfuaid:part"] == "1"
        assert str(opened.docinfo.Title) == BOOK.title


@pytest.mark.parametrize("ending", [*FORMATS])
def test_the_same_content_is_the_same_bytes(ending: str) -> None:
    assert FORMATS[ending].write(BOOK) == FORMATS[ending].write(BOOK)
