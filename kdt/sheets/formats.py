"""Every format a book of tables is written in, by the ending of its file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kdt.paper import pdf
from kdt.sheets import delimited, statistics, workbooks
from kdt.sheets.printing import document
from kdt.sheets.table import Book


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its code, its media type, and what writes it."""

    name: str
    media_type: str
    write: Callable[[Book], bytes]


FORMATS: Mapping[str, Format] = {
    "pdf": Format("paper", "application/pdf", lambda book: pdf(document(book))),
    "ods": Format("ods", "application/vnd.oasis.opendocument.spreadsheet", workbooks.ods),
    "xlsx": Format(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        workbooks.xlsx,
    ),
    "csv": Format("csv", "text/csv", lambda book: delimited.dutch(book).encode()),
    "csvw.zip": Format("csvw", "application/zip", delimited.package),
    "jsonstat.json": Format(
        "json_stat", "application/json", lambda book: statistics.json_stat(book).encode()
    ),
}
