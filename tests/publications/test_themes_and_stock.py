"""Tables by theme, with a total of their own, and what waits at the end of a month: rounded,
attacked together with what they say something of, and the same to the byte for ever."""

import csv
import io
from datetime import date
from pathlib import Path
from random import Random

import pytest

from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases.importing import import_history
from kdt.errors import InvalidInput, Refused
from kdt.ledger.service import By
from kdt.publications import certifying, making, periods, service, sheets
from kdt.publications.attack import Inside, Place, Printed, Seen, attack
from kdt.publications.document import Document
from kdt.publications.periods import PeriodKind
from kdt.publications.queries import Asked
from kdt.publications.secret import Secret
from kdt.publications.tables import of_theme
from kdt.register.breakdown import Breakdown, broken_down
from kdt.register.figures import Query, figures
from kdt.sheets.delimited import machine
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.themes.service import add as add_theme
from kdt.vocabulary import Measure, Role
from tests.oracle.generator import encode, generate
from tests.publications.tables import KEY
from tests.publications.test_publishing import ONE, OTHER, digest, known, prepared, released
from tests.register.agreeing import question
from tests.register.tagging import THEMES, tagged

AS_OF = date(2023, 6, 1)
EVERYWHERE = ("*", "*", "*", "*")


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """An invented record with themes, and two who may publish."""
    file = tmp_path / "history.jsonl"
    file.write_bytes(encode(tagged(Random(5), generate(5, 80))))
    assert import_history(store, file, by="beheer").bad == []
    with writing(store) as connection:
        people = [Person(one.person, one.person, ((one.role, None),)) for one in (ONE, OTHER)]
        enter(connection, By("beheer"), people)
    return store


def asked(topic: str, kind: PeriodKind, until: date, *by: str) -> Asked:
    return Asked(topic, periods.of(kind, until), AS_OF, by, True)


def exactly(filled: Store, theme: str) -> int:
    with reading(filled) as connection:
        year = Query(date(2022, 1, 1), date(2022, 12, 31), AS_OF)
        found = broken_down(connection, Breakdown(year, ("theme",)))
    rows = {row.key[0]: row.amounts[Measure.CONSIDERED] for row in found.rows}
    return rows[theme]


def test_a_table_by_theme_has_a_total_of_its_own(filled: Store) -> None:
    whole = released(filled, asked("considered", PeriodKind.YEAR, date(2022, 12, 1)))
    read = released(filled, asked("themes", PeriodKind.YEAR, date(2022, 12, 1)))
    year = read.table.period.key
    for theme in THEMES:
        cell = (of_theme(theme), *EVERYWHERE, year)
        assert abs(read.cells[cell] - exactly(filled, theme)) <= read.bound(cell)
        months = [read.cells[*cell[:-1], month] for month in read.table.period.months]
        assert sum(months) == read.cells[cell]
    own = read.cells["themes", *EVERYWHERE, year]
    assert own == sum(read.cells[of_theme(one), *EVERYWHERE, year] for one in THEMES)
    # A consideration may show both or none: it is no part of the other table.
    assert own != whole.cells["considered", *EVERYWHERE, year]
    certificate = certifying.read(known(filled, read.basis.id)[1].certificate)
    assert certificate.over == (whole.basis.id, read.basis.id)
    assert certificate.passed
    assert any("telt bij elk daarvan" in note for note in sheets.notes(read))


def test_a_theme_is_called_what_it_was_called(filled: Store) -> None:
    read = released(filled, asked("themes", PeriodKind.QUARTER, date(2022, 6, 1), "level"))
    lines = sheets.grid(read).groups[0][1]
    assert [line.category for line in lines] == [*THEMES, "rode draden samen"]
    rows = [*csv.DictReader(io.StringIO(machine(sheets.book(read).main)))]
    assert {row["category"] for row in rows} == {*map(of_theme, THEMES), "themes"}
    assert len(rows) == len(read.cells)
    assert read.basis.themes == {one: one for one in THEMES}


def test_what_was_published_holds_when_there_is_a_theme_more(filled: Store) -> None:
    first = released(filled, asked("themes", PeriodKind.MONTH, date(2022, 5, 1)))
    new = add_theme(filled, Actor("adviseur", Role.POLICY_ADVISER), "Nieuw", "Verzonnen.")
    second = released(filled, asked("themes", PeriodKind.QUARTER, date(2022, 6, 1)))
    assert {*second.table.parts} - {*first.table.parts} == {of_theme(new.id)}
    changed = {cell for cell, _, _ in second.changes}
    assert first.cells.keys() <= second.cells.keys()
    for cell, number in first.cells.items():
        assert second.cells[cell] == number or cell in changed
    assert certifying.read(known(filled, second.basis.id)[1].certificate).passed


@pytest.mark.parametrize("topic", ["themes", "stock"])
def test_it_is_made_again_to_the_byte(filled: Store, topic: str) -> None:
    wanted = prepared(filled, asked(topic, PeriodKind.MONTH, date(2022, 5, 1), "location"))
    assert known(filled, wanted)[0].passed
    service.release(filled, OTHER, wanted, digest(filled, wanted))
    found = making.replayed(filled, wanted, Secret(KEY))
    assert found
    assert found[0] == found[1]


def test_what_waits_is_published_as_it_was_at_the_end_of_a_month(filled: Store) -> None:
    made: list[Document] = [
        released(filled, asked("considered", PeriodKind.QUARTER, date(2022, 6, 1), "location")),
        *(
            released(filled, asked("stock", PeriodKind.MONTH, date(2022, month, 1), "location"))
            for month in (4, 5)
        ),
    ]
    read = made[-1]
    with reading(filled) as connection:
        may = Query(date(2022, 5, 1), date(2022, 5, 31), AS_OF, ("location",))
        rows = figures(connection, may)
    assert rows
    for row in rows:
        cell = ("stock", "*", row.key[0], "*", "*", "2022-05")
        assert abs(read.cells[cell] - row.amounts[Measure.STOCK_END]) <= read.bound(cell)
    # Only the location is told apart, so a line is a location.
    ((heading, lines),) = sheets.grid(read).groups
    assert heading == ""
    assert [line.category for line in lines] == [*read.table.axes["location"], "totaal"]
    assert [line.total for line in lines] == [False] * (len(lines) - 1) + [True]
    certificate = certifying.read(known(filled, read.basis.id)[1].certificate)
    assert certificate.over == tuple(one.basis.id for one in made)


def test_what_waits_is_no_sum_over_months(filled: Store) -> None:
    with pytest.raises(InvalidInput) as refused:
        service.ask(filled, ONE, asked("stock", PeriodKind.QUARTER, date(2022, 6, 1)))
    assert [one.field for one in refused.value.problems] == ["period"]


def test_what_was_made_before_something_it_says_something_of_is_overtaken(filled: Store) -> None:
    waiting = prepared(filled, asked("stock", PeriodKind.MONTH, date(2022, 1, 1)))
    # The stock of the month before, of another year.
    released(filled, asked("stock", PeriodKind.MONTH, date(2021, 12, 1)))
    with pytest.raises(Refused):
        service.release(filled, OTHER, waiting, digest(filled, waiting))


def one(category: str, month: str, truth: int, seen: Seen) -> tuple[Printed, Inside]:
    """A publication of one number."""
    cell = (category, *EVERYWHERE, month)
    axes = (("*",),) * 4
    return Printed(f"P-{category}", category, (), axes, (month,), {cell: seen}), Inside(
        {cell: truth}
    )


ROUNDED = Seen(0, 0, 4)


def test_what_a_theme_says_of_all_considerations_is_known_to_the_attacker() -> None:
    theme = one(of_theme("documenten"), "2022-05", 3, Seen(3, 3, 3))
    together = [one("considered", "2022-05", 3, ROUNDED), theme]
    assert attack(together[:1]).passed
    apart = attack(together)
    told = attack(together, follows=certifying.follows)
    assert [found.publication for found in told.narrowed if found not in apart.narrowed] == [
        "P-considered"
    ]


def by_theme(name: str, themes: tuple[str, ...], total: Seen) -> tuple[Printed, Inside]:
    """Three considerations of the first theme, in a table with these."""
    parts = tuple(map(of_theme, themes))
    cells: dict[Place, Seen] = {(part, *EVERYWHERE, "2022-05"): ROUNDED for part in parts}
    cells["themes", *EVERYWHERE, "2022-05"] = total
    printed = Printed(name, "themes", parts, (("*",),) * 4, ("2022-05",), cells)
    return printed, Inside({(parts[0], *EVERYWHERE, "2022-05"): 3})


def test_a_theme_more_does_not_untie_the_totals_of_two_tables() -> None:
    first = by_theme("P", ("a", "b"), ROUNDED)
    assert attack([first]).passed
    report = attack([first, by_theme("Q", ("a", "b", "c"), Seen(3, 3, 3))])
    total = ("themes", *EVERYWHERE, "2022-05")
    narrowed = {(found.publication, found.cell): found.remaining for found in report.narrowed}
    assert narrowed["P", total] == narrowed["Q", total] == 1


def test_what_came_and_went_says_of_what_waits_is_known_to_the_attacker() -> None:
    waits = [one("stock", "2022-01", 0, ROUNDED), one("stock", "2022-02", 3, ROUNDED)]
    flows = [
        one("referred", "2022-02", 13, Seen(13, 13, 13)),
        one("considered", "2022-02", 10, Seen(10, 10, 10)),
        one("ended", "2022-02", 0, Seen(0, 0, 0)),
    ]
    assert attack([*waits, *flows]).passed
    report = attack([*waits, *flows], follows=certifying.follows)
    assert [(found.cell[-1], found.remaining) for found in report.narrowed] == [("2022-02", 2)]


def test_the_rules_the_attacker_knows_hold(filled: Store) -> None:
    rng = Random(3)
    with reading(filled) as connection:
        for _ in range(30):
            query = question(rng, AS_OF)
            for row in figures(connection, query):
                of = row.amounts
                more = (Measure.STOCK_END, Measure.CONSIDERED, Measure.WITHDRAWN, Measure.LAPSED)
                less = (Measure.STOCK_START, Measure.REFERRED, Measure.HELD_OVER)
                assert sum(of[each] for each in more) >= (
                    sum(of[each] for each in less) + of[Measure.UNRESOLVED]
                )
