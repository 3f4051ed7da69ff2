"""The IND-wide forum in the browser: who reads what, and what the adviser makes of it."""

from tests.api.conftest import ADVISER, OFFICER, OTHER_OFFICER
from tests.pages.conftest import Desk


def test_a_case_is_brought_by_who_knows_of_it_and_shown_to_nobody_else(desk: Desk) -> None:
    case = desk.brought("Z-forum").rpartition("/")[2]
    other = desk.sign_in(OTHER_OFFICER)
    refused = other.fill("/forum/new", problem="Verzonnen probleem.", escalation=case)
    assert refused.status == 400
    officer = desk.sign_in(OFFICER)
    officer.fill("/forum/new", problem="Verzonnen probleem.", escalation=case)
    assert case in officer.get("/forum").main
    page = other.get("/forum")
    assert "Verzonnen probleem." in page.main
    assert case not in page.text
    assert "Uitkomst vastleggen" not in page.main


def test_the_adviser_records_what_the_forum_made_of_it(desk: Desk) -> None:
    officer, adviser = desk.sign_in(OFFICER), desk.sign_in(ADVISER)
    officer.fill("/forum/new", problem="Verzonnen probleem.")
    path = "/forum/F-" + adviser.get("/forum").main.partition("/forum/F-")[2].partition('"')[0]
    page = adviser.fill(path, discussedOn=desk.today.isoformat(), name="Zorg voor ouders")
    assert page.path == "/forum"
    assert '/themes/zorg-voor-ouders"' in page.main
    assert "Zorg voor ouders" in officer.get("/themes").main
    assert officer.get(path).status == 403
