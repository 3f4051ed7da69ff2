"""The attacker finds nothing in what is rounded well, and something in what is done badly."""

from dataclasses import replace

import pytest

from kdt.publications.attack import Inside, Printed, Seen, Unsolved, attack
from kdt.publications.attack.certify import nothing
from kdt.publications.attack.model import Model
from kdt.publications.rounding import solve
from kdt.publications.tables import Table, problem, summed
from tests.publications.reading import hidden, inside, nearest, read, with_zeros
from tests.publications.tables import KEY, few, monthly, year


def rounded(table: Table, counted: dict[tuple[str, ...], int], key: bytes = KEY) -> Printed:
    made = solve(problem(table, 5, counted, {}, never_up=few(counted)), key)
    return read("P", table, made.rounded, made.bounds)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_rounded_well_gives_no_small_cell_away(seed: int) -> None:
    table, counted = year(seed, 6, 250, months=4)
    told: list[tuple[int, int]] = []
    report = attack(
        [(rounded(table, counted), inside(table, counted))],
        watch=lambda done, of: told.append((done, of)),
    )
    assert report.passed
    small = {cell for cell, amount in summed(table, counted).items() if 1 <= amount <= 4}
    assert 50 < report.small <= len(small)
    assert told[-1] == (report.small, report.small)


def test_nothing_is_given_away_by_month_after_month_of_the_year_to_date() -> None:
    published = []
    for table, counted, _asked, made in monthly(3, 6, locations=5, a_month=40):
        published.append(
            (read(table.period.key, table, made.rounded, made.bounds), inside(table, dict(counted)))
        )
    assert attack(published).passed
    everything_of_one = attack(published, least=2, known=lambda part: part[2] == "loc03")
    assert everything_of_one.passed
    assert everything_of_one.small < attack(published).small


def test_totals_rounded_on_their_own_do_not_add_up() -> None:
    table, counted = year(1, 6, 250, months=4)
    report = attack([(nearest("P", table, counted), inside(table, counted))])
    assert not report.passed
    assert report.not_adding


def test_zeros_that_can_be_told_give_others_away() -> None:
    table, counted = year(1, 12, 300, months=4)
    good = rounded(table, counted)
    assert attack([(good, inside(table, counted))]).passed
    told = with_zeros(good, table, counted)
    report = attack([(told, inside(table, counted))])
    assert not report.not_adding
    assert report.narrowed


def test_solving_again_with_another_secret_gives_small_cells_away() -> None:
    table, counted = year(1, 8, 250, months=4)
    truth = inside(table, counted)
    again = [replace(rounded(table, counted, bytes([at]) * 32), id=f"P{at}") for at in range(4)]
    assert attack([(again[0], truth)]).passed
    report = attack([(one, truth) for one in again])
    assert report.narrowed


def test_hidden_cells_under_five_are_worked_out_from_what_is_printed() -> None:
    table, counted = year(1, 8, 250, months=4)
    report = attack([(hidden("P", table, counted), inside(table, counted))])
    assert not report.not_adding
    exactly = [one for one in report.narrowed if one.remaining == 1]
    assert len(exactly) > report.small / 10


def test_a_cell_further_off_than_announced_is_named() -> None:
    table, counted = year(1, 6, 250, months=4)
    good = rounded(table, counted)
    total = next(cell for cell, seen in good.cells.items() if (seen.number or 0) > 40)
    narrow = {**good.cells, total: Seen(good.cells[total].number, 0, 9)}
    report = attack([(replace(good, cells=narrow), inside(table, counted))])
    assert report.outside == (("P", total),)


def pair(first: str, second: str, exactly: int | None = None) -> tuple[Printed, Inside]:
    """Two cells and their total: 3 printed as 0, and 1 or nothing as 5."""
    here, there, total = (place(one) for one in (first, second, "*"))
    counted = {here: 3, there: 1 if exactly else 0}
    cells = {here: Seen(0, 0, 4), there: Seen(5, 0, 9), total: Seen(5, 1, 9)}
    axes = (("*",), (first, second), ("*",), ("*",))
    told = {} if exactly is None else {total: exactly}
    one = Printed("P", "considered", (), axes, ("2026-01",), cells, told)
    return one, Inside(counted)


def place(location: str) -> tuple[str, ...]:
    return ("considered", "*", location, "*", "*", "2026-01")


def test_an_insider_works_out_the_other_of_two_from_an_exact_total() -> None:
    assert attack([pair("here", "there")]).passed
    told = pair("here", "there", exactly=4)
    assert attack([told]).passed
    report = attack([told], least=2, known=lambda part: part[2] == "here")
    assert [(found.cell, found.remaining) for found in report.narrowed] == [(place("there"), 1)]


def test_who_knows_nearly_all_of_a_total_rounded_to_nothing_knows_the_rest_nearly() -> None:
    here, there, total = (place(name) for name in ("here", "there", "*"))
    cells = {here: Seen(0, 0, 4), there: Seen(0, 0, 4), total: Seen(0, 0, 4)}
    axes = (("*",), ("here", "there"), ("*",), ("*",))
    one = Printed("P", "considered", (), axes, ("2026-01",), cells)
    told = [(one, Inside({here: 3, there: 1}))]
    assert attack(told).passed
    report = attack(told, known=lambda part: part[2] == "here")
    # That it is 0 or 1; and of a total only what is not known already counts.
    assert {(found.cell, found.remaining) for found in report.narrowed} == {(there, 2), (total, 2)}
    assert attack(told, least=2, known=lambda part: part[2] == "here").passed
    everything = [(one, Inside({here: 4, there: 0}))]
    assert attack(everything, least=2, known=lambda part: part[2] == "here").passed


def test_what_is_published_exactly_may_leave_fewer_values_but_says_not_where() -> None:
    table, counted = year(4, 5, 200, months=3)
    counted = {cell: amount for cell, amount in counted.items() if cell[0] != "unresolved"}
    counted["unresolved", "*", "loc01", "*", "*", "2026-02"] = 2
    total = ("unresolved", "*", "*", "*", "*", table.period.key)
    truth = inside(table, counted)
    good = replace(rounded(table, counted), exactly={total: 2})
    assert attack([(good, truth)]).passed
    where = ("unresolved", "*", "loc01", "*", "*", "2026-02")
    tries = (solve(problem(table, 5, counted, {}), bytes([key])) for key in range(50))
    careless = next(made for made in tries if made.rounded[where] == 5)
    told = replace(read("P", table, careless.rounded, careless.bounds), exactly={total: 2})
    assert attack([(told, truth)]).narrowed


def test_who_knows_all_there_is_of_what_is_published_exactly_learns_nothing_from_it() -> None:
    one, truth = pair("here", "there", exactly=4)
    total = one.cells.keys() - truth.counted.keys()
    all_here = Inside({place("here"): 4, place("there"): 0})
    report = attack([(one, all_here)], least=2, known=lambda part: part[2] == "here")
    assert len(total) == 1
    assert report.passed


def test_what_cannot_happen_is_known_to_the_attacker() -> None:
    one, truth = pair("local", "national")
    assert attack([(one, truth)], least=5).passed
    report = attack([(one, truth)], least=5, never=lambda part: part[2] == "national")
    assert {(found.cell[2], found.remaining) for found in report.narrowed} == {
        ("local", 4),
        ("*", 4),
    }


def test_the_same_cell_in_a_table_with_other_dimensions_is_the_same_number() -> None:
    by_location, counted = year(2, 3, 60, months=1)
    alone = Table("considered", by_location.period, by_month=True, axes={})
    together: dict[tuple[str, ...], int] = {}
    for cell, amount in counted.items():
        at = (cell[0], "*", "*", "*", "*", cell[-1])
        together[at] = together.get(at, 0) + amount
    first = (rounded(by_location, counted), inside(by_location, counted))
    exact = {cell: Seen(amount, amount, amount) for cell, amount in summed(alone, together).items()}
    second = replace(rounded(alone, together), id="Q", cells=exact)
    assert attack([first]).passed
    report = attack([first, (second, inside(alone, together))])
    assert {one.publication for one in report.narrowed} == {"P", "Q"}


def test_what_contradicts_itself_is_no_certificate() -> None:
    part, total = place("here"), place("*")
    axes = (("*",), ("here",), ("*",), ("*",))
    cells = {part: Seen(0, 0, 4), total: Seen(10, 6, 14)}
    one = Printed("P", "considered", (), axes, ("2026-01",), cells)
    model = Model([(one, Inside({part: 5}))], never=nothing, known=nothing)
    with pytest.raises(Unsolved):
        model.solver().most([((0,), 1)])
