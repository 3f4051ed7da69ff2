"""Tables written to a file by a command, in the format of its ending."""

from pathlib import Path

import click

from kdt import words
from kdt.cases.exporting import replacing
from kdt.errors import KdtError
from kdt.sheets.formats import FORMATS
from kdt.sheets.table import Book

OUT = click.option(
    "--out",
    type=click.Path(path_type=Path),
    help=f"Schrijf een bestand; het einde van de naam zegt wat: {', '.join(FORMATS)}.",
)


def write(file: Path, book: Book) -> None:
    """Write a book of tables. Raises KdtError when its ending is not known, or it cannot be."""
    found = next((one for ending, one in FORMATS.items() if file.name.endswith(f".{ending}")), None)
    if found is None:
        raise KdtError(words.say("sheet.ending", file=file.name, known=", ".join(FORMATS)))
    content = found.write(book)
    with replacing(file) as out:
        out.write(content)
