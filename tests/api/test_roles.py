"""Somebody with several roles acts in the one that fits, or in the one they name."""

import socket
from pathlib import Path

import pytest

from api.commands import is_demo, run
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.errors import Unavailable
from kdt.ledger.service import By
from kdt.settings import Settings
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.vocabulary import Role
from tests.api.conftest import Api

BOTH = "officer-and-secretary"
OPENED = {"case": "Z-1", "location": "Den Bosch", "question": "decision", "ground": "complex"}


@pytest.fixture
def both(store: Store) -> str:
    grants = ((Role.SECRETARY, "Den Bosch"), (Role.OFFICER, "Den Bosch"))
    with writing(store) as connection:
        enter(connection, By("verzonnen"), [Person(BOTH, "Verzonnen", grants)])
    return BOTH


def test_the_role_that_fits_is_taken(api: Api, both: str) -> None:
    opened = api.post(both, "/escalations", {**OPENED, "submit": True})
    path = f"/escalations/{opened.json()['escalation']}"
    assert api.post(both, f"{path}/listings", api.for_today, 2).status_code == 201
    entries = api.get(both, path).json()["entries"]
    assert [one["role"] for one in entries] == ["officer", "officer", "secretary"]
    decided = {"outcome": "decided", "ruling": "other", "reasons": "Verzonnen."}
    headers = {"Acting-Role": "secretary"}
    own = api.post(both, f"{path}/considerations", decided, 3, headers=headers)
    assert (own.status_code, own.json()["code"]) == (403, "brought_it")


def test_the_role_that_is_named_is_taken(api: Api, both: str) -> None:
    headers = {"Acting-Role": "secretary"}
    assert api.post(both, "/escalations", OPENED, headers=headers).status_code == 403
    escalation = api.opened()
    assert api.get(both, "/escalations", headers=headers).json()["items"][0]["id"] == escalation
    headers = {"Acting-Role": "officer"}
    assert api.get(both, f"/escalations/{escalation}", headers=headers).status_code == 404


def test_an_address_in_use_is_said_to_be(store: Store, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=f"127.0.0.1:{port}"):
            run(store, Settings(home=tmp_path, port=port), demo=is_demo(store))
