"""What goes to the person a case is about, and what a list for the public says of each document."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from kdt.access.permissions import Actor
from kdt.disclosure import publication, queries, service
from kdt.disclosure.publication import Wanted, inventory, kinds
from kdt.disclosure.service import Answer, Asked, RefusalGround
from kdt.errors import Forbidden, InvalidInput, NotFound
from kdt.procedure import FIELDS
from kdt.procedure.rows import Kind
from kdt.retention.destroying import carry_out
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role
from tests.retention.record import FIRST, bring_in, destroyed, set_terms
from tests.support import assert_sound

YEAR = Wanted(date(2022, 1, 1), date(2022, 12, 31))


@pytest.fixture
def planted(store: Store, tmp_path: Path) -> dict[str, set[str]]:
    return bring_in(store, tmp_path)


def number_of(store: Store, escalation: str) -> str:
    with reading(store) as connection:
        return str(
            connection.scalar(
                text(
                    "select number from case_numbers join escalations using (case_id) "
                    "where id = :one"
                ),
                {"one": escalation},
            )
        )


def test_everything_held_about_a_case_but_the_names_of_staff(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    number = number_of(store, "V-000002")
    case = service.receive(store, FIRST, number, Asked.ACCESS)
    written = service.hand_over(store, FIRST, case).text
    with reading(store) as connection:
        about = queries.escalations(connection, case)
        others = {word for one, words in planted.items() if one not in about for word in words}
        reads = connection.scalar(text("select count(*) from reads where role = 'administrator'"))
        told = [one.fact for one in queries.told(connection, case)]
    mine = {word for one in about for word in planted[one]}
    assert {word for word in mine if word.startswith(("qxtekst", "qxzaak"))} <= {
        word for word in mine if word in written
    }
    assert "qxnaam" not in written
    assert not {word for word in others - mine if word in written}
    assert "artikel 15, vierde lid, AVG" in written
    # That it was taken in hand is in both logs.
    assert reads == len(about)
    assert told == ["receive", "hand_over"]
    assert "inzage (artikel 15 AVG)" in written
    assert_sound(store)


def test_what_was_asked_and_refused_goes_with_the_case(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    set_terms(store)
    number = number_of(store, "V-000002")
    case = service.receive(store, FIRST, number, Asked.ERASURE)
    with pytest.raises(InvalidInput):
        service.answer(store, FIRST, case, Answer.REFUSED, "De wet verplicht tot bewaren.")
    service.answer(
        store, FIRST, case, Answer.REFUSED, "Qxreden van de weigering.", RefusalGround.LEGAL_DUTY
    )
    assert "Qxreden" in service.hand_over(store, FIRST, case).text
    destroyed(store)
    carry_out(store, tmp_path / "statements")
    with reading(store) as connection:
        told = queries.told(connection, case)
        assert queries.case_of(connection, number) is None
    assert [(one.fact, one.text) for one in told][1] == ("answer", None)
    again = service.hand_over(store, FIRST, case).text
    assert "qxtekst" not in again
    assert "vernietigd, omdat de bewaartermijn voorbij was" in again
    assert_sound(store)


def test_only_who_may_disclose_does(store: Store, planted: dict[str, set[str]]) -> None:
    number = number_of(store, "V-000002")
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(Forbidden):
            service.receive(store, Actor("iemand", role), number, Asked.ACCESS)
    with pytest.raises(NotFound):
        service.receive(store, FIRST, "Z-nergens", Asked.ACCESS)


def test_every_kind_of_document_has_a_proposal_with_grounds_that_are_known() -> None:
    fields = {one.name for each in FIELDS.values() for one in each if one.kind is Kind.PROSE}
    assert kinds().keys() == fields | {publication.REGISTRATION}
    for kind in kinds().values():
        assert kind.decision == "public" or kind.grounds
        assert all(publication.ground(one) for one in kind.grounds)
        assert publication.decision(kind.decision)


def test_the_list_has_every_document_once_and_shows_no_text(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    set_terms(store)
    destroyed(store)
    carry_out(store, tmp_path / "statements")
    with reading(store) as connection:
        found = inventory(connection, YEAR)
        narrow = inventory(connection, Wanted(YEAR.first, YEAR.until, outcome="unresolved"))
        entries = connection.scalar(
            text("select count(*) from entries where occurred_on between :first and :until"),
            {"first": YEAR.first, "until": YEAR.until},
        )
        nothing = inventory(connection, Wanted(YEAR.first, YEAR.until, theme="geen"))
    assert len({one.id for one in found}) == len(found)
    assert sum(one.kind == publication.REGISTRATION for one in found) == entries
    assert 0 < len(narrow) < len(found)
    assert nothing == []
    sheet = publication.as_csv(found)
    rows = list(csv.reader(io.StringIO(sheet), delimiter=";"))
    assert len(rows) == len(found) + 1
    assert "qx" not in sheet
    assert {row[5] for row in rows[1:]} == {"deels openbaar", "niet openbaar", "bestaat niet meer"}
