"""A page asks the database as many questions of a large record as of a small one."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from kdt.store.engine import Store
from tests.api.conftest import OFFICER, SECRETARY
from tests.pages.conftest import Desk

MANAGER = "manager-1"
# The most statements of each page, with those for who it is and how often they may ask.
PAGES = {
    (OFFICER, "/"): 8,
    (SECRETARY, "/"): 10,
    (MANAGER, "/"): 20,
    (SECRETARY, "/queue"): 6,
    (SECRETARY, "/meetings"): 6,
    (SECRETARY, "/meetings/today"): 19,
    (OFFICER, "/escalations"): 6,
    (SECRETARY, "/escalations"): 6,
    (OFFICER, "/escalations/one"): 13,
    (MANAGER, "/themes"): 9,
    (MANAGER, "/figures"): 13,
    (MANAGER, "/answers"): 21,
    (MANAGER, "/lead-times"): 11,
    (MANAGER, "/dashboard"): 30,
}


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """Those executed in the block."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        found.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
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
        assert len(large[page]) <= most, (page, large[page])
