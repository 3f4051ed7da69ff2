"""Signing in with the organisation's provider: a real one, on loopback."""

from pathlib import Path
from urllib.parse import quote

import httpx
import structlog
from sqlalchemy import create_engine

from kdt.access.queries import all_people
from kdt.store.engine import Store
from kdt.store.transaction import reading
from tests.signing_in.conftest import ANNA, Provider, Site, query, signing_in


def test_one_signs_in_uses_it_and_signs_out(site: Site) -> None:
    anna = site.browser()
    assert anna.get("/").headers["location"] == "/signin"
    assert 'href="/signin/start?next=%2F"' in anna.get("/signin").text
    assert anna.sign_in("anna").headers["location"] == "/"
    shown = anna.get("/").text
    assert "Anna Verzonnen" in shown
    assert "beslismedewerker, Den Bosch" in shown
    held = anna.token
    assert anna.sign_out().headers["location"] == "/signedout"
    assert anna.get("/").headers["location"] == "/signin"
    # Nor does what the browser held open anything any more.
    anna.client.cookies.set("kdt", str(held))
    assert anna.get("/").headers["location"] == "/signin"


def test_who_signs_in_and_out_and_who_cannot_is_in_the_log(site: Site) -> None:
    anna, bob = site.browser(), site.browser()
    with structlog.testing.capture_logs() as lines:
        anna.sign_in("anna")
        anna.sign_out()
        site.provider.told(accounts={"bob": {"name": "Bob Verzonnen"}})
        bob.sign_in("bob")
    kept = [one for one in lines if one["event"].startswith("sign")]
    with reading(site.store) as connection:
        (known,) = all_people(connection)
    assert [(one["event"], one["person"]) for one in kept[:2]] == [
        ("signed_in", known.id),
        ("signed_out", known.id),
    ]
    (failed,) = kept[2:]
    assert (failed["event"], failed["why"]) == ("sign_in_failed", "sign_in.no_role")
    assert "Verzonnen" not in str(kept)


def test_one_signs_out_with_the_provider_too(site: Site) -> None:
    anna = site.browser()
    anna.sign_in("anna")
    anna.sign_out()
    leaving = anna.get("/signedout").text.partition('href="http')[2].partition('"')[0]
    address = "http" + leaving.replace("&amp;", "&")
    assert address.startswith(f"{site.provider.issuer}/session/end?")
    assert query(address)["post_logout_redirect_uri"] == f"{site.address}/signin"
    asked = anna.client.get(address).text
    xsrf = asked.partition('name="xsrf" value="')[2].partition('"')[0]
    confirmed = {"xsrf": xsrf, "logout": "yes"}
    answer = anna.client.post(f"{site.provider.issuer}/session/end/confirm", data=confirmed)
    assert answer.headers["location"] == f"{site.address}/signin"
    # It asks who one is again.
    assert "/interaction/" in anna.client.get(anna.set_off()).headers["location"]


def test_one_goes_on_to_where_one_wanted_to_be(site: Site) -> None:
    anna = site.browser()
    wanted = anna.get("/escalations?sort=waiting").headers["location"]
    assert wanted == f"/signin?next={quote('/escalations?sort=waiting', safe='')}"
    start = anna.get(wanted).text.partition('href="/signin/start')[2].partition('"')[0]
    onward = query(f"/signin/start{start}")["next"]
    assert anna.sign_in("anna", onward).headers["location"] == "/escalations?sort=waiting"


ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "///evil.example",
    "javascript:alert(1)",
    " /figures",
    "figures",
    "/" + "a" * 2000,
    "/é",
    "",
)


def test_nobody_is_sent_on_to_elsewhere(site: Site) -> None:
    anna = site.browser()
    sent = {onward: anna.sign_in("anna", onward).headers["location"] for onward in ELSEWHERE}
    assert set(sent.values()) == {"/"}, sent


def test_what_is_asked_of_the_provider(site: Site) -> None:
    asked = query(site.browser().set_off())
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) == len(asked["nonce"]) == 43
    assert asked["redirect_uri"] == f"{site.address}/signin/callback"
    again = query(site.browser().set_off())
    for once in ("state", "nonce", "code_challenge"):
        assert again[once] != asked[once]


def test_what_belongs_to_a_sign_in_does_not_stand_in_the_browser(site: Site) -> None:
    anna = site.browser()
    asked = query(anna.set_off())
    held = "".join(anna.client.cookies.values())
    for one in ("state", "nonce", "code_challenge"):
        assert asked[one] not in held
    with site.store.engine.connect() as connection:
        row = connection.exec_driver_sql("select sign_ins::text from sign_ins").scalar_one()
    assert asked["state"] not in row
    assert held not in row


def refused(answer: httpx.Response) -> str:
    """What the page says that did not let one in."""
    assert answer.status_code == 403, answer.text
    assert "kdt" not in answer.cookies
    assert "Aanmelden is niet gelukt" in answer.text
    return answer.text


def test_a_return_is_good_once(site: Site) -> None:
    anna = site.browser()
    back = anna.chosen(anna.set_off(), "anna")
    assert anna.client.get(back).status_code == 303
    assert "is al gebruikt" in refused(anna.client.get(back))


def test_a_return_is_good_for_the_browser_that_set_off(site: Site) -> None:
    anna, other = site.browser(), site.browser()
    back = anna.chosen(anna.set_off(), "anna")
    refused(other.client.get(back))
    other.set_off()
    refused(other.client.get(back))
    assert anna.client.get(back).status_code == 303


def test_two_windows_of_one_browser_may_both_sign_in(site: Site) -> None:
    anna = site.browser()
    first, second = anna.set_off("/figures"), anna.set_off("/themes")
    for begun, onward in ((second, "/themes"), (first, "/figures")):
        back = anna.client.get(anna.chosen(begun, "anna"))
        assert back.headers["location"] == onward


def test_a_return_that_took_too_long_is_none(site: Site, owner_url: str) -> None:
    anna = site.browser()
    back = anna.chosen(anna.set_off(), "anna")
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("update sign_ins set expires_at = now() - interval '1 second'")
    engine.dispose()
    assert "duurde te lang" in refused(anna.client.get(back))


def altered(address: str, **changes: str | None) -> httpx.URL:
    given = httpx.URL(address)
    kept = {name: value for name, value in query(address).items() if name not in changes}
    new = {name: value for name, value in changes.items() if value is not None}
    return given.copy_with(params={**kept, **new})


ALTERED: tuple[dict[str, str | None], ...] = (
    {"state": None},
    {"state": "x"},
    {"state": "\N{REPLACEMENT CHARACTER}"},
    {"code": None},
    {"code": "x"},
    {"iss": None},
    {"iss": "https://evil.example"},
    {"error": "access_denied", "code": None},
    {"error": "server_error"},
)


def test_a_return_that_was_altered_is_none(site: Site) -> None:
    for changes in ALTERED:
        anna = site.browser()
        refused(anna.client.get(altered(anna.chosen(anna.set_off(), "anna"), **changes)))


def test_a_parameter_that_comes_twice_is_none(site: Site) -> None:
    anna = site.browser()
    refused(anna.client.get(anna.chosen(anna.set_off(), "anna") + "&state=x"))


def test_the_code_of_another_sign_in_is_none(site: Site) -> None:
    anna, thief = site.browser(), site.browser()
    stolen = query(anna.chosen(anna.set_off(), "anna"))["code"]
    own = thief.chosen(thief.set_off(), "bob")
    refused(thief.client.get(altered(own, code=stolen)))


def test_a_new_session_at_every_sign_in(site: Site) -> None:
    anna = site.browser()
    anna.client.cookies.set("kdt", "chosen-by-somebody-else")
    anna.sign_in("anna")
    first = anna.client.cookies.get("kdt", domain="127.0.0.1")
    assert first != "chosen-by-somebody-else"
    anna.client.cookies.clear()
    anna.client.cookies.set("kdt", str(first))
    anna.sign_in("anna")
    late = site.browser()
    late.client.cookies.set("kdt", str(first))
    assert late.get("/figures").headers["location"].startswith("/signin")


def test_the_person_is_known_by_an_id_that_says_nothing(site: Site) -> None:
    site.browser().sign_in("anna")
    site.browser().sign_in("anna")
    with reading(site.store) as connection:
        [anna] = all_people(connection)
    assert anna.label == ANNA["name"]
    assert anna.id.startswith("P-")
    assert "anna" not in anna.id


def test_a_provider_that_is_away_is_said_to_be(
    store: Store, tmp_path: Path, provider: Provider, secret: Path
) -> None:
    provider.told(away=True)
    with signing_in(store, tmp_path, provider, secret) as site:
        answer = site.browser().get("/signin/start")
        assert answer.status_code == 503
        assert "geeft geen goed antwoord" in answer.text
        said = site.ask("e30.e30.e30").json()
        assert said["code"] == "invalid_token"


def test_a_provider_that_calls_itself_otherwise_is_not_ours(
    store: Store, tmp_path: Path, provider: Provider, secret: Path
) -> None:
    otherwise = provider.issuer.replace("127.0.0.1", "localhost")
    with signing_in(store, tmp_path, provider, secret, oidc_issuer=otherwise) as site:
        assert site.browser().get("/signin/start").status_code == 503
