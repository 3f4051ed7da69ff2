"""The page on which a meeting is taken."""

from sqlalchemy import update

from kdt.panels.model import meetings
from kdt.store.engine import Store
from kdt.store.transaction import writing
from tests.api.conftest import SECRETARY
from tests.pages.conftest import Desk

CHAIR = "chair-den-bosch"


def at_least(store: Store, minimum: int) -> None:
    """How many must be there at every meeting."""
    with writing(store) as connection:
        connection.execute(update(meetings).values(attendance=minimum))


def test_who_is_there_is_ticked_and_too_few_are_told_who_is_missing(
    desk: Desk, store: Store
) -> None:
    at_least(store, 2)
    desk.listed("Z-1")
    secretary = desk.sign_in(SECRETARY)
    page = secretary.get(desk.meeting)
    assert "Wie er zijn, is niet vastgelegd" in page.main
    page = secretary.send(page, f"{desk.meeting}/attendance", present=[SECRETARY])
    assert "1 aanwezig" in page.main
    outcome = {"outcome": "held_over", "reasons": "Verzonnen."}
    refused = secretary.send(page, f"{desk.meeting}?item", **outcome)
    assert "te weinig mensen" in refused.main
    page = secretary.send(page, f"{desk.meeting}/attendance", present=[SECRETARY, CHAIR])
    assert "2 aanwezig" in page.main
    page = secretary.send(page, f"{desk.meeting}?item", **outcome)
    assert "Alle zaken van dit overleg zijn behandeld" in page.main
