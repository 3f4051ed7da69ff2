"""What everybody may look up, and what a page says when something goes wrong."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from kdt import words
from kdt.demo.playing import begin
from kdt.procedure import CURRENT
from kdt.store import cluster
from kdt.store.embedded import Server
from kdt.store.engine import Store
from tests.api.conftest import OFFICER, serving
from tests.pages.conftest import Desk, Page


def test_every_term_has_one_meaning_and_stands_in_the_dictionary(desk: Desk) -> None:
    page = Page(desk.sign_in(OFFICER).client.get("/dictionary"))
    terms, meanings = words.group("term"), words.group("meaning")
    assert set(terms) == set(meanings)
    for meaning in meanings.values():
        assert meaning in page.main


def test_every_step_and_outcome_stands_on_the_page_of_the_procedure(desk: Desk) -> None:
    page = desk.sign_in(OFFICER).get("/procedure")
    for code in [f"action.{rule.action}" for rule in CURRENT.rules] + [
        f"outcome.{row.code}" for row in CURRENT.outcomes
    ]:
        assert words.say(code)[1:] in page.main


def test_while_the_example_year_plays_in_every_page_says_how_far_it_is(
    store: Store, tmp_path: Path
) -> None:
    begin(store)
    with serving(store, tmp_path) as client:
        assert "0% van het voorbeeldjaar" in client.get("/signin").text
        part = client.get("/progress").text
    assert "0% van het voorbeeldjaar" in part
    assert "<html" not in part


def test_when_nothing_is_to_come_there_is_no_bar(desk: Desk) -> None:
    desk.brought()
    officer = desk.sign_in(OFFICER)
    assert officer.get("/progress").answer.text == ""
    assert "van het voorbeeldjaar" not in officer.get("/").text


def test_a_page_that_is_not_there_keeps_the_menu(desk: Desk) -> None:
    page = desk.sign_in(OFFICER).get("/nergens")
    assert page.status == 404
    assert "Deze pagina is er niet" in page.main
    assert 'aria-label="Hoofdmenu"' in page.text


def test_an_address_with_nul_in_it_is_not_there(desk: Desk) -> None:
    for path in ("/escalations/%00", "/v1/escalations/%00", "/meetings/%00/2022-01-01"):
        assert desk.sign_in(OFFICER).get(path).status == 404


def test_a_form_from_elsewhere_is_refused(desk: Desk) -> None:
    officer = desk.sign_in(OFFICER)
    for given in ({}, {"csrf": "geraden"}):
        answer = officer.client.post("/themes/new", data={"name": "X", **given})
        assert answer.status_code == 403
    assert "Geen rode draad." in officer.get("/themes").main


def test_a_database_that_is_gone_is_said_on_a_page(
    desk: Desk, database_server: tuple[Server, int, str], database: str
) -> None:
    officer = desk.sign_in(OFFICER)
    superuser = make_url(database_server[0].url(cluster.SUPERUSER, cluster.SUPERUSER))
    address = superuser.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"alter database {database} allow_connections false")
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [database]
        )
        page = officer.get("/escalations")
        connection.execute(f"alter database {database} allow_connections true")
    assert page.status == 503
    assert "KDT is even niet bereikbaar" in page.main
    assert int(page.answer.headers["retry-after"]) > 0
    assert officer.get("/escalations").status == 200


def test_what_nobody_foresaw_has_a_reference_and_no_details(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Z-geheim")

    monkeypatch.setattr("api.pages.reference.render.rules_in_words", broken)
    page = desk.sign_in(OFFICER).get("/procedure")
    assert page.status == 500
    assert page.answer.headers["trace-id"] in page.main
    assert "Z-geheim" not in page.text
