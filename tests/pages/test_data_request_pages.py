"""What the person of a case asks about themselves, as an administrator works with it."""

from sqlalchemy import text

from kdt.store.engine import Store
from kdt.store.transaction import reading
from tests.api.conftest import ADMINISTRATOR, OFFICER
from tests.pages.conftest import DILEMMA, Desk

NEW = "/data-requests/new"


def test_what_is_asked_is_noted_read_first_handed_over_and_answered(
    desk: Desk, store: Store
) -> None:
    path = desk.brought("Z-AVG")
    administrator = desk.sign_in(ADMINISTRATOR)
    wrong = administrator.fill(NEW, caseNumber="Z-NERGENS", asked="access")
    assert wrong.status == 400
    assert '<a href="#caseNumber">' in wrong.main
    noted = administrator.fill(NEW, caseNumber="Z-AVG", asked="access")
    assert "Verzoek ontvangen" in noted.main
    here = noted.path
    for page in (administrator.get("/data-requests"), noted):
        # Neither the number nor a text stands where nobody's reading is logged.
        assert "Z-AVG" not in page.main
        assert DILEMMA not in page.main
    before = read(store)
    dossier = administrator.get(f"{here}/dossier")
    left_out = "Wat hier niet in staat, en waarom"
    for said in ("Zaaknummer: Z-AVG", DILEMMA, path.rpartition("/")[2], left_out):
        assert said in dossier.main
    assert read(store) == before + 1
    action, hidden = dossier.form(f"{here}/hand-over")
    made = administrator.client.post(action, data=hidden)
    assert made.headers["content-disposition"].startswith("attachment")
    assert DILEMMA in made.text
    assert read(store) == before + 2
    assert OFFICER not in made.text
    unfounded = administrator.fill(f"{here}/answer", answer="refused", reason="Verzonnen.")
    assert unfounded.status == 400
    assert '<a href="#ground' in unfounded.main
    answered = administrator.fill(f"{here}/answer", answer="granted", reason="Qxgeheim.")
    assert "Toegewezen" in answered.main
    assert "Qxgeheim" not in answered.main
    assert "toegewezen" in administrator.get("/data-requests").main


def test_nobody_else_sees_that_anything_was_asked(desk: Desk) -> None:
    desk.brought("Z-AVG")
    here = desk.sign_in(ADMINISTRATOR).fill(NEW, caseNumber="Z-AVG", asked="erasure").path
    officer = desk.sign_in(OFFICER)
    for path in ("/data-requests", NEW, here, f"{here}/dossier", f"{here}/answer"):
        assert officer.get(path).status == 403


def read(store: Store) -> int:
    """How often somebody was shown a case."""
    with reading(store) as connection:
        return int(connection.scalar(text("select count(*) from reads where look = 'case'")) or 0)
