"""Legal deadlines on the screen: rules are taken over, and propose a day to whoever escalates."""

from datetime import timedelta

from kdt import words
from kdt.deadlines.rules import proposed
from tests.api.conftest import ADMINISTRATOR, OFFICER, SECRETARY
from tests.pages.conftest import DILEMMA, Desk

CASE = {"case": "Z-1", "question": "decision", "summary": DILEMMA, "ground": "other"}


def test_a_rule_that_was_taken_over_proposes_by_when(desk: Desk) -> None:
    administrator, officer = desk.sign_in(ADMINISTRATOR), desk.sign_in(OFFICER)
    assert words.say("rules.kind") not in officer.get("/escalations/new").main
    asylum = proposed()[0]
    page = administrator.get("/deadlines/new?proposed=0")
    assert asylum.source in page.main
    given = {"name": asylum.name, "source": asylum.source, "count": "6", "unit": "months"}
    given |= {"extension": "9", "open": "open", "on": "2020-01-01"}
    assert administrator.send(page, "/deadlines/new", **given).path == "/deadlines"
    asked = "/escalations/new?rule=asielaanvraag&appliedOn=2026-01-15"
    assert 'datetime="2026-07-15"' in officer.get(asked).main
    assert 'datetime="2027-04-15"' in officer.get(f"{asked}&extended=yes").main
    term = {"rule": "asielaanvraag", "appliedOn": "2026-01-15"}
    page = officer.fill("/escalations/new", **CASE, **term)
    assert 'datetime="2026-07-15"' in page.main
    page = officer.fill("/escalations/new", **CASE, **term, decideBy="2026-05-01")
    assert 'datetime="2026-05-01"' in page.main
    early = officer.fill("/escalations/new", **CASE, rule="asielaanvraag", appliedOn="2019-12-31")
    assert (early.status, early.path) == (400, "/escalations/new")
    assert words.say("problem.no_rule_then") in early.main
    half = officer.fill("/escalations/new", **CASE, rule="asielaanvraag")
    assert half.status == 400


def test_a_deadline_presses_as_far_ahead_as_was_chosen(desk: Desk) -> None:
    due = desk.today + timedelta(days=14)
    desk.brought(decideBy=due.isoformat())
    officer, secretary = desk.sign_in(OFFICER), desk.sign_in(SECRETARY)
    pressing, near = "Termijn loopt af", "Van 1 zaak loopt de termijn af"
    assert pressing not in officer.get("/").main
    assert near not in secretary.get("/queue").main
    page = desk.sign_in(ADMINISTRATOR).fill("/deadlines/warning", days="15")
    assert "vanaf 15 werkdagen" in page.main
    assert pressing in officer.get("/").main
    assert near in secretary.get("/queue").main
