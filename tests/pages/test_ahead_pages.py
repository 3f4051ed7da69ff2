"""What is said ahead of a meeting, on the screen."""

from kdt import words
from tests.api.conftest import OFFICER, SECRETARY
from tests.pages.conftest import Desk


def test_an_outcome_is_proposed_and_shown_where_it_is_decided(desk: Desk) -> None:
    path = desk.listed()
    officer, secretary = desk.sign_in(OFFICER), desk.sign_in(SECRETARY)
    wrong = officer.fill(f"{path}/propose", outcome="decided.other")
    assert wrong.status == 400
    assert words.say("form.missing", field=words.say("proposal.reasons").lower()) in wrong.main
    page = officer.fill(f"{path}/propose", outcome="decided.other", reasons="Verzonnen eerste.")
    assert words.say("notice.proposed") in page.text
    assert "Verzonnen eerste." in page.main
    page = secretary.fill(f"{path}/propose", outcome="held_over", reasons="Verzonnen tweede.")
    assert page.main.index("Verzonnen tweede.") < page.main.index(words.say("proposal.earlier"))
    meeting = secretary.get(desk.meeting)
    assert "Verzonnen tweede." in meeting.main
