"""Terms, holds and destruction as two administrators work with them."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kdt.retention.destroying import carry_out
from kdt.retention.terms import KEPT
from kdt.store.engine import Store
from tests.api.conftest import ADMINISTRATOR, OFFICER, SECRETARY, serving
from tests.pages.conftest import Desk, Reader
from tests.retention.record import bring_in
from tests.support import assert_sound

OTHER_ADMINISTRATOR = "administrator-2"

SignIn = Callable[[str], Reader]


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Iterator[SignIn]:
    """A running application over a record of years ago."""
    bring_in(store, tmp_path)
    with serving(store, tmp_path) as client, ExitStack() as readers:

        def sign_in(person: str) -> Reader:
            reader = Reader(client.base_url, person)
            readers.callback(reader.client.close)
            return reader

        yield sign_in
    assert_sound(store)


def term(office: SignIn, kept: str, **filled: str) -> str:
    given = {"amount": "1", "unit": "years"} | filled
    return office(ADMINISTRATOR).fill(f"/retention/terms/{kept}", **given).main


def test_until_a_term_is_set_nothing_is_due_and_the_page_says_so(office: SignIn) -> None:
    administrator = office(ADMINISTRATOR)
    page = administrator.get("/retention")
    assert page.main.count("niet ingesteld") == len(KEPT)
    assert (
        "Zonder ingestelde termijn is er nooit iets over"
        in administrator.get("/retention/due/content").main
    )
    assert "1 jaar" in term(office, "withdrawn")
    assert "18 maanden" in term(office, "in_favour", amount="18", unit="months", counted="settled")
    later = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    assert "geen termijn" in term(office, "withdrawn", amount="", on=later)
    for wrong in ("nooit", "0", "101", "-1"):
        page = office(ADMINISTRATOR).fill("/retention/terms/lapsed", amount=wrong, unit="years")
        assert page.status == 400
        assert '<a href="#amount">' in page.main


def test_one_prepares_another_confirms_and_the_page_tells(
    store: Store, office: SignIn, tmp_path: Path
) -> None:
    term(office, "withdrawn", unit="months")
    first, second = office(ADMINISTRATOR), office(OTHER_ADMINISTRATOR)
    assert "Kan weg" in first.get("/retention/due/content").main
    prepared = first.fill("/retention/due/content/prepare")
    assert re.fullmatch(r"/retention/selections/D-\w{8}", prepared.path), prepared.main
    assert "Een andere functioneel beheerder bevestigt" in prepared.main
    assert first.get(f"{prepared.path}/confirm").status == 200
    own = first.fill(f"{prepared.path}/confirm", sure="yes")
    assert own.status == 403
    asked = second.get(f"{prepared.path}/confirm")
    assert "Niemand kan ze terughalen" in asked.main
    unsure = second.send(asked, f"{prepared.path}/confirm")
    assert unsure.status == 400
    confirmed = second.send(asked, f"{prepared.path}/confirm", sure="yes")
    assert confirmed.path == prepared.path
    assert "wordt uitgevoerd" in confirmed.main
    assert carry_out(store, tmp_path) == 1
    done = second.get(prepared.path)
    assert "Vernietiging voltooid" in done.main
    statement = second.client.get(f"{prepared.path}/statement.json")
    assert statement.headers["content-disposition"].endswith('.json"')
    assert statement.content == next(tmp_path.glob("D-*.json")).read_bytes()
    again = second.fill(f"{prepared.path}/confirm", sure="yes")
    assert again.status == 409


def test_a_case_is_held_by_who_sees_it_and_let_go(desk: Desk) -> None:
    path = desk.brought("Z-9")
    number = path.rpartition("/")[2]
    secretary = desk.sign_in(SECRETARY)
    assert f"/holds/new?escalation={number}" in secretary.get(path).main
    asked = secretary.get(f"/holds/new?escalation={number}")
    assert f'value="{number}"' in asked.main
    # Sent twice at a double click, it is one hold, and no error.
    for _ in range(2):
        page = secretary.send(asked, "/holds/new", escalation=number, reason="Beroep.")
        assert page.status == 200
    assert page.path == path
    assert "Vastgehouden" in page.main
    assert "Beroep." in page.main
    assert "Beroep." in desk.sign_in(ADMINISTRATOR).get("/retention").main
    # The officer sees that it is held, not by what and not how to change it.
    seen = desk.sign_in(OFFICER).get(path).main
    assert "Vastgehouden" in seen
    assert "Beroep." not in seen
    assert "/holds/" not in seen
    twice = secretary.fill("/holds/new", escalation=number, reason="Nog eens.")
    assert twice.status == 409
    lifted = secretary.fill(f"/holds/{number}/lift", reason="Uitspraak is er.")
    assert "Vastgehouden" not in lifted.main
    assert secretary.fill("/holds/new", escalation="V-NIETS", reason="Nee.").status == 404


def test_nobody_else_comes_in(desk: Desk) -> None:
    for person in (OFFICER, SECRETARY):
        reader = desk.sign_in(person)
        for path in ("", "/terms/lapsed", "/due/content", "/due/people/prepare", "/selections/D-1"):
            assert reader.get(f"/retention{path}").status == 403
    assert desk.sign_in(OFFICER).get("/holds/new").status == 403


def test_the_list_for_the_public_is_read_and_taken_along(office: SignIn) -> None:
    administrator = office(ADMINISTRATOR)
    page = administrator.get("/publication?from=2022-01-01&until=2022-12-31&outcome=unresolved")
    assert "niet openbaar" in page.main
    assert "persoonlijke levenssfeer" in page.main
    assert "qx" not in page.main
    sheet = administrator.client.get("/publication.csv?from=2022-01-01&until=2022-12-31")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert "dilemma;niet openbaar" in sheet.text
    assert "qx" not in sheet.text
    assert office(OFFICER).get("/publication").status == 403
