"""A page asks the database as many questions of a large record as of a small one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sqlalchemy import event

from kdt.store.driver import Driver, Statement
from kdt.store.engine import Store
from tests.api.conftest import OFFICER, SECRETARY
from tests.pages.conftest import Desk

MANAGER = "manager-1"
# What goes past the cursors in one message, however many statements that are.
TOGETHER = "together"
# The most statements of each page beside those, with those for who it is and how often they may
# ask. What rises is one of the board's, what places and themes are called two of the figures'.
PAGES = {
    (OFFICER, "/"): 7,
    (SECRETARY, "/"): 10,
    (MANAGER, "/"): 17,
    (SECRETARY, "/queue"): 5,
    (SECRETARY, "/meetings"): 5,
    (SECRETARY, "/meetings/today"): 19,
    (OFFICER, "/escalations"): 5,
    (SECRETARY, "/escalations"): 5,
    (OFFICER, "/escalations/one"): 13,
    (MANAGER, "/themes"): 9,
    (MANAGER, "/figures"): 12,
    (MANAGER, "/answers"): 21,
    (MANAGER, "/lead-times"): 6,
    (MANAGER, "/dashboard"): 16,
}


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Those executed in the block, and for every message `TOGETHER`."""
    found: list[str] = []
    together = Driver.together

    def note(_: object, __: object, statement: str, *___: object) -> None:
        found.append(statement)

    def asked_together(driver: Driver, statements: Sequence[Statement]) -> list[list[Any]]:
        found.append(TOGETHER)
        return together(driver, statements)

    event.listen(store.engine, "before_cursor_execute", note)
    with mock.patch.object(Driver, "together", asked_together):
        yield found
    event.remove(store.engine, "before_cursor_execute", note)


def asked(store: Store, desk: Desk, one: str) -> dict[tuple[str, str], list[str]]:
    """What each page asks now."""
    found = {}
    for person, path in PAGES:
        there = {"/meetings/today": desk.meeting, "/escalations/one": one}.get(path, path)
        reader = desk.sign_in(person)
        # The first time it is asked how far the example year is.
        assert reader.get(there).status == 200
        with statements(store) as made:
            reader.get(there)
        found[person, path] = made
    return found


def test_a_page_asks_as_much_of_a_large_record_as_of_a_small_one(desk: Desk, store: Store) -> None:
    one = desk.listed("Z-1")
    desk.brought("Z-2")
    small = asked(store, desk, one)
    for number in range(3, 9):
        desk.brought(f"Z-{number}")
    desk.listed("Z-9")
    large = asked(store, desk, one)
    for page, most in PAGES.items():
        assert len(large[page]) == len(small[page]), (page, large[page])
        alone = [one for one in large[page] if one != TOGETHER]
        assert len(alone) <= most, (page, alone)
