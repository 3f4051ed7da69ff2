"""Publications on screen: asked for by one, released by another, and rounded for everybody else."""

import csv
import io
import json
from pathlib import Path

import httpx
import pytest

from kdt.access.permissions import Actor
from kdt.cases.importing import import_history
from kdt.publications import making, service
from kdt.store.engine import Store
from kdt.vocabulary import Role
from tests.api.conftest import ADMINISTRATOR, OFFICER
from tests.pages.conftest import Desk
from tests.publications.test_publishing import HISTORY
from tests.publications.waiting import HOW, digest, prepared

MANAGER = "manager-1"
ASKED = {"topic": "considered", "period": "month", "until": "2021-06-30", "asOf": "2021-07-15"}


@pytest.fixture
def filled(store: Store, desk: Desk, tmp_path: Path) -> Desk:
    """Some months of an invented record beside the panels of today."""
    lines = HISTORY.read_text().splitlines(keepends=True)
    file = tmp_path / "2021.jsonl"
    early = [one for one in lines if str(json.loads(one).get("recordedAt", "")) < "2021-08-10"]
    file.write_text("".join(early))
    assert import_history(store, file, by="beheer").bad == []
    return desk


def test_a_publication_goes_from_the_form_to_everybody(filled: Desk, store: Store) -> None:
    manager, administrator, officer = map(filled.sign_in, (MANAGER, ADMINISTRATOR, OFFICER))
    asked = manager.fill("/publications/new", **ASKED, by=["location"], byMonth=["yes"])
    assert "De publicatie is aangevraagd" in asked.text
    assert "Kijk of zij klaar is" in asked.main
    path = asked.path
    assert officer.get(path).status == 404
    assert making.carry_out(store, HOW) == 1
    seen = manager.get(path)
    assert "wacht op vrijgave" in seen.main
    assert "Een ander geeft haar vrij" in seen.main
    assert "precies </span>(" in seen.main
    assert f"{path}/release" not in seen.main
    unsure = administrator.fill(f"{path}/release")
    assert unsure.status == 400
    released = administrator.fill(f"{path}/release", sure="yes")
    assert "De publicatie is vrijgegeven" in released.text
    public = officer.get(path)
    assert public.status == 200
    assert "precies </span>" not in public.main
    assert "Wat ermee gebeurde" not in public.main
    for said in ("Afgerond op vijftallen", "Peildatum 15 juli 2021", "Proefaanval", "Voorlopig"):
        assert said.casefold() in public.main.casefold()
    assert "juni 2021" in officer.get("/publications").main
    document = officer.client.get(f"{path}/document.json").json()
    dutch = officer.client.get(f"{path}/cijfers.csv").content.decode()
    assert dutch.startswith("\ufeffpublicatie;van;tot en met;peildatum;status;gegevens;locatie;")
    assert dutch.count("\n") == len(document["cells"]) + 1


def test_what_was_released_is_open_to_anybody_and_what_waits_to_nobody(
    desk: Desk, store: Store
) -> None:
    asker, releaser = Actor(MANAGER, Role.MANAGER), Actor(ADMINISTRATOR, Role.ADMINISTRATOR)
    waiting, released = (prepared(store, asker, year) for year in (2020, 2021))
    service.release(store, releaser, released, digest(store, released))
    with httpx.Client(base_url=desk.base, timeout=60) as anybody:
        page = anybody.get("/open-data")
        assert released in page.text
        assert waiting not in page.text
        catalog = anybody.get("/open-data/catalog.jsonld")
        [known] = catalog.json()["dcat:dataset"]
        for file in known["dcat:distribution"]:
            address = file["dcat:downloadURL"]["@id"]
            path = address.removeprefix(str(anybody.base_url).rstrip("/"))
            answer = anybody.get(path)
            assert answer.status_code == 200, path
            assert answer.headers["cache-control"] == "public, max-age=3600"
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "set-cookie" not in answer.headers
            again = anybody.get(path, headers={"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert anybody.get(path.replace(released, waiting)).status_code == 404
        rows = list(
            csv.DictReader(io.StringIO(anybody.get(f"/open-data/{released}/figures.csv").text))
        )
        assert {int(row["number"]) % 5 for row in rows} == {0}
        columns = anybody.get(f"/open-data/{released}/figures.csv-metadata.json").json()
        assert columns["url"] == "figures.csv"
        assert [one["name"] for one in columns["tableSchema"]["columns"]] == [*rows[0]]


def test_what_cannot_be_asked_is_said_at_its_field(desk: Desk) -> None:
    manager = desk.sign_in(MANAGER)
    wrong = manager.fill(
        "/publications/new", **{**ASKED, "period": "quarter", "until": "2021-05-1"}
    )
    assert wrong.status == 400
    off = manager.fill("/publications/new", **{**ASKED, "period": "quarter", "until": "2021-05-01"})
    assert "1 april 2021 tot en met 30 juni 2021" in off.main
    fine = manager.fill("/publications/new", **ASKED, by=["level", "location", "ground"])
    assert "te fijn" in fine.main
    early = manager.fill("/publications/new", **{**ASKED, "asOf": "2021-06-01"})
    assert "30 juni 2021" in early.main


def test_one_is_let_go_with_a_reason_and_nobody_else_sees_it(desk: Desk, store: Store) -> None:
    wanted = prepared(store, Actor(MANAGER, Role.MANAGER), 2003)
    manager, officer = desk.sign_in(MANAGER), desk.sign_in(OFFICER)
    gone = manager.fill(f"/publications/{wanted}/discard", reason="De peildatum was verkeerd.")
    assert "De peildatum was verkeerd." in gone.main
    assert wanted not in officer.get("/publications").main
    assert officer.get(f"/publications/{wanted}/discard").status == 403
