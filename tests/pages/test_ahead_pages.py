"""What is said ahead of a meeting, on the screen."""

from kdt import words
from kdt.ledger.service import By
from kdt.panels import agendas
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
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


def test_what_comes_late_says_why_whichever_way_it_is_listed(desk: Desk, store: Store) -> None:
    path = desk.brought()
    with writing(store) as connection:
        meeting = agendas.locked(connection, desk.local, desk.today)
        assert meeting is not None
        agendas.draw_up(connection, By("klok"), meeting.id, [], moments.now(connection))
    secretary = desk.sign_in(SECRETARY)
    day = desk.today.isoformat()
    page = secretary.fill(f"{path}/list", meetingOn=day)
    assert page.status == 400
    assert words.say("agenda.label_late") in page.main
    assert secretary.fill(f"{path}/list", meetingOn=day, late="urgent").path == path
    with reading(store) as connection:
        newest = agendas.versions(connection, meeting.id)[-1]
    assert [one.late for one in newest.items] == ["urgent"]


def test_an_administrator_weighs_what_agendas_are_ordered_by(desk: Desk) -> None:
    administrator, secretary = desk.sign_in("administrator-1"), desk.sign_in(SECRETARY)
    desk.brought()
    weights = {"unresolved": "1", "deadline": "2", "heldOver": "9", "waiting": "0"}
    page = administrator.fill("/agenda-order", **weights)
    assert page.status == 400
    page = administrator.fill("/agenda-order", **{**weights, "waiting": "1"})
    said = (
        "Eerst wat het vaakst is aangehouden, dan wat het eerst beslist moet zijn, "
        "dan waar het KDT de vorige keer niet uit kwam, dan wat het langst wacht."
    )
    assert said in page.main
    assert said in secretary.get("/queue").main
    assert secretary.get("/agenda-order").status == 403
