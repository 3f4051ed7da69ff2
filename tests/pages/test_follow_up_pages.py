"""Tests and adjustments: recorded by a policy adviser, shown to everybody where they belong."""

from tests.api.conftest import ADVISER, OFFICER
from tests.pages.conftest import Desk
from tests.pages.test_signal_pages import OPEN, record

TEST = {
    "kind": "ex_ante",
    "title": "Een voorstel",
    "heldOn": "2022-03-01",
    "person": "yes",
    "capability": "unknown",
    "organisations": "vwn",
}
CHANGE = {
    "title": "Een aanpassing",
    "kind": "work_instruction",
    "status": "proposed",
    "since": "2022-04-01",
    "atLatest": "no",
    "decidedBy": "not_said",
}


def test_what_followed_a_test_and_a_signal_stands_with_both(desk: Desk) -> None:
    adviser, officer = desk.sign_in(ADVISER), desk.sign_in(OFFICER)
    signal = record(adviser, **OPEN)
    test = adviser.fill("/implementation-tests/new", **TEST)
    assert test.status == 200, test.main
    answers = {"signals": signal.rpartition("/")[2], "tests": test.path.rpartition("/")[2]}
    nothing = adviser.fill("/adjustments/new", **CHANGE)
    assert nothing.status == 400
    assert "ten minste één rode draad, signaal of toets" in nothing.main
    made = adviser.fill("/adjustments/new", **CHANGE, **answers)
    assert made.status == 200, made.main
    moved = {**CHANGE, **answers, "status": "in_force", "since": "2022-06-01", "decidedBy": "ind"}
    moved["atLatest"] = "yes"
    assert "uiterlijk 1 juni 2022" in adviser.fill(f"{made.path}/edit", **moved).main
    shown = officer.get(made.path).main
    assert "Voorgesteld" in shown
    assert "Ingevoerd" in shown
    assert signal in shown
    for where in (signal, test.path):
        assert made.path in officer.get(where).main
    assert "niet bekend" in officer.get(test.path).main
    said = {"organisation": "vwn", "satisfaction": "partly", "saidOn": "2022-07-01"}
    heard = adviser.fill(f"{test.path}/opinion", **said, said="Het begin is er.")
    assert "Deels tevreden" in heard.main
    listed = officer.get("/implementation-tests?kind=ex_ante&organisation=vwn").main
    assert "1 van 1" in listed
    assert "Een voorstel" not in officer.get("/implementation-tests?until=2022-02-01").main
    assert "Een aanpassing" in officer.get("/adjustments?status=in_force&decidedBy=ind").main
    assert "Een aanpassing" not in officer.get("/adjustments?kind=law").main
    for path in (test.path, made.path):
        assert officer.get(f"{path}/edit").status == 403
        assert "Ingetrokken" not in officer.get(path).main
        adviser.fill(f"{path}/withdraw")
        assert "Ingetrokken" in officer.get(path).main
