"""Who acts on the command line: somebody KDT knows, in the capacity that may do it."""

import pytest

from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.ledger.service import By
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.vocabulary import Role
from tests.support import assert_sound
from tests.typing_in import Kdt

ADDRESS = "https://voorbeeld.nl/kdt"
QUESTION = (
    *("--chamber", "senate", "--asked-on", "2022-10-07", "--asked", "Verzonnen?"),
    *("--measures", "considered", "--from", "2021-01-01", "--until", "2021-12-31"),
)


@pytest.fixture(autouse=True)
def known(store: Store) -> None:
    """One who may do each, in a capacity beside another, and one who may do neither."""
    people = {
        "anna": ((Role.OFFICER, None), (Role.ADMINISTRATOR, None)),
        "bas": ((Role.OFFICER, None), (Role.POLICY_ADVISER, None)),
        "els": ((Role.OFFICER, None),),
    }
    with writing(store) as connection:
        enter(connection, By("beheer"), [Person(one, one, may) for one, may in people.items()])


def test_an_administrator_subscribes_an_address_and_ends_that(kdt: Kdt, store: Store) -> None:
    for who in ("bas", "els", "niemand"):
        status, _, why = kdt("subscriptions", "add", ADDRESS, "--who", who)
        assert (status, bool(why)) == (1, True), why
    assert kdt("subscriptions") == (0, "", "")
    status, made, _ = kdt("subscriptions", "add", ADDRESS, "--who", "anna")
    assert status == 0
    assert kdt("subscriptions")[1].split("\t")[:2] == [made.strip(), ADDRESS]
    for who in ("bas", "niemand"):
        assert kdt("subscriptions", "end", made.strip(), "--who", who)[0] == 1
    assert kdt("subscriptions")[1]
    assert kdt("subscriptions", "end", made.strip(), "--who", "anna") == (0, "", "")
    assert kdt("subscriptions") == (0, "", "")
    assert_sound(store)


def test_an_adviser_records_a_question_of_parliament(kdt: Kdt, store: Store) -> None:
    for who in ("anna", "els", "niemand"):
        status, _, why = kdt("questions", "add", *QUESTION, "--who", who)
        assert (status, bool(why)) == (1, True), why
    assert kdt("questions") == (0, "", "")
    status, made, _ = kdt("questions", "add", *QUESTION, "--who", "bas")
    assert status == 0
    assert kdt("questions") == (0, f"2022-10-07\t{made.strip()}\t\tVerzonnen?\n", "")
    assert_sound(store)
