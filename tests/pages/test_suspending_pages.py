"""Suspending the term of a case on the screen: what is asked, and what its page then says."""

from datetime import timedelta

from kdt import words
from tests.api.conftest import OFFICER, SECRETARY
from tests.pages.conftest import Desk


def test_a_term_is_suspended_ended_and_taken_back(desk: Desk) -> None:
    officer = desk.sign_in(OFFICER)
    due, first = desk.today + timedelta(days=10), desk.today.isoformat()
    here = desk.brought(decideBy=due.isoformat())
    page = officer.fill(f"{here}/suspend", firstOn=first, ground="incomplete")
    assert words.say("notice.suspended") in page.main
    assert words.say("suspension.incomplete") in page.main
    assert words.say("page.suspended") in page.main
    secretary = desk.sign_in(SECRETARY)
    assert words.say("page.suspended") in secretary.get("/queue").main
    ending = f"{here}/suspensions/1/end"
    wrong = secretary.fill(ending, lastOn=(desk.today - timedelta(days=1)).isoformat())
    assert wrong.status == 409
    assert words.say("refusal.ends_before_it_begins") in wrong.main
    page = secretary.fill(ending, lastOn=first)
    moved = due + timedelta(days=1)
    assert f'datetime="{moved.isoformat()}"' in page.main
    assert "Zonder opschorting" in page.main
    page = secretary.fill(f"{here}/suspensions/1/withdraw")
    assert f'datetime="{due.isoformat()}"' in page.main
    assert "Zonder opschorting" not in page.main


def test_without_a_term_there_is_nothing_to_suspend(desk: Desk) -> None:
    here, officer = desk.brought(), desk.sign_in(OFFICER)
    assert "/suspend" not in officer.get(here).main
    refused = officer.fill(f"{here}/suspend", firstOn=desk.today.isoformat(), ground="other")
    assert words.say("refusal.no_term") in refused.main
