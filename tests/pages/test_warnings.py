"""A text that seems to hold a number or an address of a person: one is warned once, at the field,
and may go on."""

from kdt import words
from kdt.personal import Kind
from tests.api.conftest import OFFICER, SECRETARY
from tests.pages.conftest import DILEMMA, Desk

TEXT = f"{DILEMMA} Bel 06-12345678."
PHONE = words.personal([Kind.PHONE])
BOTH = words.personal([Kind.EMAIL, Kind.PHONE])
CASE = {"case": "Z-1", "question": "decision", "ground": "buikpijn"}


def test_bringing_a_case(desk: Desk) -> None:
    officer = desk.sign_in(OFFICER)
    page = officer.fill("/escalations/new", **CASE, summary=TEXT)
    assert page.status == 200
    assert page.path == "/escalations/new"
    assert page.main.count(PHONE) == 2
    assert 'id="summary-warning"' in page.main
    assert ' summary-warning"' in page.main
    assert TEXT in page.main
    assert "Z-1" not in officer.get("/").main
    # Something more came in: that is told too.
    more = officer.send(page, "/escalations/new", **CASE, summary=f"{TEXT} Of x@voorbeeld.nl.")
    assert BOTH in more.main
    warned = ["summary:email", "summary:phone"]
    done = officer.send(more, "/escalations/new", **CASE, summary=TEXT, warned=warned)
    assert done.path.startswith("/escalations/V-")
    assert TEXT in done.main


def test_what_is_wrong_comes_first(desk: Desk) -> None:
    page = desk.sign_in(OFFICER).fill("/escalations/new", case="Z-1", summary=TEXT)
    assert page.status == 400
    assert PHONE not in page.main


def test_an_outcome_a_withdrawal_a_correction_and_a_theme(desk: Desk) -> None:
    path = desk.listed()
    officer, secretary = desk.sign_in(OFFICER), desk.sign_in(SECRETARY)
    item = f"{desk.meeting}?item={path.rpartition('/')[2]}"
    outcome = {"outcome": "held_over", "reasons": TEXT}
    page = secretary.fill(item, **outcome)
    assert PHONE in page.main
    assert (
        secretary.send(page, desk.meeting, **outcome, warned="reasons:phone").path == desk.meeting
    )
    withdraw = f"{path}/withdraw"
    page = officer.fill(withdraw, reason=TEXT)
    assert PHONE in page.main
    correct = f"{path}/entries/1/correct"
    page = officer.fill(correct, reason=TEXT, kind="void")
    assert PHONE in page.main
    page = officer.fill("/themes/new", name="Wachttijd", description=TEXT)
    assert PHONE in page.main
    page = officer.send(page, "/themes/new", name="Wachttijd", description=TEXT,
                        warned="description:phone")  # fmt: skip
    assert PHONE not in page.main
    assert page.status == 200
