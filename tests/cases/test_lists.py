"""A list read page by page is the whole list in its order, whatever it is ordered by."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kdt.access.permissions import Actor
from kdt.cases.list_order import Cursor, Order
from kdt.cases.queries import EscalationRow, Filter, cursor, escalations_of
from kdt.demo.generator import generate
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role
from tests.cases.test_history import bring_in

EVERYBODY = [Actor("toezicht", Role.AUDITOR)]


@pytest.mark.parametrize("order", [*Order])
def test_pages_are_the_whole_list_in_order(order: Order, store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    bring_in(store, list(generate(now.date(), now, escalations=60)), tmp_path)
    pages: list[EscalationRow] = []
    after: Cursor | None = None
    with reading(store) as connection:
        whole = escalations_of(connection, EVERYBODY, Filter(), after=None, limit=1000, order=order)
        while found := escalations_of(
            connection, EVERYBODY, Filter(), after=after, limit=4, order=order
        ):
            pages += found
            after = cursor(found[-1], order)
    assert pages == whole
    assert len({one.id for one in whole}) == len(whole) > 50
    places = [cursor(one, order) for one in whole]
    if order is Order.CHANGED:
        assert [day for day, _ in places] == sorted((day for day, _ in places), reverse=True)
    else:
        assert places == sorted(places)
        assert places[0][0] < places[-1][0]
