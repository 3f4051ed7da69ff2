"""Signals: recorded and assessed by policy advisers; a reply of staff is for nobody else."""

from tests.api.conftest import ADVISER, AUDITOR, OFFICER
from tests.pages.conftest import Desk, Reader

OPEN = {
    "source": "journal",
    "title": "Bewijs dat er niet meer is",
    "concerns": "Verzonnen.",
    "receivedOn": "2022-03-01",
    "atLatest": "yes",
    "lawyers": "yes",
    "origin": "Verzonnen tijdschrift",
}
SECRET = "GEHEIM-woorden"
REPLY = {
    "source": "ind_staff",
    "title": SECRET,
    "concerns": SECRET,
    "receivedOn": "2022-03-02",
    "atLatest": "no",
    "lawyers": "no",
}


def record(somebody: Reader, **given: str) -> str:
    """The path of a new signal."""
    page = somebody.fill("/signals/new", **given)
    assert page.status == 200, page.main
    return page.path


def test_a_signal_stands_as_its_assessors_agree_and_their_reasons_are_for_them(desk: Desk) -> None:
    adviser, officer = desk.sign_in(ADVISER), desk.sign_in(OFFICER)
    path = record(adviser, **OPEN)
    assert "uiterlijk 1 maart 2022" in officer.get(path).main
    wrong = adviser.fill(f"{path}/assess", assessment="recognised", reasons="")
    assert wrong.status == 400
    said = adviser.fill(f"{path}/assess", assessment="recognised", reasons=SECRET)
    assert "Wacht op een tweede oordeel" in said.main
    assert SECRET in said.main
    seen = officer.get(path).main
    assert SECRET not in seen
    assert "Eén beleidsadviseur gaf een oordeel" in seen
    published = {"reasons": "In de brief.", "publishedBy": "Een bewindspersoon"}
    adviser.fill(f"{path}/assess", assessment="recognised", **published)
    assert "Een bewindspersoon" in officer.get(path).main
    listed = officer.get("/signals?standing=recognised&source=journal&from=2022-01-01").main
    assert OPEN["title"] in listed
    assert OPEN["title"] not in officer.get("/signals?standing=open").main
    assert officer.get("/signals?from=gisteren").status == 200
    assert f"{path}/edit" not in seen
    assert officer.get(f"{path}/edit").status == 403
    adviser.fill(f"{path}/edit", **{**OPEN, "title": "Anders gezegd"})
    assert "Anders gezegd" in officer.get("/signals").main
    adviser.fill(f"{path}/withdraw")
    assert "Anders gezegd" not in officer.get("/signals").main
    assert "Ingetrokken" in officer.get(path).main


def test_a_reply_of_staff_is_to_others_as_if_it_were_not_there(desk: Desk) -> None:
    adviser = desk.sign_in(ADVISER)
    path = record(adviser, **REPLY)
    assert SECRET in adviser.get(path).main
    for person in (OFFICER, "manager-1", "administrator-1", AUDITOR):
        other = desk.sign_in(person)
        assert other.get(path).status == 404
        assert SECRET not in other.get("/signals").main
    assert SECRET not in desk.sign_in(AUDITOR).get("/audit/changes").main
    client = adviser.client
    for name, status in ((ADVISER, 200), (OFFICER, 404), ("manager-1", 404), (AUDITOR, 404)):
        asks = {"Authorization": f"Bearer demo-{name}"}
        assert client.get(f"/v1{path}", headers=asks).status_code == status
        listed = client.get("/v1/signals", headers=asks).text
        assert (SECRET in listed) is (status == 200)
    assert client.get("/v1/signal-replies", headers=asks).json() == {"items": []}
    assert SECRET not in client.get("/v1/changes", headers=asks).text


def test_whose_a_reply_is_is_not_told(desk: Desk) -> None:
    page = desk.sign_in(ADVISER).fill("/signals/new", **{**REPLY, "origin": "een medewerker"})
    assert page.status == 400
    assert "Laat dit leeg bij een reactie van medewerkers" in page.main
