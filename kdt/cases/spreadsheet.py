"""Reading the CSV template: which columns it has, and what people write in their cells.

Dutch headings and words, semicolons, commas or tabs, with or without a byte-order mark. What is
wrong is told by the number of the row as a spreadsheet shows it; the heading is row 1.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from kdt import clock, words
from kdt.errors import KdtError
from kdt.procedure import Refusal
from kdt.values import Problem

_SEPARATORS = (";", ",", "\t")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: 0?0:00(?::00)?)?", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00(?::00)?)?", re.ASCII)
_FOR_PROGRAMS = re.compile(r"\Asep=.\r?\n")
# What a spreadsheet makes of a long number.
_RECKONED = re.compile(r"\d[.,]?\d*E\+?\d+", re.ASCII | re.IGNORECASE)
_WITH_HOUR = re.compile(r"(\S+)[ T](\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
# A word cut shorter than this could be anything.
_SHORTEST = 4


class NotASpreadsheet(KdtError):
    """The file cannot be read as the template."""


class BadRow(ValueError):
    """What is wrong with a row; nothing of it is taken."""

    def __init__(self, problem: Problem | Refusal) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Row(NamedTuple):
    """The filled cells of a row by column, and its number in the spreadsheet."""

    number: int
    cells: Mapping[str, str]


def columns() -> Mapping[str, str]:
    """Every column of the template with its heading, in order."""
    return words.group("column")


def template() -> str:
    """The template: its headings, and an invented case brought, referred up and decided."""
    text = io.StringIO()
    out = csv.DictWriter(text, columns().keys(), delimiter=";", lineterminator="\r\n")
    out.writerow(columns())
    case = {"case": "Z-0000-000001", "location": "Den Bosch"}
    question = {"question": words.say("question.decision"), "ground": words.say("ground.complex")}
    out.writerow(
        case
        | question
        | {
            "brought_on": "1-11-2022",
            "level": words.say("level.local"),
            "considered_on": "3-11-2022",
            "outcome": words.say("outcome.referred_up"),
            "referral": words.say("referral.not_settled"),
            "reasons": "Verzonnen voorbeeld: het KDT kwam er niet uit.",
        }
    )
    out.writerow(
        case
        | {
            "level": words.say("level.national"),
            "considered_on": "10-11-2022",
            "outcome": words.say("outcome.decided"),
            "ruling": words.say("ruling.in_favour"),
            "reasons": "Verzonnen voorbeeld: de omstandigheden wegen zwaarder.",
            "result": words.say("result.carried_out"),
            "followed_on": "15-11-2022",
        }
    )
    return text.getvalue()


def read(data: bytes) -> list[Row]:
    """The rows with something in them. Raises NotASpreadsheet."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotASpreadsheet(words.say("convert.not_utf8")) from error
    # A line for spreadsheet programs alone, which do not show it.
    text = _FOR_PROGRAMS.sub("", text)
    heading = text.partition("\n")[0].casefold()
    separator = max(_SEPARATORS, key=heading.count)
    table: list[list[str]] = []
    try:
        table.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise NotASpreadsheet(words.say("convert.not_csv", row=len(table) + 1)) from error
    if not table:
        raise NotASpreadsheet(words.say("convert.empty"))
    names = _names(table[0])
    return [
        Row(number, cells)
        for number, row in enumerate(table[1:], 2)
        if (cells := _cells(names, row, number))
    ]


def word(row: Row, column: str, groups: Sequence[str]) -> str:
    """The code for the Dutch word in a cell; the first letters are enough where they are clear.

    Raises BadRow, as do the others here, when the cell holds something else.
    """
    given = " ".join(row.cells[column].casefold().split())
    known = {code: dutch.casefold() for name in groups for code, dutch in words.group(name).items()}
    exact = [code for code, dutch in known.items() if given == dutch]
    near = [code for code, dutch in known.items() if dutch.startswith(given)]
    found = exact or (near if len(given) >= _SHORTEST else [])
    if len(found) != 1:
        raise _bad("not_one_of", column, given=given, known=", ".join(known.values()))
    return found[0]


def refuse_reckoned(row: Row, column: str) -> None:
    """Raises BadRow where the spreadsheet made a number of what stood in a cell."""
    if _RECKONED.fullmatch(row.cells.get(column, "")):
        raise _bad("case_reckoned", column)


def day(row: Row, column: str) -> date:
    """The date in a cell: 8-11-2022, 8/11/2022 or 2022-11-08."""
    return _day(row.cells[column], column)


def moment(row: Row, column: str, now: datetime) -> datetime:
    """The moment in a cell, on Amsterdam's clock; of a day alone noon, but never after now."""
    given = row.cells[column]
    if found := _WITH_HOUR.fullmatch(given):
        hour, minute, second = (int(part or 0) for part in found.groups()[1:])
        if hour > 23 or minute > 59 or second > 59:
            raise _bad("not_a_dutch_date", column)
        at = datetime.combine(_day(found[1], column), time(hour, minute, second), clock.AMSTERDAM)
        return at.astimezone(UTC)
    noon = datetime.combine(_day(given, column), time(12), clock.AMSTERDAM).astimezone(UTC)
    return min(noon, now) if clock.day(noon) == clock.day(now) else noon


def _day(text: str, column: str) -> date:
    if found := _DAY_FIRST.fullmatch(text):
        parts = found[3], found[2], found[1]
    elif found := _YEAR_FIRST.fullmatch(text):
        parts = found[1], found[2], found[3]
    else:
        raise _bad("not_a_dutch_date", column)
    try:
        return date(*map(int, parts))
    except ValueError:
        raise _bad("not_a_dutch_date", column) from None


def _bad(code: str, column: str, **details: object) -> BadRow:
    return BadRow(Problem(code, columns()[column], details))


def _names(heading: Sequence[str]) -> list[str | None]:
    """The column under each heading; None where there is no heading."""
    by_heading = {dutch.casefold(): name for name, dutch in columns().items()}
    names: list[str | None] = []
    for cell in heading:
        given = " ".join(cell.casefold().split())
        if given and given not in by_heading:
            raise NotASpreadsheet(words.say("convert.unknown_column", column=cell))
        if given and by_heading[given] in names:
            raise NotASpreadsheet(words.say("convert.column_twice", column=cell))
        names.append(by_heading[given] if given else None)
    if missing := [columns()[one] for one in _NEEDED if one not in names]:
        raise NotASpreadsheet(words.say("convert.missing_columns", columns=", ".join(missing)))
    return names


def _cells(names: Sequence[str | None], row: Sequence[str], number: int) -> dict[str, str]:
    cells: dict[str, str] = {}
    for place, cell in enumerate(row):
        if not (text := cell.strip()):
            continue
        name = names[place] if place < len(names) else None
        if name is None:
            raise NotASpreadsheet(words.say("convert.no_heading", row=number, cell=place + 1))
        cells[name] = text
    return cells


_NEEDED = (
    "case",
    "location",
    "question",
    "ground",
    "brought_on",
    "considered_on",
    "outcome",
    "reasons",
)
