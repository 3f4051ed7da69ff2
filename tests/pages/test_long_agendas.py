"""An agenda of more items than a page shows: in parts, each item with one number wherever it is."""

import re
from pathlib import Path

import pytest

from api.pages.agenda_parts import SIZE
from kdt import words
from kdt.cases import before_panel, ordering
from kdt.ledger.service import By
from kdt.panels import agendas
from kdt.panels.agendas import Item
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Basis
from tests.api.conftest import SECRETARY
from tests.pages.conftest import Desk, Page
from tests.pages.long_agendas import list_many

ITEMS = 2 * SIZE + 20
OUTCOME = {"outcome": "held_over", "reasons": "Verzonnen."}
_ROW = r'<tr id="i-(V-\d+)".*?data-label="Nummer">(\d+)</td>'


@pytest.fixture
def ids(desk: Desk, store: Store, tmp_path: Path) -> list[str]:
    """What is on today's agenda of Den Bosch, in its order."""
    list_many(store, tmp_path, ITEMS)
    return in_order(desk, store)


def in_order(desk: Desk, store: Store) -> list[str]:
    """The agenda as it stands."""
    with reading(store) as connection:
        order = ordering.in_force(connection, desk.today)
        found = before_panel.agenda(connection, desk.local, desk.today, order=order)
        assert before_panel.in_order(connection, desk.local, desk.today, order=order) == [
            one.id for one in found
        ]
    return [one.id for one in found]


def numbered(page: Page) -> list[tuple[str, int]]:
    """The items a page shows, with their numbers."""
    return [(one, int(place)) for one, place in re.findall(_ROW, page.main, re.DOTALL)]


def onward(page: Page, way: str) -> str:
    """Where a link of the pager leads."""
    found = re.search(rf'<a href="([^"]*)" rel="{way}">[^<]* zaken</a>', page.main)
    assert found is not None, way
    return found[1].replace("&amp;", "&")


def taken(page: Page) -> str:
    """The item now taken."""
    (found,) = re.findall(r'<h2 id="case-title">.*?<span class="none">(V-\d+)</span>', page.main)
    return str(found)


def test_an_agenda_is_read_part_by_part_and_every_number_is_that_of_its_place(
    desk: Desk, ids: list[str]
) -> None:
    secretary = desk.sign_in(SECRETARY)
    page = secretary.get(desk.meeting)
    assert f"Zaak 1 tot en met {SIZE} van {ITEMS}." in page.main
    # Of all of it, not of the part that is shown.
    assert f"Van {ITEMS // 10} zaken is de termijn verlopen." in page.main
    seen, parts = numbered(page), 1
    while 'rel="next">Volgende zaken' in page.main:
        page, parts = secretary.get(onward(page, "next")), parts + 1
        seen += numbered(page)
        assert taken(page) == ids[0]
    assert (seen, parts) == ([(one, place) for place, one in enumerate(ids, 1)], 3)
    assert "Naar het begin" in page.main
    assert numbered(secretary.get(onward(page, "prev")))[0] == (ids[SIZE], SIZE + 1)
    # What is no part is the part of the item that is taken.
    for nonsense in ("0", "-1", "x", "999999999"):
        assert secretary.get(f"{desk.meeting}?part={nonsense}").status == 200
    assert numbered(secretary.get(f"{desk.meeting}?part=99"))[-1] == (ids[-1], ITEMS)


def test_an_item_is_shown_within_its_part_and_leads_to_the_next_across_the_edge(
    desk: Desk, ids: list[str]
) -> None:
    secretary = desk.sign_in(SECRETARY)
    last = ids[SIZE - 1]
    page = secretary.get(f"{desk.meeting}?item={last}")
    assert taken(page) == last
    assert numbered(page)[-1] == (last, SIZE)
    page = secretary.get(_beside(page, "n"))
    assert taken(page) == ids[SIZE]
    assert numbered(page)[0] == (ids[SIZE], SIZE + 1)
    assert f'<tr id="i-{ids[SIZE]}"' in page.main.partition('class="now"')[0][-400:]
    assert taken(secretary.get(_beside(page, "p"))) == last
    # It stays taken while one looks elsewhere.
    elsewhere = secretary.get(onward(page, "next"))
    assert taken(elsewhere) == ids[SIZE]
    assert numbered(elsewhere)[0] == (ids[2 * SIZE], 2 * SIZE + 1)


def test_outcomes_are_recorded_and_undone_in_any_part_and_followed(
    desk: Desk, store: Store, ids: list[str]
) -> None:
    secretary = desk.sign_in(SECRETARY)
    page = secretary.get(f"{desk.meeting}?item={ids[SIZE + 5]}&part=3")
    assert numbered(page)[0] == (ids[2 * SIZE], 2 * SIZE + 1)
    page = secretary.send(page, f"{desk.meeting}?item", **OUTCOME)
    assert f"1 van {ITEMS} behandeld" in page.main
    # What was taken comes first, and the rest follows in its order.
    left = [one for one in ids if one != ids[SIZE + 5]]
    assert numbered(page)[:2] == [(ids[SIZE + 5], 1), (ids[0], 2)]
    assert taken(page) == ids[0]
    followed = secretary.get(f"{desk.meeting}?part=2&following=1")
    assert numbered(followed) == [
        (one, place) for place, one in enumerate(left[SIZE - 1 : 2 * SIZE - 1], SIZE + 1)
    ]
    for _ in range(2):
        page = secretary.send(page, f"{desk.meeting}?item", **OUTCOME)
    assert f"3 van {ITEMS} behandeld" in page.main
    page = secretary.send(page, f"{desk.meeting}/undo")
    assert words.say("notice.undone") in page.text
    assert f"2 van {ITEMS} behandeld" in page.main
    assert in_order(desk, store)[0] == ids[1] == taken(page)


def test_once_more_was_taken_than_a_part_holds_the_meeting_goes_on_where_it_is(
    desk: Desk, store: Store, ids: list[str]
) -> None:
    secretary = desk.sign_in(SECRETARY)
    page = secretary.get(desk.meeting)
    for _ in range(SIZE + 1):
        page = secretary.send(page, f"{desk.meeting}?item", **OUTCOME)
    assert numbered(page)[:2] == [(ids[SIZE], SIZE + 1), (ids[SIZE + 1], SIZE + 2)]
    assert taken(page) == ids[SIZE + 1]
    # Whole of what was taken, and yet the item stays.
    first = secretary.get(f"{desk.meeting}?part=1")
    assert [one for one, _ in numbered(first)] == ids[:SIZE]
    assert taken(first) == ids[SIZE + 1]
    assert "Net vastgelegd:" in first.main
    assert secretary.send(first, f"{desk.meeting}/undo").status == 200
    assert in_order(desk, store)[0] == ids[SIZE]


def test_an_agenda_that_is_drawn_up_keeps_its_order_and_says_what_changed(
    desk: Desk, store: Store, ids: list[str]
) -> None:
    order = [*reversed(ids)]
    with writing(store) as connection:
        meeting = agendas.locked(connection, desk.local, desk.today)
        assert meeting is not None
        items = [Item(one, Basis.WAITING) for one in order]
        agendas.draw_up(connection, By("klok"), meeting.id, items, moments.now(connection))
    secretary = desk.sign_in(SECRETARY)
    page = secretary.get(f"{desk.meeting}?part=2")
    assert numbered(page)[0] == (order[SIZE], SIZE + 1)
    assert "Versie 1." in page.main
    path = desk.brought("Z-laat")
    late = {"meetingOn": desk.today.isoformat(), "late": "urgent"}
    secretary.fill(f"{path}/list", **late)
    page = secretary.get(f"{desk.meeting}?part=3")
    assert "Versie 2." in page.main
    changed = page.main.partition("Nagekomen")[2].partition("</dd>")[0]
    assert "Z-laat" in changed
    assert page.main.count(words.say("late.urgent")) == 2
    assert "Z-laat" in page.main.rpartition("<tr ")[2]


def test_a_long_agenda_is_read_ahead_part_by_part(desk: Desk, ids: list[str]) -> None:
    secretary = desk.sign_in(SECRETARY)
    page = secretary.get(f"{desk.meeting}/prepare")
    assert words.say("prepare.progress", said=0, items=ITEMS) in page.main
    assert numbered(page) == [(one, place) for place, one in enumerate(ids[:SIZE], 1)]
    page = secretary.get(onward(page, "next"))
    assert numbered(page)[0] == (ids[SIZE], SIZE + 1)
    given = {"stance": "discuss"}
    page = secretary.send(page, f"{desk.meeting}/prepare?item", **given)
    assert words.say("prepare.progress", said=1, items=ITEMS) in page.main
    page = secretary.get(f"{desk.meeting}/prepare?item={ids[-1]}")
    assert numbered(page)[-1] == (ids[-1], ITEMS)


def _beside(page: Page, key: str) -> str:
    found = re.search(rf'rel="\w+" href="([^"]*)" data-key="{key}"', page.main)
    assert found is not None, key
    return found[1].replace("&amp;", "&")
