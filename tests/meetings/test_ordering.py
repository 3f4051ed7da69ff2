"""The order of an agenda: one, whatever the order it is made from, and each place explained."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kdt.meetings.ordering import Waiting, arranged, basis, key
from kdt.panels.agendas import Item, difference
from kdt.vocabulary import Basis

DAYS = st.integers(0, 6).map(lambda days: date(2026, 11, 23) + timedelta(days=days))
WAITING = st.builds(
    Waiting,
    id=st.text("AB2", min_size=1, max_size=4),
    unresolved_last=st.booleans(),
    deadline=st.none() | DAYS,
    held_over=st.integers(0, 2),
    waiting_since=DAYS,
)
QUEUES = st.lists(WAITING, unique_by=lambda one: one.id, max_size=12)
IDS = st.lists(st.sampled_from("ABCDEFGH"), unique=True)


@given(QUEUES, st.randoms())
def test_one_order_whatever_it_is_made_from(queue, dice) -> None:  # type: ignore[no-untyped-def]
    shuffled = dice.sample(queue, len(queue))
    assert arranged(shuffled) == arranged(queue)
    assert {one.id for one in arranged(queue)} == {one.id for one in queue}


@given(QUEUES)
def test_only_the_first_criterion_in_which_two_differ_decides(queue: list[Waiting]) -> None:
    known = {one.id: one for one in queue}
    for before, after in pairwise(arranged(queue)):
        ranks = zip(key(known[before.id]), key(known[after.id]), strict=True)
        first = next((one, other) for one, other in ranks if one != other)
        assert first[0] < first[1]  # type: ignore[operator]


@given(QUEUES)
def test_unresolved_comes_first_then_the_deadline(queue: list[Waiting]) -> None:
    known = {one.id: one for one in queue}
    order = [known[one.id] for one in arranged(queue)]
    unresolved = [one.unresolved_last for one in order]
    assert unresolved == sorted(unresolved, reverse=True)
    rest = [one.deadline or date.max for one in order if not one.unresolved_last]
    assert rest == sorted(rest)


@given(WAITING)
def test_the_reason_is_something_that_is_so(one: Waiting) -> None:
    so = {
        Basis.UNRESOLVED: one.unresolved_last,
        Basis.DEADLINE: one.deadline is not None,
        Basis.HELD_OVER: one.held_over > 0,
        Basis.WAITING: True,
    }
    assert so[basis(one)]


@given(IDS, IDS)
def test_a_difference_is_what_came_went_and_moved_and_no_more(
    before: list[str], after: list[str]
) -> None:
    told = difference(*([Item(one, Basis.WAITING) for one in ids] for ids in (before, after)))
    assert set(told.came) == set(after) - set(before)
    assert set(told.went) == set(before) - set(after)
    # Without what moved, the rest kept its order.
    still = [one for one in after if one in before and one not in told.moved]
    assert still == [one for one in before if one in still]
