"""Roles that change, people who are shut out, and sessions: with a real provider."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from kdt.access import queries
from kdt.access.permissions import Actor
from kdt.errors import Forbidden, NotFound, Refused
from kdt.people.service import Arrival, remove_mapping, set_disabled
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role
from tests.signing_in.conftest import ANNA, BOB, BOSS, Browser, Provider, Site, signing_in


def person_id(site: Site, account: str) -> str:
    return Arrival(site.provider.issuer, account, "", {}).person_id


def facts(site: Site, account: str) -> list[str]:
    """What the ledger holds of somebody, in order."""
    with site.store.engine.connect() as connection:
        found = connection.execute(
            text(
                "select fact from ledger join people on key::text = subject_id "
                "where people.id = :person order by seq"
            ),
            {"person": person_id(site, account)},
        )
        return [row.fact for row in found]


def altered(site: Site, account: str, **claims: object) -> None:
    site.provider.told(accounts={"anna": ANNA, "bob": BOB, account: {**ANNA, **claims}})


def out(browser: Browser) -> bool:
    return str(browser.get("/figures").headers.get("location", "")).startswith("/signin")


def test_a_role_taken_at_the_provider_counts_from_the_next_sign_in_everywhere(site: Site) -> None:
    first, second = site.browser(), site.browser()
    first.sign_in("anna")
    assert first.get("/escalations/new").status_code == 200
    altered(site, "anna", groups=["kdt-secretary-den-bosch"], name="Anna Nieuw")
    assert first.get("/escalations/new").status_code == 200
    second.sign_in("anna")
    # The other browser too, at its next request.
    assert first.get("/escalations/new").status_code == 403
    assert first.get("/queue").status_code == 200
    assert "Anna Nieuw" in first.get("/figures").text
    assert facts(site, "anna") == ["enter", "grant", "grant", "rename", "revoke"]


def test_who_has_no_role_any_more_comes_in_no_more(site: Site) -> None:
    anna = site.browser()
    anna.sign_in("anna")
    altered(site, "anna", groups=[])
    answer = site.browser().sign_in("anna")
    assert answer.status_code == 403
    assert "geen rol" in answer.text
    assert anna.get("/").status_code == 403
    assert facts(site, "anna")[-1] == "revoke"


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ([], "geen rol"),
        (["kdt-boss"], "geen rol"),
        (["kdt-officer-atlantis"], "een locatie die KDT niet kent"),
    ],
)
def test_who_is_nobody_here_is_not_made_known(site: Site, groups: list[str], said: str) -> None:
    altered(site, "anna", groups=groups)
    answer = site.browser().sign_in("anna")
    assert answer.status_code == 403
    assert said in answer.text
    with reading(site.store) as connection:
        assert queries.on_the_roll(connection) == []


def test_who_is_shut_out_is_out_at_the_next_request(site: Site) -> None:
    anna, elsewhere, bob = site.browser(), site.browser(), site.browser()
    for browser, account in ((anna, "anna"), (elsewhere, "anna"), (bob, "bob")):
        browser.sign_in(account)
    assert "Anna Verzonnen" in bob.get("/people").text
    path = f"/people/{person_id(site, 'anna')}/disable"
    assert bob.post(path, page=path).headers["location"] == "/people"
    assert out(anna)
    assert out(elsewhere)
    answer = site.browser().sign_in("anna")
    assert (answer.status_code, "is uitgeschakeld" in answer.text) == (403, True)
    path = f"/people/{person_id(site, 'anna')}/enable"
    bob.post(path, page=path)
    # What was ended stays so.
    assert out(anna)
    assert anna.sign_in("anna").status_code == 303
    assert facts(site, "anna") == ["enter", "grant", "disable", "enable"]


def test_a_program_acts_as_its_claims_say_and_no_further_than_its_scopes(site: Site) -> None:
    reads, writes = (site.provider.access_token(scope=scope) for scope in ("kdt:read", "kdt:write"))
    assert site.ask(reads).status_code == 200
    for token, method, path in (
        (writes, "GET", "/escalations"),
        (writes, "POST", "/escalations/_search"),
        (reads, "POST", "/escalations"),
        (reads, "POST", "/locations"),
        (writes, "POST", "/locations"),
        (writes, "PATCH", "/people/x"),
        (writes, "DELETE", "/mappings/1"),
    ):
        answer = site.ask(token, method, path)
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope"), path
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert site.ask(reads, "POST", "/escalations/_search").status_code == 400
    assert site.ask(writes, "POST", "/escalations").status_code == 400
    administers = site.provider.access_token(scope="kdt:read kdt:administer")
    assert site.ask(administers, path="/people").json()["items"][0]["roles"] == []
    assert site.ask(administers, "POST", "/locations").status_code == 400
    assert site.ask(administers, "DELETE", "/mappings/9999").status_code == 404


def test_a_program_without_a_role_or_shut_out_does_nothing(site: Site) -> None:
    token = site.provider.access_token()
    assert site.ask(token).status_code == 200
    set_disabled(site.store, BOSS, person_id(site, "machine"), disabled=True)
    assert site.ask(token).status_code == 401
    set_disabled(site.store, BOSS, person_id(site, "machine"), disabled=False)
    assert site.ask(token).status_code == 200
    for mapping in range(1, 5):
        remove_mapping(site.store, BOSS, mapping)
    assert site.ask(token).status_code == 403


def test_what_is_no_token_is_told_to_be_none(site: Site) -> None:
    for token in ("x", "demo-officer-den-bosch-1", site.provider.access_token()[:-4]):
        answer = site.ask(token)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        assert token not in answer.text


def test_without_an_audience_there_are_no_programs(
    store: Store, tmp_path: Path, provider: Provider, secret: Path
) -> None:
    with signing_in(store, tmp_path, provider, secret, oidc_audience=None) as site:
        answer = site.ask(provider.access_token())
        assert answer.status_code == 401
        assert "KDT_OIDC_AUDIENCE" in answer.json()["detail"]


def test_a_session_ends_unused_and_in_any_case(site: Site, owner_url: str) -> None:
    engine = create_engine(owner_url)
    for column, ago in (("used_at", "now() - interval '31 minutes'"), ("expires_at", "now()")):
        anna = site.browser()
        anna.sign_in("anna")
        assert not out(anna)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"update sessions set {column} = {ago}")
        assert out(anna)
    engine.dispose()


def test_a_session_that_is_used_goes_on(site: Site, owner_url: str) -> None:
    anna = site.browser()
    anna.sign_in("anna")
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("update sessions set used_at = now() - interval '29 minutes'")
    assert not out(anna)
    with engine.begin() as connection:
        age = connection.exec_driver_sql("select now() - used_at from sessions").scalar_one()
    assert age.total_seconds() < 20
    engine.dispose()


def ending(browser: Browser) -> str:
    """What ends the other session, as the page has it; empty where it has none."""
    page = browser.get("/sessions").text
    return page.partition('name="session" value="')[2].partition('"')[0]


def test_whoever_ends_a_session_elsewhere_proves_once_more_who_they_are(
    site: Site, owner_url: str
) -> None:
    anna, other = site.browser(), site.browser()
    for browser in (anna, other):
        browser.sign_in("anna")
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        keys = "select encode(digest, 'hex') from sessions order by began_at"
        key = connection.exec_driver_sql(keys).scalars().all()[-1]
    # To come in once more because the provider knows the browser proves nothing.
    assert "/interaction/" not in anna.client.get(anna.set_off("/sessions")).headers["location"]
    anna.sign_in("anna", "/sessions")
    assert "again=true" in anna.get("/sessions").text
    assert ending(anna) == ""
    refused = anna.post("/sessions", session=key)
    assert (refused.status_code, "opnieuw" in refused.text) == (403, True)
    assert not out(other)
    back = anna.set_off("/sessions", again=True)
    assert "/interaction/" in anna.client.get(back).headers["location"]
    assert anna.sign_in("anna", "/sessions", again=True).headers["location"] == "/sessions"
    assert ending(anna) == key
    with engine.begin() as connection:
        connection.exec_driver_sql("update sessions set proven_at = now() - interval '11 minutes'")
    engine.dispose()
    assert anna.post("/sessions", session=key).status_code == 403
    anna.sign_in("anna", "/sessions", again=True)
    assert anna.post("/sessions", session=key).headers["location"] == "/sessions"
    assert (out(other), out(anna)) == (True, False)


def test_one_sees_and_ends_ones_own_sessions_and_no_others(site: Site) -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    anna, other, bob = site.browser(**{"User-Agent": firefox}), site.browser(), site.browser()
    for browser, account in ((anna, "anna"), (other, "anna"), (bob, "bob")):
        browser.sign_in(account)
    shown = anna.get("/sessions").text
    assert shown.count("<tr>") == 3
    assert "Firefox, Linux" in shown
    anna.sign_in("anna", "/sessions", again=True)
    key = ending(anna)
    # Somebody else's key opens and ends nothing.
    bob.sign_in("bob", "/sessions", again=True)
    bob.post("/sessions", session=key)
    assert not out(other)
    bob.client.cookies.set("kdt", key)
    assert out(bob)
    anna.post("/sessions", session=key)
    assert out(other)
    assert not out(anna)


def test_what_an_administrator_may_not_do(site: Site) -> None:
    bob = site.browser()
    bob.sign_in("bob")
    own = person_id(site, "bob")
    with pytest.raises(Refused):
        set_disabled(site.store, Actor(own, Role.ADMINISTRATOR), own, disabled=True)
    with pytest.raises(NotFound):
        set_disabled(site.store, BOSS, "P-nobody", disabled=True)
    with pytest.raises(Forbidden):
        set_disabled(site.store, Actor(own, Role.AUDITOR), own, disabled=True)
    anna = site.browser()
    anna.sign_in("anna")
    for path in ("/people", "/mappings", "/mappings/new", f"/people/{own}/disable"):
        assert anna.get(path).status_code == 403, path


def test_an_administrator_keeps_the_mappings_on_a_page(site: Site) -> None:
    bob = site.browser()
    bob.sign_in("bob")
    given = {"claim": "groups", "value": "kdt-manager", "role": "manager"}
    assert bob.post("/mappings/new", "/mappings/new", **given).headers["location"] == "/mappings"
    assert "kdt-manager" in bob.get("/mappings").text
    again = bob.post("/mappings/new", "/mappings/new", **given)
    assert (again.status_code, "is er al" in again.text) == (409, True)
    bare = bob.post("/mappings/new", "/mappings/new", claim="groups")
    assert bare.status_code == 400
    wrong = bob.post("/mappings/new", "/mappings/new", **{**given, "role": "king"})
    assert wrong.status_code == 400
    altered(site, "anna", groups=["kdt-manager"])
    anna = site.browser()
    anna.sign_in("anna")
    assert "manager" in anna.get("/figures").text
    removal = bob.get("/mappings").text.rpartition('href="/mappings/')[2].partition("/remove")[0]
    path = f"/mappings/{removal}/remove"
    assert bob.post(path, path).headers["location"] == "/mappings"
    assert bob.get(path).status_code == 404
