"""Panels and locations, opened, renamed and closed by the administrator, from a day on."""

import re
from datetime import timedelta

import pytest

from kdt import words
from tests.api.conftest import ADMINISTRATOR, OFFICER
from tests.pages.conftest import Desk


def test_a_new_location_comes_with_its_panel(desk: Desk) -> None:
    page = desk.sign_in(ADMINISTRATOR).fill("/locations/new", name="Ter Apel")
    assert page.path == "/panels"
    assert "KDT Ter Apel" in page.main
    assert "De wijziging is vastgelegd." in page.main


def test_a_name_announced_for_later_is_shown_beside_the_one_of_today(desk: Desk) -> None:
    later = desk.today + timedelta(days=30)
    page = desk.sign_in(ADMINISTRATOR).fill(
        "/panels/kdt-den-bosch/rename", name="KDT Brabant", on=later.isoformat()
    )
    assert "KDT Den Bosch" in page.main
    assert f"vanaf {words.full_day(later)}: KDT Brabant" in page.main


def test_a_panel_is_closed_after_its_location_and_not_before(desk: Desk) -> None:
    administrator = desk.sign_in(ADMINISTRATOR)
    refused = administrator.fill("/panels/kdt-den-bosch/close")
    assert refused.status == 409
    assert "De locatie Den Bosch is dan nog open" in refused.main
    assert "Gesloten" in administrator.fill("/locations/Den%20Bosch/close").main
    assert administrator.fill("/panels/kdt-den-bosch/close").path == "/panels"
    reopened = administrator.fill("/locations/Den%20Bosch/reopen")
    assert "Gesloten" not in reopened.main


def test_a_second_panel_in_one_place_is_refused_and_what_was_typed_is_kept(desk: Desk) -> None:
    page = desk.sign_in(ADMINISTRATOR).fill(
        "/panels/new", level="local", location="Den Bosch", name="Nog een KDT"
    )
    assert page.status == 409
    assert "is er al een KDT" in page.main
    assert 'value="Nog een KDT"' in page.main


def test_a_day_that_is_none_is_said_at_the_day(desk: Desk) -> None:
    page = desk.sign_in(ADMINISTRATOR).fill("/locations/new", name="Budel", on="morgen")
    assert page.status == 400
    assert '<a href="#on">' in page.main
    assert 'value="Budel"' in page.main


@pytest.mark.parametrize("name", ["A/B", "'t Zand & Zee", "100% Noord?"])
def test_a_name_with_signs_in_it_can_be_changed_too(desk: Desk, name: str) -> None:
    administrator = desk.sign_in(ADMINISTRATOR)
    page = administrator.fill("/locations/new", name=name)
    renaming = re.findall(r'href="(/locations/[^"]*/rename)"', page.answer.text)
    [link] = [one for one in renaming if "Bosch" not in one]
    assert "Hernoemd" in administrator.fill(link, name="Hernoemd").main


def test_somebody_else_sees_what_there_is_and_changes_nothing(desk: Desk) -> None:
    officer = desk.sign_in(OFFICER)
    page = officer.get("/panels")
    assert "KDT Den Bosch" in page.main
    assert "/rename" not in page.main
    for path in ("/locations/new", "/panels/new", "/panels/kdt-den-bosch/close"):
        assert officer.get(path).status == 403


def test_a_panel_that_is_not_there_is_not_found(desk: Desk) -> None:
    administrator = desk.sign_in(ADMINISTRATOR)
    assert administrator.get("/panels/nergens/close").status == 404
    assert administrator.get("/locations/Nergens/close").status == 404
