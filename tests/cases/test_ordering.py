"""The order of an agenda: one, whatever the order it is made from, and each place explained."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, select, table, text

from kdt.cases import ordering
from kdt.cases.ordering import FIRST, Order, Waiting
from kdt.panels.agendas import Item, difference
from kdt.panels.weights import LEAST, LEAST_OF_WAITING, MOST, Weights
from kdt.store.engine import Store
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
WEIGHT = st.integers(LEAST, MOST)
ORDERS = st.builds(
    Weights, WEIGHT, WEIGHT, WEIGHT, waiting=st.integers(LEAST_OF_WAITING, MOST)
).map(ordering.order_by)
IDS = st.lists(st.sampled_from("ABCDEFGH"), unique=True)


@given(QUEUES, ORDERS, st.randoms())
def test_one_order_whatever_it_is_made_from(queue, order, dice) -> None:  # type: ignore[no-untyped-def]
    shuffled = dice.sample(queue, len(queue))
    assert order.arranged(shuffled) == order.arranged(queue)
    assert {one.id for one in order.arranged(queue)} == {one.id for one in queue}


@given(QUEUES, ORDERS)
def test_only_the_first_criterion_in_which_two_differ_decides(
    queue: list[Waiting], order: Order
) -> None:
    known = {one.id: one for one in queue}
    for before, after in pairwise(order.arranged(queue)):
        ranks = zip(order.key(known[before.id]), order.key(known[after.id]), strict=True)
        first = next((one, other) for one, other in ranks if one != other)
        assert first[0] < first[1]  # type: ignore[operator]


@given(QUEUES)
def test_unresolved_comes_first_then_the_deadline(queue: list[Waiting]) -> None:
    known = {one.id: one for one in queue}
    order = [known[one.id] for one in FIRST.arranged(queue)]
    unresolved = [one.unresolved_last for one in order]
    assert unresolved == sorted(unresolved, reverse=True)
    rest = [one.deadline or date.max for one in order if not one.unresolved_last]
    assert rest == sorted(rest)


@given(WAITING, ORDERS)
def test_the_reason_is_something_that_is_so(one: Waiting, order: Order) -> None:
    so = {
        Basis.UNRESOLVED: one.unresolved_last,
        Basis.DEADLINE: one.deadline is not None,
        Basis.HELD_OVER: one.held_over > 0,
        Basis.WAITING: True,
    }
    assert so[order.basis(one)]


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


def test_the_heavier_goes_first_and_of_two_alike_the_one_that_always_did() -> None:
    assert FIRST.criteria == (Basis.UNRESOLVED, Basis.DEADLINE, Basis.HELD_OVER, Basis.WAITING)
    weighed = ordering.order_by(Weights(unresolved=0, deadline=3, held_over=9, waiting=3))
    assert weighed.criteria == (Basis.HELD_OVER, Basis.DEADLINE, Basis.WAITING)


_QUEUE = text("""
    create temporary table a_queue (
        id text, unresolved_last boolean, deadline date, held_over integer, waiting_since date
    )
""")


def test_the_database_orders_as_it_is_compared_in_memory(store: Store) -> None:
    """One list of criteria, two ways to order by it: they cannot drift apart."""
    names = ", ".join(Waiting._fields)
    values = ", ".join(f":{name}" for name in Waiting._fields)
    enter = text(f"insert into a_queue ({names}) values ({values})")
    rows_of = table("a_queue", *(column(name) for name in Waiting._fields))
    with store.engine.connect() as connection:
        connection.execute(_QUEUE)

        @given(QUEUES, ORDERS)
        def compared(queue: list[Waiting], order: Order) -> None:
            connection.execute(text("delete from a_queue"))
            if queue:
                connection.execute(enter, [one._asdict() for one in queue])
            rows = connection.scalars(select(rows_of.c.id).order_by(*order.columns(rows_of.c)))
            assert list(rows) == [one.id for one in order.arranged(queue)]

        compared()
