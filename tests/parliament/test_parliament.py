"""A question of Parliament is a fact: what was asked and answered stays, and is told anew."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kdt.access.permissions import Actor
from kdt.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from kdt.parliament.queries import ParliamentaryQuestion, compared, question, questions
from kdt.parliament.service import Code, Told, change, enter, withdraw
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Measure, Role
from tests.support import assert_sound

POLICY = Actor("beleid", Role.POLICY_ADVISER)
MANAGER = Actor("manager", Role.MANAGER)
ASKED = Told(
    "senate",
    date(2022, 10, 7),
    "Hoeveel zaken behandelen de KDT's?",
    ["considered", "casesHandled"],
    date(2021, 1, 1),
    date(2021, 12, 31),
)
ANSWERED = replace(
    ASKED, answer="Geen.", answered_on=date(2022, 11, 8), as_of=date(2022, 10, 31), reference="K"
)


def known(store: Store, wanted: str) -> ParliamentaryQuestion:
    with reading(store) as connection:
        found = question(connection, wanted)
    assert found
    return found


def test_it_is_asked_answered_and_taken_back_and_the_record_keeps_all_of_it(store: Store) -> None:
    made = enter(store, POLICY, ASKED, key="k")
    assert enter(store, POLICY, ASKED, key="k") == made
    with pytest.raises(Conflict):
        enter(store, POLICY, replace(ASKED, asked="Anders?"), key="k")
    with reading(store) as connection:
        assert {each.then for each in compared(connection, known(store, made))} == {None}
    change(store, MANAGER, made, ANSWERED)
    one = known(store, made)
    assert (one.answer, one.as_of, one.reference) == ("Geen.", date(2022, 10, 31), "K")
    assert one.measures == (Measure.CONSIDERED, Measure.CASES_HANDLED)
    with reading(store) as connection:
        assert questions(connection) == [one]
        numbers = compared(connection, one)
    assert [(each.then, each.now) for each in numbers] == [(0, 0)] * 6
    withdraw(store, POLICY, made)
    with reading(store) as connection:
        assert questions(connection) == []
    with pytest.raises(Refused) as refusal:
        change(store, POLICY, made, ASKED)
    assert refusal.value.refusal.code == Code.QUESTION_WITHDRAWN
    assert_sound(store)


@pytest.mark.parametrize(
    "actor",
    [Actor("iemand", role, "Den Bosch") for role in Role]
    + [Actor("iemand", role) for role in Role if role not in (POLICY.role, MANAGER.role)],
)
def test_nobody_else_records_one(store: Store, actor: Actor) -> None:
    for attempt in (
        lambda: enter(store, actor, ASKED),
        lambda: change(store, actor, "K-0", ASKED),
        lambda: withdraw(store, actor, "K-0"),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_only_what_can_be_is_told_of_one(store: Store) -> None:
    with reading(store) as connection:
        tomorrow = moments.today(connection) + timedelta(days=1)
    wrong = {
        "chamber": replace(ASKED, chamber="lords"),
        "measures": replace(ASKED, measures=["iets"]),
        "asked": replace(ASKED, asked=" "),
        "askedOn": replace(ASKED, asked_on=tomorrow),
        "until": replace(ASKED, until=date(2020, 1, 1)),
        "asOf": replace(ANSWERED, as_of=None),
        "answer": replace(ANSWERED, answer=""),
        "answeredOn": replace(ANSWERED, answered_on=date(2022, 10, 6)),
    }
    for field, told in wrong.items():
        with pytest.raises(InvalidInput) as problem:
            enter(store, POLICY, told)
        assert [one.field for one in problem.value.problems] == [field]
    with pytest.raises(NotFound):
        change(store, POLICY, "K-0", ASKED)
