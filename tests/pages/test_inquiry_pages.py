"""Ordering an inquiry on the screen: what is asked then, what is said of a second one, and how it
comes back once its day has passed."""

from datetime import timedelta

from kdt import words
from tests.api.conftest import OFFICER, SECRETARY
from tests.pages.conftest import Desk

CHOICE = "inquiry_ordered.interview"
TOLD = {"reasons": "Verzonnen.", "sought": "Verzonnen vraag.", "consequences": "Verzonnen gevolg."}


def test_an_inquiry_is_ordered_with_what_it_is_for_and_again_shows(desk: Desk) -> None:
    here = desk.listed()
    secretary, officer = desk.sign_in(SECRETARY), desk.sign_in(OFFICER)
    item = f"{desk.meeting}?item={here.rpartition('/')[2]}"
    due = (desk.today + timedelta(days=7)).isoformat()
    half = secretary.send(secretary.get(item), item, outcome=CHOICE, reasons="Verzonnen.")
    assert half.status == 400
    assert words.say("label.consider.sought").capitalize() in half.main
    secretary.send(secretary.get(item), item, outcome=CHOICE, **TOLD, dueOn=due)
    page = officer.get(here)
    assert "Verzonnen vraag." in page.main
    assert f'datetime="{due}"' in page.main
    assert words.say("inquiries.again", number=2) not in page.main
    officer.fill(f"{here}/report_back", findings="Verzonnen.")
    secretary.fill(
        "/queue", escalation=here.rpartition("/")[2], meetingOn=desk.today.isoformat(), late="other"
    )
    page = secretary.get(item)
    assert "In deze zaak is al een gehoor opgedragen" in page.main
    secretary.send(page, item, outcome=CHOICE, **TOLD, dueOn=due)
    assert words.say("inquiries.again", number=2) in officer.get(here).main
    assert words.say("inquiries.ordered_again") in secretary.get("/").main
