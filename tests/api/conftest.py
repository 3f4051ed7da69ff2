"""The real application over a real database, listened to on loopback."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api import commands
from api.app import assembled, lay_over
from kdt.access.permissions import Actor
from kdt.meetings.service import create_location, create_panel
from kdt.panels.planning import plan
from kdt.settings import Settings
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role
from tests import canary
from tests.support import assert_sound

OFFICER = "officer-den-bosch-1"
OTHER_OFFICER = "officer-den-bosch-2"
SECRETARY = "secretary-den-bosch-1"
NATIONAL_SECRETARY = "secretary-national-1"
NATIONAL_CHAIR = "chair-national"
ADMINISTRATOR = "administrator-1"
AUDITOR = "auditor-1"
ADVISER = "policy-adviser-1"


# Applications nobody listens to: putting one together takes longer than most tests.
_SPARE: list[FastAPI] = []


@dataclass(frozen=True)
class Api:
    """A running application, asked as somebody."""

    client: httpx.Client
    local: str
    national: str
    today: date

    def ask(self, person: str | None, method: str, path: str, **given: Any) -> httpx.Response:
        headers = dict(given.pop("headers", {}))
        if person is not None:
            headers["Authorization"] = f"Bearer demo-{person}"
        if isinstance(given.get("json"), dict):
            given["json"] = canary.told(given["json"])
        return canary.look_at(self.client.request(method, f"/v1{path}", headers=headers, **given))

    def get(self, person: str | None, path: str, **given: Any) -> httpx.Response:
        return self.ask(person, "GET", path, **given)

    def post(
        self, person: str | None, path: str, body: object, version: int | None = None, **given: Any
    ) -> httpx.Response:
        headers = dict(given.pop("headers", {}))
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.ask(person, "POST", path, json=body, headers=headers, **given)

    def opened(self, case: str = "Z-1", *, submit: bool = True) -> str:
        """A case brought by the officer of Den Bosch; its escalation."""
        body = {
            "case": case,
            "location": "Den Bosch",
            "question": "decision",
            "ground": "buikpijn",
            "summary": "Verzonnen samenvatting.",
            "submit": submit,
        }
        answer = self.post(OFFICER, "/escalations", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["escalation"])

    def listed(self, case: str = "Z-1") -> str:
        """The same, on today's agenda of its own panel: its third entry."""
        escalation = self.opened(case)
        answer = self.post(SECRETARY, f"/escalations/{escalation}/listings", self.for_today, 2)
        assert answer.status_code == 201, answer.text
        return escalation

    @property
    def for_today(self) -> dict[str, str]:
        return {"panel": self.local, "meetingOn": self.today.isoformat()}


@contextmanager
def serving(store: Store, home: Path, *, demo: bool = True, **given: Any) -> Iterator[httpx.Client]:
    """The application with these settings, answering on a port of its own."""
    # One person asks here what hundreds would.
    settings = Settings(**{"home": home, "requests_per_minute": 1_000_000, **given})
    with (
        application(store, settings, demo=demo) as app,
        open_port() as port,
        listening(app, port) as client,
    ):
        yield client


def open_port() -> socket.socket:
    """A port of its own, listened to as the product listens."""
    return commands.listening(Settings(port=0))


@contextmanager
def application(store: Store, settings: Settings, *, demo: bool) -> Iterator[FastAPI]:
    """The application on this record, lent out for as long as the block lasts."""
    app = _SPARE.pop() if _SPARE else assembled()
    lay_over(app, store, settings, demo=demo)
    yield app
    _SPARE.append(app)


@contextmanager
def listening(app: FastAPI, listener: socket.socket) -> Iterator[httpx.Client]:
    """An application, answering on a port that is open already."""
    config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    # The server closes what it listens to when it ends.
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener.dup()]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        with visitor(address(listener)) as client:
            yield client
    finally:
        server.should_exit = True
        # With nobody left to answer it ends by itself, which takes it a fifth of a second.
        state = server.server_state
        while thread.is_alive() and (state.connections or state.tasks):
            time.sleep(0.01)


def visitor(base: httpx.URL | str, **given: Any) -> httpx.Client:
    """Somebody who asks on loopback, without TLS: to read the certificates of the world takes
    longer than most answers."""
    return httpx.Client(base_url=base, timeout=60, verify=False, **given)


def address(listener: socket.socket) -> str:
    """Where what is listened to is found."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def furnished(store: Store) -> tuple[str, str, date]:
    """Den Bosch with its panel, and the national one, both meeting today."""
    administrator = Actor(ADMINISTRATOR, Role.ADMINISTRATOR)
    create_location(store, administrator, "Den Bosch")
    national = create_panel(store, administrator, "national")
    local = "kdt-den-bosch"
    with reading(store) as connection:
        day = today(connection)
    with writing(store) as connection:
        plan(connection, [(local, day), (national, day)])
    return local, national, day


@pytest.fixture
def api(store: Store, tmp_path: Path) -> Iterator[Api]:
    with serving(store, tmp_path) as client:
        yield Api(client, *furnished(store))
    assert_sound(store)


@pytest.fixture
def record_is_unchanged(store: Store) -> Callable[[], bool]:
    """Whether nothing was recorded since the test asked for this."""

    def count() -> int:
        with store.engine.connect() as connection:
            return int(connection.exec_driver_sql("select count(*) from entries").scalar_one())

    before = count()
    return lambda: count() == before
