"""Who may see which page, and what nobody sees in a list."""

from pathlib import Path

import httpx
import pytest

from kdt import words
from kdt.store.engine import Store
from tests.api.conftest import (
    AUDITOR,
    NATIONAL_SECRETARY,
    OFFICER,
    OTHER_OFFICER,
    SECRETARY,
    serving,
    visitor,
)
from tests.pages.conftest import DILEMMA, Desk, Reader


def test_nobody_signed_in_is_asked_to_choose_a_person(desk: Desk) -> None:
    with visitor(desk.base) as client:
        answer = client.get("/escalations")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/signin?next=%2Fescalations"


def test_in_a_real_record_nobody_can_choose_a_person(not_a_demo: httpx.Client) -> None:
    door = not_a_demo.get("/", follow_redirects=True)
    assert door.status_code == 200
    assert words.say("api.no_sign_in") in door.text
    assert not_a_demo.post("/signin", data={"person": OFFICER}).status_code == 401
    assert not_a_demo.get("/escalations").status_code == 401


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (OFFICER, 200),
        (OTHER_OFFICER, 404),
        (SECRETARY, 200),
        (NATIONAL_SECRETARY, 404),
        (AUDITOR, 200),
        ("manager-1", 403),
    ],
)
def test_a_local_case_is_for_who_brought_it_and_the_own_panel(
    desk: Desk, person: str, status: int
) -> None:
    assert desk.sign_in(person).get(desk.brought()).status == status


@pytest.mark.parametrize("path", ["/queue", "/meetings"])
def test_a_queue_and_its_meetings_are_for_the_panel(desk: Desk, path: str) -> None:
    assert desk.sign_in(SECRETARY).get(path).status == 200
    assert desk.sign_in(OFFICER).get(path).status == 404


def test_one_panel_does_not_look_into_another(desk: Desk) -> None:
    other = desk.sign_in(NATIONAL_SECRETARY)
    assert other.get(f"/queue?panel={desk.local}").status == 404
    assert other.get(desk.meeting).status == 404


def test_lists_show_no_text(desk: Desk) -> None:
    path = desk.listed()
    officer, secretary = desk.sign_in(OFFICER), desk.sign_in(SECRETARY)
    assert DILEMMA in officer.get(path).main
    for reader, lists in (
        (officer, ["/", "/escalations"]),
        (secretary, ["/", "/queue", "/meetings", "/escalations"]),
    ):
        for one in lists:
            assert DILEMMA not in reader.get(one).text


def test_a_case_number_is_searched_for_by_post_and_found(desk: Desk) -> None:
    desk.brought("Z-17")
    officer = desk.sign_in(OFFICER)
    found = officer.send(officer.get("/escalations"), "/escalations/search", case="Z-17")
    assert "Z-17</a>" in found.main
    assert "Z-17" not in found.path
    stranger = desk.sign_in(OTHER_OFFICER)
    none = stranger.send(stranger.get("/escalations"), "/escalations/search", case="Z-17")
    assert "Van deze zaak is niets voorgelegd" in none.main


def test_who_brought_a_case_is_offered_no_correction_of_its_outcome(desk: Desk) -> None:
    path = desk.listed()
    desk.sign_in(SECRETARY).fill(
        f"{desk.meeting}", outcome="decided.in_favour", reasons="Verzonnen."
    )
    officer, secretary = desk.sign_in(OFFICER), desk.sign_in(SECRETARY)
    assert f"{path}/entries/4/correct" in secretary.get(path).main
    assert f"{path}/entries/4/correct" not in officer.get(path).main
    assert officer.get(f"{path}/entries/4/correct").status == 403


@pytest.mark.parametrize(
    ("person", "path"),
    [
        (SECRETARY, "/"),
        (SECRETARY, "/queue"),
        (NATIONAL_SECRETARY, "/meetings"),
        (AUDITOR, "/queue"),
        (OFFICER, "/escalations/new"),
    ],
)
def test_before_there_is_a_panel_a_page_says_so_calmly(
    store: Store, tmp_path: Path, person: str, path: str
) -> None:
    with serving(store, tmp_path) as client:
        reader = Reader(client.base_url, person)
        page = reader.get(path)
        reader.client.close()
    assert page.status == 200
    assert "Nog even geduld" in page.main
    assert f'href="{path}"' in page.main


def test_lists_sort_by_deadline_and_by_waiting(desk: Desk) -> None:
    late = desk.brought("Z-late", decideBy="2099-06-01")
    soon = desk.brought("Z-soon", decideBy="2098-06-01")
    without = desk.brought("Z-without")
    secretary = desk.sign_in(SECRETARY)
    for path in ("/queue?sort=deadline", "/escalations?sort=deadline"):
        page = secretary.get(path)
        places = [page.main.index(f'href="{one}"') for one in (soon, late, without)]
        assert places == sorted(places)
        assert 'aria-sort="ascending"' in page.main
    assert 'aria-sort="descending"' in secretary.get("/escalations?sort=waiting").main
    assert secretary.get("/queue?sort=nonsense").status == 200
