"""A location's spreadsheet becomes a history file that comes in; what is wrong is told by row."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kdt.cases import spreadsheet
from kdt.cases.converting import Converted, convert
from kdt.cases.importing import import_history
from kdt.cases.spreadsheet import NotASpreadsheet
from kdt.store.engine import Store
from tests.oracle.generator import encode

DOCUMENT = Path(__file__).parents[2] / "docs" / "history-files.md"
NOW = datetime(2024, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)
HEADING = (
    "zaaknummer;locatie;vraagstelling;aanleiding;voorgelegd op;niveau;behandeld op;uitkomst;"
    "strekking;soort onderzoek;reden van doorverwijzing;motivering;opvolging;opgevolgd op;"
    "reden van afwijking;vastgelegd op;voorlegging"
)
NAMES = HEADING.split(";")
FIRST = {
    "zaaknummer": "Z-1",
    "locatie": "Den Bosch",
    "vraagstelling": "besluit",
    "aanleiding": "complex",
    "voorgelegd op": "1-11-2022",
    "behandeld op": "3-11-2022",
    "uitkomst": "aangehouden",
    "motivering": "Verzonnen",
}
NEXT = {"zaaknummer": "Z-1", "behandeld op": "8-11-2022", "motivering": "Verzonnen"}


def sheet(*rows: dict[str, str]) -> bytes:
    lines = [HEADING, *(";".join(row.get(name, "") for name in NAMES) for row in rows)]
    return "\r\n".join(lines).encode()


def converted(*rows: dict[str, str]) -> Converted:
    return convert(sheet(*rows), NOW)


def refused(*rows: dict[str, str]) -> list[tuple[int, str]]:
    return [(one.line, " ".join(one.problems)) for one in converted(*rows).bad]


def done(*rows: dict[str, str]) -> list[tuple[str, str]]:
    made = converted(*rows)
    assert made.bad == []
    return [(line["action"], line["occurredOn"]) for line in made.lines if "action" in line]


def bring_in(store: Store, lines: list[dict[str, Any]], folder: Path) -> None:
    file = folder / "converted.jsonl"
    file.write_bytes(encode(lines))
    assert import_history(store, file, by="beheer").bad == []


def test_the_template_itself_comes_in(store: Store, tmp_path: Path) -> None:
    made = convert(spreadsheet.template().encode(), NOW)
    assert (made.bad, made.rows, made.escalations) == ([], 2, 1)
    assert [line["id"] for line in made.lines if line.get("kind") == "panel"] == [
        "kdt-den-bosch",
        "kdt-national",
    ]
    bring_in(store, made.lines, tmp_path)


def test_what_a_spreadsheet_leaves_unsaid_is_filled_in(store: Store, tmp_path: Path) -> None:
    rows = (
        FIRST | {"uitkomst": "om informatie gevraagd"},
        NEXT | {"uitkomst": "onderzoek of gehoor opgedragen", "soort onderzoek": "gehoor"},
        NEXT | {"behandeld op": "10-11-2022", "uitkomst": "doorverwezen"},
        NEXT
        | {
            "behandeld op": "17-11-2022",
            "niveau": "landelijk",
            "uitkomst": "besloten",
            "strekking": "afwijzen",
            "opvolging": "afgeweken",
            "opgevolgd op": "20-11-2022",
            "reden van afwijking": "Verzonnen",
        },
    )
    assert done(*rows) == [
        ("open", "2022-11-01"),
        ("submit", "2022-11-01"),
        ("list", "2022-11-03"),
        ("consider", "2022-11-03"),
        ("submit", "2022-11-08"),
        ("list", "2022-11-08"),
        ("consider", "2022-11-08"),
        ("report_back", "2022-11-10"),
        ("list", "2022-11-10"),
        ("consider", "2022-11-10"),
        ("list", "2022-11-17"),
        ("consider", "2022-11-17"),
        ("follow_through", "2022-11-20"),
    ]
    assert done(*reversed(rows)) == done(*rows)
    bring_in(store, converted(*rows).lines, tmp_path)


def test_a_case_comes_back_as_a_new_escalation_once_it_was_settled() -> None:
    decided = {"uitkomst": "besloten", "strekking": "anders"}
    again = FIRST | {"voorgelegd op": "5-12-2022", "behandeld op": "6-12-2022"}
    made = converted(FIRST | decided, again)
    assert (made.bad, made.escalations) == ([], 2)
    assert converted(FIRST, NEXT | decided).escalations == 1


def test_the_name_of_an_escalation_keeps_its_rows_together() -> None:
    named = FIRST | {"voorlegging": "7"}
    assert converted(named, NEXT | {"voorlegging": "7", "uitkomst": "aangehouden"}).escalations == 1
    assert converted(named, FIRST | {"voorlegging": "8"}).escalations == 2
    other = NEXT | {"voorlegging": "7", "zaaknummer": "Z-2", "uitkomst": "aangehouden"}
    assert refused(named, other) == [
        (3, "Het zaaknummer is een ander dan in een eerdere rij van dezelfde voorlegging.")
    ]


def test_one_can_wait_or_end_without_being_considered() -> None:
    waiting = FIRST | {"behandeld op": "", "uitkomst": "", "motivering": ""}
    assert [action for action, _ in done(waiting)] == ["open", "submit"]
    ended = FIRST | {"uitkomst": "ingetrokken"}
    assert [action for action, _ in done(ended)] == ["open", "submit", "withdraw"]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_however_a_program_saves_it(separator: str, mark: bytes, end: bytes) -> None:
    data = sheet(FIRST, {}, NEXT | {"uitkomst": "aangehouden"}, {}, {})
    data = mark + data.replace(b";", separator.encode()).replace(b"\r\n", end) + end + end
    made = convert(data, NOW)
    assert (made.bad, made.rows, made.escalations) == ([], 2, 1)


@pytest.mark.parametrize(
    "day", ["3-11-2022", "03-11-2022", "3/11/2022", "3.11.2022", "2022-11-03", "3-11-2022 0:00"]
)
def test_dates_as_people_write_them(day: str) -> None:
    assert done(FIRST | {"behandeld op": day})[-1] == ("consider", "2022-11-03")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("", "2024-11-23T09:30:15Z"),
        ("4-11-2022", "2022-11-04T11:00:00Z"),
        ("4-11-2022 16:05", "2022-11-04T15:05:00Z"),
        ("2022-11-04T16:05:06", "2022-11-04T15:05:06Z"),
        ("23-11-2024", "2024-11-23T09:30:15Z"),
    ],
)
def test_when_it_was_recorded(written: str, moment: str) -> None:
    made = converted(FIRST | {"vastgelegd op": written})
    assert {line["recordedAt"] for line in made.lines if "action" in line} == {moment}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"zaaknummer": ""}, "Het veld zaaknummer ontbreekt."),
        ({"locatie": ""}, "Het veld locatie ontbreekt."),
        ({"voorgelegd op": ""}, "Het veld voorgelegd op ontbreekt."),
        ({"behandeld op": ""}, "Het veld behandeld op ontbreekt."),
        ({"uitkomst": ""}, "Het veld uitkomst ontbreekt."),
        ({"motivering": ""}, "Het veld motivering ontbreekt."),
        ({"behandeld op": "31-11-2022"}, "Het veld behandeld op moet een datum zijn"),
        ({"behandeld op": "3-11-22"}, "Het veld behandeld op moet een datum zijn"),
        ({"behandeld op": "11/13/2022"}, "Het veld behandeld op moet een datum zijn"),
        ({"vastgelegd op": "4-11-2022 25:00"}, "Het veld vastgelegd op moet een datum zijn"),
        ({"vraagstelling": "weet niet"}, "De waarde 'weet niet' van het veld vraagstelling"),
        ({"uitkomst": "onderzoek"}, "De waarde 'onderzoek' van het veld uitkomst"),
        ({"niveau": "landelijk"}, "kdt-national"),
        ({"behandeld op": "31-10-2022"}, "31 oktober 2022"),
        ({"uitkomst": "besloten"}, "strekking"),
        ({"uitkomst": "niet uitgekomen"}, "niet uitgekomen"),
        ({"vastgelegd op": "1-11-2022"}, "3 november 2022"),
        ({"opvolging": "uitgevoerd", "opgevolgd op": "4-11-2022"}, "opvolging"),
        ({"opvolging": "uitgevoerd"}, "Het veld opgevolgd op ontbreekt."),
        ({"zaaknummer": "9" * 201}, "Het veld zaaknummer is langer dan 200 tekens."),
        ({"zaaknummer": "2,02211E+12"}, "Het rekenblad heeft van dit zaaknummer een getal gemaakt"),
        ({"locatie": "den bosch"}, "De locatie 'den bosch' heet in een eerdere rij 'Den Bosch'."),
        ({"zaaknummer": "Z-9"}, "Deze rij zegt precies hetzelfde als rij 2"),
    ],
)
def test_a_bad_row_is_told_by_its_number(change: dict[str, str], problem: str) -> None:
    good = FIRST | {"zaaknummer": "Z-9"}
    [(row, said)] = refused(good, {}, FIRST | change)
    assert row == 4
    assert problem in said


def test_a_line_for_spreadsheet_programs_is_no_row() -> None:
    made = convert(b"sep=;\r\n" + sheet(FIRST), NOW)
    assert (made.bad, made.rows, made.escalations) == ([], 1, 1)


def test_a_row_recorded_before_an_earlier_one_is_refused() -> None:
    rows = FIRST, NEXT | {"uitkomst": "aangehouden", "vastgelegd op": "9-11-2022"}
    assert [row for row, _ in refused(*rows)] == [3]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "leeg"),
        (HEADING.encode("utf-16"), "UTF-8"),
        (b"zaaknummer;locatie", "ontbreken"),
        (HEADING.replace("aanleiding", "reden").encode(), "'reden'"),
        ((HEADING + ";uitkomst").encode(), "twee keer"),
        (sheet(FIRST) + b";extra", "kolom 18"),
        (HEADING.encode() + b'\r\n"a"b;', "Rij 2 is niet als CSV te lezen"),
    ],
)
def test_what_is_not_the_template_is_one_sentence(data: bytes, problem: str) -> None:
    with pytest.raises(NotASpreadsheet, match=problem):
        convert(data, NOW)


def test_every_column_is_documented() -> None:
    text = DOCUMENT.read_text()
    assert [one for one in spreadsheet.columns().values() if f"| {one} |" not in text] == []
