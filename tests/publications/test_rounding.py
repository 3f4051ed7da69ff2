"""Controlled rounding: sums that add up, neighbours alone, and what was printed stays."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kdt.publications.rounding import Before, Cell, Problem, Solution, solve
from kdt.publications.tables import ALL, summed, totals
from kdt.publications.tables import problem as asked_of
from tests.publications.tables import KEY, few, monthly, year


def small(seed: int, amount: int = 150, *, locations: int = 4, months: int = 3) -> Problem:
    table, counted = year(seed, locations, amount, months=months)
    return asked_of(table, 5, counted, {}, never_up=few(counted))


def exact(asked: Problem) -> dict[Cell, int]:
    """What every cell is, added up here."""
    return dict(asked.leaves) | {
        cell: sum(asked.leaves[one] for one in its) for cell, its in asked.totals.items()
    }


def sound(asked: Problem, made: Solution) -> None:
    """Whatever a solution must be."""
    was = exact(asked)
    assert made.rounded.keys() == was.keys()
    for cell, its in asked.totals.items():
        assert made.rounded[cell] == sum(made.rounded[one] for one in its)
    for cell, amount in was.items():
        assert made.rounded[cell] % asked.base == 0
        assert made.rounded[cell] >= 0
        assert abs(made.rounded[cell] - amount) <= made.bounds[asked.group[cell]]


@given(st.integers(0, 10_000), st.integers(0, 300), st.sampled_from([5, 10]))
def test_every_cell_becomes_a_neighbouring_multiple_and_every_sum_adds_up(
    seed: int, amount: int, base: int
) -> None:
    asked = replace(small(seed, amount), base=base)
    made = solve(asked, KEY)
    sound(asked, made)
    if set(made.bounds.values()) == {base - 1}:
        neighbours = {0, base}
        for cell, was in exact(asked).items():
            assert made.rounded[cell] - was // base * base in neighbours


def test_the_same_question_has_the_same_answer_and_another_secret_or_try_another() -> None:
    first = solve(small(1, 200), KEY)
    assert solve(small(1, 200), KEY) == first
    assert solve(small(1, 200), b"another secret altogether").rounded != first.rounded
    assert solve(small(1, 200), KEY, attempt=1).rounded != first.rounded


def test_an_empty_cell_looks_like_one_with_a_few_in_it() -> None:
    asked = small(3, 200)
    made = solve(asked, KEY)
    behind = {asked.leaves[cell] for cell in asked.leaves if made.rounded[cell] == 0}
    assert behind >= {0, 1, 2, 3}


def test_rounding_loses_nothing_on_the_average() -> None:
    off = [
        made.rounded[cell] - amount
        for seed in range(10)
        for asked in [small(seed, 300)]
        for made in [solve(asked, KEY)]
        for cell, amount in asked.leaves.items()
    ]
    assert abs(sum(off) / len(off)) < 0.25


@given(st.integers(0, 10_000))
def test_what_did_not_change_is_printed_as_it_was(seed: int) -> None:
    asked = small(seed)
    first = solve(asked, KEY)
    before = {cell: Before(was, first.rounded[cell]) for cell, was in exact(asked).items()}
    again = solve(replace(asked, before=before), b"another secret altogether")
    assert again.rounded == first.rounded
    assert not again.moved


@given(st.integers(0, 10_000), st.data())
def test_what_changed_stays_while_it_may_and_else_moves(seed: int, data: st.DataObject) -> None:
    asked = small(seed)
    first = solve(asked, KEY)
    before = {cell: Before(was, first.rounded[cell]) for cell, was in exact(asked).items()}
    late = data.draw(st.lists(st.sampled_from(sorted(asked.leaves)), min_size=1, max_size=4))
    leaves = dict(asked.leaves)
    for cell in late:
        leaves[cell] += 1
    later = replace(asked, leaves=leaves, before=before)
    made = solve(later, KEY)
    sound(later, made)
    now = exact(later)
    for cell in made.moved:
        assert now[cell] != before[cell].exact
    must = [
        cell
        for cell, amount in now.items()
        if abs(before[cell].rounded - amount) > made.bounds[asked.group[cell]]
    ]
    assert set(must) <= set(made.moved)
    assert made.moved or not must


def test_months_that_are_frozen_widen_the_bound_in_the_open_and_never_end_without_an_answer() -> (
    None
):
    bounds = []
    for _table, _counted, asked, made in monthly(1, 12, locations=8, a_month=60):
        sound(asked, made)
        bounds.append(max(made.bounds.values()))
    assert set(bounds) == {4, 9}


def test_a_few_of_what_is_published_exactly_are_never_rounded_up() -> None:
    table, counted = year(5, 4, 200, months=3)
    counted = {cell: amount for cell, amount in counted.items() if cell[0] != "unresolved"}
    counted["unresolved", ALL, "loc01", ALL, ALL, "2026-02"] = 1
    made = solve(asked_of(table, 5, counted, {}, never_up=few(counted)), KEY)
    assert {made.rounded[cell] for cell in made.rounded if cell[0] == "unresolved"} == {0}


def test_a_larger_table_adds_up_along_every_way() -> None:
    table, counted = year(2, 10, 900, months=6)
    asked = asked_of(table, 5, counted, {})
    made = solve(asked, KEY)
    sound(asked, made)
    assert summed(table, counted) == exact(asked)
    assert len(totals(table)) + len(asked.leaves) == table.size
