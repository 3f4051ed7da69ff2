"""Two people at once around one escalation: one is first, the other is told so plainly."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import text

from kdt.access import delegating
from kdt.access.permissions import Actor, Code
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases import around, service
from kdt.errors import KdtError, NotFound, Refused
from kdt.ledger.service import By
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role
from tests.service.test_together import (
    ADMINISTRATOR,
    PLACES,
    bring,
    command,
    officer,
    prepare,
    secretary,
    together,
)
from tests.support import assert_sound

HERE = PLACES[0]
CHAIR = Actor("voorzitter", Role.CHAIR, HERE)
COLLEAGUES = (Actor("collega-1", Role.OFFICER, HERE), Actor("collega-2", Role.OFFICER, HERE))
# Each a chance to meet in another order.
ROUNDS = 12


@pytest.fixture
def today(store: Store) -> date:
    day = prepare(store)
    everyone = (officer(HERE), secretary(HERE), CHAIR, *COLLEAGUES)
    with writing(store) as connection:
        people = [Person(one.person, one.person, ((one.role, one.location),)) for one in everyone]
        enter(connection, By("beheer"), people)
    return day


def told(outcome: object) -> str:
    """What somebody is told who came second: the code, or that it is not there any more."""
    assert isinstance(outcome, KdtError), outcome
    if isinstance(outcome, Refused):
        return str(outcome.refusal.code)
    assert isinstance(outcome, NotFound), outcome
    return "not_found"


def test_what_one_hands_over_is_not_there_for_the_other(store: Store, today: date) -> None:
    for number in range(ROUNDS):
        case = bring(store, HERE, f"Z-{number}", today).escalation
        giver = officer(HERE).person
        outcomes = together(
            *(
                partial(around.hand_over, store, [ADMINISTRATOR], giver, one.person)
                for one in COLLEAGUES
            )
        )
        (done,) = [one for one in outcomes if isinstance(one, around.HandedOver)]
        (other,) = [one for one in outcomes if one is not done]
        assert done == around.HandedOver(1, 0)
        assert told(other) == around.Code.NOTHING_TO_HAND_OVER
        with reading(store) as connection:
            holder = connection.scalar(
                text("select holder from hand_overs where escalation_id = :id"), {"id": case}
            )
        assert holder == COLLEAGUES[outcomes.index(done)].person
    assert_sound(store)


def test_a_delegation_ends_once(store: Store, today: date) -> None:
    taker = COLLEAGUES[0].person
    for _ in range(ROUNDS):
        made = delegating.delegate(store, officer(HERE), taker, today, today)
        outcomes = together(*[partial(delegating.end, store, made.giver, made.id)] * 2)
        assert sorted(isinstance(one, KdtError) for one in outcomes) == [False, True]
        assert [told(one) for one in outcomes if isinstance(one, KdtError)] == ["not_found"]
    assert_sound(store)


def test_what_a_stand_in_does_is_recorded_before_the_delegation_ends_or_not_at_all(
    store: Store, today: date
) -> None:
    deputy = Actor(COLLEAGUES[0].person, Role.OFFICER, HERE, on_behalf_of=officer(HERE).person)
    withdraw = command("withdraw", reason="Verzonnen.")
    for number in range(ROUNDS):
        case = bring(store, HERE, f"Z-{number}", today).escalation
        made = delegating.delegate(store, officer(HERE), deputy.person, today, today)
        acted, ended = together(
            partial[object](service.perform, store, deputy, case, [withdraw]),
            partial[object](delegating.end, store, made.giver, made.id),
        )
        assert isinstance(ended, delegating.Delegation)
        with reading(store) as connection:
            rows = connection.execute(
                text(
                    "select fact from ledger where fact in ('stand_in', 'end_delegation') "
                    "order by recorded_at desc limit 2"
                )
            )
            last = [row.fact for row in rows]
        if isinstance(acted, KdtError):
            assert told(acted) == around.Code.STANDS_IN_NO_MORE
        else:
            assert last == ["end_delegation", "stand_in"]
    assert_sound(store)


def test_who_is_recused_did_not_decide(store: Store, today: date) -> None:
    decide = command("consider", outcome="decided", ruling="other", reasons="Verzonnen.")
    for number in range(ROUNDS):
        case = bring(store, HERE, f"Z-{number}", today).escalation
        decided, recused = together(
            partial[object](service.perform, store, CHAIR, case, [decide]),
            partial[object](around.recuse, store, secretary(HERE), case, CHAIR.person),
        )
        if isinstance(decided, KdtError):
            assert told(decided) == Code.RECUSED
            assert recused == CHAIR
        else:
            assert told(recused) == around.Code.NOT_BEFORE_PANEL
    assert_sound(store)
