"""Signing in as an example person, in the browser: a session that ends when it should."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine
from starlette.requests import Request
from starlette.responses import Response

from api import people
from api.context import Context
from api.people import NotSignedIn
from kdt.errors import Forbidden, NotFound
from kdt.settings import Settings
from kdt.store.engine import Store
from tests.api.conftest import OFFICER


class Asked:
    """Requests as they reach the application, from one browser."""

    def __init__(self, store: Store, home: Path) -> None:
        people.enter_examples(store)
        self.context = Context(store, Settings(home=home), demo=True)
        self.cookie = ""

    def request(
        self, *, client: str = "127.0.0.1", scheme: str = "http", token: str = ""
    ) -> Request:
        headers = [(b"cookie", self.cookie.encode())]
        if token:
            headers.append((b"authorization", token.encode()))

        class App:
            state = type("State", (), {"context": self.context})()

        return Request(
            {
                "type": "http",
                "method": "GET",
                "path": "/",
                "query_string": b"",
                "headers": headers,
                "client": (client, 5000),
                "server": ("127.0.0.1", 8000),
                "scheme": scheme,
                "app": App(),
            }
        )

    def sign_in(self, person: str = OFFICER, scheme: str = "http") -> str:
        response = Response()
        session = people.choose(self.request(scheme=scheme), response, person)
        self.cookie = response.headers["set-cookie"].partition(";")[0]
        self.header = response.headers["set-cookie"]
        return session.csrf


@pytest.fixture
def asked(store: Store, tmp_path: Path) -> Asked:
    return Asked(store, tmp_path)


def test_who_signs_in_is_known_until_they_sign_out(asked: Asked) -> None:
    assert people.current(asked.request()) is None
    asked.sign_in()
    person = people.current(asked.request())
    assert person is not None
    assert person.id == OFFICER
    answer = Response()
    people.sign_out(asked.request(), answer)
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    # The browser may still hold the cookie; it opens nothing any more.
    assert people.current(asked.request()) is None


def test_the_cookie_is_for_this_server_alone(asked: Asked) -> None:
    asked.sign_in()
    assert asked.header.startswith("kdt=")
    assert "HttpOnly" in asked.header
    assert "SameSite=lax" in asked.header
    asked.sign_in(scheme="https")
    assert asked.header.startswith("__Host-kdt=")
    assert "Secure" in asked.header
    assert "Path=/" in asked.header
    assert "Domain" not in asked.header


def test_signing_in_again_is_another_session_and_ends_the_first(asked: Asked) -> None:
    asked.sign_in()
    first = asked.cookie
    asked.sign_in("auditor-1")
    assert asked.cookie != first
    asked.cookie = first
    assert people.current(asked.request()) is None


def test_the_table_does_not_hold_what_the_browser_holds(asked: Asked) -> None:
    asked.sign_in()
    token = asked.cookie.partition("=")[2]
    with asked.context.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("select sessions::text from sessions").scalars().all()
    assert len(rows) == 1
    assert token not in rows[0]
    assert token.encode().hex() not in rows[0]


def test_who_is_disabled_has_no_session_from_the_next_request_on(
    asked: Asked, owner_url: str
) -> None:
    asked.sign_in()
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("update people set disabled = true")
    engine.dispose()
    assert people.current(asked.request()) is None
    with pytest.raises(NotSignedIn):
        people.current(asked.request(token=f"Bearer demo-{OFFICER}"))


def test_a_session_expires(asked: Asked) -> None:
    asked.sign_in()
    with asked.context.store.engine.begin() as connection:
        connection.exec_driver_sql("update sessions set expires_at = now() - interval '1 second'")
    assert people.current(asked.request()) is None


def test_a_form_must_come_from_a_page_of_this_session(asked: Asked) -> None:
    csrf = asked.sign_in()
    people.check_csrf(asked.request(), csrf)
    for foreign in (None, "", "x", csrf + "x", "\ud800"):
        with pytest.raises(Forbidden):
            people.check_csrf(asked.request(), foreign)
    asked.cookie = ""
    with pytest.raises(Forbidden):
        people.check_csrf(asked.request(), csrf)


def test_only_on_the_machine_itself_and_only_example_people(asked: Asked) -> None:
    with pytest.raises(NotFound):
        asked.sign_in("nobody")
    asked.sign_in()
    assert people.current(asked.request(client="::1")) is not None
    for elsewhere in ("192.0.2.1", "2001:db8::1", "unknown"):
        assert people.current(asked.request(client=elsewhere)) is None
        with pytest.raises(NotSignedIn):
            people.current(asked.request(client=elsewhere, token=f"Bearer demo-{OFFICER}"))
        with pytest.raises(NotSignedIn):
            people.choose(asked.request(client=elsewhere), Response(), OFFICER)
