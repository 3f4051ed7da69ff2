"""What is wrong stands at its field, nothing typed is lost, and sending twice does it once."""

import re
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import update

from api.pages.rendering import moment
from kdt import clock
from kdt.panels.model import meetings
from kdt.panels.planning import plan
from kdt.store.engine import Store
from kdt.store.transaction import writing
from tests.api.conftest import NATIONAL_SECRETARY, OFFICER, SECRETARY
from tests.pages.conftest import DILEMMA, Desk


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_is_kept(desk: Desk) -> None:
    page = desk.sign_in(OFFICER).fill("/escalations/new", summary=DILEMMA, decideBy="morgen")
    assert page.status == 400
    assert 'id="case-error"' in page.main
    assert 'id="question-error"' in page.main
    assert 'id="decideBy-error"' in page.main
    assert DILEMMA in page.main


def test_the_dilemma_must_be_told(desk: Desk) -> None:
    page = desk.sign_in(OFFICER).fill("/escalations/new", case="Z-1", question="decision")
    assert page.status == 400
    assert 'id="summary-error"' in page.main
    assert 'value="Z-1"' in page.main


def test_what_the_procedure_refuses_stands_at_its_field(desk: Desk) -> None:
    path = f"{desk.listed()}/withdraw"
    page = desk.sign_in(OFFICER).fill(path, reason="Verzonnen reden.", occurredOn="2999-01-01")
    assert page.status == 400
    assert 'id="occurredOn-error"' in page.main
    assert "Verzonnen reden." in page.main


def test_an_outcome_without_reasons_is_not_recorded(desk: Desk) -> None:
    desk.listed()
    page = desk.sign_in(SECRETARY).fill(desk.meeting, outcome="decided.in_favour")
    assert page.status == 400
    assert 'id="reasons-error"' in page.main
    assert re.search(r'value="decided.in_favour"[^>]* checked', page.main)


def test_bringing_a_case_twice_with_one_form_brings_it_once(desk: Desk) -> None:
    officer = desk.sign_in(OFFICER)
    form = officer.get("/escalations/new")
    filled = {"case": "Z-1", "question": "decision", "summary": DILEMMA, "ground": "other"}
    first = officer.send(form, "/escalations/new", **filled)
    again = officer.send(form, "/escalations/new", **filled)
    assert first.path == again.path
    assert officer.get("/escalations").main.count('id="e-V-') == 1


def test_recording_an_outcome_twice_with_one_form_records_it_once(desk: Desk) -> None:
    path = desk.listed()
    secretary = desk.sign_in(SECRETARY)
    form = secretary.get(desk.meeting)
    filled = {"outcome": "decided.against", "reasons": "Verzonnen."}
    assert secretary.send(form, desk.meeting, **filled).path == desk.meeting
    assert secretary.send(form, desk.meeting, **filled).path == desk.meeting
    assert secretary.get(path).main.count("Vraag beantwoord") == 1


def test_listing_twice_with_one_form_lists_once(desk: Desk) -> None:
    escalation = desk.brought().rpartition("/")[2]
    secretary = desk.sign_in(SECRETARY)
    form, today = secretary.get("/queue"), desk.today.isoformat()
    for _ in range(2):
        page = secretary.send(form, "/queue", escalation=escalation, meetingOn=today)
        assert page.path == desk.meeting
    assert "0 van 1 behandeld" in page.main


def test_who_comes_second_sees_what_happened_and_what_was_typed(desk: Desk) -> None:
    path = desk.brought()
    officer = desk.sign_in(OFFICER)
    form = officer.get(f"{path}/withdraw")
    listing = {"escalation": path.rpartition("/")[2], "meetingOn": desk.today.isoformat()}
    desk.sign_in(SECRETARY).fill("/queue", **listing)
    page = officer.send(form, f"{path}/withdraw", reason="Verzonnen reden.")
    assert page.status == 409
    assert "Op de agenda gezet" in page.main
    assert "Verzonnen reden." in page.main
    assert "Voorlegging intrekken" in officer.get(path).main


def test_a_form_of_another_session_does_nothing(desk: Desk) -> None:
    path = desk.brought()
    officer = desk.sign_in(OFFICER)
    form = officer.get(f"{path}/withdraw")
    page = desk.sign_in(OFFICER).send(form, f"{path}/withdraw", reason="Verzonnen.")
    assert page.status == 403
    assert "Voorlegging intrekken" in officer.get(path).main


@pytest.mark.parametrize("header", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://elders"}])
def test_a_form_from_another_site_does_nothing(desk: Desk, header: dict[str, str]) -> None:
    path = desk.brought()
    officer = desk.sign_in(OFFICER)
    form = officer.get(f"{path}/withdraw")
    officer.client.headers.update(header)
    assert officer.send(form, f"{path}/withdraw", reason="Verzonnen.").status == 403


def test_an_action_that_is_not_open_says_why(desk: Desk) -> None:
    page = desk.sign_in(OFFICER).get(f"{desk.brought()}/follow_through")
    assert page.status == 409
    assert "in de wachtrij" in page.main


def test_without_a_planned_meeting_the_form_says_so(desk: Desk) -> None:
    page = desk.sign_in(OFFICER).get("/escalations/new")
    assert "Er is nog geen overleg gepland" in page.main


@pytest.mark.parametrize(
    ("begins", "said"),
    [
        (time(23, 59), "Het volgende overleg is {}."),
        (time(0), "Het overleg van {} is nog niet gesloten."),
    ],
)
def test_a_meeting_that_began_and_was_not_closed_is_not_the_next(
    desk: Desk, store: Store, begins: time, said: str
) -> None:
    with writing(store) as connection:
        connection.execute(update(meetings).values(starts_at=begins))
    main = re.sub(r"<.*?>", "", desk.sign_in(SECRETARY).get("/queue").main)
    assert said.format(moment(datetime.combine(desk.today, begins, clock.AMSTERDAM))) in main


def test_a_deadline_before_the_meeting_is_warned_of_in_the_form_and_after(
    desk: Desk, store: Store
) -> None:
    with writing(store) as connection:
        plan(connection, [(desk.local, desk.today + timedelta(days=2))])
    officer, tomorrow = desk.sign_in(OFFICER), (desk.today + timedelta(days=1)).isoformat()
    asked = officer.get(f"/escalations/new?decideBy={tomorrow}")
    assert "De termijn loopt eerder af" in asked.main
    assert "De termijn loopt eerder af" not in officer.get("/escalations/new").main
    assert "Termijn eerder" in officer.get(desk.brought(decideBy=tomorrow)).main


def test_a_national_meeting_takes_what_was_referred(desk: Desk) -> None:
    path = desk.listed()
    desk.sign_in(SECRETARY).fill(
        desk.meeting, outcome="referred_up.belongs_nationally", reasons="Verzonnen."
    )
    national = desk.sign_in(NATIONAL_SECRETARY)
    assert path in national.get("/queue").main


def test_an_outcome_that_came_second_is_given_back_in_words(desk: Desk) -> None:
    desk.listed()
    first, second = desk.sign_in(SECRETARY), desk.sign_in("chair-den-bosch")
    form = second.get(desk.meeting)
    first.fill(desk.meeting, outcome="decided.against", reasons="Verzonnen.")
    page = second.send(form, desk.meeting, outcome="held_over", reasons="Morgen verder.")
    assert page.status == 409
    assert "Aangehouden" in page.main
    assert "held_over" not in page.main
    assert "Morgen verder." in page.main
